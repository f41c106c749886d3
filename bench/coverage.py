"""How often 95 % intervals cover the truth in simulated studies, and how wide they are.

    python bench/coverage.py [--replicates 1000] [--only linear heavy ...]

Width is the mean width over 3.92 standard deviations of the estimates: what an oracle would draw
that knows every variance. Beside it the interval that people draw: Student's t over the runs of
one size, as if independent. Standard errors of coverages are printed; cells with many runs or
simpler questions use fewer replicates, as said in each line.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

import _curves
from _curves import AT, DRAWS, FIRST_SEED, World, coverages, error
from _tools import simulate
from suffice.stats import (
    document_threshold,
    f1_curve,
    larger_evaluation_set,
    paired_difference,
    rank_learners,
    threshold,
)


def main() -> None:
    """Print a table for each kind of question."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--replicates", type=int, default=1000)
    parser.add_argument("--only", nargs="*", default=[])
    asked = parser.parse_args()
    parts: dict[str, Callable[[int], None]] = {
        "linear": _curves.linear,
        "many": _curves.many,
        "shapes": _curves.shapes,
        "forms": _curves.forms,
        "uneven": _curves.uneven,
        "groups": _curves.groups,
        "folds": _curves.folds,
        "rotating": _curves.rotating,
        "linked": _curves.linked,
        "pairs": pairs,
        "ranks": ranks,
        "measures": measures,
        "evaluation": evaluation,
        "own_part": own_part,
        "thresholds": thresholds,
    }
    for name, part in parts.items():
        if not asked.only or name in asked.only:
            began = time.process_time()
            part(asked.replicates)
            print(f"({time.process_time() - began:.0f} CPU seconds)\n", flush=True)


def pairs(replicates: int) -> None:
    """Compare two learners on the same training sets."""
    replicates = max(replicates * 2 // 5, 20)
    print(f"Difference of two learners; {replicates} studies; SE {error(0.95, replicates):.3f}")
    for world in _paired_worlds():
        sizes = world.sizes
        gains = [
            simulate.truth(world, n, world.gain) - simulate.truth(world, n, 0.0) for n in sizes
        ]
        found = []
        for number in range(replicates):
            first, second = simulate.study(world, FIRST_SEED + number, second=True)
            got = paired_difference(first, second, n_resamples=DRAWS)
            found.append([(got.mean, got.low, got.high)])
        cells = coverages(np.array(found), np.array([np.mean(gains)]))
        print(
            f"documents {world.share:.0%}, {world.runs * len(sizes):>3} pairs  {cells}", flush=True
        )


def _paired_worlds() -> Iterator[Any]:
    for share in (0.0, 0.5, 1.0):
        for runs, fractions in ((3, (0.3, 0.6)), (10, (0.05, 0.15, 0.3, 0.6, 0.9))):
            yield World(share=share, runs=runs, fractions=fractions, gain=0.2, repeated=0.0)


def ranks(replicates: int) -> None:
    """Whether all simultaneous intervals of three learners hold at once."""
    replicates = max(replicates // 5, 20)
    print(f"Three learners, two of them equal; {replicates} studies; all intervals at once:")
    world = World(share=0.5, runs=6, fractions=(0.15, 0.3, 0.6), gain=0.3, repeated=0.0)
    equal = replace(world, gain=0.0)
    gain = float(
        np.mean(
            [simulate.truth(world, n, 0.3) - simulate.truth(world, n, 0.0) for n in world.sizes]
        )
    )
    held = 0
    for number in range(replicates):
        # The same seed gives the same documents and the same training sets.
        first, second = simulate.study(world, FIRST_SEED + number, second=True)
        third = simulate.study(equal, FIRST_SEED + number, second=True)[1]
        got = rank_learners({"a": first, "b": second, "c": third}, n_resamples=DRAWS)
        level = {"a": 0.0, "b": gain, "c": 0.0}
        held += all(
            low <= level[name.split(" - ")[0]] - level[name.split(" - ")[1]] <= high
            for name, (_, low, high) in got.differences.items()
        )
    share = held / replicates
    print(f"{share:.3f}, standard error {error(share, replicates):.3f}")


def measures(replicates: int) -> None:
    """Other targets than micro-F1; macro-F1 is that of two labels, one found more easily."""
    replicates = max(replicates * 2 // 5, 20)
    print(f"Precision, recall, macro-F1; {replicates} studies; SE {error(0.95, replicates):.3f}")
    for share in (0.0, 0.5, 1.0):
        world = World(share=share, gain=0.5)
        sizes = [round(a * world.drawn_from) for a in AT]
        for metric in ("precision", "recall", "macro-f1"):
            found = []
            for number in range(replicates):
                first, second = simulate.study(world, FIRST_SEED + number, second=True)
                both = np.stack([first.counts, second.counts], axis=2)
                runs = replace(first, metric=metric, by_label=both)
                curve = f1_curve(runs, reach=2.2 * world.drawn_from, n_resamples=DRAWS)
                found.append([curve.at(n) for n in sizes])
            if metric == "macro-f1":
                gains = (0.0, world.gain)
                truth = [np.mean([simulate.truth(world, n, g) for g in gains]) for n in sizes]
            else:
                truth = [simulate.truth(world, n, metric=metric) for n in sizes]
            cells = coverages(np.array(found), np.array(truth))
            print(f"{f'{metric}, documents {share:.0%}':<30}{cells}", flush=True)


def evaluation(replicates: int) -> None:
    """Predict what 400 evaluation documents would make of an interval from 130."""
    replicates = max(replicates * 2 // 5, 20)
    print(
        f"Half-width with 400 evaluation documents, predicted from 130, beside 1.96 SD of the "
        f"estimates over studies that have 400; {replicates} studies each"
    )
    for world in (World(share=s, runs=r) for r in (10, 50) for s in (0.0, 0.5, 1.0)):
        n = round(0.6 * world.drawn_from)
        larger = replace(world, evaluation=400)
        estimates = [
            f1_curve(simulate.study(larger, 2 * FIRST_SEED + k), reach=300, n_resamples=20).at(n)[0]
            for k in range(replicates)
        ]
        oracle = 1.96 * float(np.std(estimates))
        found = []
        for number in range(replicates):
            runs = simulate.study(world, FIRST_SEED + number)
            curve = f1_curve(runs, reach=300, n_resamples=DRAWS)
            got = larger_evaluation_set(curve, n, 400)
            found.append((got.value, got.low, got.high, got.half_width))
        value, low, high, now = np.array(found).T
        covered = float(np.mean((low <= oracle) & (oracle <= high)))
        print(
            f"documents {world.share:.0%}, {world.runs} runs: now {100 * now.mean():.2f}, "
            f"predicted {100 * value.mean():.2f}, oracle {100 * oracle:.2f} points; "
            f"covered {covered:.3f}",
            flush=True,
        )


def own_part(replicates: int) -> None:
    """Predict what 400 evaluation documents do by themselves, the trained models being given.

    Truth: what 1,700 others do to the same models.
    """
    replicates = max(replicates // 5, 20)
    print(
        f"Evaluation documents' own part of the half-width with 400, predicted from fewer; "
        f"{replicates} studies, SE {error(0.95, replicates):.3f}"
    )
    worlds = {
        f"{count}, difficulty SD {sd}": World(runs=4, evaluation=count, difficulty_sd=sd)
        for count, sd in ((60, 0.8), (130, 0.8), (130, 1.6), (400, 0.8))
    }
    for name, world in worlds.items():
        n = round(0.6 * world.drawn_from)
        both = replace(world, evaluation=world.evaluation + 1700)
        found, true = [], []
        for number in range(replicates):
            runs = simulate.study(both, FIRST_SEED + number)
            seen, others = np.split(runs.counts, [world.evaluation], axis=1)
            small, large = (
                larger_evaluation_set(
                    # The draws' own error would count against the intervals.
                    f1_curve(replace(runs, counts=counts), reach=300, n_resamples=1200),
                    n,
                    400,
                )
                for counts in (seen, others)
            )
            found.append((small.part, small.part_low, small.part_high))
            true.append(large.part)
        value, low, high = np.array(found).T
        covered = float(np.mean((low <= true) & (np.array(true) <= high)))
        print(
            f"{name:<24} predicted {100 * value.mean():.2f}, true {100 * np.mean(true):.2f} "
            f"points; ends {np.mean(low / value):.2f} and {np.mean(high / value):.2f} of it; "
            f"covered {covered:.3f}",
            flush=True,
        )


def thresholds(replicates: int) -> None:
    """Look for a threshold that exists: F1 rises in a straight line up to 120 documents."""
    replicates = max(replicates // 5, 20)
    print(f"Threshold at 120 of 300 documents; {replicates} studies: coverage (width)")
    fractions = tuple(np.linspace(0.05, 0.95, 25))
    for share in (0.0, 0.5, 1.0):
        world = World(share=share, runs=6, fractions=fractions, hinge=120.0)
        documents, rows = [], []
        for number in range(replicates):
            runs = simulate.study(world, FIRST_SEED + number)
            got = document_threshold(runs, n_resamples=DRAWS)
            documents.append([(got.value, got.low, got.high)])
            plain = threshold(
                runs.f1(), runs.size, form="upperhinge", n_resamples=200, overlap="unknown"
            )
            rows.append([(plain.estimate, *plain.interval)])
        by_document = coverages(np.array(documents), np.array([120.0]))
        by_row = coverages(np.array(rows), np.array([120.0]))
        print(f"documents {share:.0%}: over documents {by_document} over runs {by_row}", flush=True)


if __name__ == "__main__":
    main()
