"""How many synthetic sentences one real sentence is worth, from runs on mixed training sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from suffice.applications.synthetic.statistics.exchange_errors import ExchangeErrors, errors, logits
from suffice.applications.synthetic.statistics.exchange_fit import (
    LEAST_RATE,
    MOST_RATE,
    ExchangeFit,
    ExchangeProblem,
    box_cox,
)
from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.wording.numbers import counted, format_number, two_digits

_ROUNDS = 3
_STEP = 0.25
_FIRST_RATE = 3
_CALIBRATED = 1.35
"""Found by simulation (docs/measurements.md), since estimated variances make sets too small."""


@dataclass(frozen=True)
class Mixed:
    """What runs on mixed training sets leave behind.

    Parameters
    ----------
    real, synthetic : ndarray, shape (runs,)
        Sentences of either kind in each training set; not both 0.
    counts : ndarray, shape (runs, units, 3)
        Correct, spurious and missed spans of each evaluation unit.
    real_documents, synthetic_documents : ndarray of bool, shape (runs, documents)
        Which documents each training set holds.
    kinds : mapping of str to ndarray, shape (runs,)
        Synthetic sentences that may have a rate of their own, by name; they add up to `synthetic`.
        One that no set without real sentences has others in is ``alone``.

    Raises
    ------
    ValueError
        Shapes that do not fit, an empty training set, or kinds that do not add up.
    """

    real: Array
    synthetic: Array
    counts: NDArray[np.number]
    real_documents: NDArray[np.number]
    synthetic_documents: NDArray[np.number]
    kinds: Mapping[str, Array]

    def __post_init__(self) -> None:
        runs = len(self.real)
        tables = (self.counts, self.real_documents, self.synthetic_documents)
        if any(len(t) != runs for t in (self.synthetic, *tables, *self.kinds.values())):
            raise ValueError("all arrays must have a row for each run")
        if ((self.real + self.synthetic) <= 0).any():
            raise ValueError("a training set is empty")
        if not np.allclose(sum(self.kinds.values()), self.synthetic):
            raise ValueError("the kinds must add up to the synthetic sentences")


@dataclass(frozen=True)
class Rate(Result):
    """How many real sentences one synthetic sentence is worth.

    Parameters
    ----------
    name : str
        Where.
    value : float
        The estimate. Below 0 synthetic text harms. NaN where there is no bound on either side.
    low, high : float
        95 % confidence set, by likelihood ratio; infinite where the runs set no bound.
    """

    name: str
    value: float
    low: float
    high: float

    @property
    def synthetic_for_one(self) -> tuple[float, float]:
        """Return between how many synthetic sentences one real sentence is worth.

        The upper end is infinite where synthetic text may be worth nothing; both are where it is
        worth nothing or harms.
        """
        return (
            1 / self.high if self.high > 0 else np.inf,
            1 / self.low if self.low > 0 else np.inf,
        )

    @property
    def sentence(self) -> str:
        """Return in words what one real sentence is worth."""
        few, many = self.synthetic_for_one
        if np.isinf(few):
            return "synthetic text adds nothing, or does harm"
        least = two_digits(few)
        if np.isinf(self.high):
            return (
                "these runs do not show how many synthetic sentences a real one is worth"
                if (np.isinf(many))
                else f"one real sentence is worth at most {two_digits(many)} synthetic ones"
            )
        if np.isinf(many):
            end = "may be worth nothing" if self.low > -0.005 else "may harm"
            return (
                f"one real sentence is worth at least {least} synthetic ones; no upper bound, "
                f"since synthetic text {end}"
            )
        return (
            f"one real sentence is worth {two_digits(1 / self.value)} synthetic ones "
            f"({least} to {two_digits(many)})"
        )


@dataclass(frozen=True, eq=False)
class Exchange(Result):
    """What synthetic sentences are worth in real ones.

    Parameters
    ----------
    runs, units : int
        Runs, and evaluation documents or groups.
    constant : Rate
        One rate for all synthetic sentences beside real ones.
    marginal : tuple of Rate
        The rate of each kind: what the next synthetic sentence there counts as.
    average : tuple of Rate
        Average rates of all synthetic sentences, up to the largest number added.
    alone : Rate, optional
        Without any real sentence; not below 0.
    constant_p : float
        P of one rate against those of the kinds; NaN where there is only one kind.
    parts : mapping of str to float
        Shares of the variance of the constant rate.
    half_width : float
        Half of the constant rate's 95 % interval in the linear approximation.
    doubled : float
        The same with twice the runs, if only what is each run's own shrinks.
    curve : mapping of str to float
        ``level``, ``slope``, ``bend`` and ``scale`` of the logit of F1, with the kinds' own rates.
    caveats : tuple of str
        What to keep in mind.
    """

    runs: int
    units: int
    constant: Rate
    marginal: tuple[Rate, ...]
    average: tuple[Rate, ...]
    alone: Rate | None
    constant_p: float
    parts: Mapping[str, float]
    half_width: float
    doubled: float
    curve: Mapping[str, float]
    caveats: tuple[str, ...] = ()
    f1: Array = field(repr=False, default_factory=lambda: np.empty(0))

    def _title(self) -> str:
        return (
            f"Worth of synthetic sentences ({counted(self.runs, 'run')}, {self.units} "
            f"evaluation units)"
        )

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        rates = [self.constant, *self.marginal, *self.average]
        rates += [] if self.alone is None else [self.alone]
        return ("one synthetic sentence is worth", "real ones", "95 %"), [
            (r.name, float(r.value), format_number((r.low, r.high), 3)) for r in rates
        ]

    def at(self, effective: Array) -> Array:
        """Return F1 at effective sizes in real sentences, on the curve with the kinds' rates."""
        c = self.curve
        logit = c["level"] + c["slope"] * box_cox(np.asarray(effective) / c["scale"], c["bend"])
        return np.asarray(1 / (1 + np.exp(-logit)))


ALONE = "alone"
CONSTANT = "added to real sentences, one rate for all"


def exchange(mixed: Mixed, averages: Mapping[str, Mapping[str, float]] | None = None) -> Exchange:
    """Estimate what synthetic sentences are worth.

    Parameters
    ----------
    mixed : Mixed
    averages : mapping of str to mapping of str to float, optional
        Weighted means of the kinds' rates that are wanted: by name the weight of each kind, which
        add up to 1.

    Returns
    -------
    Exchange

    Raises
    ------
    ValueError
        Fewer runs than parameters, or fewer than three sizes without synthetic sentences.

    Notes
    -----
    A confidence set holds the rates r with ``Q(r) - Q(best)`` up to a limit, Q being the squared
    residuals weighted by the inverse of their covariance, with all else fitted anew; it can be
    without a bound. The limit is that of the F distribution times 1.35: with estimated variances
    the former alone covered in 91 to 98 % of simulated studies.
    """
    y, evaluation = logits(mixed.counts)
    names = [k for k, x in mixed.kinds.items() if k != ALONE and x.any()]
    alone = mixed.kinds.get(ALONE, np.zeros(len(y)))
    apart = np.column_stack([mixed.kinds[k] for k in names] + [alone] * bool(alone.any()))
    together = np.column_stack([sum(mixed.kinds[k] for k in names)] + [alone] * bool(alone.any()))
    only_real = mixed.synthetic == 0
    if len(y) < apart.shape[1] + 6 or len(np.unique(mixed.real[only_real])) < 3:
        raise ValueError("too few runs, or fewer than three sizes without synthetic sentences")
    problem, found, made = _settled(mixed, y, evaluation, apart)
    freedom = len(y) - 3 - apart.shape[1]
    one = problem.with_other(together)
    constant = one.fit()
    p = float("nan")
    if len(names) > 1:
        fewer = len(names) - 1
        p = float(scipy.stats.f.sf(max(constant.loss - found.loss, 0) / fewer, fewer, freedom))
    each, all_alike = _Model(problem, found, made), _Model(one, constant, made)
    parts, half, doubled = all_alike.shares()
    at = {name: k for k, name in enumerate(names)}
    average = tuple(
        each.mean({at[kind]: weight for kind, weight in weights.items()}, name)
        for name, weights in (averages or {}).items()
        if set(weights) <= set(names)
    )
    curve = {
        "level": found.level,
        "slope": found.slope,
        "bend": found.bend,
        "scale": problem.scale,
    }
    return Exchange(
        runs=len(y),
        units=mixed.counts.shape[1],
        constant=all_alike.rate(0, CONSTANT),
        marginal=tuple(each.rate(k, name) for name, k in at.items()),
        average=average,
        alone=_not_below_nothing(each.rate(len(names), ALONE)) if alone.any() else None,
        constant_p=p,
        parts=parts,
        half_width=half,
        doubled=doubled,
        curve=curve,
        caveats=_caveats(found, p),
        f1=1 / (1 + np.exp(-y)),
    )


def _settled(
    mixed: Mixed, y: Array, evaluation: Array, other: Array
) -> tuple[ExchangeProblem, ExchangeFit, ExchangeErrors]:
    """Fit and estimate the errors in turn."""
    problem = ExchangeProblem(y, mixed.real, other, evaluation + 0.01 * np.eye(len(y)))
    found = problem.fit()
    for _ in range(_ROUNDS):
        size = problem.effective(found.rates)
        worth = (size - mixed.real) / np.maximum(mixed.synthetic, 1)
        weight = np.clip(worth, 0.1, 1.0)[:, None]
        made = errors(
            y - found.level - found.slope * problem.curve(found.bend, found.rates),
            problem.tangent(found),
            evaluation,
            np.maximum(size, 1.0),
            np.asarray(mixed.real_documents, dtype=float),
            np.asarray(mixed.synthetic_documents, dtype=float) * weight,
        )
        problem = ExchangeProblem(y, mixed.real, other, made.total)
        found = problem.fit(start=found)
    return problem, problem.fit(), made


@dataclass(frozen=True, eq=False)
class _Model:
    """A fitted model, and what is asked of it."""

    problem: ExchangeProblem
    best: ExchangeFit
    made: ExchangeErrors

    @cached_property
    def tangent(self) -> Array:
        return self.problem.tangent(self.best)

    @property
    def limit(self) -> float:
        """Return the greatest loss within a confidence set."""
        freedom = len(self.problem.y) - self.tangent.shape[1]
        return self.best.loss + _CALIBRATED * float(scipy.stats.f.ppf(0.95, 1, freedom))

    def rate(self, kind: int, name: str) -> Rate:
        """Return a kind's rate with its confidence set."""
        return _set_of(self.problem, self.best, kind, name, self.limit)

    def mean(self, weights: Mapping[int, float], name: str) -> Rate:
        """Return a weighted mean of rates, by writing one of them as the mean less the others."""
        pivot = max(weights, key=lambda k: weights[k])
        other = self.problem.other.copy()
        other[:, pivot] /= weights[pivot]
        for kind, weight in weights.items():
            if kind != pivot:
                other[:, kind] -= other[:, pivot] * weight
        rates = self.best.rates.copy()
        rates[pivot] = sum(w * self.best.rates[k] for k, w in weights.items())
        start = replace(self.best, rates=rates)
        return _set_of(self.problem.with_other(other), start, pivot, name, self.limit)

    def shares(self) -> tuple[dict[str, float], float, float]:
        """Return what makes the variance of the first rate, and its interval's half-width.

        The latter also with twice the runs, if only what is each run's own shrinks.
        """
        solved = np.linalg.solve(self.made.total, self.tangent)
        row = (np.linalg.pinv(self.tangent.T @ solved) @ solved.T)[_FIRST_RATE]
        variance = {name: float(row @ part @ row) for name, part in self.made.parts.items()}
        total = max(sum(variance.values()), 1e-300)
        square = self.limit - self.best.loss
        return (
            {name: v / total for name, v in variance.items()},
            float(np.sqrt(square * total)),
            float(np.sqrt(square * (total - variance["runs"] / 2))),
        )


def _set_of(
    problem: ExchangeProblem, best: ExchangeFit, kind: int, name: str, limit: float
) -> Rate:
    """Return a rate with the set of values at which the loss stays within the limit."""
    value = float(best.rates[kind])

    def end(outer: float) -> float:
        from scipy.optimize import brentq  # slow to import

        edge = problem.fit({kind: outer}, best)
        if min(edge.loss, problem.fit({kind: outer}).loss) <= limit:
            return float(np.sign(outer)) * np.inf

        def beyond(rate: float) -> float:
            rise = max(problem.fit({kind: rate}, best).loss - best.loss, 0.0)
            return float(np.sqrt(rise) - np.sqrt(limit - best.loss))  # nearly linear in the rate

        inside, step = value, _STEP
        while (outside := value + np.sign(outer) * step) * np.sign(outer) < abs(outer):
            if beyond(outside) > 0:
                break
            inside, step = outside, 2 * step
        else:
            outside = outer
        return float(brentq(beyond, inside, outside, xtol=1e-3))

    low, high = end(LEAST_RATE), end(MOST_RATE)
    return Rate(name, np.nan if np.isinf([low, high]).all() else value, low, high)


def _not_below_nothing(rate: Rate) -> Rate:
    """Return the rate of synthetic text alone, which cannot take away from nothing."""
    return replace(rate, value=max(rate.value, 0.0), low=max(rate.low, 0.0))


def _caveats(found: ExchangeFit, p: float) -> tuple[str, ...]:
    caveats = []
    if found.slope <= 0:
        caveats.append("F1 does not rise with real sentences here: rates mean nothing")
    if p < 0.05:
        caveats.append(
            "the rate is not the same everywhere: the one rate for all is a mean over the sets "
            "tried, and does not carry over to others"
        )
    return tuple(caveats)
