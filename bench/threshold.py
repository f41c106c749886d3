"""Measure threshold regression: seconds, growth with n, and how often each verdict is right.

``python bench/threshold.py`` prints seconds for an estimate with 1,000 bootstrap replicates.
``python bench/threshold.py --rates 200`` prints how often `range_sensitivity` gives each verdict on
simulated curves, with the Monte Carlo error.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # one core, as in the figures quoted

import numpy as np  # noqa: E402

from suffice.stats import range_sensitivity, threshold  # noqa: E402

SIZES = (250, 500, 1000, 2500, 5000, 10_000, 25_000)
CHNGPT = {"upperhinge": 0.64, "segmented": 0.74}  # shared/MEASURED.md; R is not run here
RANGES = ((20, 1500), (5, 1030), (100, 1500), (20, 400))
EXPONENTS = (0.2, 0.35, 0.5, 0.75, 1.0, -1.0)
SEED = 20261124  # of the simulations; the rule was chosen on others
Curve = Callable[[np.ndarray, float, float], np.ndarray]


def like_d04(n: int, ties: bool, seed: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Integer x in 20..1500, rises to 448, sd .08: as reference case D04; or all x distinct."""
    rng = np.random.default_rng(seed)
    x = rng.integers(20, 1501, n).astype(float) if ties else rng.uniform(20, 1500, n)
    return 0.9 + 0.0006 * np.minimum(x - 448, 0) + rng.normal(0, 0.08, n), x


def seconds(repeats: int) -> None:
    """Print seconds by n and form, and the growth exponent."""
    forms = ("upperhinge", "segmented", "hinge")
    for ties, words in ((True, "integer x with ties, as case D04"), (False, "all x distinct")):
        print(f"CPU seconds, estimate and 1,000 bootstrap replicates, {words}")
        print(f"{'n':>7}  " + "  ".join(f"{form:>11}" for form in forms))
        times: dict[str, list[float]] = {form: [] for form in forms}
        for n in SIZES:
            y, x = like_d04(n, ties)
            for form, values in times.items():
                best = np.inf
                for _ in range(repeats):
                    start = time.process_time()
                    threshold(y, x, form=form, n_resamples=1000)
                    best = min(best, time.process_time() - start)
                values.append(float(best))
            print(f"{n:>7}  " + "  ".join(f"{values[-1]:>11.3f}" for values in times.values()))
        slopes = [np.polyfit(np.log(SIZES), np.log(values), 1)[0] for values in times.values()]
        print("growth   " + "  ".join(f"{f'n^{slope:.2f}':>11}" for slope in slopes))
        at = SIZES.index(2500)
        _piecewise(*like_d04(2500, ties))
        for form, quoted in CHNGPT.items():
            print(
                f"n = 2,500, {form}: {times[form][at]:.3f} s; R's chngpt {quoted} s "
                f"(quoted from shared/MEASURED.md, case D04, not run here): "
                f"{quoted / times[form][at]:.1f} times as fast"
            )
        print()


def _piecewise(y: np.ndarray, x: np.ndarray) -> None:
    """Print what the package piecewise-regression takes for its one estimate of two slopes."""
    try:
        from piecewise_regression import Fit
    except ImportError:
        print('piecewise-regression is not installed: pip install ".[bench]"')
        return
    np.random.seed(0)  # noqa: NPY002  # the package draws from the global generator
    start = time.process_time()
    found = Fit(x.tolist(), y.tolist(), n_breakpoints=1).get_results()
    spent = time.process_time() - start
    estimate = (found["estimates"] or {}).get("breakpoint1", {}).get("estimate", float("nan"))
    ours = threshold(y, x, form="segmented", n_resamples=0).estimate
    print(
        f"n = 2,500, segmented: piecewise-regression {spent:.2f} s for one estimate ({estimate:.0f}"
        f", ours {ours:.0f}) with 100 restarts and a normal interval, no bootstrap of it"
    )


def power_law(exponent: float) -> Curve:
    """Give a power law of unit range (exponent -1: a straight line)."""

    def curve(x: np.ndarray, low: float, high: float) -> np.ndarray:
        ends = np.array([low, high]) ** -exponent
        return (x**-exponent - ends[0]) / (ends[1] - ends[0])

    return curve


def hinge(x: np.ndarray, low: float, high: float) -> np.ndarray:
    """Rise to the middle of the range, then stay; slopes change by 1 over the range."""
    return np.minimum(x - (low + high) / 2, 0) / (high - low)


def verdicts(
    curve: Curve, n: int, rise: float, form: str, replicates: int, *, logspaced: bool | None = None
) -> dict[str, float]:
    """Count verdicts on a curve of so many residual SD, sizes uniform or log-uniform in turn."""
    counts = {"stable": 0, "artefact of range": 0, "undecided": 0}
    for k in range(replicates):
        rng = np.random.default_rng([SEED, k, n, round(rise * 10)])
        low, high = RANGES[k // 2 % len(RANGES)]
        on_logs = k % 2 == 1 if logspaced is None else logspaced
        x = rng.uniform(low, high, n)
        if on_logs:
            x = np.exp(rng.uniform(np.log(low), np.log(high), n))
        y = rise * curve(x, low, high) + rng.normal(size=n)
        found = range_sensitivity(y, x, form=form, n_resamples=50, n_simulations=99, seed=k)
        counts[found.verdict] += 1
    return {name: count / replicates for name, count in counts.items()}


def rates(replicates: int, only: list[str] | None, rows: list[int]) -> None:
    """Print rates of verdicts over curves, sizes, noise and forms."""
    header = f"{'curve':>12} {'n':>5} {'rise/sd':>8} {'form':>11}   stable  artefact  undecided"
    print(
        header + f"   ({replicates} each; error of a rate of .05: "
        f"{np.sqrt(0.05 * 0.95 / replicates):.3f}, of .8: {np.sqrt(0.16 / replicates):.3f})"
    )
    curves: list[tuple[str, Curve, tuple[float, ...]]] = [
        ("line" if c < 0 else f"power {c:g}", power_law(c), (3.0, 10.0, 30.0)) for c in EXPONENTS
    ]
    curves.append(("hinge", hinge, (5.0, 8.0, 12.0)))
    pooled: dict[str, list[float]] = {}
    for name, curve, rises in curves:
        if only and name.split()[0] not in only:
            continue
        for n in rows:
            for rise in rises:
                for form in ("upperhinge", "segmented"):
                    out = verdicts(curve, n, rise, form, replicates)
                    print(
                        f"{name:>12} {n:>5} {rise:>8g} {form:>11}   {out['stable']:6.3f}  "
                        f"{out['artefact of range']:8.3f}  {out['undecided']:9.3f}",
                        flush=True,
                    )
                    pooled.setdefault(name, []).append(out["stable"])
    for name, values in pooled.items():
        total = replicates * len(values)
        mean = float(np.mean(values))
        error = np.sqrt(max(mean * (1 - mean), 1 / total) / total)
        print(f"{name:>12}: stable in {mean:.3f} (error {error:.3f}), at most {max(values):.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", type=int, metavar="N", help="simulate N data sets a cell")
    parser.add_argument("--curves", nargs="+", choices=["power", "line", "hinge"])
    parser.add_argument("--rows", nargs="+", type=int, default=[60, 150, 250, 500])
    parser.add_argument("--repeats", type=int, default=3, help="timings of which the best is taken")
    chosen = parser.parse_args()
    if chosen.rates:
        rates(chosen.rates, chosen.curves, chosen.rows)
    else:
        seconds(chosen.repeats)
