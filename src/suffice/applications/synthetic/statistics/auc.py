"""The area under the ROC curve of scores out of fold, with an interval over clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._resampling import tails


@dataclass(frozen=True)
class Auc(Result):
    """How well scores tell two kinds apart.

    Parameters
    ----------
    value, low, high : float
        The probability that a positive scores higher than a negative (ties half), with a 95 %
        interval; .5 where nothing tells them apart, 1 where all are told apart.
    error : float
        Standard error of the value.
    positives, negatives : int
        Rows.
    caveats : tuple of str
    """

    value: float
    low: float
    high: float
    error: float
    positives: int
    negatives: int
    caveats: tuple[str, ...] = ()

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        return ("", "value"), [("AUC", self.value), ("95 % interval", (self.low, self.high))]


def auc(
    score: Array,
    positive: NDArray[np.bool_],
    fold: NDArray[np.int_],
    cluster: NDArray[np.int_],
    *,
    level: float = 0.95,
) -> Auc:
    """Return the area under the curve, comparing rows of one fold only.

    Parameters
    ----------
    score : ndarray, shape (rows,)
        Out of fold, as scores of different models are not comparable.
    positive : ndarray of bool, shape (rows,)
    fold : ndarray of int, shape (rows,)
    cluster : ndarray of int, shape (rows,)
        What belongs together and is resampled whole; may hold rows of both kinds.
    level : float
        Of the interval.

    Returns
    -------
    Auc

    Raises
    ------
    ValueError
        No fold has rows of both kinds.

    Notes
    -----
    Each fold's area counts by its pairs. The variance is that of the influence of each cluster,
    with the trained models as given: DeLong et al., Biometrics 1988;44:837-845, for clusters
    Obuchowski, Biometrics 1997;53:567-578, out of fold LeDell, Petersen & van der Laan, Electron J
    Stat 2015;9:1583-1607. The interval is symmetric on the logit scale.
    """
    influence = np.zeros(len(score))
    total = 0.0
    value = 0.0
    for number in np.unique(fold):
        rows = np.flatnonzero(fold == number)
        up, down = rows[positive[rows]], rows[~positive[rows]]
        pairs = float(len(up) * len(down))
        if not pairs:
            continue
        above, below = _placements(score[up], score[down])
        here = float(above.mean())
        value += pairs * here
        total += pairs
        influence[up] = pairs * (above - here) / len(up)
        influence[down] = pairs * (below - here) / len(down)
    if not total:
        raise ValueError("no fold has rows of both kinds")
    value /= total
    _, where = np.unique(cluster, return_inverse=True)
    sums = np.bincount(where, influence / total)
    error = float(np.sqrt(len(sums) / max(len(sums) - 1, 1) * (sums @ sums)))
    return from_error(value, error, int(positive.sum()), int((~positive).sum()), level)


def from_error(
    value: float, error: float, positives: int, negatives: int, level: float = 0.95
) -> Auc:
    """Return an area with the interval that its standard error gives, on the logit scale.

    Where all pairs agree there is no error to see: the interval then ends where so many
    independent comparisons as the smaller kind has rows would agree with a probability of
    ``(1 - level)/2``.
    """
    if 0 < value < 1:
        logit = np.log(value / (1 - value))
        half = scipy.stats.norm.ppf(0.5 + level / 2) * error / (value * (1 - value))
        low, high = (float(1 / (1 + np.exp(-(logit + side * half)))) for side in (-1, 1))
    else:
        end = tails(level)[0] ** (1 / max(min(positives, negatives), 1))
        low, high = (end, 1.0) if value >= 1 else (0.0, 1 - end)
    return Auc(value, low, high, error, positives, negatives)


def _placements(up: Array, down: Array) -> tuple[Array, Array]:
    """Return for each positive the share of negatives below it, and for each negative likewise."""
    ordered, other = np.sort(down), np.sort(up)

    def share(values: Array, among: Array) -> Array:
        left = np.searchsorted(among, values, "left")
        right = np.searchsorted(among, values, "right")
        return np.asarray((left + right) / (2 * len(among)))

    return share(up, ordered), 1 - share(down, other)
