"""What comes out of the density experiment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.applications.density.statistics.chosen_sets import Effect
from suffice.applications.density.statistics.mismatch import STEP, Mismatch
from suffice.applications.density.statistics.no_effect import NoEffect
from suffice.results import Result
from suffice.wording.numbers import ends, number

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
        The learner that was trained.
    seed : int
    documents, pool, evaluation : int
        Documents in all, to draw from, and to score on.
    synthetic_documents : int
        Number of synthetic documents given in addition to the corpus.
    pool_eps, evaluation_eps : float
        Entities per sentence of both sides.
    asked, runs, failed : int
        Training sets asked for, trainings that worked, and that failed.
    sizes : tuple of int
        The sizes, in sentences.
    correlation : dict of str to float
        The correlation of entities per sentence, over the training sets, with log sentences and
        with log sentences per document: what the design leaves of both.
    arms : tuple of Arm
    mismatch : Mismatch, optional
        None where the sets do not allow it.
    thresholds : NoEffect, optional
        Thresholds of density, and those that appear without any effect of it.
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


_NAMES = {"mismatch": "mismatch", "level": "level", "halves": "denser less sparser half"}


def sentences(found: DensityExperiment) -> tuple[str, ...]:
    """Say what was found, in a few sentences."""
    m = found.mismatch
    if m is None:
        return ("No conclusion: there are too few trainings, or they are too much alike.",)
    slopes = m.slopes["f1"]
    said = [
        "Level: each additional .1 entities per sentence, at an equal number of sentences, "
        f"{_describe_effect(slopes.level, 'adds', 'costs')}.",
        "Mismatch: each .1 of distance from the evaluation set's density, on either side, "
        f"{_describe_effect(slopes.mismatch, 'adds', 'costs')}{_describe_bent_level(m)}.",
    ]
    if m.crossed is not None:
        e = m.crossed.effect
        halves = "denser half of the evaluation documents than on the sparser half"
        if m.crossed.excludes_zero:
            more = "more" if e.value > 0 else "less"
            bounds = " to ".join(f"{abs(v):.2f}" for v in _by_size(e))
            said.append(
                f"Denser training is worth {more} on the {halves}: "
                f"{abs(e.value):.2f} points ({bounds}) for each .1, whatever the form "
                f"of the level. "
                f"{'This is evidence for match' if e.value > 0 else 'Match does not explain this'}."
            )
        else:
            points = (
                f"{number(e.value, sign=True)} points for each .1, {ends(e.low, e.high, sign=True)}"
            )
            said.append(
                f"Denser training is not shown to be worth more on the {halves} ({points}; in "
                f"logits {_thousandths(m.crossed.logit)})."
                + (" A level that bends may explain it all." if slopes.mismatch.high < 0 else "")
            )
    if m.chosen:
        own = "; ".join(
            f"{_NAMES[name]} {number(e.value, sign=True)} ({ends(e.low, e.high, sign=True)})"
            for name, e in m.chosen.items()
        )
        said.append(f"Chosen sets alone, without cut or synthetic text, in points: {own}.")
    return tuple(said)


def _describe_effect(effect: Effect, up: str, down: str) -> str:
    if not effect.excludes_zero:
        return (
            "has no effect on F1 beyond what chance explains "
            f"({ends(effect.low, effect.high, sign=True)} points)"
        )
    low, high = _by_size(effect)
    return (
        f"{up if effect.value > 0 else down} {abs(effect.value):.2f} points of F1 "
        f"({abs(low):.2f} to {abs(high):.2f})"
    )


def _describe_bent_level(m: Mismatch) -> str:
    """Say whether the mismatch remains when the level is taken as a logarithm."""
    seen = m.slopes["f1"].mismatch
    if m.bent is None or not seen.excludes_zero or seen.value > 0:
        return ""
    bent = f"{ends(m.bent.low, m.bent.high, sign=True)} points"
    if m.bent.excludes_zero and m.bent.value < 0:
        return f"; this remains with the level taken as a logarithm ({bent})"
    return (
        "; but a level that bends looks the same, and with the level taken as a logarithm the "
        f"effect is not larger than chance explains ({bent})"
    )


def _by_size(effect: Effect) -> tuple[float, float]:
    """Return the ends of an interval without 0, the one nearer to 0 first."""
    return (effect.low, effect.high) if effect.value > 0 else (effect.high, effect.low)


def _thousandths(effect: Effect) -> str:
    return ends(effect.low, effect.high, 3, sign=True)
