"""Commands about annotating: ``suffice density`` and ``suffice sample``."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from suffice.atomic import replace as write_anew
from suffice.cli import options, show
from suffice.cli.reading import CorpusFiles, ReadingOptions, reads
from suffice.cli.wording import as_options
from suffice.corpus.check import with_interval
from suffice.corpus.corpus import Corpus
from suffice.corpus.sentences import count_sentences
from suffice.corpus.texts import Texts
from suffice.errors import InputError
from suffice.quality.density import AT_MOST as TAGGED
from suffice.quality.density import Density, ProductionDensity, against, headline
from suffice.quality.density import density as density_of
from suffice.quality.sample import AT_MOST as LOOKED_AT
from suffice.quality.sample import DocumentSample, draw
from suffice.stats import Quantity
from suffice.stats._density.match import MARGIN
from suffice.wording.numbers import counted, format_number

_COLOURS = {"match": "green", "cannot tell": "yellow"}
_ROWS = 12
_UNBOUNDED = 20

Learner = Annotated[
    str,
    typer.Option("--learner", metavar="NAME", help="The tagger: probe, or lookup (fast, weaker)."),
]
Seed = Annotated[
    int, typer.Option("--seed", min=0, help="Random seed; the same seed gives the same result.")
]


@reads("discontinuous", "sentences")
def density(
    files: CorpusFiles,
    production: Annotated[
        list[Path] | None,
        typer.Option(
            "--production",
            metavar="FILE",
            help="Text like that to which the model will be applied, without annotation: .txt "
            'files, JSON Lines with "text", folders; can be repeated.',
        ),
    ] = None,
    learner: Learner = "probe",
    margin: Annotated[
        float,
        typer.Option(
            "--margin", metavar="SHARE", help="Relative difference up to which densities match."
        ),
    ] = MARGIN,
    at_most: Annotated[
        int, typer.Option("--at-most", min=2, help="Number of production documents to tag.")
    ] = TAGGED,
    seed: Seed = 0,
    *,
    reading: ReadingOptions,
    as_json: options.AsJson = False,
) -> None:
    """Measure how dense a corpus is, and whether production text is as dense."""
    corpus = reading.corpus(*files)
    if not production:
        found, notes = density_of(corpus), corpus.notes
    else:
        texts = replace(reading, format=None, group=None).texts(production)
        notes = (*corpus.notes, *_list_notes(texts))
        with show.progress(quiet=as_json) as listener:
            found = against(
                corpus,
                texts.documents,
                name=texts.name,
                learner=learner,
                at_most=at_most,
                margin=margin,
                seed=seed,
                listener=listener,
            )
    if as_json:
        typer.echo(found.to_json(indent=2))
    else:
        _show_density(found, notes)


@reads("format", "hash_ids", "discontinuous", "sentences")
def sample(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="POOL",
            help='Text without annotations: .txt files, JSON Lines with "text", folders.',
        ),
    ],
    n: Annotated[int, typer.Option("--n", metavar="N", help="Documents to draw.")] = 50,
    match: Annotated[
        str,
        typer.Option(
            "--match",
            metavar="HOW",
            help="random; density (spread over the pool's densities); stratified (over lengths and "
            "--by); diverse (far from each other); enriched (denser; not advised).",
        ),
    ] = "random",
    like: Annotated[
        list[Path] | None,
        typer.Option(
            "--like",
            metavar="FILE",
            help="Annotated text for training the tagger that estimates densities.",
            show_default="--annotated",
        ),
    ] = None,
    annotated: Annotated[
        list[Path] | None,
        typer.Option(
            "--annotated",
            metavar="FILE",
            help="Text that is already annotated: neither it nor its duplicates are drawn again.",
        ),
    ] = None,
    eps: Annotated[
        float | None,
        typer.Option(
            "--eps",
            metavar="EPS",
            help="With --match density: the entities per sentence to aim for.",
            show_default="the pool's",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="FIELD",
            help="With --match stratified: a field of the records, e.g. journal or meta.source.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="JSON Lines file to write, with the documents' text; readable only by you.",
        ),
    ] = None,
    learner: Learner = "probe",
    at_most: Annotated[
        int,
        typer.Option(
            "--at-most", min=2, help="Number of documents to tag or embed, drawn at random."
        ),
    ] = LOOKED_AT,
    seed: Seed = 0,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    *,
    reading: ReadingOptions,
    as_json: options.AsJson = False,
) -> None:
    """Choose the next documents to annotate, and say how this affects later inference."""
    _writable(out, force)
    if by is not None and match != "stratified":
        raise InputError("--by goes with --match stratified")
    texts = reading.texts(files, by)

    def reference(paths: list[Path] | None) -> Corpus | None:
        if not paths:
            return None
        return replace(reading, group=None).corpus(*paths)

    with show.progress(quiet=as_json) as listener:
        found = draw(
            texts.documents,
            n,
            match,
            like=reference(like),
            annotated=reference(annotated),
            eps=eps,
            by=texts.fields,
            name=texts.name,
            learner=learner,
            at_most=at_most,
            seed=seed,
            listener=listener,
        )
    if out is not None:
        _write(found, out)
    if as_json:
        typer.echo(found.to_json(indent=2))
    else:
        _show_sample(found, out, _list_notes(texts))


def _writable(out: Path | None, force: bool) -> None:
    if out is None:
        return
    if out.is_dir():
        raise InputError(f"{out} is a folder", remedy="name the file to write")
    options.writable(out, force=force)


def _write(found: DocumentSample, out: Path) -> None:
    try:
        write_anew(out, found.lines(), mode=0o600)
    except OSError as error:
        raise InputError(
            f"it cannot be written: {error.strerror or 'unknown reason'}",
            remedy="choose another place",
            where=out.as_posix(),
        ) from None


def _list_notes(texts: Texts) -> tuple[str, ...]:
    return (*texts.notes, *(f"left out: {as_options(str(problem))}" for problem in texts.problems))


def _list(out: Console, title: str, lines: tuple[str, ...]) -> None:
    if lines:
        out.print(f"\n[bold]{title}[/bold]")
        for line in lines[:_ROWS]:
            out.print(Padding(Text(line), (0, 0, 0, 2)))
        if len(lines) > _ROWS:
            out.print(f"  … and {len(lines) - _ROWS:,} more")


def _show_density(found: Density, notes: tuple[str, ...]) -> None:
    out = show.console()
    out.print(Text(f"Density of {found.name}", style="bold"))
    out.print(
        f"{counted(found.entities, 'entity')} in {counted(found.sentences, 'sentence')} of "
        f"{found.documents:,} "
        "documents; EPS is entities per sentence"
    )
    if found.production is None:
        out.print(_tabulate_labels(found))
        _list(out, "Keep in mind", found.caveats)
    else:
        _show_production(out, found, found.production)
    out.print(_tabulate_documents(found))
    _list(out, "While reading", notes)


def _tabulate_labels(found: Density) -> Table:
    table = show.make_table("EPS", f"sample ({found.eps.level:.0%} interval)")
    table.add_row("all", with_interval(found.eps))
    for label, value in list(found.labels.items())[:_ROWS]:
        table.add_row(Text(f"  {label}"), with_interval(value))
    if len(found.labels) > _ROWS:
        table.add_row(f"  … and {counted(len(found.labels) - _ROWS, 'more label')} (--json)", "")
    return table


def _tabulate_documents(found: Density) -> Table:
    table = show.make_table("sample", "least", "lower ¼", "median", "upper ¼", "most", "mean")
    rows = {
        "EPS by document": found.by_document,
        "entities by document": found.per_document,
    }
    for what, s in rows.items():
        values = (s.least, s.lower, s.median, s.upper, s.most, s.mean)
        table.add_row(what, *(format_number(value, 3) for value in values))
    return table


def _show_production(out: Console, found: Density, production: ProductionDensity) -> None:
    out.print(
        f"{production.name}: {production.tagged:,} of "
        f"{counted(production.documents, 'document')} tagged by "
        f"{counted(production.models, 'model')} ({production.learner})",
        markup=False,
    )
    out.print()
    colour = _COLOURS.get(production.verdict, "red")
    out.print(Text(headline(production), style=f"bold {colour}"))
    table = show.make_table("EPS", "sample", "production (95 %)", "ratio (95 %)", "verdict")
    rows = [("all", production.every, production.verdict)]
    rows += [(f"  {q.label}", q, production.label_verdicts[q.label]) for q in production.labels]
    for name, quantity, verdict in rows[: _ROWS + 1]:
        table.add_row(
            Text(name),
            format_number(quantity.sample, 3),
            _interval(quantity),
            _ratio(quantity.ratio, quantity.ratio_low, quantity.ratio_high),
            verdict.removeprefix("sample is "),
        )
    if len(rows) > _ROWS + 1:
        table.add_row(f"  … and {len(rows) - _ROWS - 1} more", "", "", "", "")
    out.print(table)
    every = production.every
    out.print(
        f"The taggers find {every.found:.3g} entities per sentence of production text; they find "
        f"{every.response:.0%} of the entities and {every.false_rate:.2g} false spans in 1,000 "
        "tokens of annotated text that they have not seen: "
        f"{'too little to correct by' if every.unknown else 'hence the correction'}.\n"
    )
    other = show.make_table("text", "sample", "production", "ratio (95 %)", "verdict")
    for m in production.matches:
        values = (format_number(m.sample, 3), format_number(m.production, 3))
        other.add_row(m.what, *values, _ratio(m.ratio, m.low, m.high), m.verdict)
    out.print(other)
    _list(out, "Keep in mind", found._caveats())
    out.print()


def _interval(quantity: Quantity) -> str:
    if math.isnan(quantity.low):
        return "cannot be told"
    corrected, low, high = quantity.corrected, quantity.low, quantity.high
    return f"{corrected:.2f} ({low:.2f}–{high:.2f})"


def _ratio(value: float, low: float, high: float) -> str:
    if math.isnan(low):
        return ""
    if f"{low:.2f}" == f"{high:.2f}":  # every document is alike: nothing to make an interval of
        return f"{value:.2f}"
    if high < _UNBOUNDED:
        return f"{value:.2f} ({low:.2f}–{high:.2f})"
    least = f"≥ {low:.2f}" if low < 100 else f"≥ {low:,.0f}"
    return f"{value:.2f} ({least})" if value < _UNBOUNDED else least


def _show_sample(found: DocumentSample, out: Path | None, notes: tuple[str, ...]) -> None:
    screen = show.console()
    screen.print(
        f"{len(found.documents):,} of {counted(found.candidates, 'document')} of {found.pool} "
        f"drawn "
        f"({found.method}): {counted(count_sentences(found.documents), 'sentence')}",
        markup=False,
    )
    if found.repeats:
        screen.print(f"Skipped because they repeat annotated documents: {found.repeats:,}")
    if not math.isnan(found.eps):
        screen.print(
            f"Entities per sentence, estimated: {found.eps:.2f}; the pool's: {found.pool_eps:.2f}"
        )
    meaning = f"{found.meaning[0].upper()}{found.meaning[1:]}."
    screen.print()
    screen.print(meaning, markup=False)
    _list(screen, "Keep in mind", found.caveats)
    _list(screen, "While reading", notes)
    screen.print()
    if out is None:
        screen.print("Nothing was written; --out FILE writes the texts, ready to annotate.")
    else:
        screen.print(f"Texts: {out}", markup=False, soft_wrap=True)
