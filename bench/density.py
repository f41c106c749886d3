"""How well the density of unlabelled text is estimated: by simulation, and on real corpora.

    python bench/density.py simulate [--studies 1000]
    python bench/density.py corpora [--shared ../shared] [--learner lookup] [--splits 10]
        [--documents 1000] [NAME ...]

On a real corpus a random half is annotated; of the other half documents are drawn so that their
density is a known multiple of it, and their labels are hidden.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

import suffice
from _tools import tagged as simulated
from suffice.corpus.sentences import sentences
from suffice.quality.draw import systematic, tilted
from suffice.quality.tagging import Tagged, tag
from suffice.stats import quantify
from suffice.stats._density.match import MARGIN, judge

NAMES = ("ncbi_disease", "grobid_funding_ack", "bc5cdr")
FACTORS = (0.67, 0.85, 1.0, 1.15, 1.5)


def simulate(studies: int) -> None:
    """Print coverage, bias and width for each recall, density and size."""
    error = float(np.sqrt(0.95 * 0.05 / studies))
    print(f"{studies} studies; standard error of a coverage of .95: {error:.4f}")
    print(
        "annotated recall factor  coverage: all, labels      ratio  | corrected  naive scaled truth"
    )
    for annotated in (60, 150, 400):
        for recall in (0.5, 0.8, 0.95):
            for factor in (0.5, 1.0, 2.0):
                truth = simulated.EPS * factor * np.array([1.0, *simulated.SHARES])
                inside, ratios, means = np.zeros(3), 0, np.zeros(3)
                for seed in range(studies):
                    found = simulated.estimates(seed, factor, recall, annotated=annotated)
                    inside += [q.low <= t <= q.high for q, t in zip(found, truth, strict=True)]
                    ratios += found[0].ratio_low <= 1 / factor <= found[0].ratio_high
                    means += [found[0].corrected, found[0].found, found[0].scaled]
                shown = " ".join(f"{c:.3f}" for c in inside / studies)
                values = " ".join(f"{v:6.3f}" for v in means / studies)
                print(
                    f"{annotated:9} {recall:6} {factor:6}  {shown:24} {ratios / studies:6.3f}  | "
                    f"{values} {truth[0]:.3f}",
                    flush=True,
                )


def corpora(shared: Path, names: list[str], learner: str, splits: int, most: int) -> None:
    """Print how often the interval covers and what the verdict is, for each density."""
    for name in names:
        corpus = suffice.read(shared / "corpora" / f"{name}.jsonl.gz")
        rows = {factor: [] for factor in FACTORS}  # type: ignore[var-annotated]
        for split in range(splits):
            rng = np.random.default_rng([split, 2])
            order = rng.permutation(len(corpus))[:most].tolist()
            half = len(order) // 2
            annotated = [corpus.documents[i] for i in order[:half]]
            hidden = [corpus.documents[i] for i in order[half:]]
            tagged = tag(annotated, hidden, learner=learner, seed=split)
            entities = np.array([len(d.spans) for d in hidden], dtype=float)
            length = np.array([len(sentences(d)) for d in hidden], dtype=float)
            for factor in FACTORS:
                target = factor * entities.sum() / length.sum()
                try:
                    p = tilted(entities, length, len(hidden) // 3, target)
                except ValueError:
                    continue  # too few documents are so dense
                drawn = systematic(p, rng.permutation(len(hidden)), rng)
                rows[factor].append(
                    (*_one(tagged, drawn), entities[drawn].sum(), length[drawn].sum())
                )
        print(f"\n{name} ({learner}), {splits} splits of {half} annotated, {half // 3} hidden")
        print("factor  true   naive  scaled corrected  ±half  covers  within .1 | verdicts")
        for factor, found in ((f, r) for f, r in rows.items() if r):
            true = np.array([e / s for *_, e, s in found])
            q = [row[0] for row in found]
            covers = np.mean([a.low <= t <= a.high for a, t in zip(q, true, strict=True)])
            relative = [abs(a.corrected / t - 1) <= 0.1 for a, t in zip(q, true, strict=True)]
            means = np.mean(
                [[a.found, a.scaled, a.corrected, (a.high - a.low) / 2] for a in q], axis=0
            )
            verdicts = ", ".join(f"{v} {n}" for v, n in Counter(r[1] for r in found).most_common())
            print(
                f"{factor:6.2f} {true.mean():6.3f} {means[0]:6.3f} {means[1]:6.3f} {means[2]:8.3f} "
                f"{means[3]:8.3f}  {covers:6.2f}  {np.mean(relative):9.2f} | {verdicts}",
                flush=True,
            )


def _one(tagged: Tagged, drawn: np.ndarray) -> tuple[object, str]:
    side = tagged.unlabelled
    part = replace(
        tagged,
        unlabelled=replace(
            side,
            units=tuple(side.units[i] for i in drawn),
            found=side.found[drawn],
            sentences=side.sentences[drawn],
            tokens=side.tokens[drawn],
        ),
    )
    every = quantify(part.calibration(), part.production(), part.labels)[0]
    return every, judge(every.ratio_low, every.ratio_high, every.ratio_90, MARGIN)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=("simulate", "corpora"))
    parser.add_argument("names", nargs="*", default=NAMES)
    parser.add_argument("--studies", type=int, default=1000)
    shared = Path(os.environ.get("SUFFICE_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("--learner", default="lookup")
    parser.add_argument("--splits", type=int, default=10)
    parser.add_argument("--documents", type=int, default=1000, help="of both halves")
    given = parser.parse_intermixed_args()
    if given.what == "simulate":
        simulate(given.studies)
    else:
        corpora(given.shared, list(given.names), given.learner, given.splits, given.documents)


if __name__ == "__main__":
    main()
