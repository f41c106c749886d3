"""How many entities unlabelled text holds, from a tagger's output corrected for its error.

Counting what a tagger finds is wrong by what it misses and by what it finds where nothing is, and
the two do not cancel where the density differs from that of the annotated text: missed entities
scale with entities, false ones with text. So the expected output on a text is modelled as

    found = response · true + false rate · tokens,

with the response (spans found on an entity, for each entity) and the false rate (spans found on
none, for each token) measured on annotated documents that the tagger has not seen, and is solved
for `true`: the adjusted count of Forman (Quantifying counts and costs via classification, Data
Mining and Knowledge Discovery 17, 2008, section 3.2), for counts in place of classes. With several
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
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from suffice.stats.result import Result

Array = NDArray[np.float64]

LEAST_RESPONSE = 0.1
"""A label of which fewer entities than this share are found cannot be counted by its spans."""

LEAST_ENTITIES = 10
"""Nor can one of which fewer are annotated."""

LOW_RESPONSE = 0.5
FEW_UNITS = 30
_APART = 0.1


@dataclass(frozen=True)
class Calibration:
    """What a tagger found in annotated text that it had not seen.

    Parameters
    ----------
    found : ndarray, shape (units, labels, labels + 1)
        Spans found with the label of the row that lie on an entity of the label of the column; the
        last column counts those on none. A unit is a document or a group.
    true : ndarray, shape (units, labels)
        Annotated entities.
    tokens, sentences : ndarray, shape (units,)
        The units' length.
    """

    found: Array
    true: Array
    tokens: Array
    sentences: Array


@dataclass(frozen=True)
class Production:
    """What the tagger found in text without annotations.

    Parameters
    ----------
    found : ndarray, shape (units, labels)
        Spans found, of each label; fractions where several taggers are averaged.
    tokens, sentences : ndarray, shape (units,)
        The units' length.
    """

    found: Array
    tokens: Array
    sentences: Array


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
        The adjusted count and its interval, not below zero; NaN where it cannot be told.
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
    caveats: tuple[str, ...] = ()


def quantify(
    calibration: Calibration,
    production: Production,
    labels: tuple[str, ...],
    *,
    level: float = 0.95,
    replicates: int = 2000,
    seed: int = 0,
) -> tuple[Quantity, ...]:
    """Return the density of production text, in all and for each label.

    Parameters
    ----------
    calibration : Calibration
        Of two units at least.
    production : Production
        Of two units at least.
    labels : tuple of str
        The labels' names, in the arrays' order.
    level : float
        Coverage of the intervals, between 0 and 1.
    replicates : int
        Resamples for the intervals.
    seed : int
        Of the resamples.

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
    """
    data = _Data.of(calibration, production, len(labels))
    units = min(len(data.annotated), len(data.unlabelled))
    if units < 2:
        raise ValueError("two annotated and two unlabelled documents or groups are the least")
    one, two = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(2))
    whole = data.at(np.ones((1, len(data.annotated))), np.ones((1, len(data.unlabelled))))
    draws = data.at(
        one.standard_exponential((replicates, len(data.annotated))),
        two.standard_exponential((replicates, len(data.unlabelled))),
    )
    wider = (
        np.sqrt((units + 1) / (units - 1)) * stats.t.ppf(0.5 + level / 2, units - 1)
        / stats.norm.ppf(0.5 + level / 2)
    )  # fmt: skip
    every = ("", *labels)
    return tuple(
        _quantity(label, k, whole, draws, data, wider, level) for k, label in enumerate(every)
    )


@dataclass(frozen=True)
class Totals:
    """Densities of each resample; column 0 is all labels together."""

    found: Array
    corrected: Array
    scaled: Array
    sample: Array
    response: Array
    false_rate: Array


@dataclass(frozen=True)
class _Data:
    """Both samples as one row of counts a unit."""

    annotated: Array
    unlabelled: Array
    labels: int
    usable: NDArray[np.bool_]

    @classmethod
    def of(cls, calibration: Calibration, production: Production, labels: int) -> _Data:
        found, true = _float(calibration.found), _float(calibration.true)
        units = len(found)
        if found.shape != (units, labels, labels + 1) or true.shape != (units, labels):
            raise ValueError(f"for {labels} labels: found {found.shape}, true {true.shape}")
        tagged = _float(production.found)
        if tagged.shape != (len(tagged), labels):
            raise ValueError(f"for {labels} labels: production {tagged.shape}")
        sums = true.sum(axis=0)
        own = np.einsum("ukk->k", found[:, :, :labels])
        usable = (sums >= LEAST_ENTITIES) & (own >= LEAST_RESPONSE * sums)
        length = (_float(calibration.sentences), _float(calibration.tokens))
        other = (_float(production.sentences), _float(production.tokens))
        return cls(
            np.column_stack([found.reshape(units, -1), true, *length]),
            np.column_stack([tagged, *other]),
            labels,
            usable,
        )

    def at(self, annotated: Array, unlabelled: Array) -> Totals:
        """Return the densities under weights, shapes (resamples, units)."""
        n = self.labels
        a, p = annotated @ self.annotated, unlabelled @ self.unlabelled
        found = a[:, : n * (n + 1)].reshape(-1, n, n + 1)
        true, sentences, tokens = a[:, n * (n + 1) : -2], a[:, -2:-1], a[:, -1:]
        tagged, out_sentences, out_tokens = p[:, :n], p[:, -2:-1], p[:, -1:]
        with np.errstate(divide="ignore", invalid="ignore"):
            response, false_rate, corrected = _each(
                found, true, tokens, tagged, out_tokens, self.usable
            )
            hits = found[:, :, :n].sum(axis=(1, 2), keepdims=True)[:, 0]
            false = found[:, :, n].sum(axis=1, keepdims=True)
            everything = true.sum(axis=1, keepdims=True)
            blind = (tagged.sum(axis=1, keepdims=True) - false / tokens * out_tokens) / (
                hits / everything
            )
            both_found = _and_all(found.sum(axis=2))
            both_tagged, both_true = _and_all(tagged), _and_all(true)
            return Totals(
                found=both_tagged / out_sentences,
                corrected=np.hstack([blind, corrected]) / out_sentences,
                scaled=both_true / both_found * both_tagged / out_sentences,
                sample=both_true / sentences,
                response=np.hstack([hits / everything, response]),
                false_rate=1000 * np.hstack([false / tokens, false_rate]),
            )


def _each(
    found: Array,
    true: Array,
    tokens: Array,
    tagged: Array,
    out_tokens: Array,
    usable: NDArray[np.bool_],
) -> tuple[Array, Array, Array]:
    """Return response, false rate and the adjusted count of each label; NaN where not usable."""
    n = true.shape[1]
    own = np.einsum("rkk->rk", found[:, :, :n])
    response = own / true
    false_rate = (found.sum(axis=2) - own) / tokens
    corrected = np.full(true.shape, np.nan)
    kept = np.flatnonzero(usable)
    if len(kept):
        # Entities of labels that cannot be counted are part of the text that spans are false on.
        matrix = found[:, kept][:, :, kept] / true[:, None, kept]
        outside = found[:, kept].sum(axis=2) - found[:, kept][:, :, kept].sum(axis=2)
        rest = tagged[:, kept] - outside / tokens * out_tokens
        corrected[:, kept] = np.linalg.solve(matrix, rest[..., None])[..., 0]
    return response, false_rate, corrected


def _and_all(counts: Array) -> Array:
    return np.hstack([counts.sum(axis=1, keepdims=True), counts])


def _float(values: ArrayLike) -> Array:
    return np.asarray(values, dtype=float)


def _quantity(
    label: str, k: int, whole: Totals, draws: Totals, data: _Data, wider: float, level: float
) -> Quantity:
    def first(values: Array) -> float:
        return float(values[0, k])

    corrected = max(0.0, first(whole.corrected)) if np.isfinite(first(whole.corrected)) else np.nan
    low, high = _interval(whole.corrected[0, k], draws.corrected[:, k], wider, level)
    # The production's over the sample's: its denominator is never near zero. Turned over below.
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = first(whole.corrected) / first(whole.sample)
        others = draws.corrected[:, k] / draws.sample[:, k]
    bounds = _interval(relative, others, wider, level)
    inner = _interval(relative, others, wider, 0.9)
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
        caveats=_caveats(label, k, whole, data, corrected),
    )


def _interval(centre: float, draws: Array, wider: float, level: float) -> tuple[float, float]:
    """Return the interval of a density, or of a ratio of densities; not below zero."""
    if not (np.isfinite(centre) and np.isfinite(draws).all()):
        return np.nan, np.nan
    ends = np.quantile(draws - centre, [0.5 - level / 2, 0.5 + level / 2])
    low, high = np.maximum(0.0, centre + wider * ends)
    return float(low), float(high)


def _over(value: float) -> float:
    return np.inf if value <= 0 else 1 / value


def _caveats(label: str, k: int, whole: Totals, data: _Data, corrected: float) -> tuple[str, ...]:
    said = []
    response, scaled = float(whole.response[0, k]), float(whole.scaled[0, k])
    if np.isnan(corrected):
        why = "too few of it are annotated, or the tagger finds too few of them"
        return (f"the density of {label or 'entities'} cannot be told: {why}",)
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
