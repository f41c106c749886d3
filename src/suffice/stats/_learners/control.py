"""F1(n) of an expensive learner from a few runs, with a cheap one's on the same sets as control.

Both learners are lucky and unlucky with the same training sets, as far as they correlate. The cheap
one is trained on many sets, so that it is known how lucky each of the expensive one's sets was:
that much is taken off. On the logit scale, for the expensive learner's run i of size n_i,

``adjusted_i = E_i - b·x_i,   x_i = r_i·(mean of C on the same set - C's own curve at n_i)``

with r_i the part of C's deviation that belongs to the set and not to the seed. Only the scatter of
runs shrinks: the pool and the evaluation documents are the same for all runs, however many.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy
from numpy.typing import NDArray

from suffice.stats._arrays import Array
from suffice.stats._f1.errors import SizeErrors, countable, noise_of, scores_of, spread_of
from suffice.stats._f1.run_variance import RunVariance
from suffice.stats._f1.scores import Scores, centre_effects, logit, own_part, size_bins
from suffice.stats._resampling import Seed, resample_mean_effect, seed_sequence
from suffice.stats._runs import Runs, mean_by_size

_MOST_FOLDS = 60
"""With more training sets than these the coefficient is cross-fitted over folds of several."""

_MOST_EXPLAINED = 0.9
"""No control explains more than this of the scatter: the coefficient itself is estimated."""


@dataclass(frozen=True)
class Control:
    """The cheap learner's deviation on each of the expensive one's training sets.

    Parameters
    ----------
    x : ndarray, shape (runs,)
        On the logit scale; 0 where the set has no run of the cheap learner, or finds next to
        nothing.
    known : ndarray of bool, shape (runs,)
        Where it is known.
    from_runs : ndarray, shape (runs, screen runs)
        What x is made of, from the levels of `suffice.stats._f1.scores.Scores`.
    trend : ndarray, shape (runs, screen runs)
        The part of `from_runs` that is the cheap learner's own curve.
    variance : ndarray, shape (runs,)
        The variance of x, up to a factor: none near the whole pool, where all sets are alike.
    spread : RunVariance
        The variance between the cheap learner's runs.
    """

    x: Array
    known: NDArray[np.bool_]
    from_runs: Array
    trend: Array
    variance: Array
    spread: RunVariance


@dataclass(frozen=True)
class ControlCoefficient:
    """How far the expensive learner's deviations follow the cheap one's.

    Parameters
    ----------
    value, error : float
        The coefficient by weighted least squares, together with a polynomial in log n, and its
        standard error.
    df : int
        Degrees of freedom of the error.
    shrunk : float
        The value, never below 0, and nearer to 0 the less it can be told from 0.
    of_run : ndarray, shape (runs,)
        What each run's control is multiplied by: the mean of the coefficients from all runs but
        those of one training set, and 0 where the control is not known.
    correlation : float
        The correlation of the two learners' deviations from their curves, partial.
    explained : float
        The share of the expensive learner's scatter that the control explains, cross-fitted: below
        0 where it does harm.
    y : ndarray, shape (runs,)
        The expensive learner's deviations from its own curve, on the logit scale.
    """

    value: float
    error: float
    df: int
    shrunk: float
    of_run: Array
    correlation: float
    explained: float
    y: Array


def control(runs: Runs, screen: Runs, match: NDArray[np.bool_], seed: Seed = 0) -> Control:
    """Return the cheap learner's deviations on the training sets of the expensive learner's runs.

    Parameters
    ----------
    runs, screen : Runs
        The runs of the expensive and of the cheap learner, scored on the same evaluation
        documents.
    match : ndarray of bool, shape (runs, screen runs)
        Whether a run and a run of the screen share their training set.
    seed : int or SeedSequence
        Random seed.
    """
    use = countable(screen)
    counted = np.zeros(len(screen.size), dtype=bool)
    counted[use] = True
    of_screen = scores_of(screen)
    spread = spread_of(screen, of_screen, 400, seed_sequence(seed, 41))
    share = float(np.clip(spread.share[0], 0.1, 0.9))
    total = np.median((spread.sets + spread.seeds)[:, None] * spread.scale(screen.size), axis=0)
    left = screen.distinct_share
    variance = total * (share * left + 1 - share) / screen.parts + spread.noise

    own = match & counted
    copies = own.sum(axis=1)
    known = (copies > 0) & _countable_rows(runs)
    mean = own / np.maximum(copies, 1)[:, None]
    hat = _curve(screen, use, 1 / np.maximum(variance, 1e-6), runs.size)
    # What seeds do to the cheap learner's run is no luck of the set's, nor what evaluation
    # documents do to it, as far as both learners do not make the same mistakes.
    model = total * share * left / screen.parts
    noise = _shared_mistakes(runs, screen, of_screen, mean, known) * spread.noise
    of_set = mean @ (model + noise)
    of_run = (mean @ (variance - model - noise)) / np.maximum(copies, 1)
    reliable = np.where(known, of_set / np.maximum(of_set + of_run, 1e-12), 0.0)
    scale = (reliable * known)[:, None]
    from_runs = scale * (mean - hat) @ of_screen.unfolded
    return Control(
        x=from_runs @ of_screen.level,
        known=known & (reliable > 0),
        from_runs=from_runs,
        trend=scale * hat @ of_screen.unfolded,
        variance=reliable * of_set,
        spread=spread,
    )


def _shared_mistakes(
    runs: Runs, screen: Runs, of_screen: Scores, mean: Array, known: NDArray[np.bool_]
) -> float:
    """Return which part of what evaluation documents do to the cheap learner's run both share."""
    others = mean @ centre_effects(of_screen.effects, _group(screen))
    mine = centre_effects(scores_of(runs).effects, _group(runs))
    whole = float((others[known] ** 2).sum())
    return float(np.clip((mine * others)[known].sum() / max(whole, 1e-12), 0.0, 1.0))


def _group(runs: Runs) -> NDArray[np.int_]:
    """Return which runs the evaluation documents are compared in: of one size, or of one fold."""
    return size_bins(runs.size) if runs.fold is None else runs.fold


def _countable_rows(runs: Runs) -> NDArray[np.bool_]:
    good = np.zeros(len(runs.size), dtype=bool)
    good[countable(runs)] = True
    return good


def _polynomial(size: Array, at: Array, degree: int) -> Array:
    """Return powers of log n, scaled by the sizes' range."""
    low, high = np.log(size.min()), np.log(size.max())
    return np.vander((2 * np.log(at) - low - high) / max(high - low, 1e-12), degree + 1)


def _curve(screen: Runs, use: NDArray[np.int_], weights: Array, at: Array) -> Array:
    """Return how the cheap learner's curve is made of its runs, shape (sizes, screen runs).

    A cubic in log n on the logit scale: over the sizes studied no learning curve is far from one.
    """
    size = screen.size[use]
    degree = min(3, len(np.unique(size)) - 1)
    columns = _polynomial(size, size, degree)
    scaled = columns * weights[use][:, None]
    hat = np.zeros((len(at), len(screen.size)))
    hat[:, use] = _polynomial(size, at, degree) @ np.linalg.pinv(columns.T @ scaled) @ scaled.T
    return hat


def coefficient(runs: Runs, found: Control, spread: RunVariance) -> ControlCoefficient | None:
    """Regress the expensive learner's deviations on the cheap one's.

    Parameters
    ----------
    runs : Runs
        The runs of the expensive learner.
    found : Control
        The result of `control`.
    spread : RunVariance
        The variance between the expensive learner's runs.

    Returns
    -------
    ControlCoefficient, optional
        None where there are too few pairs, or the cheap learner's runs do not differ.
    """
    rows = np.flatnonzero(found.known)
    sets, where = np.unique(runs.training_set[rows], return_inverse=True)
    sizes = len(np.unique(runs.size[rows]))
    degree = min(3 if len(rows) >= 20 else 2 if len(rows) >= 10 else 1, sizes - 1)
    if len(sets) < degree + 5 or not np.ptp(found.x[rows]) > 1e-9:
        return None
    root = 1 / np.sqrt(variance_of_runs(runs, spread)[rows])
    trend = _polynomial(runs.size[rows], runs.size[rows], degree) * root[:, None]
    own_scores = scores_of(runs)
    level = own_scores.unfolded @ own_scores.level
    y, x = level[rows] * root, found.x[rows] * root
    value, error, df = _slope(trend, y, x)
    folds = where if len(sets) <= _MOST_FOLDS else where % _MOST_FOLDS
    own = np.zeros(len(rows))
    for fold in np.unique(folds):
        inside = folds == fold
        own[inside] = _shrunk(*_slope(trend[~inside], y[~inside], x[~inside]))
    # One for all runs: a coefficient of its own would add to each run what it scatters by, which
    # where sets differ most, at the smallest sizes, is more than the control takes away.
    of_run = np.zeros(len(runs.size))
    of_run[rows] = own.mean()
    basis = np.linalg.qr(trend)[0]
    alone, left, control_left = (v - basis @ (basis.T @ v) for v in (y, y - own * x, x))
    along = float(alone @ control_left)
    deviations = np.zeros(len(runs.size))
    deviations[rows] = alone / root
    return ControlCoefficient(
        value=value,
        error=error,
        df=df,
        shrunk=_shrunk(value, error, df),
        of_run=of_run,
        correlation=along / float(np.linalg.norm(alone) * np.linalg.norm(control_left)),
        explained=1 - float(left @ left) / float(alone @ alone),
        y=deviations,
    )


def variance_of_runs(runs: Runs, spread: RunVariance) -> Array:
    """Return the variance of each run's logit F1 around its pool's curve, shape (runs,)."""
    return variance_of_models(runs, spread) + spread.noise


def variance_of_models(runs: Runs, spread: RunVariance) -> Array:
    """Return the part of `variance_of_runs` that is not the evaluation documents'."""
    return np.asarray(np.maximum(spread.of_runs(runs) / runs.parts, 1e-6))


def _slope(trend: Array, y: Array, x: Array) -> tuple[float, float, int]:
    """Return the coefficient of x beside the trend, its standard error and degrees of freedom."""
    basis = np.linalg.qr(trend)[0]
    x = x - basis @ (basis.T @ x)
    y = y - basis @ (basis.T @ y)
    square = float(x @ x)
    df = len(y) - trend.shape[1] - 1
    if square < 1e-12 or df < 1:
        return 0.0, float("inf"), max(df, 0)
    value = float(x @ y) / square
    rest = y - value * x
    return value, float(np.sqrt(rest @ rest / df / square)), df


def _shrunk(value: float, error: float, df: int) -> float:
    """Return the coefficient shrunk by how far it can be told from 0 (positive-part James–Stein).

    The control's own luck is the set's, which cannot be good for one learner and bad for the other:
    a negative coefficient is chance.
    """
    if df < 1 or not value > error:
        return 0.0
    return value * (1 - (error / value) ** 2)


def adjusted(
    runs: Runs,
    errors: SizeErrors,
    screen: Runs,
    found: Control,
    slope: ControlCoefficient,
    seed: Seed,
    level: float = 0.95,
) -> SizeErrors:
    """Return the means at each size and their errors, less the control.

    Parameters
    ----------
    runs, errors : Runs, Errors
        The expensive learner's, and the errors of its means without a control.
    screen, found, slope
        The cheap learner's runs, the control and its coefficient.
    seed, level
        That `errors` was drawn with: the same evaluation documents are resampled.

    Notes
    -----
    The run part is drawn from that without a control: what the control explains of a run's scatter
    (cross-fitted, less what of it is the evaluation documents') is taken off its variance, and the
    error of the cheap learner's own curve added. Evaluation documents are resampled for both
    learners at once. The pool's part is as it was: the control's mean over sets of one pool is 0.
    """
    where = np.unique(runs.size, return_inverse=True)[1]
    of_run = slope.of_run
    mine = scores_of(runs)
    centre = logit(errors.observed) - mine.mixing @ (of_run * found.x)
    observed = scipy.special.expit(centre)

    controlled = of_run[:, None] * (found.from_runs @ scores_of(screen).effects)
    children = seed_sequence(seed).spawn(1)[0].spawn(4)
    n_resamples = len(errors.spread.sets)
    by_unit = (mine.mixing @ controlled).T  # units, sizes
    evaluation = errors.parts["evaluation"] - resample_mean_effect(
        by_unit, n_resamples, children[1], level
    )

    keeps = _left(runs, errors.spread, mine.effects, controlled, found, slope)
    factor = mean_by_size(keeps[None], where)[0]
    of_curve = (mine.mixing @ (of_run[:, None] * found.trend)).T  # screen runs, sizes
    own = errors.parts["runs"] * np.sqrt(factor)
    own = own + _curve_errors(screen, found.spread, of_curve, n_resamples, seed)
    harms = own.var(axis=0) >= errors.parts["runs"].var(axis=0)
    if (harms & np.bincount(where, of_run != 0).astype(bool)).any():
        # At such a size, mostly the whole pool's, sets hardly differ: there is nothing to take off.
        without = replace(slope, of_run=np.where(harms[where], 0.0, of_run))
        return adjusted(runs, errors, screen, found, without, seed, level)
    # Weights stay as they were: what the control explains by size is too uncertain to weigh by.
    return replace(
        errors,
        observed=observed,
        parts={**errors.parts, "evaluation": evaluation, "runs": own},
    )


def _left(
    runs: Runs,
    spread: RunVariance,
    effects: Array,
    controlled: Array,
    found: Control,
    slope: ControlCoefficient,
) -> Array:
    """Return which part of the variance between models the control leaves, shape (runs,)."""
    models, total = variance_of_models(runs, spread), variance_of_runs(runs, spread)
    share = np.where(found.known, found.variance / total, 0.0)
    mean = float(share[found.known].mean())
    explained = slope.explained * total * share / max(mean, 1e-12)
    # What of it is the evaluation documents' is in their own part already.
    own = own_part(effects, runs.training_set, noise_of(effects, runs))
    noise = spread.noise * own - noise_of(effects - controlled, runs) * own
    taken = np.clip((explained - noise) / models, 0.0, _MOST_EXPLAINED)
    return np.asarray(np.where(slope.of_run > 0, 1 - taken, 1.0))


def _curve_errors(
    screen: Runs, spread: RunVariance, of_curve: Array, n_resamples: int, seed: Seed
) -> Array:
    """Return draws of what the scatter of the cheap learner's runs does through its curve."""
    rng = np.random.default_rng(seed_sequence(seed, 42))
    scale = np.sqrt(np.median(spread.scale(screen.size), axis=0))
    scaled = of_curve * scale[:, None]
    features = screen.shared_documents().T @ scaled
    pick = rng.integers(len(spread.sets), size=n_resamples)
    sets, seeds = np.sqrt(spread.sets[pick])[:, None], np.sqrt(spread.seeds[pick])[:, None]
    of_sets = rng.standard_normal((n_resamples, len(features))) @ features
    of_seeds = rng.standard_normal((n_resamples, len(scaled))) @ scaled / np.sqrt(screen.parts)
    return np.asarray(sets * of_sets + seeds * of_seeds)
