"""The paper's study on every shared corpus, to see whether its threshold holds anywhere.

    python bench/across.py --out FOLDER [--minutes M] [--options JSON]     # resumable
    python bench/across.py --table --figure docs/across.svg

Each corpus is cut to as many sentences as the paper had (490 statements of 5.25 sentences), whole
documents at random, and studied by the paper's protocol (`suffice reproduce`): 30 % held out
exactly, five strata up to 200/343 of the pool, so that the largest training set has about a
thousand sentences everywhere. Studies lie in the folder, one for each corpus, and so do the texts:
they are copies of the corpora and belong nowhere else. What a corpus says, numbers only, goes into
bench/results/across, from which the table and the figure are made.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

import suffice
from suffice.advice.advise import advise
from suffice.analysis.analyse import analyse
from suffice.applications.paper.published import PROTOCOL
from suffice.applications.paper.reproduce import prepare, results
from suffice.atomic import replace
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.examples import load_example
from suffice.corpus.sentences import sentences
from suffice.corpus.write import write
from suffice.report import svg
from suffice.stats import Regression
from suffice.stats._threshold.profile import FORMS
from suffice.study.runner import run
from suffice.study.spec import CorpusSpec, LearnerSpec

NAMES = (
    "disclosures",
    "grobid_funding_ack",
    "ncbi_disease",
    "bc5cdr",
    "crossner_politics",
    "crossner_science",
    "wnut17",
    "btc_crowd",
    "german_ler",
    "nubes_es",
)
SENTENCES = round(PROTOCOL.documents * 5.25)
PUBLISHED = (439, 527)
TARGETS = (0.7, 0.8)
BINS = ((50, 120), (120, 250), (350, 550), (800, 1100))
_RESULTS = Path(__file__).resolve().parent / "results" / "across"


@dataclass(frozen=True)
class Row:
    """What one corpus says.

    Lists of three are a value and the ends of its 95 % interval; those of thresholds take runs as
    independent, as the paper's do.
    """

    name: str
    options: dict[str, Any]
    documents: int
    sentences: int
    runs: int
    largest: float
    f1: list[float]
    r2: float
    beta_sentences: list[float]
    beta_eps: list[float]
    beta_eps_shared: list[float]
    threshold: list[float]
    segmented: list[float]
    form: str
    half_range: float
    drift: float
    verdict: str
    gain: list[float]
    required: dict[str, list[float]]
    eps: float
    eps_threshold: float
    eps_null: list[float]
    eps_verdict: str
    eps_slopes: list[float]
    points: dict[str, list[float]]


def main() -> None:
    """Make the runs, or the table of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    shared = Path(os.environ.get("SUFFICE_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared, help="the shared data folder")
    parser.add_argument("--out", type=Path, help="make the runs, and keep the studies here")
    parser.add_argument("--results", type=Path, default=_RESULTS, help="what each corpus says")
    parser.add_argument("--corpus", nargs="+", default=list(NAMES))
    parser.add_argument("--runs", type=int, default=150, help="of each corpus; a multiple of 5")
    parser.add_argument("--options", type=json.loads, default={}, help="of the probe, as JSON")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin no corpus after these")
    parser.add_argument("--table", action="store_true", help="print what the runs say")
    parser.add_argument("--figure", type=Path, help="write the figure here")
    args = parser.parse_args()
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        args.results.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + 60 * args.minutes
    for name in args.corpus:
        if args.out and time.monotonic() < deadline:
            _study(name, args)
    if args.table:
        rows = [r for name in args.corpus for r in _said(args.results / f"{name}.json")]
        _table(rows)
        if args.figure:
            replace(args.figure, _figure(rows).encode())


def _study(name: str, args: argparse.Namespace) -> None:
    file = args.out / f"{name}.jsonl"
    if not file.exists():
        write(_cut(_whole(name, args.shared)), file)
    spec = CorpusSpec(paths=(str(file.resolve()),))
    learner = LearnerSpec(name="probe", options=args.options)
    folder = args.out / f"{name}.paper"
    scale = args.runs / PROTOCOL.sets
    with prepare(folder, spec, learner=learner, scale=scale, strata="shares") as study:
        run(study)
        row = _row(name, args.options, study)
    replace(args.results / f"{name}.json", json.dumps(asdict(row)).encode())
    print(f"{name}: {row.runs} runs, threshold {row.threshold[0]:.0f}", flush=True)


def _whole(name: str, shared: Path) -> Corpus:
    if name == "disclosures":
        return load_example(name)
    return suffice.read(shared / "corpora" / f"{name}.jsonl.gz")


def _cut(corpus: Corpus, seed: int = 0) -> Corpus:
    """Return random documents until they have as many sentences as the paper's.

    Files that hold a batch of unrelated sentences (more than 40) are cut into these first.
    """
    pieces = [p for d in corpus.documents for p in _pieces(d)]
    order = np.random.default_rng(seed).permutation(len(pieces))
    chosen: list[Document] = []
    total = 0
    for i in order.tolist():
        if total >= SENTENCES:
            break
        chosen.append(pieces[i])
        total += len(sentences(pieces[i]))
    return Corpus(tuple(chosen))


def _pieces(document: Document) -> Iterator[Document]:
    found = sentences(document)
    if len(found) <= 40:
        yield document
        return
    for number, (start, end) in enumerate(found):
        spans = tuple(
            Span(s.start - start, s.end - start, s.label)
            for s in document.spans
            if start <= s.start and s.end <= end
        )
        yield Document(f"{document.id}-{number}", document.text[start:end], spans)


def _row(name: str, options: dict[str, Any], study: Any) -> Row:
    found = results(study)
    analysis = analyse(study)
    upper = found.thresholds["sentences"]["upperhinge"]
    two = found.thresholds["sentences"]["segmented"]
    best = min(found.thresholds["sentences"].values(), key=lambda t: t.aic)
    assert found.regression is not None
    assert found.overlap_regression is not None
    assert found.composition is not None
    assert found.sensitivity is not None
    per = analysis.studied.sentences_per_document
    at, twice = (analysis.curve.draws_at(k * upper.estimate / per) for k in (1, 2))
    gain = 100 * (twice - at)
    half = np.abs(found.sensitivity.shares - 0.5).argmin()
    required = {}
    for target in TARGETS:
        wanted = advise(analysis, target_f1=target).required
        assert wanted is not None
        s = wanted.sentences
        required[f"{target:g}"] = [s.value, s.low, s.high]
    return Row(
        name=name,
        options=options,
        documents=found.documents,
        sentences=sum(d.sentences for d in study.table().documents),
        runs=found.runs,
        largest=found.features["sentences"].most,
        f1=[found.features["F1"].least, found.features["F1"].most],
        r2=found.regression.r2,
        beta_sentences=_coefficient(found.regression, "sentences"),
        beta_eps=_coefficient(found.regression, "EPS"),
        beta_eps_shared=_coefficient(found.overlap_regression, "EPS"),
        threshold=[upper.estimate, *upper.interval],
        segmented=[two.estimate, *two.interval],
        form=best.form,
        half_range=float(found.sensitivity.thresholds[half]),
        drift=found.sensitivity.drift,
        verdict=found.sensitivity.verdict,
        gain=[float(np.mean(gain)), *np.quantile(gain, (0.025, 0.975)).tolist()],
        required=required,
        eps=found.features["EPS"].mean,
        eps_threshold=found.composition.alone.estimate,
        eps_null=list(found.composition.simulated_range),
        eps_verdict=found.composition.verdict,
        eps_slopes=[*found.composition.slopes, *found.composition.given_slopes],
        points={key: np.round(values, 4).tolist() for key, values in found.points.items()},
    )


def _coefficient(fitted: Regression, name: str) -> list[float]:
    c = fitted.standardized[name]
    return [c.estimate, *c.interval]


def _said(file: Path) -> list[Row]:
    return [Row(**json.loads(file.read_text(encoding="utf-8")))] if file.exists() else []


def _table(rows: list[Row]) -> None:
    """Print the three tables."""
    print(
        "| corpus | runs | largest set | F1 | R² | β sentences | threshold: slope, then flat | two "
        "slopes | least AIC | threshold on half the range | drift | said | points still gained to "
        "twice the threshold | sentences in all for F1 .7 | for .8 |"
    )
    print("| --- |" + " --- |" * 14)
    for r in rows:
        low, high = r.f1
        cells = [
            r.name,
            f"{r.runs}",
            f"{r.largest:,.0f}",
            f"{_f1(low)}–{_f1(high)}",
            _f1(r.r2),
            _f1(r.beta_sentences[0]),
            _sizes(r.threshold),
            _sizes(r.segmented),
            FORMS[r.form],
            f"{r.half_range:,.0f}",
            f"{r.drift:.2f}".replace("-", "−"),
            r.verdict,
            f"{r.gain[0]:.1f} ({r.gain[1]:.1f} to {r.gain[2]:.1f})",
            *(_sizes(r.required[f"{t:g}"]) for t in TARGETS),
        ]
        print("| " + " | ".join(cells) + " |")
    print(
        "\n| corpus | mean EPS of the sets | β EPS | the same, shared documents | EPS threshold | "
        "without any effect of EPS | slopes before and beyond, EPS alone | given sentences | said |"
    )
    print("| --- |" + " --- |" * 8)
    for r in rows:
        before, beyond, given, further = r.eps_slopes
        cells = [
            r.name,
            f"{r.eps:.2f}",
            _interval(r.beta_eps),
            _interval(r.beta_eps_shared),
            f"{r.eps_threshold:.2f}",
            f"{r.eps_null[0]:.2f} to {r.eps_null[1]:.2f}",
            f"{before:+.2f}, {beyond:+.2f}".replace("-", "−"),
            f"{given:+.2f}, {further:+.2f}".replace("-", "−"),
            r.eps_verdict,
        ]
        print("| " + " | ".join(cells) + " |")

    print("\n| mean F1 by sentences | " + " | ".join(f"{a:,}–{b:,}" for a, b in BINS) + " |")
    print("| --- |" + " --- |" * len(BINS))
    for r in rows:
        sizes, f1 = np.array(r.points["sentences"]), np.array(r.points["f1"])
        cells = [f1[(sizes >= a) & (sizes < b)] for a, b in BINS]
        print(f"| {r.name} | " + " | ".join(_f1(c.mean()) if len(c) else "" for c in cells) + " |")


def _f1(value: float) -> str:
    return f"{value:.2f}".removeprefix("0")


def _interval(three: list[float]) -> str:
    return f"{three[0]:.2f} ({three[1]:.2f} to {three[2]:.2f})".replace("-", "−")


def _sizes(three: list[float]) -> str:
    value, low, high = (f"{x:,.0f}" if np.isfinite(x) else "∞" for x in three)
    return f"{value} ({low}–{high})"


def _figure(rows: list[Row]) -> str:
    """Draw F1 against sentences for every corpus, with its threshold and the published range."""
    from matplotlib.figure import Figure

    with svg.style("across"):
        made = Figure(figsize=(8.4, 2.1 * -(-len(rows) // 2)), layout="constrained")
        grid = np.atleast_1d(made.subplots(-(-len(rows) // 2), 2, sharex=True)).ravel()
        for axes, r in zip(grid, rows, strict=False):
            axes.axvspan(*PUBLISHED, color=svg.PALE, lw=0)
            axes.plot(r.points["sentences"], r.points["f1"], "o", ms=2.5, color=svg.EDGE)
            axes.axvline(r.threshold[0], color=svg.ORANGE, lw=1.4)
            axes.axvline(r.half_range, color=svg.PURPLE, lw=1.2, ls=":")
            axes.set_title(r.name, loc="left", fontsize=9)
            axes.set_xlim(0, 1.02 * max(q.largest for q in rows))
            axes.yaxis.set_major_formatter(lambda value, _: _f1(value))
            axes.set_ylabel("F1")
        for axes in grid[len(rows) :]:
            axes.set_visible(False)
        for axes in grid[max(0, len(rows) - 2) : len(rows)]:
            axes.set_xlabel("training sentences")
            axes.tick_params(labelbottom=True)
        return svg.to_svg(
            made,
            "across",
            "F1 of every run against training sentences, a panel for each corpus. Shaded: the "
            "paper's thresholds, 439 to 527. Orange: this corpus's threshold. Dotted: the same "
            "with only the training sets up to half the largest.",
        )


if __name__ == "__main__":
    main()
