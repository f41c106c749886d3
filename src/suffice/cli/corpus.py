"""Commands about a corpus: ``suffice inspect`` and ``suffice convert``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from suffice import __version__
from suffice.cli import findings, options, show
from suffice.cli.reading import CorpusFiles, ReadingOptions, reads
from suffice.cli.wording import as_options
from suffice.corpus.annotations import separate_annotators
from suffice.corpus.check import inspect as look_over
from suffice.corpus.examples import load_example
from suffice.corpus.formats.base import FileFormat, Format
from suffice.corpus.formats.registry import format_by_extension, format_named, formats
from suffice.corpus.mend import fix
from suffice.corpus.read import read
from suffice.corpus.splitters.compare import compare_splitters
from suffice.corpus.write import write
from suffice.errors import InputError
from suffice.report.findings import render as findings_page
from suffice.report.page import write as write_page
from suffice.results import plain
from suffice.wording.numbers import counted


@reads()
def inspect(
    files: CorpusFiles,
    fixed: Annotated[
        Path | None,
        typer.Option(
            "--fix",
            metavar="OUT",
            help="Write the corpus with certain errors corrected, and list each change.",
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="OUT.html",
            help="Write all findings to an HTML page.",
        ),
    ] = None,
    with_examples: Annotated[
        bool,
        typer.Option("--with-examples", help="Show entity strings, which are text of documents."),
    ] = False,
    *,
    reading: ReadingOptions,
    as_json: options.AsJson = False,
) -> None:
    """Summarise a corpus and list its problems, most serious first."""
    if reading.private and with_examples:
        raise InputError("--private and --with-examples exclude each other", remedy="choose one")
    _check_targets(files, fixed, html)
    corpus = reading.corpus(*files)
    found = look_over(corpus, reading.sentences, examples=with_examples)
    found = replace(found, skipped=tuple(map(as_options, found.skipped)))
    splitters = compare_splitters(corpus)
    if html is not None:
        texts = {d.id: d.text for d in corpus} if with_examples else None
        write_page(html, findings_page(found, splitters, __version__, texts=texts))
    changes, lost = None, []
    if fixed is not None:
        mended, changes = fix(corpus)
        lost = write(mended, fixed)
    if as_json:
        told = {**found.to_dict(), "splitters": splitters.to_dict()}
        if changes is not None:
            told |= {"changes": plain(changes), "not_as_it_was": lost}
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False))
        return
    out = show.console()
    findings.print_corpus(out, found)
    findings.print_splitters(out, splitters)
    findings.print_findings(out, found)
    findings.print_list(out, "While reading", found.notes)
    findings.print_list(out, "Left out", found.skipped)
    findings.print_list(out, "Keep in mind", found.caveats)
    if fixed is not None and changes is not None:
        findings.print_changes(
            out, fixed, changes, lost, left_out=len(corpus.problems), origins=corpus.origins
        )
    if html is not None:
        out.print(f"\nPage: {html}", markup=False, soft_wrap=True)


def _check_targets(files: list[Path], fixed: Path | None, html: Path | None) -> None:
    """Refuse to write over anything but a page."""
    if fixed is not None:
        if fixed.exists():
            raise InputError(
                f"--fix: {fixed} exists already",
                remedy="name a new file; no file is changed in place",
            )
        options.writable(fixed)
        if format_by_extension(fixed) is None:
            raise InputError(
                f"--fix: no format is known for the name {fixed.name!r}",
                remedy="name it as the corpus is named, for example corpus.fixed.jsonl",
            )
    if html is not None:
        if html.suffix.lower() not in (".html", ".htm"):
            raise InputError(f"--html: {html} is not the name of a page", remedy="end it in .html")
        options.writable(html)


@reads("sentences")
def convert(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="IN... OUT", help="Files to read, and the file to write."),
    ],
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="NAME",
            help="Format to write, e.g. jsonl, prodigy, brat or hf.",
            show_default="from the ending of OUT",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    *,
    reading: ReadingOptions,
) -> None:
    """Convert a corpus to another format, and list what that format cannot express."""
    *sources, target = files
    if not sources:
        raise InputError("convert needs files to read and one to write", remedy="name both")
    form = _format_to_write(target, to)
    one_file = isinstance(form, FileFormat)
    if target.is_dir() and one_file:
        raise InputError(f"{target} is a folder", remedy="name the file to write")
    if target.is_file() and not force:
        raise InputError(f"{target} exists already", remedy="choose another name, or add --force")
    corpus = reading.corpus(*sources)
    lost = write(corpus, target, form.name)
    spans = sum(len(document.spans) for document in corpus)
    console = show.console()
    # A path must not be broken at the end of the line.
    done = f"{target}: {counted(len(corpus), 'document')}, {counted(spans, 'span')}, as {form.name}"
    console.print(done, markup=False, soft_wrap=True)
    findings.print_list(console, "Not as it was", lost)
    findings.print_list(console, "While reading", corpus.notes)
    findings.print_list(
        console, "Left out", [as_options(str(problem)) for problem in corpus.problems]
    )


def _format_to_write(target: Path, to: str | None) -> Format:
    if to is not None:
        return format_named(to)
    found = format_by_extension(target)
    if found is None:
        raise InputError(
            f"the name {target.name!r} does not say which format to write",
            remedy=f"add --to with one of {', '.join(formats())}",
        )
    return found


def example(
    target: Annotated[
        Path, typer.Argument(metavar="FILE", help="File to write, e.g. disclosures.jsonl.")
    ],
    annotators: Annotated[
        Path | None,
        typer.Option(
            "--annotators",
            metavar="FOLDER",
            help="Also write the spans of its two simulated annotators, to A.jsonl and B.jsonl in "
            "this folder.",
        ),
    ] = None,
) -> None:
    """Write the bundled corpus: 490 synthetic conflict-of-interest disclosures.

    A file with the same content is left unchanged.
    """
    corpus = load_example()
    wanted = {target: corpus}
    if annotators is not None:
        wanted |= {
            annotators / f"{name}.jsonl": own for name, own in separate_annotators(corpus).items()
        }
    for file, content in wanted.items():
        if file.is_file() and read(file).documents != content.documents:
            raise InputError(f"{file} exists already", remedy="name another file")
        options.writable(file)
    console = show.console()
    for file, content in wanted.items():
        said = f"{file} exists already"
        if not file.is_file():
            write(content, file)
            spans = sum(len(document.spans) for document in content)
            said = (
                f"{file}: {counted(len(content), 'synthetic document')}, {counted(spans, 'span')}"
            )
        console.print(said, markup=False, soft_wrap=True)
