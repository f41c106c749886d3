"""Coverage of the bands of penalised splines and of the marginal return, by simulation.

python bench/smooth.py [--studies 300]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np

from suffice.stats import smooth

Curve = Callable[[np.ndarray], np.ndarray]

CURVES: dict[str, tuple[Curve, Curve]] = {
    "power .5": (lambda n: 0.92 - 1.6 * n**-0.5, lambda n: 0.8 * n**-1.5),
    "power .25": (lambda n: 1.1 - 1.2 * n**-0.25, lambda n: 0.3 * n**-1.25),
    "exponential": (
        lambda n: 0.9 - 0.5 * np.exp(-n / 200),
        lambda n: 0.0025 * np.exp(-n / 200),
    ),
    "line": (lambda n: 0.6 + 0.00015 * n, lambda n: np.full(len(n), 0.00015)),
}
POINTS = 2.0


def study(name: str, n: int, seed: int) -> tuple[float, bool, bool, bool]:
    """Return the share of the curve that is covered, and whether all of it, slope, return are."""
    curve, slope = CURVES[name]
    rng = np.random.default_rng([20261124, n, seed])
    x = np.exp(rng.uniform(np.log(20), np.log(1500), n))
    y = curve(x) + rng.normal(0, 0.02, n)
    found = smooth(y, x, log=None, n_resamples=1000, points=80, seed=seed)
    truth, rate = curve(found.grid), slope(found.grid)
    point = ((found.low <= truth) & (truth <= found.high)).mean()
    whole = ((found.band_low <= truth) & (truth <= found.band_high)).all()
    steep = ((found.slope_band_low <= rate) & (rate <= found.slope_band_high)).all()
    fine = np.geomspace(found.grid[0], found.grid[-1], 20_001)
    above = np.flatnonzero(slope(fine) > POINTS / 100 / 100)
    at = fine[0] if not len(above) else np.inf if above[-1] == 20_000 else fine[above[-1]]
    low, high = found.marginal_return(POINTS).interval
    inside = low <= at * (1 + 1e-6) and at <= high * (1 + 1e-6)
    return float(point), bool(whole), bool(steep), bool(inside)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studies", type=int, default=300)
    studies = parser.parse_args().studies
    error = np.sqrt(0.95 * 0.05 / studies)
    print(f"Coverage of 95 % bands (error of a rate of .95: {error:.3f})")
    print(f"{'curve':12} {'runs':>5}  pointwise  whole  slope  from where on < {POINTS:g} points")
    for name in CURVES:
        for n in (60, 200):
            rows = np.array([study(name, n, seed) for seed in range(studies)], dtype=float)
            shown = "  ".join(f"{value:9.3f}" for value in rows.mean(axis=0))
            print(f"{name:12} {n:>5}  {shown}", flush=True)


if __name__ == "__main__":
    main()
