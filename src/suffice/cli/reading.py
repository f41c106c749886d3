"""How a command reads its corpus: options that many commands share, and the reading itself."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from suffice.corpus.corpus import Corpus
from suffice.corpus.fragments import Rule
from suffice.corpus.texts import Texts, read_texts
from suffice.errors import InputError
from suffice.study.spec import CorpusSpec

_OF_SPANS = ("labels", "discontinuous", "sentences")
PANEL = "Reading the corpus"

CorpusFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE",
        help="Annotated text: files (gzipped or not), or folders of files.",
    ),
]

SyntheticLabels = Annotated[
    str | None,
    typer.Option(
        "--synthetic-labels",
        rich_help_panel=PANEL,
        metavar="RULES",
        help="The same as --labels for the synthetic text.",
    ),
]
SyntheticFormat = Annotated[
    str | None,
    typer.Option(
        "--synthetic-format",
        rich_help_panel=PANEL,
        metavar="NAME",
        help="Format of the synthetic text. Detected automatically by default.",
    ),
]


@dataclass(frozen=True)
class ReadingOptions:
    """The arguments of `suffice.read` besides the paths; each is an option of commands."""

    labels: Annotated[
        str | None,
        typer.Option(
            "--labels",
            rich_help_panel=PANEL,
            metavar="RULES",
            help="Labels to keep, rename or merge, e.g. 'A,fund=ORG'; '-A' drops A, '*=B' merges "
            "all others into B. A label with a comma or = stands in double quotes, as "
            "'\"A,B\"=C'. Default: all labels, unchanged.",
        ),
    ] = None
    lenient: Annotated[
        bool,
        typer.Option(
            "--lenient",
            rich_help_panel=PANEL,
            help="Skip records that cannot be used, and list them.",
        ),
    ] = False
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            rich_help_panel=PANEL,
            metavar="NAME",
            help="File format, e.g. jsonl, brat or doccano. Detected automatically by default.",
        ),
    ] = None
    group: Annotated[
        str | None,
        typer.Option(
            "--group",
            rich_help_panel=PANEL,
            metavar="FIELD",
            help="Field of each record that names its group (a patient, an article), e.g. "
            "'patient' or 'meta.patient'.",
            show_default="group, where there is one",
        ),
    ] = None
    encoding: Annotated[
        str,
        typer.Option(
            "--encoding", rich_help_panel=PANEL, metavar="NAME", help="The files' text encoding."
        ),
    ] = "utf-8"
    private: Annotated[
        bool,
        typer.Option(
            "--private",
            rich_help_panel=PANEL,
            help="Never show text of documents, even in error messages.",
        ),
    ] = False
    hash_ids: Annotated[
        bool,
        typer.Option(
            "--hash-ids",
            rich_help_panel=PANEL,
            help="Replace the ids of documents and groups by hashes, if ids identify people.",
        ),
    ] = False
    discontinuous: Annotated[
        Rule,
        typer.Option(
            "--discontinuous",
            rich_help_panel=PANEL,
            help="Spans in several pieces: an error, a span for each piece, or one span from the "
            "first to the last.",
        ),
    ] = "refuse"
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            rich_help_panel=PANEL,
            metavar="ROLES",
            help="Contents of each column of a column file (CoNLL), e.g. word,_,_,tag. Columns "
            "sentence and document begin a new one where their value changes.",
            show_default="by header or content",
        ),
    ] = None
    layer: Annotated[
        str | None,
        typer.Option(
            "--layer",
            "--spans-key",
            rich_help_panel=PANEL,
            metavar="NAME",
            help="Which annotations are the entities, if a file has several kinds: a layer "
            "(INCEpTION, WebAnno), a span group or 'ents' (spaCy), a column (Hugging Face).",
        ),
    ] = None
    feature: Annotated[
        str | None,
        typer.Option(
            "--feature",
            rich_help_panel=PANEL,
            metavar="NAME",
            help="Which feature of the layer is the label, if it has several.",
        ),
    ] = None
    sentences: Annotated[
        str,
        typer.Option(
            "--sentences",
            rich_help_panel=PANEL,
            metavar="NAME",
            help="How to find sentences: auto (the file's own, otherwise icu), file, icu, or an "
            "installed splitter, e.g. sentencex or spacy:de.",
        ),
    ] = "auto"

    def corpus(self, *paths: Path) -> Corpus:
        """Read annotated text."""
        return CorpusSpec(paths=tuple(map(str, paths)), **vars(self)).read()

    def texts(self, paths: Sequence[Path], by: str | None = None) -> Texts:
        """Read text without its spans."""
        given = {k: v for k, v in vars(self).items() if k not in _OF_SPANS}
        return read_texts(paths, by=by, **given)

    def spec(self, paths: Sequence[Path]) -> CorpusSpec:
        """Return the same for a study, which reads the corpus itself."""
        return CorpusSpec(paths=tuple(str(path.resolve()) for path in paths), **vars(self))

    def of_synthetic(self, labels: str | None, format: str | None) -> ReadingOptions:
        """Return how synthetic text is read: its own two options, no groups, columns or layers."""
        return replace(
            self,
            labels=labels,
            format=format,
            group=None,
            columns=None,
            layer=None,
            feature=None,
        )

    def need_none(self) -> None:
        """Refuse options that the bundled corpus has no use for."""
        names = ("labels", "format", "group", "columns", "layer", "feature")
        if any(getattr(self, name) is not None for name in names):
            flags = ", ".join(f"--{name}" for name in names[:-1])
            raise InputError(
                f"{flags} and --{names[-1]} need a CORPUS",
                remedy="name its files",
            )


def reads(*left_out: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of `ReadingOptions` instead of its parameter ``reading``.

    Parameters
    ----------
    *left_out : str
        Fields that the command has no option for; they keep their defaults.

    Examples
    --------
    >>> @reads("sentences")
    ... def words(files: CorpusFiles, *, reading: Reading) -> None:
    ...     print(len(reading.corpus(*files)))
    >>> ", ".join(list(inspect.signature(words).parameters)[:5])
    'files, labels, lenient, format, group'
    >>> "sentences" in inspect.signature(words).parameters
    False
    """
    hints = get_type_hints(ReadingOptions, include_extras=True)
    own = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=hints[field.name],
        )
        for field in fields(ReadingOptions)
        if field.name not in left_out
    ]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        parameters: list[inspect.Parameter] = []
        signature = inspect.signature(command, eval_str=True)
        for parameter in signature.parameters.values():
            parameters += own if parameter.name == "reading" else [parameter]

        @wraps(command)
        def called(*args: Any, **given: Any) -> None:
            chosen = {p.name: given.pop(p.name) for p in own if p.name in given}
            command(*args, reading=ReadingOptions(**chosen), **given)

        # What typer makes its options of.
        called.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {p.name: p.annotation for p in parameters}
        return called

    return decorate
