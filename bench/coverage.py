"""How often 95 % intervals for F1(n) cover the truth, in simulated studies, and how wide they are.

    python bench/coverage.py [--studies 400]

Beside it the interval that people draw: Student's t over the runs of one size, as if independent.
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

import numpy as np
from scipy import stats

from suffice.stats.uncertainty import learning_curve

_PLACE = Path(__file__).resolve().parent.parent / "tests" / "statistical" / "simulate.py"
_spec = importlib.util.spec_from_file_location("simulate", _PLACE)
assert _spec is not None
assert _spec.loader is not None
simulate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(simulate)

SIZES = (20, 80, 300, 600)


def main() -> None:
    """Print a line for each share of the variance that documents make."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--studies", type=int, default=400)
    studies = parser.parse_args().studies
    print(f"{studies} studies; standard error of a coverage of .95: {_error(studies):.3f}")
    print("documents' share   " + "".join(f"n = {n:<18}" for n in SIZES) + "naive at 240")
    for share in (0.0, 0.5, 1.0):
        inside, width, errors, naive = np.zeros(4), np.zeros(4), [], 0
        for seed in range(studies):
            runs = simulate.study(seed, share)
            curve = learning_curve(runs, reach=1200, replicates=400, seed=seed)
            found = np.array([curve.at(n) for n in SIZES])
            true = np.array([simulate.truth(n) for n in SIZES])
            inside += (found[:, 1] <= true) & (true <= found[:, 2])
            width += found[:, 2] - found[:, 1]
            errors.append(found[:, 0] - true)
            naive += _naive(runs)
        oracle = 3.92 * np.std(errors, axis=0)
        cells = [
            f"{c / studies:.3f}, width {w / studies / o:.2f}  "
            for c, w, o in zip(inside, width, oracle, strict=True)
        ]
        print(f"{share:<19.0%}" + "".join(f"{c:<22}" for c in cells) + f"{naive / studies:.3f}")
    print("width: mean width of the interval over 3.92 SD of the estimates")


def _naive(runs: object) -> bool:
    f1 = runs.f1()[runs.size == 240]  # type: ignore[attr-defined]
    half = stats.t.ppf(0.975, len(f1) - 1) * f1.std(ddof=1) / np.sqrt(len(f1))
    return bool(abs(f1.mean() - simulate.truth(240)) <= half)


def _error(studies: int) -> float:
    return float(np.sqrt(0.95 * 0.05 / studies))


if __name__ == "__main__":
    main()
