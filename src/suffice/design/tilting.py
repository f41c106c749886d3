"""Training sets that are denser, sparser, or of longer documents than the pool, yet random.

To take the densest documents of a pool would give one set and no chance. Here every document can be
in every set, with a weight that grows exponentially with its density (exponential tilting, the
smallest change of a distribution that moves its mean: Csiszar 1975). Documents are taken one by one
without replacement, each in proportion to the weights of those left, until a set has as many
sentences as are wanted.

Dense documents are often short ones. A set that is tilted by density alone would thus be made of
other lengths too, and the one effect could not be told from the other. So density is tilted by what
of it document length does not explain, and length by what of it density does not explain.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_EXTREME = 2.5
"""Scores are cut here, in SD: one strange document is not in every set."""


def scores(sentences: Array, entities: Array) -> tuple[Array, Array]:
    """Return what documents are tilted by: density apart from length, and length apart from it.

    Parameters
    ----------
    sentences, entities : ndarray, shape (units,)
        Numbers of sentences and entities of each document or group; sentences above 0.

    Returns
    -------
    density, length : ndarray, shape (units,)
        Mean 0 and SD 1 before they are cut at 2.5 SD; zeros where there is nothing to tilt by.
        Density is entities per sentence, length the logarithm of sentences.
    """
    density, length = entities / sentences, np.log(sentences)
    return _beyond(density, length), _beyond(length, density)


def _beyond(values: Array, other: Array) -> Array:
    """Return standardised residuals of values on the other."""
    x = other - other.mean()
    rest = values - values.mean()
    if x @ x > 1e-9 * len(x):
        rest = rest - x * (x @ rest) / (x @ x)
    spread = float(rest.std())
    if spread < 1e-9:
        return np.zeros(len(values))
    return np.clip(rest / spread, -_EXTREME, _EXTREME)


def tilted(
    sentences: Array, tilt: Array, target: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw units until they have as many sentences as are wanted, as near as units allow.

    Parameters
    ----------
    sentences : ndarray, shape (units,)
        Number of sentences of each unit, above 0.
    tilt : ndarray, shape (units,)
        Logarithms of the weights.
    target : float
        Sentences wanted.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int
        Units in the order in which they were drawn; at least one.

    Notes
    -----
    To sort by the weights' logarithms plus Gumbel noise is to draw without replacement in
    proportion to them (Efraimidis & Spirakis 2006).
    """
    order = np.argsort(-(tilt + rng.gumbel(size=len(tilt))), kind="stable")
    reached = np.cumsum(sentences[order])
    last = int(np.argmin(np.abs(reached - target)))
    return np.asarray(order[: last + 1])
