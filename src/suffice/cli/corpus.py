"""Commands about a corpus: ``suffice inspect`` and ``suffice convert``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from suffice.cli import options
from suffice.corpus.check import Inspection, with_interval
from suffice.corpus.check import inspect as look_over
from suffice.corpus.examples import load
from suffice.corpus.formats.base import FileFormat
from suffice.corpus.formats.registry import format_named
from suffice.corpus.problems import KINDS, SpanProblem
from suffice.corpus.read import read
from suffice.corpus.write import write
from suffice.errors import InputError
from suffice.stats.result import format_number

_WIDTH = 80
_ROWS = 12
_EXAMPLES = 2


def inspect(
    files: options.CorpusFiles,
    labels: options.Labels = None,
    lenient: options.Lenient = False,
    format: options.Format = None,
    group: options.Group = None,
    encoding: options.Encoding = "utf-8",
    private: options.Private = False,
    discontinuous: options.Discontinuous = "refuse",
    as_json: options.AsJson = False,
) -> None:
    """Look a corpus over: counts, labels, density, twins, odd spans."""
    corpus = read(
        files,
        labels=labels,
        lenient=lenient,
        format=format,
        group=group,
        encoding=encoding,
        private=private,
        discontinuous=discontinuous,
    )
    found = look_over(corpus)
    if as_json:
        typer.echo(found.to_json(indent=2))
    else:
        _show(found)


def convert(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="IN... OUT", help="What to read, and the file to write.", show_default=False
        ),
    ],
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="NAME", help="The format to write, as jsonl, prodigy, brat or hf."
        ),
    ],
    labels: options.Labels = None,
    lenient: options.Lenient = False,
    format: options.Format = None,
    group: options.Group = None,
    encoding: options.Encoding = "utf-8",
    private: options.Private = False,
    discontinuous: options.Discontinuous = "refuse",
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there.")
    ] = False,
) -> None:
    """Convert a corpus to another format, and say what that format cannot express."""
    *sources, target = files
    if not sources:
        raise InputError("convert needs files to read and one to write", remedy="name both")
    one_file = isinstance(format_named(to), FileFormat)
    if target.is_dir() and one_file:
        raise InputError(f"{target} is a folder", remedy="name the file to write")
    if target.is_file() and not force:
        raise InputError(f"{target} is there already", remedy="name another, or add --force")
    corpus = read(
        sources,
        labels=labels,
        lenient=lenient,
        format=format,
        group=group,
        encoding=encoding,
        private=private,
        discontinuous=discontinuous,
    )
    lost = write(corpus, target, to)
    spans = sum(len(document.spans) for document in corpus)
    console = _console()
    # A path must not be broken at the end of the line.
    done = f"{target}: {len(corpus):,} documents, {spans:,} spans, as {to}"
    console.print(done, markup=False, soft_wrap=True)
    _list(console, "Not as it was", lost)
    _list(console, "While reading", corpus.notes)
    _list(console, "Left out", [str(problem) for problem in corpus.problems])


def example(
    target: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write, as disclosures.jsonl.")
    ],
    seed: Annotated[
        int | None,
        typer.Option("--seed", min=0, help="Another corpus of the same kind.", show_default=False),
    ] = None,
) -> None:
    """Write the bundled corpus: 490 synthetic conflict-of-interest disclosures.

    A file that holds the same already is left as it is.
    """
    corpus = load(seed=seed)
    console = _console()
    if target.is_file():
        if read(target).documents != corpus.documents:
            raise InputError(f"{target} is there already", remedy="name another file")
        console.print(f"{target} is there already", markup=False, soft_wrap=True)
        return
    if not target.parent.is_dir():
        raise InputError(f"there is no folder {target.parent}", remedy="make it first")
    write(corpus, target)
    spans = sum(len(document.spans) for document in corpus)
    said = f"{target}: {len(corpus):,} synthetic documents, {spans:,} spans"
    console.print(said, markup=False, soft_wrap=True)


def _console() -> Console:
    console = Console(highlight=False)
    console.width = min(console.width, _WIDTH)
    return console


def _list(console: Console, title: str, lines: list[str] | tuple[str, ...]) -> None:
    if lines:
        console.print(f"\n[bold]{title}[/bold]")
        for line in lines[:_ROWS]:
            console.print(Padding(Text(line), (0, 0, 0, 2)))
        if len(lines) > _ROWS:
            console.print(f"  … and {len(lines) - _ROWS:,} more (--json lists all)")


def _show(found: Inspection) -> None:
    console = _console()
    console.print(f"[bold]Corpus {escape(found.name)}[/bold]")
    console.print(_counts(found))
    console.print(_labels(found))
    console.print(_spreads(found))
    if found.span_problems:
        console.print(_odd_spans(found))
    _list(console, "While reading", found.notes)
    _list(console, "Left out", found.skipped)
    _list(console, "Keep in mind", found.caveats)


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for i, column in enumerate(columns):
        table.add_column(column, justify="right" if i else "left", overflow="fold")
    return table


def _counts(found: Inspection) -> Table:
    table = _table("", "")
    table.show_header = False
    rows: list[tuple[str, str]] = [
        ("documents", f"{found.documents:,}"),
        ("  without entities", f"{found.without_spans:,}"),
        ("  with the file's own sentences", f"{found.own_sentences:,}"),
        ("sentences", f"{found.sentences:,}"),
        ("word tokens", f"{found.tokens:,}"),
        ("characters", f"{found.characters:,}"),
        ("entities", f"{found.entities:,}"),
        ("  distinct strings", f"{found.distinct:,}"),
        (f"entities per sentence ({found.eps.level:.0%} interval)", with_interval(found.eps)),
        ("groups", f"{found.groups:,}" if found.grouped else "none named"),
        ("exact twins", _twins(found.exact_twins)),
        ("exact or near twins", _twins(found.near_twins)),
    ]
    if found.splits:
        named = ", ".join(f"{name} {count:,}" for name, count in found.splits.items())
        rows.append(("splits that the file names", escape(named)))
    if found.annotated_by_several:
        rows.append(("documents marked by several", f"{found.annotated_by_several:,}"))
    for row in rows:
        table.add_row(*row)
    return table


def _twins(groups: tuple[tuple[str, ...], ...]) -> str:
    if not groups:
        return "none"
    return f"{sum(map(len, groups)):,} in {len(groups):,} set" + "s" * (len(groups) > 1)


def _labels(found: Inspection) -> Table:
    table = _table("label", "entities", "share")
    for label, count in list(found.labels.items())[:_ROWS]:
        table.add_row(escape(label), f"{count:,}", f"{count / found.entities:.0%}")
    rest = list(found.labels.values())[_ROWS:]
    if rest:
        table.add_row(f"… and {len(rest)} more", f"{sum(rest):,}", "")
    return table


def _spreads(found: Inspection) -> Table:
    table = _table("", "least", "lower ¼", "median", "upper ¼", "most", "mean")
    for what, s in found.spreads.items():
        values = (s.least, s.lower, s.median, s.upper, s.most, s.mean)
        table.add_row(what, *(format_number(value, 3) for value in values))
    return table


def _odd_spans(found: Inspection) -> Table:
    table = _table("worth a look", "how many", "as in")
    for kind, count in found.problem_counts().items():
        some = [p for p in found.span_problems if p.kind == kind][:_EXAMPLES]
        table.add_row(KINDS[kind], f"{count:,}", escape("\n".join(map(_place, some))))
    return table


def _place(problem: SpanProblem) -> str:
    return f"{problem.document}:{problem.start}–{problem.end}"
