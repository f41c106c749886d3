"""What a study is made of, as a file that people can read and change: ``study.toml``."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from suffice.atomic import replace
from suffice.corpus.corpus import Corpus
from suffice.corpus.fragments import Rule
from suffice.corpus.read import read
from suffice.errors import StudyError
from suffice.runs import ledger

FILE = "study.toml"

FOLDS = 5
"""Folds that rotate, unless another number is asked for."""

_NONE = "none"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CorpusSpec(_Strict):
    """Where the annotated text is, and how it is to be read.

    Attributes
    ----------
    paths : tuple of str
        Files or folders; none where the documents were given in memory.
    labels, format, group, encoding
        As for `suffice.read`.
    lenient : bool
        Leave out records that cannot be read, and list them.
    private : bool
        No text of documents in error messages.
    hash_ids : bool
        Hashes in place of the ids of documents and groups.
    discontinuous : {"refuse", "split", "hull"}
        What becomes of a span in several pieces.
    columns : str, optional
        What each column of a column file holds, as for `suffice.read`.
    layer, feature : str, optional
        Which annotations are the entities, and what of them is the label; as for `suffice.read`.
    sentences : str
        The splitter that finds sentences; see `suffice.corpus.sentences.sentences`.
    """

    paths: tuple[str, ...]
    labels: str | None = None
    format: str | None = None
    group: str | None = None
    encoding: str = "utf-8"
    lenient: bool = False
    private: bool = False
    hash_ids: bool = False
    discontinuous: Rule = "refuse"
    columns: str | None = None
    layer: str | None = None
    feature: str | None = None
    sentences: str = "auto"

    def read(self) -> Corpus:
        """Read the text, with the sentences that the files have; raises as `suffice.read` does."""
        return read(self.paths, **self.model_dump(exclude={"paths", "sentences"}))


class LearnerSpec(_Strict):
    """A learner by name, with the options that differ from its defaults."""

    name: str
    options: dict[str, Any] = Field(default_factory=dict)


class StudySpec(_Strict):
    """A study's design and budget.

    Attributes
    ----------
    corpus : CorpusSpec
        The annotated text.
    learner : LearnerSpec
        The learner whose curve is studied.
    screen : LearnerSpec, optional
        A cheaper learner that is trained on the whole design; `learner` is then trained on some of
        its training sets, and `confirm` is not used.
    confirm : LearnerSpec, optional
        The learner that is trained on a few of the same training sets, to say how far the first
        one is from it.
    design : {"adaptive", "paper", "log", "equal"}
        Where runs are placed. The paper's is five strata of sizes drawn uniformly.
    strata : {"paper", "shares"}
        Whether the paper's design keeps the paper's sizes, or takes the same shares of the pool.
        See `suffice.design.strata.strata_for`.
    seed : int
        Random seed.
    evaluation_share : float
        The share of documents in the evaluation set of a single split; giving it without `folds`
        asks for one.
    split : {"threshold", "exact"}
        Whether all documents whose hash is below the share evaluate, so that their number varies,
        or those of the least hashes, so that it is exact. See `suffice.design.split.split`.
    folds : int, optional
        Number of folds, `FOLDS` by default; 0 for a single split.
    evaluation : tuple of str
        Files or folders of a test set of one's own, read as the corpus is: it scores all models and
        trains none, and training sets are drawn from the whole corpus. Without folds.
    rotate : bool
        Train one model a run and score it on one fold, another one from run to run, so that every
        document evaluates in some runs and trains in others. False without folds; with folds it is
        False only in studies of earlier versions, whose runs are one model for each fold.
    budget : float, optional
        Seconds that the study may take, all its sessions together.
    runs : int, optional
        In place of a budget: how many runs of the learner, or of `screen` where there is one.
    pairs : int, optional
        Training sets for the runs of `confirm`, or of `learner` where there is a `screen`; None
        leaves it to the budget.
    run_limit : float, optional
        Seconds after which a run counts as hung and is ended; by default 20 times what is expected
        of it, but not less than three budgets or an hour.
    tokens : int, optional
        The most tokens of text that are studied: a small budget encodes a random part of a large
        corpus.
    """

    corpus: CorpusSpec
    learner: LearnerSpec = LearnerSpec(name="probe")
    screen: LearnerSpec | None = None
    confirm: LearnerSpec | None = LearnerSpec(name="finetune")
    design: Literal["adaptive", "paper", "log", "equal"] = "adaptive"
    strata: Literal["paper", "shares"] = "paper"
    seed: int = Field(default=0, ge=0)
    evaluation_share: float = Field(default=0.3, gt=0, lt=1)
    split: Literal["threshold", "exact"] = "threshold"
    folds: int | None = Field(default=None, ge=0)
    evaluation: tuple[str, ...] = ()
    rotate: bool = True
    budget: float | None = Field(default=600.0, gt=0)
    runs: int | None = Field(default=None, ge=1)
    pairs: int | None = Field(default=None, ge=0)
    tokens: int | None = Field(default=None, ge=1)
    run_limit: float | None = Field(default=None, gt=0)

    @model_validator(mode="before")
    @classmethod
    def _one_evaluation_set(cls, given: Any) -> Any:
        """Take what asks for a single split as one: a test set, no folds, or a share held out."""
        if isinstance(given, dict):
            alone = "evaluation_share" in given and not {"folds", "rotate"} & given.keys()
            if alone or (given.get("evaluation") and given.get("folds") is None):
                given = {**given, "folds": 0}
            if given.get("folds") == 0:
                given = {**given, "rotate": False}
        return given

    @property
    def roles(self) -> dict[str, LearnerSpec]:
        """Return the learners that are trained: first the one whose runs make the design."""
        if self.screen is not None:
            return {"screen": self.screen, "learner": self.learner}
        if self.confirm is not None:
            return {"learner": self.learner, "confirm": self.confirm}
        return {"learner": self.learner}

    @property
    def salt(self) -> str:
        """Return the salt of the split: another seed gives another split."""
        return f"suffice {self.seed}"

    def write(self, folder: Path) -> None:
        """Write ``study.toml`` into the study's folder, under another name first."""
        content = _without_none(self.model_dump(mode="json"))
        for name, field in type(self).model_fields.items():
            # What is left out gets its default when the file is read.
            if getattr(self, name) is None and field.default is not None:
                content[name] = _NONE
        replace(folder / FILE, tomli_w.dumps(content).encode())

    @classmethod
    def load(cls, folder: Path) -> StudySpec:
        """Read ``study.toml`` from the study's folder.

        Raises
        ------
        StudyError
            There is none, or it is not one.
        """
        path = folder / FILE
        try:
            kept = tomllib.loads(path.read_text(encoding="utf-8"))
            kept.setdefault("rotate", False)  # earlier versions knew nothing of it
            return cls.model_validate({k: None if v == _NONE else v for k, v in kept.items()})
        except (FileNotFoundError, NotADirectoryError) as error:
            what, remedy = "not a study", "make one with `create_study`"
            if is_experiment(folder):
                what = "no study but an experiment"
                remedy = "`suffice experiment` with --study continues it and shows its results"
            raise StudyError(f"{folder} is {what}: it has no {FILE}", remedy=remedy) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise StudyError(f"is not valid TOML: {error}", where=str(path)) from error
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise StudyError(f"{name}: {first['msg']}", where=str(path)) from error


def is_experiment(folder: Path) -> bool:
    """Return whether a folder is that of an experiment and not of a study."""
    return (folder / ledger.FILE).is_file() and not (folder / FILE).exists()


def _without_none(value: Any) -> Any:
    """Leave out what is not set: TOML has no word for nothing."""
    if isinstance(value, dict):
        return {k: _without_none(v) for k, v in value.items() if v is not None}
    return value


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(text: str) -> float:
    """Return the seconds that ``"90s"``, ``"10m"``, ``"1h30m"`` or a plain number of seconds mean.

    Raises
    ------
    ValueError
        It is none of these, or not positive.

    Examples
    --------
    >>> seconds("1h30m")
    5400.0
    """
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([smhd]?)", text.strip().lower())
    rebuilt = "".join(number + unit for number, unit in parts)
    if not parts or rebuilt != re.sub(r"\s+", "", text.lower()):
        raise ValueError(f"{text!r} is not a time; write for example 90s, 10m or 1h30m")
    total = sum(float(number) * _UNITS[unit or "s"] for number, unit in parts)
    if total <= 0:
        raise ValueError("a time must be positive and finite")
    return total
