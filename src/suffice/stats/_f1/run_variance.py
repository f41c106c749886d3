"""How much F1 varies between runs of one size: training sets, seeds, and what cannot be separated.

The model, on the logit scale, for run r on n documents with indicators z of its documents:

``y_r = f(n_r) + (n_r/n_0)^(e/2)·(Σ_i (z_ri - n_r/N)·u_i/√n_r + seed_r) + noise_r``

The documents' effects u have variance ``sets``, the seeds' ``seeds``. The noise comes from the
evaluation documents: two equally good models do not make the same mistakes on them. Its variance is
known from the counts. What the pool as a whole does is part of f, and cannot be seen; that it has
the variance ``sets·(n/n_0)^e·n/N`` is inferred from the documents' effects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._f1.run_variance_by_size import (
    LEVELS,
    Prior,
    bins_of,
    left_over,
    levels_of,
    prior_of,
    trend,
)
from suffice.stats._f1.usual import load_usual
from suffice.stats._runs import Runs
from suffice.wording.caveats import Caveat

_MOST_RUNS = 800
"""Beyond this many runs (and as many documents) a part of them is looked at: it says enough."""

_SHARES = (np.arange(80) + 0.5) / 80

_JEFFREYS = (0.5, 0.5)
"""Jeffreys' for a share: a flat one covers less where documents make all, and is wide for none."""

_LEAST_SEEDS = 0.02
"""Of the sets' part: training is never without chance."""

_UNKNOWN = 0.2
"""A share whose posterior is wider than this (SD; .35 is to know nothing) cannot be estimated."""

_UPPER = 0.8
"""The quantile that is the upper bound of a part that cannot be estimated."""

_MIDDLE_AND_ENDS = (0.025, 0.5, 0.975)
"""How draws are summed up where they are shown."""


@dataclass(frozen=True)
class RunVariance(Result):
    """How much F1 varies between runs of one size, and why, on the logit scale.

    ``Var(logit F1 of a run of size n) = (sets·(1 - n/N) + seeds)·(n/reference)^exponent``

    Parameters
    ----------
    sets, seeds, exponent : ndarray, shape (replicates,)
        Draws from what is known of the two components, and of how they change with n.
    reference : float
        The size that the components are given for, in documents.
    noise : ndarray, shape (runs,)
        The variance that evaluation documents add to each run beside what they do to all runs.
    estimate, error : float
        The training sets' component by restricted likelihood, below zero where the likelihood
        peaks there, and its standard error.
    share : (float, float, float)
        The training sets' share of the variance between models of one size: median and 95 %
        interval.
    sets_known : bool
        False where the share could not be told from the runs, so that an upper bound is used.
    drawn : ndarray, shape (replicates,)
        Draws of the training sets' share of the variance, before the bound.
    caveats : tuple of str
        What to keep in mind.
    """

    sets: Array
    seeds: Array
    exponent: Array
    reference: float
    noise: Array
    estimate: float
    error: float
    share: tuple[float, float, float]
    sets_known: bool
    drawn: Array
    caveats: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return medians and 95 % intervals instead of draws, in plain Python types."""
        fields = super().to_dict()
        fields.pop("noise")
        fields.pop("drawn")
        for name in ("sets", "seeds", "exponent"):
            low, middle, high = np.quantile(getattr(self, name), _MIDDLE_AND_ENDS)
            fields[name] = [float(middle), float(low), float(high)]
        return fields

    def scale(self, n: Array) -> Array:
        """Return draws of how the variance at n stands to that at the reference size."""
        ratio = np.log(np.asarray(n, dtype=float) / self.reference)
        return np.asarray(np.exp(self.exponent[:, None] * ratio))

    def of_set(self, n: Array) -> Array:
        """Return draws of the variance of one random training set, shape (n_resamples, sizes)."""
        return self.sets[:, None] * self.scale(n)

    def of_one(self, n: Array) -> Array:
        """Return draws of the variance of one model on a random training set from the source."""
        return (self.sets + self.seeds)[:, None] * self.scale(n)

    def of_runs(self, runs: Runs) -> Array:
        """Return the median variance of each run's models around the pool's mean, (runs,)."""
        of_run = self.sets[:, None] * runs.distinct_share + self.seeds[:, None]
        return np.asarray(np.median(of_run * self.scale(runs.size), axis=0))


def estimate_spread(
    runs: Runs,
    y: Array,
    noise: Array,
    n_resamples: int,
    seed: np.random.SeedSequence,
    *,
    degree: int | None = None,
    expected: tuple[float, int] | None = None,
    of_folds: Array | None = None,
    usual: bool = False,
) -> RunVariance:
    """Return what the runs' scatter says of training sets and seeds.

    Parameters
    ----------
    runs : Runs
        At least 3, or `expected` must be given.
    y : ndarray, shape (runs,)
        Logit F1 (or a difference of two).
    noise : ndarray, shape (runs,)
        The result of `evaluation_noise`, times `own_part`.
    n_resamples : int
        Number of resamples.
    seed : numpy.random.SeedSequence
        Random seed.
    degree : int, optional
        The degree of the polynomial in log n that stands for the curve; by default one mean a size
        where sizes have three runs and more, and a cubic otherwise.
    expected : (float, int), optional
        A variance between runs known from elsewhere, and the degrees of freedom it counts for.
    of_folds : ndarray, shape (runs, folds), optional
        The result of `suffice.stats._f1.scores.Scores`.
    usual : bool
        Whether `y` is the logit score of single models, whose variance is about known beforehand.

    Returns
    -------
    RunVariance

    Notes
    -----
    Restricted likelihood (Patterson & Thompson, Biometrika 1971;58:545), which is diagonal after
    one eigendecomposition, on a grid of shares with Jeffreys' prior for a share. The overall
    variance is integrated out. Draws whose seeds' part is below zero, given the evaluation noise,
    are left out.
    """
    rng = np.random.default_rng(seed)
    chosen = _chosen(runs, rng)
    few, y, v = runs.take(chosen), y[chosen], noise[chosen]
    shared = np.zeros((len(y), 0)) if of_folds is None else of_folds[chosen]
    if shared.shape[1] and degree is None:
        degree = 3  # with one mean a size folds would leave nothing to compare
    basis = trend(few.size, degree)
    taken = np.linalg.qr(np.column_stack([basis, shared[:, 1:]]))[0]
    residual, free = left_over(few.size, y, v, taken)
    known = (0.0, 0) if expected is None else expected
    bins = bins_of(few)
    prior = prior_of(few, y, bins.reference) if usual else Prior()
    levels = levels_of(bins, residual, v, free, few.parts, known, prior)
    expected_here = float(np.exp(prior.log_total)) / few.parts
    beta, worth = (load_usual().beta, load_usual().runs) if usual else (_JEFFREYS, 0)
    weight, share = np.full(len(LEVELS), 1 / len(LEVELS)), np.full(1, 0.5)
    for _ in range(2):  # the exponent and the share depend on each other
        exponent, total = levels.given(weight)
        scaled = (few.size / levels.reference) ** exponent
        middle = float(np.clip(share.mean(), 0.1, 0.9))
        d = (1 - middle) * total / few.parts * scaled + v
        fitted = _fit(few, y, basis, np.sqrt(scaled), d, known, shared)
        lambdas = (1 - middle) * total * _SHARES / (1 - _SHARES)
        sets, seeds = fitted.draw(
            lambdas,
            float(np.mean(d / scaled)),
            float(np.mean(v / scaled)),
            few.parts,
            n_resamples,
            rng,
            (expected_here * float(np.mean(scaled / d)), worth),
            beta,
        )
        share = sets / (sets + seeds)
        place = np.minimum((share * len(LEVELS)).astype(int), len(LEVELS) - 1)
        weight = np.bincount(place, minlength=len(LEVELS)) / n_resamples
    exponents = levels.draw(place, rng)
    low, middle, high = (float(q) for q in np.quantile(share, _MIDDLE_AND_ENDS))
    sets_known = bool(share.std() <= _UNKNOWN)
    caveats: list[str] = []
    if not sets_known:
        whole = sets + seeds
        least = float(np.quantile(share, _UPPER))
        sets, seeds = whole * np.maximum(share, least), whole * (1 - np.maximum(share, least))
        caveats.append(Caveat("sets and seeds", share=100 * least))
    small = few.size <= few.drawn_from / 2
    if small.sum() - len(np.unique(few.size[small])) < 4:
        caveats.append(Caveat("few small sets"))
    estimate, error = fitted.untruncated(lambdas)
    return RunVariance(
        sets=sets,
        seeds=seeds,
        exponent=exponents,
        reference=levels.reference,
        noise=noise,
        estimate=estimate,
        error=error,
        share=(middle, low, high),
        sets_known=sets_known,
        drawn=share,
        caveats=tuple(caveats),
    )


def _chosen(runs: Runs, rng: np.random.Generator) -> NDArray[np.int_]:
    """Return which runs are looked at: all, or so many that the work stays small."""
    count = len(runs.size)
    columns = count if runs.inclusion is None else runs.inclusion.shape[1]
    if min(count, columns) <= _MOST_RUNS:
        return np.arange(count)
    return np.sort(rng.permutation(count)[:_MOST_RUNS])


@dataclass(frozen=True)
class _VarianceFit:
    """The restricted likelihood, diagonal: eigenvalues of the kernel, and squares along them."""

    values: Array
    squares: Array
    rest: float
    df: int

    def __call__(self, lambdas: Array) -> tuple[Array, Array]:
        """Return the log-likelihood at ratios of sets' part to noise, and the scaled squares."""
        inflated = 1 + np.multiply.outer(lambdas, self.values)
        sums = np.maximum((self.squares / inflated).sum(axis=1) + self.rest, 1e-12)
        return -0.5 * np.log(inflated).sum(axis=1) - 0.5 * self.df * np.log(sums), sums

    def draw(
        self,
        lambdas: Array,
        noise: float,
        known: float,
        parts: int,
        n_resamples: int,
        rng: np.random.Generator,
        usual: tuple[float, int],
        beta: tuple[float, float],
    ) -> tuple[Array, Array]:
        """Draw the sets' and the seeds' part; the latter is what evaluation leaves of the noise.

        `usual` is a variance of runs, over the noise, and how many runs have it beside those seen;
        `beta` are the parameters of the prior for the sets' share.
        """
        height, sums = self(lambdas)
        tries = 8 * n_resamples
        height = height + (beta[0] - 1) * np.log(_SHARES) + (beta[1] - 1) * np.log(1 - _SHARES)
        which = rng.choice(
            len(lambdas), size=tries, p=np.exp(height - scipy.special.logsumexp(height))
        )
        variance, runs = usual
        more = runs * variance / (1 + lambdas[which] * float(self.values.sum()) / self.df)
        factor = (sums[which] + more) / rng.chisquare(self.df + runs, tries)
        seeds = (noise * factor - known) * parts
        good = np.flatnonzero(seeds >= 0)
        if len(good) >= n_resamples:
            picked = good[:n_resamples]
        elif len(good) >= 20:
            picked = rng.choice(good, size=n_resamples)
        else:  # the runs scatter less than the evaluation noise makes by itself
            picked = np.arange(n_resamples)
        sets = lambdas[which[picked]] * factor[picked]
        return sets, np.maximum(seeds[picked], _LEAST_SEEDS * sets)

    def untruncated(self, lambdas: Array) -> tuple[float, float]:
        """Return the sets' part where the likelihood peaks, also below zero, and its error."""
        if not len(self.values):
            return float("nan"), float("nan")
        below = np.linspace(-0.95 / float(self.values.max()), 0, 60, endpoint=False)
        grid = np.concatenate([below, lambdas[:-4]])
        height, sums = self(grid)
        best = int(np.clip(height.argmax(), 1, len(grid) - 2))
        three = slice(best - 1, best + 2)
        bend, tilt, _ = np.polyfit(grid[three] - grid[best], height[three], 2)
        bend = min(float(bend), -1e-12)
        step = float(np.clip(-0.5 * tilt / bend, *(grid[three][[0, 2]] - grid[best])))
        factor = sums[best] / self.df
        return float((grid[best] + step) * factor), float(factor / np.sqrt(-2 * bend))


def _fit(
    runs: Runs,
    y: Array,
    trend: Array,
    scale: Array,
    d: Array,
    expected: tuple[float, int],
    shared: Array,
) -> _VarianceFit:
    """Scale by the noise's SD, take the curve out, and find the kernel's axes."""
    root = 1 / np.sqrt(d)
    if shared.shape[1]:
        whiten = np.linalg.inv(np.linalg.cholesky(np.diag(d) + shared @ shared.T))
    else:
        whiten = np.diag(root)
    basis = np.linalg.qr(whiten @ trend)[0]
    features = whiten @ (runs.shared_documents() * scale[:, None])
    z = features - basis @ (basis.T @ features)
    target = whiten @ y
    target = target - basis @ (basis.T @ target)
    if z.shape[0] <= z.shape[1]:
        values, vectors = np.linalg.eigh(z @ z.T)
        along = vectors.T @ target
    else:
        values, vectors = np.linalg.eigh(z.T @ z)
        along = (vectors.T @ (z.T @ target)) / np.sqrt(np.maximum(values, 1e-12))
    good = values > 1e-8 * max(float(values.max()), 1e-12)
    squares = along[good] ** 2
    rest = max(float(target @ target) - float(squares.sum()), 0.0)
    rest += expected[0] * expected[1] * float(np.mean(root**2))
    return _VarianceFit(values[good], squares, rest, max(len(y) - basis.shape[1] + expected[1], 1))
