"""Re-estimate a threshold with the largest samples left out, to see whether it stays.

On a smooth power law the threshold follows the largest sample studied. Then it says how far the
study went, not how many sentences suffice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from suffice.results import Result
from suffice.stats._regression.overlap import Overlap, known_overlap
from suffice.stats._resampling import Seed, seed_sequence
from suffice.stats._threshold.fit import Threshold, threshold
from suffice.stats._threshold.power import SmoothFamily
from suffice.stats._threshold.profile import checked, make_design
from suffice.stats._threshold.shapes import Shapes, shapes
from suffice.wording.caveats import Caveat, code_of
from suffice.wording.numbers import format_number

ARTEFACT, STABLE, UNDECIDED = "artefact of range", "stable", "undecided"

# On simulated smooth curves of moderate signal a P of .05 was undershot in up to 9 % of data sets.
_ALPHA = 0.04
_FOLLOWS = 1 / 3  # slope of log threshold on log largest x from which a threshold follows the range
_REACH = 1.25  # a range tells about a threshold only if it goes this much beyond it


@dataclass(frozen=True, eq=False)
class RangeSensitivity(Result):
    """How a threshold depends on the largest x studied.

    Attributes
    ----------
    form, predictor : str
    shares : (k,) array
        Shares of the largest x that were kept, ascending.
    largest : (k,) array
        Largest x kept.
    rows : (k,) int array
        Rows kept.
    thresholds : (k,) array
        Threshold re-estimated on them; NaN where it could not be.
    lower, upper : (k,) array
        Percentile bootstrap intervals.
    drift : float
        Slope of log threshold on log largest x: 0 if it stays, 1 if it grows in step with the
        range; NaN if fewer than three ranges could be fitted.
    shapes : Shapes
        The kink compared with a straight line and a power law, on all rows.
    verdict : str
        ``artefact of range``, ``stable`` or ``undecided``.
    sentence : str
        The verdict in plain words.
    caveats : tuple of str
    """

    form: str
    predictor: str
    shares: np.ndarray[Any, np.dtype[np.float64]]
    largest: np.ndarray[Any, np.dtype[np.float64]]
    rows: np.ndarray[Any, np.dtype[np.int64]]
    thresholds: np.ndarray[Any, np.dtype[np.float64]]
    lower: np.ndarray[Any, np.dtype[np.float64]]
    upper: np.ndarray[Any, np.dtype[np.float64]]
    drift: float
    shapes: Shapes
    verdict: str
    sentence: str
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"Range sensitivity of the threshold of {self.predictor}: {self.verdict}"

    def _summary(self) -> tuple[str, ...]:
        return (self.sentence,)

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        columns = (self.shares, self.largest, self.rows, self.thresholds, self.lower, self.upper)
        rows = list(zip(*(c.tolist() for c in columns), strict=True))
        return ("share", f"largest {self.predictor}", "rows", "threshold", "from", "to"), rows


def range_sensitivity(
    y: ArrayLike,
    x: ArrayLike,
    *,
    form: str = "upperhinge",
    shares: Sequence[float] = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
    covariates: Mapping[str, ArrayLike] | None = None,
    quantiles: tuple[float, float] = (0.05, 0.95),
    n_resamples: int = 200,
    n_simulations: int = 499,
    level: float = 0.95,
    groups: ArrayLike | None = None,
    overlap: Overlap = None,
    whole: Threshold | None = None,
    predictor: str = "x",
    seed: Seed = 0,
) -> RangeSensitivity:
    """Re-estimate a threshold with the largest samples left out, and judge it.

    The verdict is ``stable`` if the kink fits better than any smooth power law (wild bootstrap
    P at most .04), is not at the edge of the candidates, and the thresholds of all shorter ranges
    that reach beyond it agree with it (intervals overlap). It is ``artefact of range`` if a smooth
    curve fits no worse by AIC and the threshold grows with the largest x (`drift` of a third or
    more). Anything else is ``undecided``.

    Parameters
    ----------
    y, x : (n,) array_like
        See `suffice.stats.threshold`; every x above 0.
    form : {"upperhinge", "segmented", "hinge", "step"}
    shares : sequence of float
        In (0, 1]; 1 is added if missing. Rows with ``x <= share * max(x)`` are kept.
    covariates : mapping of str to (n,) array_like, optional
    quantiles : pair of float
    n_resamples : int
        Resamples for each range's interval, at least 50.
    n_simulations : int
        Wild bootstrap draws for the comparison with smooth curves, at least 99.
    level : float
    groups, overlap
        As for `suffice.stats.threshold`, for every range alike.
    whole : Threshold, optional
        The threshold of all rows, of this form and with these covariates, where it is estimated
        already: so that one report holds one interval of it. Estimated here unless given.
    predictor : str
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    RangeSensitivity

    Raises
    ------
    ValueError
        As `suffice.stats.threshold`; also for x not above 0, shares outside (0, 1],
        too few draws, or a threshold of other rows or another form.

    Notes
    -----
    Simulated rates of each verdict are measured by ``bench/threshold.py --rates``. What the kink
    must show is set by information, not by the rule: a hinge at mid-range whose slope changes by 5
    residual SD over the range differs from the best power law by a likelihood ratio of about 3 at
    60 rows and of 12 at 250. Even a test that knew both curves would find it in .44 of data sets at
    60 rows, .80 at 150 and .95 at 250; this rule does in about .66 at 150 and .80 at 250 (error
    .03 to .04).
    """
    if n_resamples < 50 or n_simulations < 99:
        raise ValueError("range sensitivity needs n_resamples >= 50 and n_simulations >= 99")
    kept = np.unique(np.append(np.asarray(shares, dtype=np.float64), 1.0))
    if not (kept[0] > 0 and kept[-1] <= 1):
        raise ValueError(f"shares must lie in (0, 1], not {list(shares)}")
    ys, xs, zs, names = checked(y, x, covariates, form, quantiles)
    if xs.min() <= 0:
        raise ValueError("range sensitivity needs every x above 0 (a size or a ratio)")
    if whole is not None and (whole.form, whole.n) != (form, len(ys)):
        raise ValueError(f"the threshold given is one of {whole.n} rows, form {whole.form}")
    columns = dict(zip(names, zs.T, strict=True))
    similarity = known_overlap(overlap)
    alike = None if similarity is None else np.asarray(similarity, dtype=np.float64)
    members = None if groups is None else np.asarray(groups)
    largest = kept * xs.max()
    fits: list[Threshold | None] = []
    rows = []
    for share, top in zip(kept, largest, strict=True):
        inside = xs <= top
        rows.append(int(inside.sum()))
        if share == 1.0 and whole is not None:
            fits.append(whole)
            continue
        try:
            fits.append(
                threshold(
                    ys[inside],
                    xs[inside],
                    form=form,
                    covariates={k: v[inside] for k, v in columns.items()},
                    quantiles=quantiles,
                    n_resamples=n_resamples,
                    level=level,
                    groups=None if members is None else members[inside],
                    overlap=overlap if alike is None else alike[np.ix_(inside, inside)],
                    predictor=predictor,
                    seed=seed,
                )
            )
        except ValueError:
            if share == 1.0:
                raise
            fits.append(None)
    points = np.array([fit.estimate if fit else np.nan for fit in fits])
    lower = np.array([fit.interval[0] if fit else np.nan for fit in fits])
    upper = np.array([fit.interval[1] if fit else np.nan for fit in fits])
    good = np.isfinite(points)
    drift = float("nan")
    if good.sum() >= 3:
        drift = float(np.polyfit(np.log(largest[good]), np.log(points[good]), 1)[0])

    design = make_design(ys, xs, zs, form, quantiles)
    family = SmoothFamily(xs[design.order], design.z)
    compared = shapes(design, family, n_simulations, seed_sequence(seed, 1), positive=True)
    whole = fits[-1]
    assert whole is not None  # the last range holds all rows, and raises if it cannot be fitted
    inner = whole.candidates[np.isfinite(whole.profile)]
    at_edge = whole.estimate in (inner[0], inner[-1])
    beyond = good & (largest >= _REACH * whole.estimate)
    agree = bool(((lower[beyond] <= upper[-1]) & (upper[beyond] >= lower[-1])).all())
    verdict = _verdict(compared, drift, at_edge, agree)
    caveats = [caveat for caveat in whole.caveats if code_of(caveat) != "threshold on a curve"]
    lost = int((~good).sum())
    if lost:
        caveats.append(Caveat("ranges not fitted", lost=lost, ranges=len(kept)))
    if verdict == STABLE:
        caveats.append(Caveat("stable threshold"))
    return RangeSensitivity(
        form=form,
        predictor=predictor,
        shares=kept,
        largest=largest,
        rows=np.array(rows),
        thresholds=points,
        lower=lower,
        upper=upper,
        drift=drift,
        shapes=compared,
        verdict=verdict,
        sentence=_sentence(verdict, whole, largest, points, predictor, compared.advantage),
        caveats=tuple(caveats),
    )


def _verdict(compared: Shapes, drift: float, at_edge: bool, agree: bool) -> str:
    if compared.p_smooth <= _ALPHA and compared.advantage > 0:
        return STABLE if agree and not at_edge else UNDECIDED
    if compared.advantage <= 0 and drift >= _FOLLOWS:
        return ARTEFACT
    return UNDECIDED


def _sentence(
    verdict: str,
    whole: Threshold,
    largest: np.ndarray,
    points: np.ndarray,
    name: str,
    advantage: float,
) -> str:
    end = format_number(whole.estimate)
    if verdict == STABLE:
        return (
            f"The threshold of {name} at {end} stays in place when the largest samples are left "
            "out, and a kink fits better than a smooth curve."
        )
    first = int(np.flatnonzero(np.isfinite(points))[0])
    if verdict == ARTEFACT:
        return (
            f"The threshold moves with the largest {name} studied ({format_number(points[first])} "
            f"when that is {format_number(largest[first])}, {end} when it is "
            f"{format_number(largest[-1])}) and a smooth curve fits as well: it is an artefact of "
            "the range, not a number of sentences that suffices."
        )
    if advantage < -4:
        return (
            f"A smooth curve fits better than a threshold of {name} at {end}, though the threshold "
            "does not clearly follow the range studied: do not take it for a number that suffices."
        )
    return (
        f"These data cannot tell a threshold of {name} at {end} from a smooth curve that keeps "
        "rising."
    )
