"""Options that several commands share, but for those of reading (`suffice.cli.reading`)."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from suffice.advice.advise import check_costs, choose_target
from suffice.errors import InputError
from suffice.scoring import F1, Measure
from suffice.scoring import Target as Wanted
from suffice.study import making
from suffice.study.spec import FILE, LearnerSpec

ANSWER = "The answer"

Learner = Annotated[str, typer.Option("--learner", metavar="NAME", help="The learner to train.")]
LearnerOption = Annotated[
    list[str] | None,
    typer.Option(
        "--option",
        metavar="NAME=VALUE",
        help="Setting of the learner, e.g. epochs=20; can be repeated. Values are "
        "written as in TOML: true, [1, 2], {A = 'B'}; plain words need no quotes.",
    ),
]
Backbone = Annotated[
    str | None,
    typer.Option(
        "--backbone",
        metavar="PATH|NAME",
        help="Pretrained encoder: a folder, or a name on the Hugging Face Hub.",
        show_default="the bundled one",
    ),
]
Seed = Annotated[
    int, typer.Option("--seed", min=0, help="Random seed for the split, the samples and training.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Target = Annotated[
    str | None,
    typer.Option(
        "--target",
        metavar="SPEC",
        help="Score to reach: f1=.85, precision=.9, recall=.95, macro-f1=.8, or for one label "
        "recall:PERSON=.95.",
    ),
]
TargetF1 = Annotated[
    float | None,
    typer.Option("--target-f1", metavar="F1", help="Short for --target f1=F1."),
]
Seconds = Annotated[
    str,
    typer.Option(
        "--seconds-per-sentence",
        rich_help_panel=ANSWER,
        metavar="RANGE",
        help="Seconds it takes to annotate a sentence.",
    ),
]
Rate = Annotated[
    float | None,
    typer.Option(
        "--hourly-rate",
        rich_help_panel=ANSWER,
        metavar="MONEY",
        help="Cost of an hour of annotation.",
    ),
]
StudyPath = Annotated[
    Path,
    typer.Argument(metavar="STUDY", help="Folder of the study, or the corpus it was made from."),
]


def out_option(help: str, default: str | None = None) -> Any:
    """Return the option for the file to write."""
    return typer.Option("--out", "-o", metavar="FILE", help=help, show_default=default or True)


def study_option(help: str, default: str) -> Any:
    """Return the option for the folder of a study or experiment, to be continued where it exists.

    Parameters
    ----------
    help : str
        What it is the folder of.
    default : str
        Where it lies unless given.
    """
    return typer.Option("--study", metavar="DIR", help=help, show_default=default)


@dataclass(frozen=True)
class Answering:
    """What an answer is asked for with: target, time and money."""

    target: str | None
    target_f1: float | None
    seconds_per_sentence: str
    hourly_rate: float | None

    def __post_init__(self) -> None:
        check_costs(self.seconds_per_sentence, self.hourly_rate)
        self.read_target()

    def read_target(self) -> Wanted | None:
        """Return the target.

        Raises
        ------
        InputError
            It is none.
        """
        return choose_target(self.target, self.target_f1)

    @property
    def measure(self) -> Measure:
        """Return what is to be analysed: the target's measure, or F1."""
        wanted = self.read_target()
        return F1 if wanted is None else wanted.measure

    def arguments(self) -> dict[str, Any]:
        """Return the arguments for `suffice.advice.advise`."""
        return {
            "target": self.read_target(),
            "seconds_per_sentence": self.seconds_per_sentence,
            "hourly_rate": self.hourly_rate,
        }


def learner_spec(
    name: str, settings: Sequence[str] | None = None, backbone: str | None = None
) -> LearnerSpec:
    """Return a learner with the settings of ``--option`` and ``--backbone``.

    Parameters
    ----------
    name : str
        The learner's name.
    settings : sequence of str, optional
        Each ``NAME=VALUE``.
    backbone : str, optional
        See `suffice.study.making.learner_spec`.

    Raises
    ------
    InputError
        A setting cannot be read, or is given twice. Whether the learner has it, it says itself.
    """
    return making.learner_spec(name, settings_of(name, settings), backbone)


def settings_of(learner: str, settings: Sequence[str] | None) -> dict[str, Any]:
    """Return the settings of ``--option`` by name; raises as `learner_spec` does."""
    found: dict[str, Any] = {}
    for key, value in map(_setting, settings or ()):
        if key in found:
            raise InputError(f"the option {key!r} of the learner {learner!r} is given twice")
        found[key] = value
    return found


def _setting(text: str) -> tuple[str, Any]:
    key, equals, value = (part.strip() for part in text.partition("="))
    if not (key.replace("_", "").isalnum() and equals):
        raise InputError(f"--option: {text!r} is not NAME=VALUE", remedy="write as epochs=20")
    try:
        parsed = tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        if value[:1] in {"[", "{", '"', "'"}:
            raise InputError(
                f"--option {key}: {value!r} is not a value of TOML",
                remedy="write as 20, true, word, \"some words\", [1, 2] or {A = 'B'}",
            ) from None
        return key, value
    number = len(parsed) == 1 and isinstance(
        parsed["value"], bool | int | float | str | list | dict
    )
    return key, parsed["value"] if number else value


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


def writable(target: Path, *, force: bool = True) -> None:
    """Refuse a file whose folder does not exist, or one that is there unless `force`."""
    if target.exists() and not force:
        raise InputError(f"{target} exists already", remedy="choose another name, or add --force")
    if not target.parent.is_dir():
        raise InputError(f"there is no folder {target.parent}", remedy="make it first")


def existing_study(path: Path) -> Path:
    """Return the study's folder, which may be named by its corpus."""
    if (path / FILE).is_file() or not path.exists():
        return path
    return folder if (folder := study_folder(path)).is_dir() else path
