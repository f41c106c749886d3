"""How many entities unlabelled text holds, from a tagger's output corrected for its error.

Counting what a tagger finds is wrong by what it misses and by what it finds where nothing is, and
the two do not cancel where the density differs from that of the annotated text: missed entities
scale with entities, false ones with text. So the expected output on a text is modelled as

    found = response · true + false rate · tokens,

with the response (spans found on an entity, for each entity) and the false rate (spans found on
none, for each token) measured on annotated documents that the tagger has not seen, and is solved
for `true`: the adjusted count of Forman (Quantifying counts and costs via classification, Data
Mining and Knowledge Discovery 17, 2008, section 3.2), for counts instead of classes. With several
labels the response is a matrix, since a span of one label may be found as another (Saerens, Latinne
& Decaestecker, Neural Computation 14, 2002, have the same for classes).

The assumption is that of label shift: the density may differ, the response and the false rate may
not. Scaling what is found by true / found of the annotated text ("scaled" below, which equals
found × precision / recall) assumes in its place that false spans scale with entities, and is biased
towards the density of the annotated text; regressing true on found counts assumes that documents
with equal output are alike (covariate shift), with the same bias. Both are right at equal density.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.results import Result
from suffice.stats._arrays import Array
from suffice.stats._density.adjusted_count import (
    LEAST_ENTITIES,
    LEAST_RESPONSE,
    Calibration,
    DensityCounts,
    Production,
    Totals,
)
from suffice.stats._resampling import Seed, bayesian_weights, seed_sequence, width

LOW_RESPONSE = 0.5
FEW_UNITS = 30
_APART = 0.1


@dataclass(frozen=True)
class Quantity(Result):
    """The density of one label, or of all together, in entities per sentence.

    Parameters
    ----------
    label : str
        Its name; ``""`` for all together.
    found : float
        Spans found for each sentence of the production text, as they are: the naive answer.
    corrected, low, high : float
        The adjusted count and its interval, not below zero; NaN where it cannot be estimated.
    scaled : float
        What is found times true / found of the annotated text: the answer if false spans scaled
        with entities and not with text.
    sample : float
        The density of the annotated text.
    response : float
        Spans found on an entity, for each entity of the annotated text.
    false_rate : float
        Spans found on none (or on another label), for 1,000 tokens of it.
    ratio, ratio_low, ratio_high : float
        The sample's density over the production's, with the interval at `level`.
    ratio_90 : (float, float)
        The same with 90 %: two one-sided tests at 5 %.
    level : float
        Coverage of the intervals.
    unknown : str
        Why the density cannot be estimated; "" where it can.
    caveats : tuple of str
        What to keep in mind.
    """

    label: str
    found: float
    corrected: float
    low: float
    high: float
    scaled: float
    sample: float
    response: float
    false_rate: float
    ratio: float
    ratio_low: float
    ratio_high: float
    ratio_90: tuple[float, float]
    level: float
    unknown: str = ""
    caveats: tuple[str, ...] = ()


def quantify(
    calibration: Calibration,
    production: Production,
    labels: tuple[str, ...],
    *,
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: Seed = 0,
) -> tuple[Quantity, ...]:
    """Return the density of production text, in all and for each label.

    Parameters
    ----------
    calibration : Calibration
        At least two units.
    production : Production
        At least two units.
    labels : tuple of str
        The labels' names, in the arrays' order.
    level : float
        Coverage of the intervals, between 0 and 1.
    n_resamples : int
        Resamples for the intervals.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    tuple of Quantity
        First that of all labels together, counted without regard to labels; then one a label.

    Raises
    ------
    ValueError
        The arrays' shapes do not go together, or there are too few units.

    Notes
    -----
    Intervals come from the Bayesian bootstrap (Rubin 1981) of both samples' units, the annotated
    ones with all that was measured on them at once, widened for Student's t as the smaller sample
    wants it. They speak of the sources that both samples were drawn from.

    No resample of texts in which nothing was found has anything, and the interval would be a point.
    So where few spans are found one more is thought of for the upper end: with it the upper limit
    of a count of k is that of the exact Poisson interval, a Gamma(k + 1) (Garwood, Biometrika
    1936). Nor is the upper end ever below what that one span would make if it were true, even
    where fewer are found than false ones alone would be: that disproves the false rate, and does
    not prove that there is nothing.
    """
    data = DensityCounts.of(calibration, production, len(labels))
    units = min(len(data.annotated), len(data.unlabelled))
    if units < 2:
        raise ValueError("two annotated and two unlabelled documents or groups are the least")
    one, two = (np.random.default_rng(s) for s in seed_sequence(seed).spawn(2))
    whole = data.at(np.ones((1, len(data.annotated))), np.ones((1, len(data.unlabelled))))
    annotated = bayesian_weights(len(data.annotated), n_resamples, one)
    unlabelled = bayesian_weights(len(data.unlabelled), n_resamples, two)
    unseen = bayesian_weights(1, n_resamples, two)
    draws = data.at(annotated, unlabelled)
    upper = data.at(annotated, unlabelled, unseen=unseen)
    alone = data.at(annotated, unlabelled, unseen=unseen, alone=True)
    most = _Upper(draws=upper.corrected, alone=alone.corrected)
    wider = float(width(units, units - 1, level))
    every = ("", *labels)
    return tuple(
        _quantity(label, k, whole, draws, most, data, wider, level) for k, label in enumerate(every)
    )


@dataclass(frozen=True)
class _Upper:
    """Adjusted counts with one more span found, and of that span alone."""

    draws: Array
    alone: Array


def _quantity(
    label: str,
    k: int,
    whole: Totals,
    draws: Totals,
    upper: _Upper,
    data: DensityCounts,
    wider: float,
    level: float,
) -> Quantity:
    def first(values: Array) -> float:
        return float(values[0, k])

    centre = first(whole.corrected)
    below = draws.corrected[:, k]
    above, least = upper.draws[:, k], upper.alone[:, k]
    bound = _interval(centre, below, above, least, wider, level)[1]
    if k == 0 and not data.usable_together:
        centre = np.nan
    corrected = max(0.0, centre) if np.isfinite(centre) else np.nan
    low, high = _interval(centre, below, above, least, wider, level)
    # The production's over the sample's: its denominator is never near zero. Turned over below.
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = centre / first(whole.sample)
        sample = draws.sample[:, k]
        ratios = below / sample, above / sample, least / sample
    bounds = _interval(relative, *ratios, wider, level)
    inner = _interval(relative, *ratios, wider, 0.9)
    return Quantity(
        label=label,
        found=first(whole.found),
        corrected=corrected,
        low=low,
        high=high,
        scaled=first(whole.scaled),
        sample=first(whole.sample),
        response=first(whole.response),
        false_rate=first(whole.false_rate),
        ratio=_over(relative),
        ratio_low=_over(bounds[1]),
        ratio_high=_over(bounds[0]),
        ratio_90=(_over(inner[1]), _over(inner[0])),
        level=level,
        unknown=_why_unknown(k, whole) if np.isnan(corrected) else "",
        caveats=_caveats(label, k, whole, data, corrected, bound),
    )


def _interval(
    centre: float, below: Array, above: Array, least: Array, wider: float, level: float
) -> tuple[float, float]:
    """Return the interval of a density, or of a ratio of densities; not below zero.

    The lower end comes from one set of draws, the upper one from another; it is not below what the
    third has.
    """
    if not (np.isfinite(centre) and all(np.isfinite(d).all() for d in (below, above, least))):
        return np.nan, np.nan
    low = float(np.quantile(below, 0.5 - level / 2)) - centre
    high = float(np.quantile(above, 0.5 + level / 2)) - centre
    floor = float(np.quantile(least, 0.5 + level / 2))
    return max(0.0, centre + wider * low), max(floor, centre + wider * high)


def _over(value: float) -> float:
    return np.inf if value <= 0 else 1 / value


def _why_unknown(k: int, whole: Totals) -> str:
    """Say why a density cannot be estimated: because of the tagger, or of the annotated text."""
    response = float(whole.response[0, k])
    if response >= LEAST_RESPONSE or not np.isfinite(response):
        return f"fewer than {LEAST_ENTITIES} entities are annotated"
    finds = f"only {response:.0%}" if response >= 0.005 else "next to none"
    return (
        f"the tagger finds {finds} of the annotated entities in text that it has not seen, and "
        f"{LEAST_RESPONSE:.0%} is the least to count by"
    )


def _what_is_left(bound: float, sample: float) -> list[str]:
    """Say what is known if the density of all entities cannot be estimated, and what helps."""
    said = []
    if np.isfinite(bound):
        said.append(
            "if the tagger finds the same share in production text, that holds at most "
            f"{bound:.2g} entities per sentence; the sample has {sample:.2g}"
        )
    said.append(
        "what helps: a tagger that finds more (--learner probe rather than lookup), more annotated "
        "text, or annotating some production documents drawn at random, which tells their density "
        "directly"
    )
    return said


def _caveats(
    label: str, k: int, whole: Totals, data: DensityCounts, corrected: float, bound: float
) -> tuple[str, ...]:
    if np.isnan(corrected):
        said = [
            f"the density of {label or 'entities'} cannot be estimated: {_why_unknown(k, whole)}"
        ]
        return (*said, *(_what_is_left(bound, float(whole.sample[0, 0])) if k == 0 else ()))
    said = []
    response, scaled = float(whole.response[0, k]), float(whole.scaled[0, k])
    if response < LOW_RESPONSE:
        said.append(
            f"the tagger finds only {response:.0%} of the entities: the correction is larger than "
            "what is found, and rests on that share being the same in production"
        )
    if abs(scaled - corrected) > _APART * max(corrected, 1e-9):
        said.append(
            f"{scaled:.3g} instead of {corrected:.3g} if the tagger's false spans scaled with "
            "entities and not with text"
        )
    units = min(len(data.annotated), len(data.unlabelled))
    if k == 0 and units < FEW_UNITS:
        said.append(f"only {units} documents or groups on one side: the interval is rough")
    return tuple(said)
