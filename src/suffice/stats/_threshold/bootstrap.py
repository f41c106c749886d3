"""Bootstrap of a threshold: resamples as integer weights, intervals as chngpt names them.

Resampling rows (or groups of rows) supposes nothing about the errors: it is what chngpt calls model
robust. New responses on the same x (`resimulate`) suppose that the model holds.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy
from numpy.typing import NDArray

from suffice.stats._arrays import Array
from suffice.stats._threshold.profile import ThresholdDesign, profile

INTERVALS = ("perc", "basic", "bc", "bca", "symm")

_MOST_PARTS = 200  # of the jackknife
_BLOCK_VALUES = 60_000  # a block of this many float64 stays in a core's second-level cache


def block_rows(n: int) -> int:
    """How many copies of n rows to work on at once."""
    return max(1, _BLOCK_VALUES // n)


def _row_weights(rng: np.random.Generator, n: int, n_resamples: int) -> Iterator[Array]:
    size = block_rows(n)
    for start in range(0, n_resamples, size):
        drawn = rng.integers(0, n, size=(min(size, n_resamples - start), n))
        out = np.empty(drawn.shape)
        for row, picks in zip(out, drawn, strict=True):
            row[:] = np.bincount(picks, minlength=n)
        yield out


def resample(
    design: ThresholdDesign,
    n_resamples: int,
    seed: np.random.SeedSequence,
    groups: NDArray[np.int64] | None = None,
) -> tuple[Array, Array, int]:
    """Re-estimate threshold and coefficients on resampled rows, or on resampled groups of rows.

    The candidate rule is applied to each resample anew, so that thresholds may lie outside the
    candidates of the original data.

    Parameters
    ----------
    design : ThresholdDesign
    n_resamples : int
        Number of resamples.
    seed : numpy.random.SeedSequence
    groups : (n,) int array, optional
        Group number 0 .. g-1 of each row, in the user's order of rows.

    Returns
    -------
    thresholds : (n_resamples - failed,) array
    coefficients : (n_resamples - failed, q) array
    failed : int
        Resamples in which nothing could be estimated (left out above).
    """
    rng = np.random.default_rng(seed)
    found: list[Array] = []
    slopes: list[Array] = []
    failed = 0
    if groups is None:
        blocks: Iterator[Array] = _row_weights(rng, design.n, n_resamples)
    else:
        member = groups[design.order]
        blocks = (
            block[:, member] for block in _row_weights(rng, int(member.max()) + 1, n_resamples)
        )
    step = block_rows(design.n)
    for whole in blocks:
        for start in range(0, len(whole), step):
            result = profile(design, whole[start : start + step], coefficients=True)
            good = result.valid & np.isfinite(result.coefficients).all(axis=1)
            failed += int((~good).sum())
            found.append(design.sign * design.points[result.best[good]])
            slopes.append(result.coefficients[good])
    return np.concatenate(found), np.concatenate(slopes), failed


def resimulate(design: ThresholdDesign, responses: Iterator[Array]) -> tuple[Array, Array, int]:
    """Re-estimate threshold and coefficients on new responses for the same x.

    Parameters
    ----------
    design : ThresholdDesign
    responses : iterator of (B, n) arrays
        The responses, in scaled units, for the sorted rows.

    Returns
    -------
    thresholds, coefficients, failed
        As from `resample`.
    """
    found: list[Array] = []
    slopes: list[Array] = []
    failed = 0
    for block in responses:
        result = profile(design, responses=block, coefficients=True)
        good = result.valid & np.isfinite(result.coefficients).all(axis=1)
        failed += int((~good).sum())
        found.append(design.sign * design.points[result.best[good]])
        slopes.append(result.coefficients[good])
    return np.concatenate(found), np.concatenate(slopes), failed


def acceleration(
    design: ThresholdDesign, seed: np.random.SeedSequence, groups: NDArray[np.int64] | None = None
) -> Array:
    """Return the acceleration of threshold and coefficients for BCa intervals, shape (1 + q,).

    From the jackknife over at most 200 random parts of the rows (or of the groups): the sums of
    cubes and squares of parts estimate those of single rows. 0 where a part makes no difference.

    Source: Efron B, Tibshirani RJ. An Introduction to the Bootstrap 1993, equation 14.15.
    """
    rng = np.random.default_rng(seed)
    member = np.arange(design.n) if groups is None else groups
    count = int(member.max()) + 1
    parts = min(count, _MOST_PARTS)
    part = rng.permutation(np.arange(count) % parts)[member][design.order]
    found = []
    for start in range(0, parts, block_rows(design.n)):
        block = np.arange(start, min(start + block_rows(design.n), parts))
        kept = (part[None, :] != block[:, None]).astype(np.float64)
        result = profile(design, kept, coefficients=True)
        thresholds = design.sign * design.points[result.best]
        rows = np.column_stack([thresholds, result.coefficients])
        found.append(rows[result.valid & np.isfinite(rows).all(axis=1)])
    values = np.concatenate(found)
    apart = values.mean(axis=0) - values
    squares = (apart**2).sum(axis=0)
    cubes = (apart**3).sum(axis=0)
    size = np.abs(values).max(axis=0, initial=1e-300)
    some = squares > 1e-18 * size**2
    out = np.zeros(values.shape[1])
    out[some] = cubes[some] / (6 * squares[some] ** 1.5)
    return out


def intervals(
    draws: Array, estimate: float, level: float, acceleration: float = 0.0
) -> dict[str, tuple[float, float]]:
    """Return the four bootstrap intervals that chngpt reports, and BCa.

    Parameters
    ----------
    draws : (B,) array
        Bootstrap estimates.
    estimate : float
        The estimate on the data themselves.
    level : float
        Coverage, between 0 and 1.
    acceleration : float
        For ``bca``.

    Returns
    -------
    dict
        ``perc``: quantiles (R's type 7). ``basic``: twice the estimate less those, swapped.
        ``bc``: bias-corrected, with the share of draws strictly below the estimate and no
        acceleration. ``bca``: the same with it. ``symm``: the estimate plus and minus the quantile
        of the absolute deviation. An interval that cannot be given is a pair of NaN.
    """
    none = (float("nan"), float("nan"))
    if len(draws) < 2:
        return dict.fromkeys(INTERVALS, none)
    tail = (1 - level) / 2
    low, high = (float(v) for v in np.quantile(draws, [tail, 1 - tail]))
    share = float(np.mean(draws < estimate))

    def corrected(a: float) -> tuple[float, float]:
        if not 0 < share < 1:
            return none
        shift = scipy.special.ndtri(share)
        moved = shift + scipy.special.ndtri(np.array([tail, 1 - tail]))
        if (1 - a * moved <= 0).any():
            return none
        ends = np.quantile(draws, scipy.special.ndtr(shift + moved / (1 - a * moved)))
        return float(ends[0]), float(ends[1])

    reach = float(np.quantile(np.abs(draws - estimate), level))
    return {
        "perc": (low, high),
        "basic": (2 * estimate - high, 2 * estimate - low),
        "bc": corrected(0.0),
        "bca": corrected(acceleration),
        "symm": (estimate - reach, estimate + reach),
    }
