"""Options that several commands share: how a corpus is read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import typer

from suffice.advice.advise import check, one_target
from suffice.corpus.fragments import Rule
from suffice.errors import InputError
from suffice.scoring import F1, Measure
from suffice.scoring import Target as Wanted
from suffice.study.spec import FILE, StudySpec

READING = "Reading the corpus"
ANSWER = "The answer"

CorpusFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE",
        help="Annotated text: files (gzipped or not), or folders of files.",
        show_default=False,
    ),
]
Labels = Annotated[
    str | None,
    typer.Option(
        "--labels",
        rich_help_panel=READING,
        metavar="RULES",
        help="Labels to keep, rename or merge, as 'A,fund=ORG'; '-A' leaves A out, '*=B' "
        "merges the rest into B. All, as they are, unless given.",
        show_default=False,
    ),
]
Lenient = Annotated[
    bool,
    typer.Option(
        "--lenient",
        rich_help_panel=READING,
        help="Skip records that cannot be used, and list each.",
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        rich_help_panel=READING,
        metavar="NAME",
        help="The files' format, as jsonl, brat or doccano. Found out unless given.",
        show_default=False,
    ),
]
Group = Annotated[
    str | None,
    typer.Option(
        "--group",
        rich_help_panel=READING,
        metavar="FIELD",
        help="The field of each record that names its group (a patient, an article), as 'patient' "
        "or 'meta.patient'.",
        show_default="group, where there is one",
    ),
]
Encoding = Annotated[
    str,
    typer.Option(
        "--encoding", rich_help_panel=READING, metavar="NAME", help="The files' text encoding."
    ),
]
Private = Annotated[
    bool,
    typer.Option(
        "--private",
        rich_help_panel=READING,
        help="Show no text of documents, not even in error messages.",
    ),
]
Discontinuous = Annotated[
    Rule,
    typer.Option(
        "--discontinuous",
        rich_help_panel=READING,
        help="Spans in several pieces: an error, a span for each piece, or one span from the first "
        "to the last.",
    ),
]
Sentences = Annotated[
    str,
    typer.Option(
        "--sentences",
        rich_help_panel=READING,
        metavar="NAME",
        help="How sentences are found: auto (the file's own, else icu), file, icu, or an "
        "installed splitter, as sentencex or spacy:de.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Target = Annotated[
    str | None,
    typer.Option(
        "--target",
        metavar="SPEC",
        help="What is wanted: f1=.85, precision=.9, recall=.95, macro-f1=.8, or of one label, "
        "recall:PERSON=.95.",
        show_default=False,
    ),
]
TargetF1 = Annotated[
    float | None,
    typer.Option("--target-f1", metavar="F1", help="Short for --target f1=F1.", show_default=False),
]
Seconds = Annotated[
    str,
    typer.Option(
        "--seconds-per-sentence",
        rich_help_panel=ANSWER,
        metavar="RANGE",
        help="Time that annotating a sentence takes.",
    ),
]
Rate = Annotated[
    float | None,
    typer.Option(
        "--hourly-rate",
        rich_help_panel=ANSWER,
        metavar="MONEY",
        help="What an hour of annotating costs.",
        show_default=False,
    ),
]
StudyPath = Annotated[
    Path,
    typer.Argument(metavar="STUDY", help="The study's folder, or the corpus it lies beside."),
]

Design = Literal["adaptive", "paper", "log", "equal"]
DESIGNS: dict[str, Design] = {name: name for name in get_args(Design)}


@dataclass(frozen=True)
class Answering:
    """What an answer is asked for with: target, time and money."""

    target: str | None
    target_f1: float | None
    seconds_per_sentence: str
    hourly_rate: float | None

    def __post_init__(self) -> None:
        check(self.seconds(), self.hourly_rate)
        self.wanted()

    def wanted(self) -> Wanted | None:
        """Return the target.

        Raises
        ------
        InputError
            It is none.
        """
        return one_target(self.target, self.target_f1)

    @property
    def measure(self) -> Measure:
        """Return what is to be analysed: the target's measure, or F1."""
        wanted = self.wanted()
        return F1 if wanted is None else wanted.measure

    def seconds(self) -> tuple[float, float]:
        """Return the range of seconds for a sentence.

        Raises
        ------
        InputError
            It is not one.
        """
        least, _, most = self.seconds_per_sentence.replace("–", "-").partition("-")
        try:
            return float(least), float(most or least)
        except ValueError as error:
            raise InputError(
                f"--seconds-per-sentence: {self.seconds_per_sentence!r} is not a range of seconds",
                remedy="write for example 10-30",
            ) from error

    def arguments(self, spec: StudySpec) -> dict[str, Any]:
        """Return the arguments for `suffice.advice.advise`."""
        return {
            "target": self.wanted(),
            "seconds_per_sentence": self.seconds(),
            "hourly_rate": self.hourly_rate,
            "evaluation_share": spec.evaluation_share,
        }


def study_folder(corpus: Path) -> Path:
    """Return where the study of a corpus lies unless told otherwise: beside it, or here.

    Here, in the working folder, where the corpus's folder is not to be written to.
    """
    resolved = corpus.resolve()
    name = resolved.name
    for ending in (".gz", ".jsonl", ".json", ".conll", ".spacy", ".tsv", ".txt"):
        name = name.removesuffix(ending)
    parent = resolved.parent
    writable = parent.is_dir() and os.access(parent, os.W_OK) and parent.stat().st_mode & 0o222
    return (parent if writable else Path.cwd()) / f"{name}.suffice"


def existing_study(path: Path) -> Path:
    """Return the study's folder, which may be named by its corpus."""
    if (path / FILE).is_file() or not path.exists():
        return path
    return folder if (folder := study_folder(path)).is_dir() else path
