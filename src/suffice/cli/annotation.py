"""Commands about annotators: ``suffice agreement`` and ``suffice reconcile``."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from suffice.cli import options, show
from suffice.corpus.corpus import Corpus
from suffice.corpus.formats.registry import format_named
from suffice.corpus.labels import parse_labels
from suffice.corpus.read import read
from suffice.corpus.write import write
from suffice.errors import InputError
from suffice.quality.agreement import agreement as compare
from suffice.quality.agreement_result import REPORTED, WHY, Agreement
from suffice.quality.compare import KINDS
from suffice.quality.joining import join
from suffice.quality.reconcile import UNDECIDED, Reconciled, Undecided
from suffice.quality.reconcile import reconcile as settle
from suffice.quality.worklist import OWN, is_worklist, read_decisions, read_judge, write_worklist
from suffice.report.agreement_page import render
from suffice.report.page import write as write_page

_ROWS = 12
_PLACES = 3

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        help="One file (or folder) for each annotator: A B [C ...]. Or a single file whose "
        "documents hold the spans of several annotators.",
        show_default=False,
    ),
]
Names = Annotated[
    str | None,
    typer.Option(
        "--names",
        metavar="A,B",
        help="What to call the annotators, in the order of the files; with a single file, which "
        "of its annotators to take.",
        show_default="the files' names",
    ),
]
Matching = Annotated[
    str,
    typer.Option(
        "--match",
        metavar="BY",
        help="How documents of several files are matched: by id (and by text where an id is in "
        "one file only), or by text alone.",
    ),
]


def agreement(
    files: Files,
    names: Names = None,
    match: Matching = "id",
    gamma: Annotated[
        bool, typer.Option("--gamma", help="Compute γ as well; may take minutes.")
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="OUT", help="Write a page with everything.", show_default=False
        ),
    ] = None,
    with_examples: Annotated[
        bool,
        typer.Option(
            "--with-examples",
            help="Show the text of every disagreement on the page, side by side. Without it the "
            "page holds counts, ids and positions only.",
        ),
    ] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the bootstrap.")] = 0,
    labels: options.Labels = None,
    lenient: options.Lenient = False,
    format: options.Format = None,
    group: options.Group = None,
    encoding: options.Encoding = "utf-8",
    private: options.Private = False,
    as_json: options.AsJson = False,
) -> None:
    """Say how far annotators agree: on spans, boundaries, labels, counts, tokens.

    Nothing of the text is shown, unless a page is asked for --with-examples.
    """
    if with_examples and (html is None or private):
        raise InputError(
            "--with-examples shows text on the page of --html, and not with --private",
            remedy="add --html agreement.html, or leave one out",
        )
    if html is not None and not html.parent.is_dir():
        raise InputError(f"there is no folder {html.parent}", remedy="make it first")
    reading: dict[str, Any] = {
        "lenient": lenient, "format": format, "group": group, "encoding": encoding,
        "private": private,
    }  # fmt: skip
    corpora = _read(files, labels, reading)
    called = _called(names)
    found = compare(*corpora, names=called, match=_match(match), gamma=gamma, seed=seed)
    if html is not None:
        shown = None
        if with_examples:
            shown = join(corpora, names=called, match=_match(match)).corpus
        write_page(html, render(found, shown))
    if as_json:
        typer.echo(found.to_json(indent=2))
        return
    _show(found)
    if html is not None:
        told = "with the text of every disagreement" if with_examples else "without any text"
        show.console().print(f"\nPage: {html} ({told})", markup=False, soft_wrap=True)


def reconcile(
    files: Files,
    worklist: Annotated[
        Path | None,
        typer.Option(
            "--worklist",
            metavar="OUT",
            help="Write what is undecided as a work list. It holds text: that is its purpose.",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="NAME",
            help="The work list's format: 'worklist', one disagreement a line; or a format that "
            "an annotation tool imports, as prodigy.",
        ),
    ] = OWN,
    decisions: Annotated[
        Path | None,
        typer.Option(
            "--decisions",
            metavar="FILE",
            help="The work list with its decisions, or the tool's export.",
            show_default=False,
        ),
    ] = None,
    mode: Annotated[
        str | None,
        typer.Option(
            "--mode",
            metavar="NAME",
            help="'majority': what more than half marked (three or more annotators); "
            "'adjudicator': what the --judge marked.",
            show_default=False,
        ),
    ] = None,
    judge: Annotated[
        Path | None,
        typer.Option(
            "--judge",
            metavar="FILE",
            help="Another person's annotation; counts only where the annotators differ.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="GOLD", help="Write the gold corpus here.", show_default=False
        ),
    ] = None,
    undecided: Annotated[
        str,
        typer.Option(
            "--undecided",
            metavar="WHAT",
            help="What becomes of undecided stretches: 'refuse' to write a gold, 'drop' (no span "
            "there), or 'leave-out-document'.",
        ),
    ] = "refuse",
    names: Names = None,
    match: Matching = "id",
    force: Annotated[
        bool, typer.Option("--force", help="Write over files that are there.")
    ] = False,
    labels: options.Labels = None,
    lenient: options.Lenient = False,
    format: options.Format = None,
    group: options.Group = None,
    encoding: options.Encoding = "utf-8",
    private: options.Private = False,
    as_json: options.AsJson = False,
) -> None:
    """Make one gold corpus of several annotators' spans.

    First write the disagreements:  suffice reconcile A B --worklist todo.jsonl

    Decide each: an annotator's name, a list of spans, or [] for none.

    Then make the gold:  suffice reconcile A B --decisions todo.jsonl --out gold.jsonl
    """
    _check(worklist, to, decisions, mode, judge, out, undecided)
    for target in (worklist, out):
        _writable(target, force)
    # The third person's file may be of another format, and need not name groups.
    third: dict[str, Any] = {"lenient": lenient, "encoding": encoding, "private": private}
    corpora = _read(files, labels, {**third, "format": format, "group": group})
    rules = parse_labels(labels or "*")
    shared: dict[str, Any] = {
        "names": _called(names), "match": _match(match), "majority": mode == "majority",
    }  # fmt: skip
    if judge is not None:
        shared["judge"] = read(judge, **third).with_labels(rules)
    found = settle(*corpora, **shared, undecided="list")
    if decisions is not None:
        if is_worklist(decisions):
            shared["decisions"] = read_decisions(decisions, found, private=private)
        else:
            shared["judge"] = read_judge(decisions, found, **third).with_labels(rules)
        found = settle(*corpora, **shared, undecided="list")
    lost: list[str] = []
    if worklist is not None:
        if not found.undecided:
            raise InputError("nothing is undecided: there is no work list to write")
        lost = write_worklist(found, worklist, to)
    if out is not None:
        if found.undecided:
            found = settle(*corpora, **shared, undecided=_undecided(undecided))
        assert found.corpus is not None  # "list" is not among the choices
        lost += write(found.corpus, out)
    if as_json:
        typer.echo(found.to_json(indent=2))
    else:
        _show_reconciled(found, worklist, out, lost)


def _check(
    worklist: Path | None,
    to: str,
    decisions: Path | None,
    mode: str | None,
    judge: Path | None,
    out: Path | None,
    undecided: str,
) -> None:
    if worklist is None and out is None:
        raise InputError(
            "reconcile needs something to write",
            remedy="--worklist todo.jsonl for the disagreements, or --out gold.jsonl for the gold",
        )
    if mode not in (None, "majority", "adjudicator"):
        raise InputError(
            f"there is no mode {mode!r}", remedy="choose majority or adjudicator, or leave it out"
        )
    if (mode == "adjudicator") != (judge is not None):
        raise InputError(
            "--mode adjudicator and --judge FILE go together", remedy="give both or neither"
        )
    if judge is not None and decisions is not None:
        raise InputError("--judge and --decisions cannot go together", remedy="leave one out")
    if to != OWN:
        format_named(to)
        if worklist is None:
            raise InputError("--to is the format of --worklist", remedy="name the work list")
    _undecided(undecided)


def _undecided(given: str) -> Undecided:
    for known in UNDECIDED:
        if known == given != "list":
            return known
    choices = ", ".join(u for u in UNDECIDED if u != "list")
    raise InputError(f"--undecided cannot be {given!r}", remedy=f"choose one of {choices}")


def _writable(target: Path | None, force: bool) -> None:
    if target is None:
        return
    if target.exists() and not force:
        raise InputError(f"{target} is there already", remedy="name another, or add --force")
    if not target.parent.is_dir():
        raise InputError(f"there is no folder {target.parent}", remedy="make it first")


def _read(files: list[Path], labels: str | None, reading: dict[str, Any]) -> list[Corpus]:
    """Read each file. Rules on labels are held against all files: one may lack a label."""
    corpora = [read(file, **reading) for file in files]
    if labels is None:
        return corpora
    rules = parse_labels(labels)
    used = {label for corpus in corpora for label in corpus.labels}
    rules.check(
        used.union(
            s.label for c in corpora for d in c for own in d.annotators.values() for s in own
        )
    )
    return [corpus.with_labels(rules) for corpus in corpora]


def _called(names: str | None) -> list[str] | None:
    return None if names is None else [name.strip() for name in names.split(",")]


def _match(given: str) -> Any:
    if given not in ("id", "text"):
        raise InputError(f"--match cannot be {given!r}", remedy="choose id or text")
    return given


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for i, column in enumerate(columns):
        table.add_column(column, justify="right" if i else "left", overflow="fold")
    return table


def number(value: float) -> str:
    """Write a coefficient with three decimals; a dash where it is undefined."""
    return "–" if math.isnan(value) else f"{value:.3f}".replace("-", "−")


def ends(low: float, high: float) -> str:
    """Write an interval; nothing where there is none."""
    return "" if math.isnan(low) or math.isnan(high) else f"{number(low)} to {number(high)}"


def _show(found: Agreement) -> None:
    console = show.console()
    who = ", ".join(found.annotators[:6]) + (" …" if len(found.annotators) > 6 else "")
    console.print(
        f"[bold]Agreement of {len(found.annotators)} annotators[/bold] ({escape(who)}) on "
        f"{found.compared:,} of {found.documents:,} documents"
    )
    table = _table("", "value", "95 % interval")
    for name, value, interval in found.rows():
        table.add_row(name, number(value), ends(*interval))
    console.print(table)
    console.print(Padding(Text(f"{WHY}."), (0, 0, 1, 0)), style="dim")
    parts = [_labels(found)]
    if len(found.pairs) > 1:
        parts.append(_pairs(found))
    if found.gold:
        parts.append(_gold(found))
    for part in (*parts, _disagreements(found)):
        console.print(Padding(part, (0, 0, 1, 0)))
    _list(console, "Matching", found.notes)
    undefined = [c for r in (found.icc, found.fleiss_types) if r is not None for c in r.caveats]
    _list(console, "Keep in mind", [*found.caveats, *dict.fromkeys(undefined)])


def _labels(found: Agreement) -> Table:
    table = _table("label", "spans", "F1 exact", "95 % interval", "F1 partial")
    for row in found.by_label[:_ROWS]:
        table.add_row(
            escape(row.label),
            f"{row.spans:,}",
            number(row.exact.value),
            ends(row.exact.low, row.exact.high),
            number(row.partial.value),
        )
    if len(found.by_label) > _ROWS:
        table.add_row(f"… and {len(found.by_label) - _ROWS} more (--json lists all)")
    return table


def _pairs(found: Agreement) -> Table:
    table = _table("pair", "documents", "F1 exact", "95 % interval", "boundaries", REPORTED)
    most = sorted(found.pairs, key=lambda p: (-p.documents, p.first, p.second))
    for pair in most[:_ROWS]:
        table.add_row(
            escape(f"{pair.first}, {pair.second}"),
            f"{pair.documents:,}",
            number(pair.exact.value),
            ends(pair.exact.low, pair.exact.high),
            number(pair.boundaries.value),
            number(pair.icc[REPORTED].value),
        )
    if len(most) > _ROWS:
        table.add_row(f"… and {len(most) - _ROWS} more (--json lists all)")
    return table


def _gold(found: Agreement) -> Table:
    table = _table("against the corpus's own spans", "documents", "F1 exact", "95 % interval")
    for row in found.gold[:_ROWS]:
        exact = row.exact
        cells = (f"{row.documents:,}", number(exact.value), ends(exact.low, exact.high))
        table.add_row(escape(row.name), *cells)
    if len(found.gold) > _ROWS:
        table.add_row(f"… and {len(found.gold) - _ROWS} more (--json lists all)")
    return table


def _disagreements(found: Agreement) -> Table:
    table = _table("disagreements", "how many", "as in")
    for kind, count in found.kinds().items():
        some = [d for d in found.disagreements if d.kind == kind][:_PLACES]
        places = []
        for d in some:
            span = d.first_span or d.second_span
            assert span is not None  # one of them marked it
            places.append(f"{d.document}:{span.start}–{span.end}")
        table.add_row(KINDS[kind], f"{count:,}", escape("\n".join(places)))
    if not found.disagreements:
        table.add_row("none", "0", "")
    return table


def _show_reconciled(
    found: Reconciled, worklist: Path | None, out: Path | None, lost: list[str]
) -> None:
    console = show.console()
    table = _table("", "")
    table.show_header = False
    table.add_row("documents", f"{len(found.joined):,}")
    table.add_row("spans that all marked alike", f"{found.agreed:,}")
    for who, count in found.by.items():
        table.add_row(f"disagreements decided by {who}", f"{count:,}")
    table.add_row("disagreements undecided", f"{len(found.undecided):,}")
    console.print(table)
    _list(console, "What was done", found.notes)
    _list(console, "Not as it was", lost)
    if found.undecided and worklist is None:
        places = [f"{d.document}:{d.start}–{d.end}" for d in found.undecided]
        _list(console, "Undecided", places)
    if worklist is not None:
        said = f"\nWork list: {worklist} (holds text; readable by you only)"
        console.print(said, markup=False, soft_wrap=True)
    if out is not None and found.corpus is not None:
        spans = sum(len(d.spans) for d in found.corpus)
        said = f"\nGold: {out}, {len(found.corpus):,} documents, {spans:,} spans"
        console.print(said, markup=False, soft_wrap=True)


def _list(console: Console, title: str, lines: list[str] | tuple[str, ...]) -> None:
    if lines:
        console.print(f"\n[bold]{title}[/bold]")
        for line in lines[:_ROWS]:
            console.print(Padding(Text(line), (0, 0, 0, 2)))
        if len(lines) > _ROWS:
            console.print(f"  … and {len(lines) - _ROWS:,} more (--json lists all)")
