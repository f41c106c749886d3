"""What comes out of the density experiment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.stats.mismatch import STEP, Mismatch
from suffice.stats.no_effect import NoEffect
from suffice.stats.result import Result, format_number

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Arm(Result):
    """The sets of one size, source and tilt of density.

    Parameters
    ----------
    size : int
        Sentences wanted.
    source : {"chosen", "cut", "synthetic"}
    density : float
        The tilt.
    sets : int
        Trainings that worked.
    sentences, eps, per_document : float
        Means over the sets: sentences, entities per sentence, sentences per document.
    eps_least, eps_most : float
        Range of entities per sentence.
    f1, precision, recall : float
        Means, in points.
    caveats : tuple of str
        What to keep in mind.
    """

    size: int
    source: str
    density: float
    sets: int
    sentences: float
    eps: float
    per_document: float
    eps_least: float
    eps_most: float
    f1: float
    precision: float
    recall: float
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class DensityExperiment(Result):
    """What the density of training sets does on one corpus.

    Parameters
    ----------
    name : str
        The corpus's.
    synthetic : bool
        Whether its text is made up.
    learner : str
        Which was trained.
    seed : int
    documents, pool, evaluation : int
        Documents in all, to draw from, and to score on.
    synthetic_documents : int
        Of the text given beside the corpus.
    pool_eps, evaluation_eps : float
        Entities per sentence of both sides.
    asked, runs, failed : int
        Training sets asked for, trainings that worked, and that failed.
    sizes : tuple of int
        In sentences.
    correlation : dict of str to float
        Of entities per sentence, over the training sets, with log sentences and with log sentences
        per document: what the design leaves of both.
    arms : tuple of Arm
    mismatch : Mismatch, optional
        None where the sets do not allow it.
    thresholds : NoEffect, optional
        Thresholds of density beside those that no effect shows.
    not_fitted : dict of str to str
        What could not be estimated, and why.
    caveats : tuple of str
        What to keep in mind.
    """

    name: str
    synthetic: bool
    learner: str
    seed: int
    documents: int
    pool: int
    evaluation: int
    synthetic_documents: int
    pool_eps: float
    evaluation_eps: float
    asked: int
    runs: int
    failed: int
    sizes: tuple[int, ...]
    correlation: dict[str, float]
    arms: tuple[Arm, ...]
    mismatch: Mismatch | None
    thresholds: NoEffect | None
    not_fitted: dict[str, str] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    _points: dict[str, Array] = field(default_factory=dict, repr=False)

    @property
    def points(self) -> dict[str, Array]:
        """Return the runs as columns: sentences, EPS, F1, F1 at equal size, source."""
        return self._points

    def _title(self) -> str:
        return f"Density of training text: {self.name}"

    def _summary(self) -> tuple[str, ...]:
        return sentences(self)

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        header = ("", f"per {STEP:g} EPS", "from", "to")
        if self.mismatch is None:
            return header, []
        rows: list[tuple[Any, ...]] = []
        for name, s in self.mismatch.slopes.items():
            for part in ("mismatch", "level"):
                e = getattr(s, part)
                rows.append((f"{part}, {name}", e.value, e.low, e.high))
        return header, rows


def sentences(found: DensityExperiment) -> tuple[str, ...]:
    """Say what was found, in a few sentences."""
    if found.mismatch is None:
        return ("Nothing can be told yet: too few trainings.",)
    slopes = found.mismatch.slopes["f1"]
    said = [
        _said(
            "Each .1 entities per sentence away from the evaluation set's density, on either side",
            slopes.mismatch,
            "costs",
            "brings",
            "F1",
        ),
        _said(
            "Each .1 more, at equal sentences, wherever that density lies",
            slopes.level,
            "costs",
            "brings",
            "F1",
        ),
    ]
    crossed = found.mismatch.crossed
    if crossed is not None:
        said.append(
            _said(
                "Each .1 more is worth more on the denser half of the evaluation documents than on "
                "the sparser half by",
                crossed.effect,
                "−",
                "",
                "F1",
            )
        )
    return tuple(said)


def _said(what: str, effect: Any, down: str, up: str, of: str) -> str:
    low, high = format_number(effect.low, 2), format_number(effect.high, 2)
    if not effect.told and up:
        return (
            f"{what}: no effect on {of} that can be told from chance "
            f"({_signed(effect.low)} to {_signed(effect.high)} points)."
        )
    if not up:
        value = _signed(effect.value)
        return f"{what} {value} points of {of} ({_signed(effect.low)} to {_signed(effect.high)})."
    word = down if effect.value < 0 else up
    ends = sorted(abs(v) for v in (effect.low, effect.high))
    low, high = (format_number(v, 2) for v in ends)
    return f"{what} {word} {format_number(abs(effect.value), 2)} points of {of} ({low} to {high})."


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
