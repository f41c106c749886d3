"""What every learner and every tagger must be able to do.

A learner is a recipe that turns a training set into a tagger. `suffice.learners.registry` finds
learners by name through the entry points ``suffice.learners``; `suffice.testing` has the tests
that every learner must pass.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from suffice.corpus.document import Document, Span
from suffice.errors import InputError


class Tagger(ABC):
    """A trained model.

    Attributes
    ----------
    status : str
        ``"ok"``, or ``"diverged"`` where the loss stopped being finite.
    """

    status: str = "ok"

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what of the model, or of its findings so far, was passed over, in sentences."""
        return ()

    @abstractmethod
    def tag(self, documents: Sequence[Document]) -> list[list[Span]]:
        """Return the spans found in each document, in character offsets, sorted.

        The documents' own spans are never looked at.
        """

    def save(self, folder: Path) -> None:
        """Write everything that tagging needs into an empty folder.

        `Learner.load` of the same learner then gives a tagger that finds the same spans. Weights
        are written as safetensors; nothing is pickled.

        Raises
        ------
        InputError
            This learner's models cannot be kept.
        """
        raise InputError(
            f"models of the kind {type(self).__name__} cannot be kept",
            remedy="keep one of another learner, as the probe",
        )


class Learner(ABC):
    """A recipe that turns a training set into a tagger.

    Parameters
    ----------
    options : mapping, optional
        Settings that differ from the defaults. An unknown name raises `InputError`.

    Attributes
    ----------
    name : str
        The name on the command line and in the ledger.
    """

    name: ClassVar[str]

    @abstractmethod
    def __init__(self, options: Mapping[str, Any] | None = None) -> None: ...

    @property
    @abstractmethod
    def config(self) -> Mapping[str, Any]:
        """Return everything that determines what `train` learns, JSON-serialisable.

        Settings with their defaults filled in, the SHA-256 of the backbone's weights, the number
        format (``"float32"`` or ``"bfloat16"``), the versions of the libraries that matter. It
        becomes part of the run's id, and ``type(self)(config["options"])`` gives the same learner.
        """

    @abstractmethod
    def prepare(self, documents: Sequence[Document], cache: Path) -> None:
        """Do the work that all runs share for these documents, once, and keep it in ``cache``.

        May be called again with other documents, from several processes at once with different
        documents, and after a crash: what is already there is not done again, and a file that was
        half-written is never read.
        """

    @property
    def device(self) -> str:
        """Return the kind of device that `train` runs on: ``"cpu"``, ``"cuda"`` or ``"mps"``."""
        return "cpu"

    def caveats(self, documents: Sequence[Document]) -> tuple[str, ...]:
        """Return what this learner cannot do with these documents, in sentences without text.

        Overlapping spans that it drops, a language that its backbone does not know.
        """
        return ()

    @abstractmethod
    def train(self, documents: Sequence[Document], labels: Sequence[str], seed: int) -> Tagger:
        """Train on these documents. The same documents, labels and seed give the same tagger."""

    @property
    def looks_at_evaluation(self) -> bool:
        """Whether the learner chooses its model on the evaluation set, as the paper's protocol did.

        F1 is then too good; `caveats` must say so. A study calls `train_selecting` of such a
        learner instead of `train`.
        """
        return False

    def train_selecting(
        self,
        documents: Sequence[Document],
        labels: Sequence[str],
        seed: int,
        evaluation: Sequence[Document],
    ) -> Tagger:
        """Train on these documents and choose the model on the evaluation set."""
        raise InputError(f"the learner {self.name!r} never looks at the evaluation set")

    @classmethod
    def load(cls, folder: Path) -> Tagger:
        """Return the tagger that `Tagger.save` wrote into a folder.

        Raises
        ------
        InputError
            The folder does not hold a model of this learner.
        """
        raise InputError(f"the learner {cls.name!r} keeps no models", where=str(folder))

    @abstractmethod
    def cost(self, sentences: float, tokens: float) -> float:
        """Return a rough number of seconds on one core to train on so much text.

        Only its shape matters: the study scales it by what its own runs took.
        """
