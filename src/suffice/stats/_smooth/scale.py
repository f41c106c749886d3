"""Bands that know that the scale of a smooth, x or log x, was chosen by its AIC."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy

from suffice.stats._arrays import Array
from suffice.stats._resampling import seed_sequence
from suffice.stats._smooth.result import Smooth

_LEAST_SHARE = 1e-6


def either_scale(first: Smooth, second: Smooth) -> Smooth:
    """Return the fit with less AIC, its bands widened by what the other one would say.

    Parameters
    ----------
    first, second : Smooth
        The smooth curves of the same rows, one on each scale.

    Returns
    -------
    Smooth
        The variance of curve and slope at each place is the fit's own plus the squared distance of
        the other fit times that one's Akaike weight; so many of the slope's draws are the other's
        mean.

    Notes
    -----
    After Buckland ST, Burnham KP, Augustin NH. Model selection: an integral part of inference.
    Biometrics 1997;53:603-618, about the fit that was chosen instead of the average.
    """
    best, other = sorted((first, second), key=lambda fit: fit.aic)
    share = float(scipy.special.expit(-0.5 * (other.aic - best.aic)))
    if not share > _LEAST_SHARE:  # nor where both fit perfectly
        return best
    fit_apart = np.interp(best.grid, other.grid, other.fit) - best.fit
    slope_apart = np.interp(best.grid, other.grid, other.slope) - best.slope
    low, high, band_low, band_high = _wider(
        best.fit, (best.high, best.band_high), share * fit_apart**2, best.se
    )
    slopes = _wider(
        best.slope, (best.slope_high, best.slope_band_high), share * slope_apart**2, best.slope_se
    )
    rng = np.random.default_rng(seed_sequence(best.seed, 1))
    moved = rng.random(len(best._draws)) < share
    return replace(
        best,
        weight=1 - share,
        se=np.sqrt(best.se**2 + share * fit_apart**2),
        low=low,
        high=high,
        band_low=band_low,
        band_high=band_high,
        slope_se=np.sqrt(best.slope_se**2 + share * slope_apart**2),
        slope_low=slopes[0],
        slope_high=slopes[1],
        slope_band_low=slopes[2],
        slope_band_high=slopes[3],
        _draws=best._draws + moved[:, None] * slope_apart,
        _between=np.sqrt(share) * np.abs(fit_apart),
    )


def _wider(
    middle: Array, upper: tuple[Array, Array], between: Array, se: Array
) -> tuple[Array, ...]:
    """Return the ends of both bands with a further variance; they reach as many errors as before.

    Low and high of the pointwise band, then of the simultaneous one.
    """
    out: list[Array] = []
    grown = np.sqrt(se**2 + between)
    for end in upper:
        place = int(np.argmax(se))
        reach = float((end[place] - middle[place]) / se[place])
        out += [middle - reach * grown, middle + reach * grown]
    return tuple(out)
