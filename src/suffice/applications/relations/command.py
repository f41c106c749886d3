"""The command that puts a tagger to use: ``suffice relations``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from suffice.applications.relations.authors import Lists, from_records, from_table
from suffice.applications.relations.patterns import load
from suffice.applications.relations.relate import ORGANISATION_LABELS, PERSON_LABELS
from suffice.applications.relations.relate import relations as relate
from suffice.applications.relations.table import as_csv, as_json
from suffice.atomic import replace
from suffice.cli import options, show
from suffice.cli.plugins import Plugin
from suffice.cli.reading import ReadingOptions, reads
from suffice.corpus.document import Document
from suffice.corpus.labels import split_names
from suffice.errors import InputError
from suffice.models.tag import tag as tag_with
from suffice.wording.numbers import counted

_TAGGED = "the names are a tagger's; its mistakes are not in the confidence"


@reads("labels", "group", "private", "hash_ids", "discontinuous", "sentences")
def relations(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="[MODEL] FILE",
            help="A model as for `suffice tag`, and texts; with --annotated, files alone.",
        ),
    ],
    annotated: Annotated[
        bool,
        typer.Option("--annotated", help="Use the spans in the files; do not name a model."),
    ] = False,
    out: Annotated[
        Path | None,
        options.out_option("File to write: .csv or .json. Without it, CSV is printed."),
    ] = None,
    authors: Annotated[
        Path | None,
        typer.Option(
            "--authors",
            metavar="FILE",
            help="Author lists: CSV with columns id (the document's) and name.",
            show_default='the field "authors" of JSON Lines',
        ),
    ] = None,
    patterns: Annotated[
        Path | None,
        typer.Option(
            "--patterns",
            metavar="FILE",
            help="Additional phrases of your own, beyond the built-in ones.",
        ),
    ] = None,
    person: Annotated[
        str, typer.Option("--person", metavar="LABELS", help="Labels of persons.")
    ] = ",".join(PERSON_LABELS),
    organisation: Annotated[
        str, typer.Option("--organisation", metavar="LABELS", help="Labels of organisations.")
    ] = ",".join(ORGANISATION_LABELS),
    with_clauses: Annotated[
        bool,
        typer.Option("--clauses/--no-clauses", help="Show the text that each row was read from."),
    ] = True,
    as_json_: Annotated[bool, typer.Option("--json", help="Print JSON instead of CSV.")] = False,
    *,
    reading: ReadingOptions,
) -> None:
    """Extract who was paid by whom, and for what, one row per relation.

    The output contains names and, unless --no-clauses is given, text.
    """
    form = _form(out, as_json_)
    chosen = load(patterns)
    people, firms = _labels(person, "--person"), _labels(organisation, "--organisation")
    if both := set(people) & set(firms):
        raise InputError(f"the label {min(both)!r} is both a person's and an organisation's")
    files, documents, notes = _documents(paths, annotated, reading)
    _check_labels(documents, people, firms)
    lists = _authors(authors, files, documents, reading.encoding)
    rows = relate(
        documents, lists, chosen, person=people, organisation=firms, with_clauses=with_clauses
    )
    caveats = () if annotated else (_TAGGED,)
    text = (
        as_json(rows, documents=len(documents), caveats=caveats, with_clauses=with_clauses) + "\n"
        if form == "json"
        else as_csv(rows, with_clauses=with_clauses)
    )
    err = show.console(stderr=True)
    for note in notes:
        err.print(f"Note: {note}", markup=False)
    if out is None:
        typer.echo(text, nl=False)
        return
    replace(out, text.encode(), mode=0o600)
    shown = "names and text" if with_clauses else "names"
    show.console().print(
        f"{out}: {counted(len(rows), 'row')} from {counted(len(documents), 'document')} "
        f"(shows {shown}; readable by you only)",
        markup=False,
        soft_wrap=True,
    )


def _form(out: Path | None, as_json: bool) -> str:
    if out is None:
        return "json" if as_json else "csv"
    ending = out.suffix.lower().removeprefix(".")
    if ending not in ("csv", "json"):
        raise InputError(f"{out} is neither .csv nor .json", remedy="name one of these with --out")
    options.writable(out)
    return ending


def _labels(text: str, option: str) -> tuple[str, ...]:
    labels = tuple(dict.fromkeys(split_names(text)))
    if not labels:
        raise InputError(f"{option} names no label", remedy="write for example PERSON,PER")
    return labels


def _documents(
    paths: Sequence[Path], annotated: bool, reading: ReadingOptions
) -> tuple[list[Path], tuple[Document, ...], tuple[str, ...]]:
    if annotated:
        corpus = reading.corpus(*paths)
        return list(paths), corpus.documents, corpus.notes
    model, *files = paths
    if not files:
        raise InputError(
            "a model and a file are needed",
            remedy="write: suffice relations MODEL FILE, or FILE --annotated",
        )
    texts = reading.texts(files)
    found = tag_with(model, texts, name=texts.name)
    return files, found.documents, texts.notes


def _check_labels(
    documents: Sequence[Document], people: Sequence[str], firms: Sequence[str]
) -> None:
    there = {s.label for d in documents for s in d.spans}
    if there and not there & {*people, *firms}:
        raise InputError(
            f"no span has one of the labels {', '.join((*people, *firms))}; there are "
            f"{', '.join(sorted(there))}",
            remedy="name them with --person and --organisation",
        )


def _authors(
    table: Path | None, files: Sequence[Path], documents: Sequence[Document], encoding: str
) -> Lists:
    if table is None:
        return from_records(files, documents, encoding)
    lists = from_table(table)
    if not lists.keys() & {d.id for d in documents}:
        raise InputError(
            "no id in it is a document's",
            where=str(table),
            remedy=f"the first document is {documents[0].id!r}",
        )
    return lists


PLUGIN = Plugin("Model", relations)
