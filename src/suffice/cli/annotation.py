"""Commands about annotators: ``suffice agreement`` and ``suffice reconcile``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from suffice.cli import options, show, show_annotation
from suffice.cli.reading import ReadingOptions, reads
from suffice.corpus.corpus import Corpus
from suffice.corpus.formats.registry import format_named
from suffice.corpus.labels import LabelRules, parse_labels, split_names
from suffice.corpus.relabel import labels_of, relabel_sides
from suffice.corpus.write import write
from suffice.errors import InputError
from suffice.quality.agreement import agreement as compare
from suffice.quality.joining import join
from suffice.quality.reconcile import UNDECIDED, Undecided
from suffice.quality.reconcile import reconcile as settle
from suffice.quality.worklist import OWN, is_worklist, read_decisions, read_judge, write_worklist
from suffice.report.agreement_page import render
from suffice.report.page import write as write_page

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        help="One file (or folder) for each annotator: A B [C ...]. Or a single file with the "
        "spans of several annotators.",
    ),
]
Names = Annotated[
    str | None,
    typer.Option(
        "--names",
        metavar="A,B",
        help="Names of the annotators, in the order of the files; with a single file, which of "
        "its annotators to use.",
        show_default="the files' names",
    ),
]
Matching = Annotated[
    str,
    typer.Option(
        "--match",
        metavar="BY",
        help="How documents of several files are matched: by id (and by text if an id is in one "
        "file only), or by text alone.",
    ),
]


@reads("discontinuous", "sentences")
def agreement(
    files: Files,
    names: Names = None,
    match: Matching = "id",
    gamma: Annotated[
        bool, typer.Option("--gamma", help="Also compute γ; this can take minutes.")
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="OUT", help="Write a page with everything."),
    ] = None,
    with_examples: Annotated[
        bool,
        typer.Option(
            "--with-examples",
            help="Show the text of every disagreement on the page, side by side. Without it, the "
            "page contains only counts, ids and positions.",
        ),
    ] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Random seed for the bootstrap.")] = 0,
    *,
    reading: ReadingOptions,
    as_json: options.AsJson = False,
) -> None:
    """Measure how well annotators agree: on spans, boundaries, labels, counts and tokens.

    No text is shown, except on a page written --with-examples.
    """
    if with_examples and (html is None or reading.private):
        raise InputError(
            "--with-examples shows text on the page of --html, and not with --private",
            remedy="add --html agreement.html, or leave one out",
        )
    if html is not None:
        options.writable(html)
    corpora = _read(files, reading)
    called = _read_names(names)
    found = compare(*corpora, names=called, match=_match(match), gamma=gamma, seed=seed)
    if html is not None:
        shown = None
        if with_examples:
            shown = join(corpora, names=called, match=_match(match)).corpus
        write_page(html, render(found, shown), mode=None if shown is None else 0o600)
    if as_json:
        typer.echo(found.to_json(indent=2))
        return
    show_annotation.agreement(found)
    if html is not None:
        told = (
            "with the text of every disagreement; readable by you only"
            if with_examples
            else "without any text"
        )
        show.console().print(f"\nPage: {html} ({told})", markup=False, soft_wrap=True)


@reads("discontinuous", "sentences")
def reconcile(
    files: Files,
    worklist: Annotated[
        Path | None,
        typer.Option(
            "--worklist",
            metavar="OUT",
            help="Write the undecided stretches as a work list, which contains text.",
        ),
    ] = None,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="NAME",
            help="Format of the work list: 'worklist', one disagreement per line, or one that an "
            "annotation tool imports, e.g. prodigy.",
        ),
    ] = OWN,
    decisions: Annotated[
        Path | None,
        typer.Option(
            "--decisions",
            metavar="FILE",
            help="The work list with your decisions, or the tool's export.",
        ),
    ] = None,
    mode: Annotated[
        str | None,
        typer.Option(
            "--mode",
            metavar="NAME",
            help="'majority' keeps what more than half marked (of three or more annotators); "
            "'adjudicator' what the --judge marked.",
        ),
    ] = None,
    judge: Annotated[
        Path | None,
        typer.Option(
            "--judge",
            metavar="FILE",
            help="Another person's annotation, which decides where the annotators differ.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="GOLD", help="Write the gold corpus here."),
    ] = None,
    undecided: Annotated[
        str,
        typer.Option(
            "--undecided",
            metavar="WHAT",
            help="What happens to undecided stretches: 'refuse' to write a gold corpus, 'drop' "
            "(no span there), or 'leave-out-document'.",
        ),
    ] = "refuse",
    names: Names = None,
    match: Matching = "id",
    force: Annotated[bool, typer.Option("--force", help="Overwrite existing files.")] = False,
    *,
    reading: ReadingOptions,
    as_json: options.AsJson = False,
) -> None:
    """Merge several annotators' spans into one gold corpus.

    First write the disagreements:  suffice reconcile A B --worklist todo.jsonl

    Decide each: an annotator's name, a list of spans, or [] for none.

    Then write the gold corpus:  suffice reconcile A B --decisions todo.jsonl --out gold.jsonl
    """
    _check(worklist, to, decisions, mode, judge, out, undecided)
    for target in (worklist, out):
        if target is not None:
            options.writable(target, force=force)
    # The third person's file may be of another format, and need not name groups.
    third = replace(reading, labels=None, format=None, group=None)
    corpora = _read(files, reading)
    rules = parse_labels(reading.labels or "*")
    shared: dict[str, Any] = {
        "names": _read_names(names), "match": _match(match), "majority": mode == "majority",
    }  # fmt: skip
    if judge is not None:
        shared["judge"] = _relabel_judge(third.corpus(judge), rules, judge)
    found = settle(*corpora, **shared, undecided="list")
    if decisions is not None:
        if is_worklist(decisions):
            shared["decisions"] = read_decisions(decisions, found, private=reading.private)
        else:
            shared["judge"] = read_judge(
                decisions,
                found,
                lenient=third.lenient,
                encoding=third.encoding,
                private=third.private,
            ).with_labels(rules.again)
        found = settle(*corpora, **shared, undecided="list")
    if worklist is not None and not found.undecided:
        raise InputError("all disagreements are resolved: there is no work list to write")
    if out is not None and found.undecided:
        found = settle(*corpora, **shared, undecided=_undecided(undecided))
    # Everything that can be refused has been: both files are written or none.
    lost: list[str] = []
    if worklist is not None:
        lost = write_worklist(found, worklist, to)
    if out is not None:
        assert found.corpus is not None  # "list" is not among the choices
        lost += write(found.corpus, out)
    if as_json:
        typer.echo(found.to_json(indent=2))
    else:
        show_annotation.reconciled(found, worklist, out, lost)


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


def _read(files: list[Path], reading: ReadingOptions) -> list[Corpus]:
    """Read each file. One may lack a label that rules name, but not all that they keep."""
    corpora = [replace(reading, labels=None).corpus(file) for file in files]
    if reading.labels is None:
        return corpora
    rules = parse_labels(reading.labels)
    return relabel_sides(corpora, rules, [file.as_posix() for file in files])


def _relabel_judge(corpus: Corpus, rules: LabelRules, file: Path) -> Corpus:
    """Apply rules to the judge's labels, which may have their new names already."""
    labels = labels_of(corpus)
    if labels and all(rules.again(label) is None for label in labels):
        raise InputError(
            f"--labels keeps none of the {labels.total():,} spans of {file.as_posix()}",
            remedy=f"name its labels too, as OLD=NEW; it has {', '.join(sorted(labels)[:5])}",
        )
    return corpus.with_labels(rules.again)


def _read_names(names: str | None) -> list[str] | None:
    return None if names is None else split_names(names)


def _match(given: str) -> Any:
    if given not in ("id", "text"):
        raise InputError(f"--match cannot be {given!r}", remedy="choose id or text")
    return given
