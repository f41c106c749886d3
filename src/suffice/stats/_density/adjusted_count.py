"""The adjusted count under weights: what `suffice.stats._density.quantify` resamples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suffice.stats._arrays import Array

LEAST_RESPONSE = 0.1
"""A label of which fewer entities than this share are found cannot be counted by its spans; nor can
all labels together."""

FEW_FOUND = 20
"""With fewer spans found the upper limit of their number is that of a Poisson count."""

LEAST_ENTITIES = 10
"""Nor can one of which fewer are annotated."""


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
class Totals:
    """Densities of each resample; column 0 is all labels together."""

    found: Array
    corrected: Array
    scaled: Array
    sample: Array
    response: Array
    false_rate: Array


@dataclass(frozen=True)
class DensityCounts:
    """Both samples as one row of counts a unit."""

    annotated: Array
    unlabelled: Array
    labels: int
    usable: NDArray[np.bool_]
    usable_together: bool

    @classmethod
    def of(cls, calibration: Calibration, production: Production, labels: int) -> DensityCounts:
        """Check both samples' counts and lay them out."""
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
        hits = found[:, :, :labels].sum()
        together = sums.sum() >= LEAST_ENTITIES and hits >= LEAST_RESPONSE * sums.sum()
        length = (_float(calibration.sentences), _float(calibration.tokens))
        other = (_float(production.sentences), _float(production.tokens))
        return cls(
            np.column_stack([found.reshape(units, -1), true, *length]),
            np.column_stack([tagged, *other]),
            labels,
            usable,
            bool(together),
        )

    def at(
        self,
        annotated: Array,
        unlabelled: Array,
        *,
        unseen: Array | None = None,
        alone: bool = False,
    ) -> Totals:
        """Return the densities under weights, shapes (resamples, units).

        `unseen`, shape (resamples, 1), is the weight of one more span of each label that is thought
        of as found where few are; with `alone` that span is all, and it is a true one.
        """
        n = self.labels
        a, p = annotated @ self.annotated, unlabelled @ self.unlabelled
        found = a[:, : n * (n + 1)].reshape(-1, n, n + 1)
        true, sentences, tokens = a[:, n * (n + 1) : -2], a[:, -2:-1], a[:, -1:]
        out_sentences, out_tokens = p[:, -2:-1], p[:, -1:]
        both_tagged, off = _and_all(p[:, :n]), 1.0
        if alone:
            both_tagged, off = np.zeros_like(both_tagged), 0.0
        if unseen is not None:
            few = _and_all(self.unlabelled[:, :n].sum(axis=0, keepdims=True)) < FEW_FOUND
            both_tagged = both_tagged + unseen * (few | alone)
        all_tagged, tagged = both_tagged[:, :1], both_tagged[:, 1:]
        with np.errstate(divide="ignore", invalid="ignore"):
            response, false_rate, corrected = _each(
                found, true, tokens, tagged, off * out_tokens, self.usable
            )
            hits = found[:, :, :n].sum(axis=(1, 2), keepdims=True)[:, 0]
            false = found[:, :, n].sum(axis=1, keepdims=True)
            everything = true.sum(axis=1, keepdims=True)
            blind = (all_tagged - off * false / tokens * out_tokens) / (hits / everything)
            both_found = _and_all(found.sum(axis=2))
            both_true = _and_all(true)
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
