"""How large the scatter between runs is at each size, before it is divided into its parts.

From the size of what the curve leaves of each run, as if runs were independent; what divides it
between training sets and seeds is in `suffice.stats._f1.run_variance`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from suffice.stats._arrays import Array
from suffice.stats._f1.scores import size_bins
from suffice.stats._f1.usual import load_usual
from suffice.stats._runs import Runs

_EXPONENTS = np.linspace(-2.5, 0.5, 25)
_EXPONENT_PRIOR = (-0.5, 0.5)
"""Mean and SD where nothing is known beforehand: the variance falls about as the root of n."""

LEVELS = (np.arange(8) + 0.5) / 8


@dataclass(frozen=True)
class Prior:
    """What is known of the scatter between models before any is seen.

    Parameters
    ----------
    log_total : float
        Expected log variance between single models at the reference size.
    sd : float
        Its standard deviation; infinite where nothing is known.
    exponent : (float, float)
        Mean and SD.
    """

    log_total: float = 0.0
    sd: float = float("inf")
    exponent: tuple[float, float] = _EXPONENT_PRIOR


def prior_of(runs: Runs, y: Array, at: float) -> Prior:
    """Return what models like these usually vary by.

    Parameters
    ----------
    runs : Runs
        For their sizes, and the sentences that a document has.
    y : ndarray, shape (runs,)
        Logit scores.
    at : float
        The reference size, in documents.
    """
    usual = load_usual()
    sizes, where = np.unique(runs.size, return_inverse=True)
    mean = np.bincount(where, y) / np.bincount(where)
    level = float(np.interp(np.log(at), np.log(sizes), mean))
    expected = usual.log_variance(at * runs.length, level)
    return Prior(expected, usual.sd, usual.exponent(sizes, mean))


def left_over(size: Array, y: Array, v: Array, taken: Array) -> tuple[Array, Array]:
    """Return what curve and folds leave of each run, and of its variance: one less its leverage.

    Weighted by the variance to expect at each size: otherwise small sets, which scatter most, would
    decide what folds do, and large sets would seem to scatter as much.
    """
    scale = (size / np.exp(np.log(size).mean())) ** _EXPONENT_PRIOR[0]
    variance = scale
    for _ in range(3):
        root = 1 / np.sqrt(variance)
        basis = np.linalg.qr(taken * root[:, None])[0]
        scaled = y * root
        scaled = scaled - basis @ (basis.T @ scaled)
        free = 1 - (basis**2).sum(axis=1)
        excess = scaled**2 / root**2 - v * free
        unseen = float(excess.sum()) / max(float((scale * free).sum()), 1e-12)
        variance = scale * max(unseen, 1e-4) + v
    return scaled / root, free


def trend(size: Array, degree: int | None = None) -> Array:
    """Return orthonormal columns for the curve: one a size, or a polynomial in log n."""
    sizes, where = np.unique(size, return_inverse=True)
    if degree is None and len(sizes) <= len(size) / 3:
        columns = np.zeros((len(size), len(sizes)))
        columns[np.arange(len(size)), where] = 1.0
    else:
        degree = min(len(sizes) - 1, 3 if degree is None else degree, max(len(size) - 2, 0))
        x = np.log(size)
        span = max(float(np.ptp(x)), 1e-12)
        columns = np.vander((2 * x - x.max() - x.min()) / span, degree + 1)
    return np.asarray(np.linalg.qr(columns)[0])


@dataclass(frozen=True)
class Levels:
    """What the size of the residuals says: of the sets' share, the exponent and the total.

    ``log_likelihood`` has the shape (shares, exponents, totals).
    """

    log_likelihood: Array
    totals: Array
    reference: float

    def given(self, weight: Array) -> tuple[float, float]:
        """Return mean exponent and total (one model's), given the weights of the shares."""
        height = self.log_likelihood + np.log(np.maximum(weight, 1e-12))[:, None, None]
        joint = np.exp(height - height.max())
        joint /= joint.sum()
        exponent = float(joint.sum(axis=(0, 2)) @ _EXPONENTS)
        return exponent, float(np.exp(joint.sum(axis=(0, 1)) @ np.log(self.totals)))

    def draw(self, place: NDArray[np.int_], rng: np.random.Generator) -> Array:
        """Draw an exponent for each draw of the share."""
        height = scipy.special.logsumexp(self.log_likelihood, axis=2)
        chance = np.exp(height - scipy.special.logsumexp(height, axis=1, keepdims=True))
        below = chance.cumsum(axis=1)[place] < rng.random(len(place))[:, None]
        return _EXPONENTS[np.minimum(below.sum(axis=1), len(_EXPONENTS) - 1)]


@dataclass(frozen=True)
class Bins:
    """Runs of about one size together.

    Parameters
    ----------
    where : ndarray of int, shape (runs,)
        Each run's bin.
    count, size, inside : ndarray, shape (bins,)
        Runs, their mean size in documents, and its share of what sets are drawn from.
    reference : float
        The size, in documents, that the components are given for: where runs say most.
    """

    where: NDArray[np.int_]
    count: NDArray[np.int_]
    size: Array
    inside: Array
    reference: float


def bins_of(runs: Runs) -> Bins:
    """Put runs of about one size together."""
    _, where, count = np.unique(size_bins(runs.size), return_inverse=True, return_counts=True)
    size = np.exp(np.bincount(where, np.log(runs.size)) / count)
    inside = np.minimum(size / runs.drawn_from, 1)
    reference = float(np.exp(np.average(np.log(size), weights=count * (1.05 - inside))))
    return Bins(where, count, size, inside, reference)


def levels_of(
    bins: Bins,
    residual: Array,
    v: Array,
    free: Array,
    parts: int,
    expected: tuple[float, int],
    prior: Prior,
) -> Levels:
    """Return the likelihood of the residuals' size, as if they were independent.

    `free` is what the curve leaves of each residual's variance: one less its leverage; `parts` are
    the models behind one run.
    """
    left_free = np.maximum(np.bincount(bins.where, free), 1e-3)
    squares = np.bincount(bins.where, residual**2) / left_free
    noise = np.bincount(bins.where, v) / bins.count
    moment = max(float(np.average(squares - noise, weights=left_free)), 1e-6)
    moment = max(moment, 0.02 * float(np.average(squares, weights=left_free))) * parts
    totals = moment * np.geomspace(0.1, 10, 33)
    if np.isfinite(prior.sd):
        usual = np.exp(prior.log_total + np.array([-2, 2]) * prior.sd)
        totals = np.geomspace(min(totals[0], usual[0]), max(totals[-1], usual[1]), 49)
    grown = np.exp(np.log(bins.size / bins.reference) * _EXPONENTS[:, None])
    left = 1 - np.multiply.outer(LEVELS, bins.inside)
    shape = left[:, None, None] * grown[None, :, None] * totals[:, None] / parts
    variance = shape + noise
    height = -0.5 * (left_free * (np.log(variance) + squares / variance)).sum(-1)
    if expected[1]:
        height = height - 0.5 * expected[1] * (np.log(totals) + expected[0] * parts / totals)
    height = height - 0.5 * ((np.log(totals) - prior.log_total) / prior.sd) ** 2
    mean, sd = prior.exponent
    of_exponent = -0.5 * ((_EXPONENTS - mean) / sd) ** 2
    return Levels(height + of_exponent[:, None], totals, bins.reference)
