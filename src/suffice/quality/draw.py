"""Draws from a list of numbers: systematic samples of known probability, and k-centre."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int_]


def systematic(probabilities: Array, order: Indices, rng: np.random.Generator) -> Indices:
    """Draw a systematic sample with given inclusion probabilities.

    Parameters
    ----------
    probabilities : ndarray, shape (units,)
        The probability that each unit is included, 0 to 1; they add up to the whole number that is
        drawn.
    order : ndarray of int, shape (units,)
        The list in which every so-manieth is drawn: neighbours in it are not drawn together, so
        that the sample is spread over whatever the list is sorted by.
    rng : numpy.random.Generator
        Where the start comes from.

    Returns
    -------
    ndarray of int
        The units drawn, in the list's order (Madow, Annals of Mathematical Statistics 20, 1949).
    """
    total = round(float(probabilities.sum()))
    ends = np.cumsum(probabilities[order])
    # Rounding must not lose the last draw.
    ends *= total / ends[-1]
    marks = rng.uniform() + np.arange(total)
    return order[np.minimum(np.searchsorted(ends, marks, side="right"), len(order) - 1)]


def tilted(entities: Array, sentences: Array, n: int, target: float) -> Array:
    """Return inclusion probabilities under which the expected density is the target.

    Parameters
    ----------
    entities, sentences : ndarray, shape (units,)
        Estimated entities, and sentences, of each unit.
    n : int
        How many shall be drawn; fewer than there are.
    target : float
        Expected entities over expected sentences of the drawn.

    Returns
    -------
    ndarray, shape (units,)
        ``min(1, c · exp(θ (entities - target · sentences) / SD))``, adding up to n: among such
        probabilities the closest to equal ones by relative entropy (exponential tilting).

    Raises
    ------
    ValueError
        No probabilities give the target: it lies beyond what the n densest or sparsest have.
    """
    surplus = entities - target * sentences
    scale = float(surplus.std()) or 1.0

    def at(theta: float) -> Array:
        weight = theta * surplus / scale
        return _scaled(np.exp(weight - weight.max()), n)

    def excess(theta: float) -> float:
        return float(at(theta) @ surplus)

    most = 30.0
    if excess(-most) > 0 or excess(most) < 0:
        raise ValueError("no sample of this size is as dense or as sparse as that")
    if excess(0.0) == 0:
        return at(0.0)
    return at(float(scipy.optimize.brentq(excess, -most, most, xtol=1e-10)))


def _scaled(weights: Array, n: int) -> Array:
    """Return min(1, c · weights) that adds up to n."""
    sure = np.zeros(len(weights), dtype=bool)
    while True:
        left = n - sure.sum()
        c = left / weights[~sure].sum()
        more = ~sure & (c * weights >= 1)
        if not more.any():
            return np.where(sure, 1.0, c * weights)
        sure |= more


def k_centre(
    points: Array, n: int, covered: Array | None = None, first: int = 0
) -> tuple[Indices, float]:
    """Choose points so that every point is near one that is chosen, greedily.

    Parameters
    ----------
    points : ndarray, shape (points, width)
        Where they lie; distances are Euclidean.
    n : int
        How many to choose, at most all.
    covered : ndarray, shape (others, width), optional
        Points that are chosen already and not among `points`.
    first : int
        The first point to choose where none is.

    Returns
    -------
    chosen : ndarray of int
        Numbers of the units chosen, in the order of choice, each the farthest from those before it;
        ties go to the
        first.
    radius : float
        The distance from a chosen point at which every point lies at most. It is at most twice the
        least possible one (Gonzalez 1985; core sets: Sener & Savarese, ICLR 2018, algorithm 1).
    """
    if covered is not None and len(covered):
        distance = np.full(len(points), np.inf)
        for other in covered:
            distance = np.minimum(distance, np.linalg.norm(points - other, axis=1))
        chosen: list[int] = []
    else:
        chosen = [first]
        distance = np.linalg.norm(points - points[first], axis=1)
        distance[first] = -1.0
    while len(chosen) < n:
        farthest = int(distance.argmax())
        chosen.append(farthest)
        distance = np.minimum(distance, np.linalg.norm(points - points[farthest], axis=1))
        distance[farthest] = -1.0  # twins of a chosen point are left for last, itself is never
    return np.array(chosen, dtype=int), max(0.0, float(distance.max()))
