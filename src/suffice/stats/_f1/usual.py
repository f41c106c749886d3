"""What models of one size usually differ by, before any is seen: learnt from many corpora.

Few runs leave the variance between models open by powers of ten, and how it divides between
training sets and seeds altogether. Other corpora have it, too: over some thirty of them, with the
probe, the variance T of logit F1 between models that are trained on random sets of n sentences is

``log T ~ N(intercept + by_length·log(n/100) + by_level·logit F1, sd²)``

and the share of it that is the training sets' has a beta distribution. The numbers are in
``usual.json``; ``bench/usual.py`` makes them from the models of ``bench/components.py``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from suffice.stats._arrays import Array

_FILE = "usual.json"
_AT = 100.0
"""Sentences at which the intercept holds."""

_MOST = 0.4
"""Near F1 0 the line in logit F1 has no end; no corpus has more than this."""

_MOST_EXPONENT_SD = 0.6

_CAUTION = 0.3
"""Scatter is taken to fall a little more slowly with size than was learnt: where it does, intervals
would be too narrow at the largest sizes, and these are asked about."""


@dataclass(frozen=True)
class Usual:
    """The prior for the variance between models of one size, on the logit scale.

    Parameters
    ----------
    intercept, by_length, by_level : float
        The expected log variance: at 100 sentences and F1
        .5, by the logarithm of the number of sentences, and by logit F1.
    sd : float
        Between corpora, of the log variance.
    share, share_weight : float
        Mean of the training sets' share, in (0, 1), and the sum of the beta's two parameters.
    corpora, models : int
        That it was learnt from.
    """

    intercept: float
    by_length: float
    by_level: float
    sd: float
    share: float
    share_weight: float
    corpora: int
    models: int

    def log_variance(self, sentences: float, level: float) -> float:
        """Return the expected log variance of logit F1 between models.

        Parameters
        ----------
        sentences : float
            Number of sentences in the training set.
        level : float
            Mean logit F1.
        """
        expected = self.intercept + self.by_length * np.log(max(sentences, 1.0) / _AT)
        return float(min(expected + self.by_level * level, np.log(_MOST)))

    def exponent(self, sizes: Array, level: Array) -> tuple[float, float]:
        """Return mean and SD of the exponent by which the variance changes with size.

        Parameters
        ----------
        sizes : ndarray, shape (sizes,)
            Two or more.
        level : ndarray, shape (sizes,)
            Mean logit F1 at each.
        """
        x = np.log(sizes)
        rise = float(np.polyfit(x, level, 1)[0]) if np.ptp(x) > 0 else 0.0
        mean = self.by_length + self.by_level * max(rise, 0.0) + _CAUTION
        return mean, min(np.sqrt(2) * self.sd / max(float(np.ptp(x)), 0.1), _MOST_EXPONENT_SD)

    @property
    def runs(self) -> int:
        """Return how many runs' worth the expected variance is: as many as scatter as much."""
        return max(1, round(2 / self.sd**2))

    @property
    def beta(self) -> tuple[float, float]:
        """Return the two parameters of the share's beta distribution."""
        return self.share * self.share_weight, (1 - self.share) * self.share_weight


@cache
def load_usual() -> Usual:
    """Return the prior that is shipped."""
    kept = json.loads((files("suffice.stats._f1") / _FILE).read_text(encoding="utf-8"))
    kept.pop("what")
    return Usual(**kept)
