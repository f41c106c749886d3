"""Commands about a model to use: ``suffice keep``, ``suffice tag``, ``suffice compare``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from suffice.cli import options, show
from suffice.cli.reading import ReadingOptions, reads
from suffice.corpus.corpus import Corpus
from suffice.corpus.formats.base import FileFormat
from suffice.corpus.formats.registry import format_named
from suffice.corpus.read import read
from suffice.corpus.texts import read_texts
from suffice.corpus.write import write
from suffice.errors import InputError
from suffice.models.compare import Pair, Piece
from suffice.models.compare import compare as lay_beside
from suffice.models.keep import keep as keep_model
from suffice.models.tag import tag as tag_with
from suffice.report.compare_page import render
from suffice.report.page import write as write_page
from suffice.study.spec import LearnerSpec, StudySpec
from suffice.study.study import StoredStudy
from suffice.wording.numbers import counted

Model = Annotated[
    Path,
    typer.Argument(
        metavar="MODEL",
        help="A folder that `suffice keep` wrote, a Hugging Face folder for token classification, "
        "or a spaCy pipeline.",
    ),
]


def keep(
    study: options.StudyPath,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder to write.", show_default="STUDY/model"),
    ] = None,
    best: Annotated[
        bool,
        typer.Option(
            "--best",
            help="Keep the best of several models, chosen on part of the pool and measured on the "
            "evaluation set. Without it, one model is trained on all documents.",
        ),
    ] = False,
    tries: Annotated[
        int, typer.Option("--tries", min=2, help="With --best: number of models.")
    ] = 5,
    learner: Annotated[
        str | None,
        typer.Option(
            "--learner", metavar="NAME", help="Learner that trains it.", show_default="the study's"
        ),
    ] = None,
    option: options.LearnerOption = None,
    backbone: options.Backbone = None,
    license: Annotated[
        str | None,
        typer.Option("--license", help="The model's licence, for its card."),
    ] = None,
    data_license: Annotated[
        str | None,
        typer.Option("--data-license", help="The annotated text's licence, for its card."),
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Train the model to use and keep it in a folder, with a card that says how good it is."""
    folder = options.existing_study(study)
    with StoredStudy.create(folder, StudySpec.load(folder)) as made:
        spec = _learner(made, learner, option, backbone)
        err = show.console(stderr=True)
        kept = keep_model(
            made,
            out or folder / "model",
            how="best" if best else "all",
            learner=spec,
            tries=tries,
            license=license,
            data_license=data_license,
            listener=None if as_json else lambda words: err.print(words, markup=False),
        )
    if as_json:
        typer.echo(kept.to_json(indent=2))
        return
    console = show.console()
    known = kept.f1 == kept.f1
    figure = f"F1 {kept.f1:.3f} ({kept.low:.3f} to {kept.high:.3f})" if known else "F1"
    console.print(f"{figure}: {kept.basis}.", markup=False)
    console.print(
        f"Model: {kept.folder} ({kept.learner}; its card is README.md there; it may reveal what it "
        "was trained on)",
        markup=False,
        soft_wrap=True,
    )


@reads("labels", "group", "hash_ids", "discontinuous", "sentences")
def tag(
    model: Model,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Texts: plain, JSON Lines, or any annotated format, whose spans are ignored.",
        ),
    ],
    out: Annotated[
        Path | None,
        options.out_option(
            "File to write; its ending determines the format.",
            "FILE.tagged.jsonl in the current folder",
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="FORMAT", help="The format to write."),
    ] = None,
    *,
    reading: ReadingOptions,
) -> None:
    """Apply a model to texts and write them with the spans it finds."""
    # Not beside the texts: their folder may be read as a whole, and would hold both.
    target = out or Path(f"{_stem(files[0])}.tagged{_ending(to)}")
    if out is None and target.exists():
        raise InputError(f"{target} exists already", remedy="name a file with --out")
    if target.resolve() in [file.resolve() for file in files]:
        raise InputError(f"{target} would be written over", remedy="name another file with --out")
    options.writable(target)
    texts = reading.texts(files)
    found = tag_with(model, texts, name=texts.name)
    notes = write(found, target, to)
    console = show.console()
    for note in (*texts.notes, *found.notes, *notes):
        console.print(f"Note: {note}", markup=False)
    spans = sum(len(d.spans) for d in found)
    console.print(
        f"{target}: {counted(len(found), 'document')}, {counted(spans, 'span')}",
        markup=False,
        soft_wrap=True,
    )


def compare(
    before: Annotated[
        Path,
        typer.Argument(
            metavar="BEFORE",
            help="A tagged or annotated file, or a model (with --text).",
        ),
    ],
    after: Annotated[
        Path, typer.Argument(metavar="AFTER", help="The other one, of the same kind.")
    ],
    text: Annotated[
        Path | None,
        typer.Option(
            "--text",
            metavar="FILE",
            help="Texts to tag with both models.",
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also show documents that are tagged identically.")
    ] = False,
    most: Annotated[int, typer.Option("--most", min=1, help="Number of documents to show.")] = 10,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="OUT", help="Write a page with all of them."),
    ] = None,
) -> None:
    """Show two taggings of the same texts side by side, with the text itself."""
    if html is not None:
        options.writable(html)
    both = _tagged(before, text), _tagged(after, text)
    pairs = lay_beside(*both)
    shown = [p for p in pairs if everything or p.differs]
    console = show.console()
    for note in dict.fromkeys(note for one in both for note in one.notes):
        console.print(f"Note: {note}", markup=False)
    for pair in shown[:most]:
        console.print(_side_by_side(pair, before.name, after.name))
        console.print()
    if len(shown) > most:
        console.print(f"… and {counted(len(shown) - most, 'document')} more (--most, --html).")
    totals = [sum(getattr(p, kind) for p in pairs) for kind in ("same", "lost", "new")]
    relabelled = sum(p.relabelled for p in pairs)
    console.print(
        f"{counted(len(pairs), 'document')}, of which {sum(p.differs for p in pairs):,} differ: "
        f"{counted(totals[0], 'span')} in both, {relabelled:,} with another label, {totals[1]:,} "
        f"only "
        f"before, {totals[2]:,} only after"
    )
    if html is not None:
        write_page(html, render(shown, before.name, after.name), mode=0o600)
        console.print(
            f"Page: {html} (shows text; readable by you only)", markup=False, soft_wrap=True
        )


def _learner(
    study: StoredStudy, name: str | None, option: list[str] | None, backbone: str | None
) -> LearnerSpec:
    """Return what trains the model: with the options that the study gave to a learner of it."""
    spec = study.spec
    named = name or spec.learner.name
    known = next((s for s in spec.roles.values() if s.name == named), None)
    given = options.learner_spec(named, option, backbone)
    return LearnerSpec(name=named, options={**(known.options if known else {}), **given.options})


def _stem(file: Path) -> str:
    name = file.resolve().name.removesuffix(".gz")
    return name if file.is_dir() else name.rsplit(".", 1)[0] or name


def _ending(to: str | None) -> str:
    """Return the ending of what is written where no name is given."""
    form = format_named(to or "jsonl")
    return form.extensions[0] if isinstance(form, FileFormat) else ""


def _tagged(path: Path, text: Path | None) -> Corpus:
    if text is None:
        if path.is_dir() and any((path / f).exists() for f in ("config.json", "config.cfg")):
            raise InputError(f"{path} is a model", remedy="name the texts to tag with --text FILE")
        return read(path)
    texts = read_texts(text)
    return tag_with(path, texts, name=texts.name)


def _side_by_side(pair: Pair, before: str, after: str) -> Table:
    table = Table(title=pair.id, title_justify="left", title_style="bold", expand=True)
    table.add_column(before, ratio=1, overflow="fold")
    table.add_column(after, ratio=1, overflow="fold")
    table.add_row(_marked(pair.before), _marked(pair.after))
    return table


def _marked(pieces: tuple[Piece, ...]) -> Text:
    text = Text()
    for piece in pieces:
        if piece.label:
            style = "bold yellow" if piece.differs else "cyan"
            text.append(f"[{piece.text}]", style=style)
            text.append(piece.label, style=f"{style} italic")
        else:
            text.append(piece.text)
    return text
