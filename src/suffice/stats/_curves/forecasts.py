"""Learning curves of several families, averaged by how well each forecasts from smaller sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._curves.families import FAMILIES
from suffice.stats._curves.fit import FLAT, LearningCurveFit, checked_runs, fit_learning_curve
from suffice.stats._curves.form import fit_family, weigh
from suffice.stats._regression.overlap import Overlap
from suffice.stats._resampling import Seed, seed_sequence
from suffice.wording.caveats import Caveat

_CUTS = (0.25, 0.35, 0.5, 0.71)
"""Shares of the largest size up to which families are fitted to forecast the rest."""
_LEAST_WEIGHT = 0.01


@dataclass(frozen=True, eq=False)
class AverageLearningCurve(Result):
    """Families of learning curves and their average.

    Attributes
    ----------
    predictor : str
    n : int
        Rows.
    curves : mapping of str to LearningCurveFit
        Curves by family; families with more parameters than sizes are left out.
    weights : mapping of str to float
    weighting : str
        ``forecasts`` (how well each family, fitted to the smaller sizes, forecasts the larger) or
        ``AIC`` where there are too few sizes for that.
    forecast_error : mapping of str to float
        Root mean squared error of those forecasts; empty with ``AIC``.
    grid : (g,) array
        Sizes, from the smallest to `reach` times the largest.
    mean, low, high : (g,) arrays
        The average, and its pointwise bootstrap interval, the choice of family included.
    plateau : float
        Weighted mean of the families' plateaus.
    plateau_interval : pair of float
    exponent : float
        The exponent of the power law ``a - b n^-c``.
    exponent_interval : pair of float
    largest : float
        The largest size: beyond it curves are extrapolated.
    level : float
    seed : int
    caveats : tuple of str
    """

    predictor: str
    n: int
    curves: Mapping[str, LearningCurveFit]
    weights: Mapping[str, float]
    weighting: str
    forecast_error: Mapping[str, float]
    grid: Array
    mean: Array
    low: Array
    high: Array
    plateau: float
    plateau_interval: tuple[float, float]
    exponent: float
    exponent_interval: tuple[float, float]
    largest: float
    level: float
    seed: Seed
    caveats: tuple[str, ...] = ()
    _draws: Array = field(repr=False, default_factory=lambda: np.empty((0, 0)))

    def at(self, n: ArrayLike) -> Array:
        """Return the average at sizes above 0."""
        sizes = np.asarray(n, dtype=np.float64)
        parts = [self.weights[name] * fit.at(sizes) for name, fit in self.curves.items()]
        return np.asarray(np.sum(parts, axis=0))

    def _title(self) -> str:
        return f"Learning curves on {self.predictor} (n = {self.n}), weighed by {self.weighting}"

    def _summary(self) -> tuple[str, ...]:
        share = f"{100 * self.level:g} %"
        a, b = self.plateau_interval
        c, d = self.exponent_interval
        return (
            f"Plateau {self.plateau:.3f} ({share}: {a:.3f} to {b:.3f}); exponent of the power law "
            f"{self.exponent:.3f} ({c:.3f} to {d:.3f}).",
        )

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        header = ("family", "weight", "residual SD", "forecast error", "plateau", "status")
        return header, [
            (
                name,
                round(self.weights[name], 3),
                fit.rmse,
                self.forecast_error.get(name, ""),
                "none" if FAMILIES[name].top == "none" else fit.plateau,
                fit.status,
            )
            for name, fit in self.curves.items()
        ]


def forecast_errors(
    y: ArrayLike,
    n: ArrayLike,
    families: Sequence[str] = tuple(FAMILIES),
    *,
    weights: ArrayLike | None = None,
) -> dict[str, Array]:
    """Fit families to the smaller sizes and forecast the larger.

    Parameters
    ----------
    y, n, weights
        As for `average_learning_curves`.
    families : sequence of str

    Returns
    -------
    dict of str to (cuts,) array
        Root mean squared error of the mean F1 of each larger size (sizes count equally), for every
        cut with enough sizes on both sides; families that could not be fitted at a cut are left
        out altogether.
    """
    sizes, values, w = checked_runs(y, n, weights)
    out: dict[str, Array] = {}
    cuts = _usable_cuts(sizes)
    places, where = np.unique(_binned(sizes), return_inverse=True)
    for name in families:
        errors = []
        for cut in cuts:
            inside = sizes <= cut
            try:
                fit = fit_learning_curve(values[inside], sizes[inside], name, weights=w[inside])
            except ValueError:
                break
            rest = np.where(inside, 0.0, w) * (values - fit.at(sizes))
            total = np.bincount(where, np.where(inside, 0.0, w), minlength=len(places))
            some = total > 0
            means = np.bincount(where, rest, minlength=len(places))[some] / total[some]
            errors.append(float(np.sqrt((means**2).mean())))
        else:
            out[name] = np.array(errors)
    return out


def _usable_cuts(sizes: Array) -> list[float]:
    largest = float(sizes.max())
    found = []
    for share in _CUTS:
        below = np.unique(sizes[sizes <= share * largest * (1 + 1e-9)])
        if len(below) >= 4 and len(below) < len(np.unique(sizes)):
            found.append(float(below[-1]))
    return sorted(set(found))


def _binned(sizes: Array) -> Array:
    """Sizes themselves where they are few, else rounded to some twelve a factor of ten."""
    if len(np.unique(sizes)) <= 25:
        return sizes
    return np.asarray(np.round(12 * np.log10(sizes)))


def average_learning_curves(
    y: ArrayLike,
    n: ArrayLike,
    *,
    families: Sequence[str] = tuple(FAMILIES),
    weights: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    reach: float = 4.0,
    n_resamples: int = 500,
    level: float = 0.95,
    overlap: Overlap = None,
    predictor: str = "sentences",
    seed: Seed = 0,
) -> AverageLearningCurve:
    """Fit families of learning curves and average them.

    Parameters
    ----------
    y : (m,) array_like
        F1 of each run.
    n : (m,) array_like
        Sizes, above 0.
    families : sequence of str
        Names, as for `fit_learning_curve`.
    weights : (m,) array_like, optional
        Inverse variances up to a factor.
    groups : (m,) array_like, optional
        What is resampled as a whole.
    reach : float
        How many times the largest size the average is followed, at least 1.
    n_resamples : int
        Resamples, at least 100.
    level : float
    overlap : (n, n) array_like or "unknown", optional
        How far the rows' training sets share documents. It is not carried into the numbers:
        anything but the default, independent rows, adds a caveat.
    predictor : str
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    AverageLearningCurve

    Raises
    ------
    ValueError
        As `fit_learning_curve`; no family that the sizes allow; too few resamples.

    Notes
    -----
    A family's weight is proportional to ``(mean squared forecast error)^(-k/2)`` with k cuts, as
    for a Gaussian predictive density of unknown variance with one independent forecast a cut; no
    family falls below .01. The bootstrap resamples rows (or groups), draws a family by its weight
    for each resample and refits it on a grid of shapes.
    """
    sizes, values, w = checked_runs(y, n, weights)
    if n_resamples < 100 or reach < 1 or not 0 < level < 1:
        raise ValueError("curves need n_resamples >= 100, reach >= 1 and a level between 0 and 1")
    unknown = [name for name in families if name not in FAMILIES]
    if unknown:
        raise ValueError(f"unknown family {unknown[0]!r}: choose from {', '.join(FAMILIES)}")
    distinct = len(np.unique(sizes))
    allowed = [name for name in families if FAMILIES[name].free < distinct]
    if not allowed:
        raise ValueError(f"{distinct} distinct sizes are too few for any of these families")
    curves = {name: fit_learning_curve(values, sizes, name, weights=w) for name in allowed}
    errors = forecast_errors(values, sizes, allowed, weights=w)
    shares, weighting = _weigh(curves, errors)
    largest = float(sizes.max())
    grid = np.geomspace(float(sizes.min()), reach * largest, 100)
    draws, plateaus = _resampled(
        sizes, values, w, groups, list(allowed), shares, grid, n_resamples, seed
    )
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(draws, tails, axis=0)
    power = fit_learning_curve(values, sizes, "pow3", weights=w) if distinct >= 3 else None
    exponents = (
        _exponents(sizes, values, w, groups, n_resamples, seed) if power else np.array([np.nan])
    )
    mean = np.sum([s * curves[k].at(grid) for k, s in zip(allowed, shares, strict=True)], axis=0)
    plateau = float(np.sum([s * curves[k].plateau for k, s in zip(allowed, shares, strict=True)]))
    return AverageLearningCurve(
        predictor=predictor,
        n=len(values),
        curves=curves,
        weights=dict(zip(allowed, map(float, shares), strict=True)),
        weighting=weighting,
        forecast_error=(
            {name: float(np.sqrt((e**2).mean())) for name, e in errors.items()}
            if weighting == "forecasts"
            else {}
        ),
        grid=grid,
        mean=mean,
        low=low,
        high=high,
        plateau=plateau,
        plateau_interval=_pair(np.quantile(plateaus, tails)),
        exponent=power.parameters["c"] if power else float("nan"),
        exponent_interval=_pair(np.quantile(exponents, tails)),
        largest=largest,
        level=level,
        seed=seed,
        caveats=_caveats(curves, weighting, overlap is not None and groups is None),
        _draws=draws,
    )


def _pair(values: Array) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def _weigh(
    curves: Mapping[str, LearningCurveFit], errors: Mapping[str, Array]
) -> tuple[Array, str]:
    """Return weights by forecasts where every family has them, else by AIC."""
    names = list(curves)
    if all(name in errors and len(errors[name]) for name in names):
        mse = np.array([float((errors[name] ** 2).mean()) for name in names])
        cuts = len(errors[names[0]])
        logs = -0.5 * cuts * np.log(np.maximum(mse, 1e-10))
        kind = "forecasts"
    else:
        logs = -0.5 * np.array([fit.aic for fit in curves.values()])
        kind = "AIC"
    return weigh(logs, _LEAST_WEIGHT, _alike(curves)), kind


def _alike(curves: Mapping[str, LearningCurveFit]) -> Array:
    """How many families came out as one and the same curve: these share one weight."""
    at = np.concatenate([[1.0], np.geomspace(2, 1e6, 60)])
    values = np.stack([fit.at(at) for fit in curves.values()])
    same = np.abs(values[:, None] - values[None]).max(axis=2) < 1e-4
    return np.asarray(same.sum(axis=1), dtype=np.float64)


def _resample_weights(
    w: Array, groups: ArrayLike | None, n_resamples: int, rng: np.random.Generator
) -> Array:
    member = np.arange(len(w)) if groups is None else np.unique(groups, return_inverse=True)[1]
    count = int(member.max()) + 1
    drawn = rng.multinomial(count, np.full(count, 1 / count), size=n_resamples).astype(np.float64)
    return drawn[:, member] * w


def _resampled(
    sizes: Array,
    values: Array,
    w: Array,
    groups: ArrayLike | None,
    names: list[str],
    shares: Array,
    grid: Array,
    n_resamples: int,
    seed: Seed,
) -> tuple[Array, Array]:
    """Draw curves on a grid (n_resamples, g), and their plateaus (n_resamples,)."""
    rng = np.random.default_rng(seed_sequence(seed, 11))
    choice = rng.choice(len(names), size=n_resamples, p=shares)
    weights = _resample_weights(w, groups, n_resamples, rng)
    draws, plateaus = np.empty((n_resamples, len(grid))), np.empty(n_resamples)
    for index, name in enumerate(names):
        rows = np.flatnonzero(choice == index)
        if not len(rows):
            continue
        fits = fit_family(values, sizes, weights[rows], FAMILIES[name])
        draws[rows] = fits.at(grid)
        plateaus[rows] = fits.a if fits.family.top == "free" else 1.0
    return draws, plateaus


def _exponents(
    sizes: Array, values: Array, w: Array, groups: ArrayLike | None, n_resamples: int, seed: Seed
) -> Array:
    rng = np.random.default_rng(seed_sequence(seed, 12))
    weights = _resample_weights(w, groups, n_resamples, rng)
    return fit_family(values, sizes, weights, FAMILIES["pow3"]).theta[:, 0]


def _caveats(
    curves: Mapping[str, LearningCurveFit], weighting: str, shared: bool
) -> tuple[str, ...]:
    out: list[str] = []
    if shared:
        out.append(Caveat("intervals too narrow"))
    if weighting == "AIC":
        out.append(Caveat("weighted by AIC"))
    if any(fit.status == FLAT for fit in curves.values()):
        out.append(Caveat("flat curve"))
    undetermined = [name for name, fit in curves.items() if fit.status == "at bound"]
    if undetermined:
        out.append(Caveat("shape undetermined", curves=", ".join(undetermined)))
    out.append(Caveat("curves extrapolated"))
    return tuple(out)
