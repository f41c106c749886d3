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
from scipy import stats

from _simulations import simulate
from suffice.stats.document_threshold import document_threshold
from suffice.stats.evaluation import larger_evaluation_set
from suffice.stats.pairs import paired_difference
from suffice.stats.ranking import rank
from suffice.stats.threshold import threshold
from suffice.stats.uncertainty import learning_curve

World = simulate.World
DRAWS = 300
FIRST_SEED = 200_000
"""Other studies than those that choices were made on."""

AT = (0.3, 0.6, 0.9, 2.0)


def main() -> None:
    """Print a table for each kind of question."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--replicates", type=int, default=1000)
    parser.add_argument("--only", nargs="*", default=[])
    asked = parser.parse_args()
    parts: dict[str, Callable[[int], None]] = {
        "linear": linear,
        "many": many,
        "shapes": shapes,
        "forms": forms,
        "uneven": uneven,
        "groups": groups,
        "folds": folds,
        "rotating": rotating,
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


def linear(replicates: int) -> None:
    """Documents act linearly and make 0, 50 or 100 % of the variance between models."""
    _curves(
        (World(share=share, runs=runs) for runs in (10, 50) for share in (0.0, 0.5, 1.0)),
        replicates,
    )


def many(replicates: int) -> None:
    """500 runs a size: 2,500 in all, as in the paper."""
    _curves((World(share=s, runs=500) for s in (0.0, 0.5, 1.0)), max(replicates // 10, 20))


def shapes(replicates: int) -> None:
    """Documents whose usefulness has heavy tails, and diminishing returns."""
    worlds = (
        World(share=share, runs=10, kind=kind)
        for kind in ("heavy", "topics")
        for share in (0.5, 1.0)
    )
    _curves(worlds, max(replicates * 2 // 5, 20))


def forms(replicates: int) -> None:
    """Curves that no family follows, at four sizes and at seven as a study has them."""
    worlds = (
        World(form=form, runs=runs, fractions=tuple(np.geomspace(0.04, 0.9, sizes)))
        for form in ("late", "twice", "power")
        for sizes, runs in ((4, 3), (7, 1), (7, 3), (7, 10))
    )
    _curves(worlds, max(replicates * 2 // 5, 20))


def uneven(replicates: int) -> None:
    """Let a tenth of the evaluation documents hold most entities."""
    worlds = (
        World(share=share, runs=4, evaluation=evaluation, uneven=True)
        for evaluation in (43, 130, 400)
        for share in (0.0, 0.5, 1.0)
    )
    _curves(worlds, max(replicates * 2 // 5, 20))


def groups(replicates: int) -> None:
    """Take groups of one to some six documents, alike by an intra-group correlation of .5."""
    _curves((World(share=s, grouped=True) for s in (0.0, 0.5, 1.0)), max(replicates * 2 // 5, 20))


def folds(replicates: int) -> None:
    """Five folds of 180 documents, every one of which evaluates once; also in groups."""
    worlds = [World(share=s, runs=6, pool=180, folds=5) for s in (0.0, 0.5, 1.0)]
    worlds.append(World(share=0.5, runs=6, pool=180, folds=5, grouped=True))
    _curves(iter(worlds), max(replicates * 2 // 5, 20))


def rotating(replicates: int) -> None:
    """Rotate five folds from run to run, beside a single split of the same 300 documents.

    At equal numbers of trainings; hard documents are useful ones (.5), useless ones (-.5) or
    neither.
    """
    replicates = max(replicates // 5, 20)
    at = (0.1, 0.3, 0.6, 0.8)
    print(
        f"{replicates} studies a line; SE of a coverage of .95: {_error(0.95, replicates):.3f}. "
        f"Coverage (half-width in points) at n/N = {', '.join(map(str, at))}; mean ratio of widths"
    )
    kinds: dict[str, dict[str, Any]] = {
        "documents 0%": {"share": 0.0},
        "documents 50%": {"share": 0.5},
        "documents 100%": {"share": 1.0},
        "heavy tails": {"share": 1.0, "kind": "heavy"},
        "diminishing returns": {"share": 1.0, "kind": "topics"},
        "uneven documents": {"share": 0.5, "uneven": True},
        "groups": {"share": 0.5, "grouped": True},
        "rises late": {"form": "late"},
        "rises twice": {"form": "twice"},
    }
    total, split = 300, 210
    ratios: dict[int, list[float]] = {}
    for trainings, sizes in ((10, 5), (20, 7), (50, 7)):
        plan: dict[str, Any] = {
            "runs": round(trainings / sizes),
            "fractions": tuple(np.geomspace(0.04, 0.95, sizes)),
        }
        for name, kind in kinds.items():
            single = World(pool=split, evaluation=total - split, **plan, **kind)
            before = _at(single, [round(a * total) for a in at], replicates)
            print(f"{trainings} trainings, {name:<22}single          {_shown(before)}", flush=True)
            for link in (-0.5, 0.0, 0.5):
                world = World(pool=total, folds=5, rotating=True, link=link, **plan, **kind)
                found = _at(world, [round(a * total) for a in at], replicates)
                ratio = float(np.mean(found[1] / before[1]))
                ratios.setdefault(trainings, []).append(ratio)
                line = f"{trainings} trainings, {name:<22}rotating {link:+.1f}   {_shown(found)}"
                print(f"{line}  {ratio:.2f}", flush=True)
        mean, most = float(np.mean(ratios[trainings])), max(ratios[trainings])
        print(f"{trainings} trainings: width {mean:.2f} of the single split's, at most {most:.2f}")


def _at(world: Any, sizes: list[int], replicates: int) -> tuple[Any, Any]:
    """Return coverage and mean half-width at each size."""
    true = np.array([simulate.truth(world, n) for n in sizes])
    found = []
    for number in range(replicates):
        runs = simulate.study(world, FIRST_SEED + number)
        curve = learning_curve(runs, reach=float(sizes[-1]), replicates=DRAWS, seed=number)
        found.append([curve.at(n) for n in sizes])
    low, high = np.array(found)[..., 1], np.array(found)[..., 2]
    return ((low <= true) & (true <= high)).mean(axis=0), (high - low).mean(axis=0) / 2


def _shown(found: tuple[Any, Any]) -> str:
    cells = (f"{c:.3f} ({100 * h:4.1f})" for c, h in zip(*found, strict=True))
    return "  ".join(cells)


def _curves(worlds: Iterator[Any], replicates: int) -> None:
    print(
        f"{replicates} studies a line; standard error of a coverage of .95: "
        f"{_error(0.95, replicates):.3f}. Coverage and width at n/N, then of F1(.9N) - F1(.45N)."
    )
    heads = "".join(f"{f'n/N = {a}':<14}" for a in AT)
    print(f"{'world':<54}{heads}{'slope':<14}{'naive .6':<10}bound used")
    for world in worlds:
        truth = np.array([simulate.truth(world, round(a * world.drawn_from)) for a in AT])
        half = round(0.45 * world.drawn_from)
        slope = truth[2] - simulate.truth(world, half)
        found, naive, bound = [], 0, 0
        for number in range(replicates):
            runs = simulate.study(world, FIRST_SEED + number)
            sizes = [round(a * world.drawn_from) for a in AT]
            curve = learning_curve(runs, reach=2.2 * world.drawn_from, replicates=DRAWS)
            rows = [curve.at(n) for n in sizes]
            gain = curve.draws_at(sizes[2]) - curve.draws_at(half)
            low, high = np.quantile(gain, [0.025, 0.975])
            rows.append((rows[2][0] - curve.at(half)[0], float(low), float(high)))
            found.append(rows)
            bound += not curve.spread.sets_known
            naive += _naive(runs, sizes[1], truth[1])
        cells = _cells(np.array(found), np.append(truth, slope))
        name = f"{world.kind}, documents {world.share:.0%}, {world.runs} runs"
        name += f", {world.form} at {len(world.fractions)} sizes" if world.form != "power" else ""
        name += f", {world.evaluation} uneven documents" if world.uneven else ""
        name += ", folds" if world.folds else ""
        name += ", groups" if world.grouped else ""
        print(f"{name:<54}{cells}{naive / replicates:<10.3f}{bound / replicates:.0%}", flush=True)


def _cells(found: np.ndarray[Any, Any], truth: np.ndarray[Any, Any]) -> str:
    """Write coverage and width of intervals, shape (studies, questions, 3)."""
    covered = ((found[..., 1] <= truth) & (truth <= found[..., 2])).mean(axis=0)
    width = (found[..., 2] - found[..., 1]).mean(axis=0) / (3.92 * found[..., 0].std(axis=0))
    cells = (f"{f'{c:.3f} ({w:.2f})':<14}" for c, w in zip(covered, width, strict=True))
    return "".join(cells)


def _naive(runs: Any, n: int, truth: float) -> float:
    f1 = runs.f1()[np.abs(runs.size / n - 1) < 0.1]
    if len(f1) < 2:
        return float("nan")
    half = stats.t.ppf(0.975, len(f1) - 1) * f1.std(ddof=1) / np.sqrt(len(f1))
    return bool(abs(f1.mean() - truth) <= half)


def pairs(replicates: int) -> None:
    """Compare two learners on the same training sets."""
    replicates = max(replicates * 2 // 5, 20)
    print(f"Difference of two learners; {replicates} studies; SE {_error(0.95, replicates):.3f}")
    for world in _paired_worlds():
        sizes = world.sizes
        gains = [
            simulate.truth(world, n, world.gain) - simulate.truth(world, n, 0.0) for n in sizes
        ]
        found = []
        for number in range(replicates):
            first, second = simulate.study(world, FIRST_SEED + number, second=True)
            got = paired_difference(first, second, replicates=DRAWS)
            found.append([(got.mean, got.low, got.high)])
        cells = _cells(np.array(found), np.array([np.mean(gains)]))
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
        got = rank({"a": first, "b": second, "c": third}, replicates=DRAWS)
        level = {"a": 0.0, "b": gain, "c": 0.0}
        held += all(
            low <= level[name.split(" - ")[0]] - level[name.split(" - ")[1]] <= high
            for name, (_, low, high) in got.differences.items()
        )
    share = held / replicates
    print(f"{share:.3f}, standard error {_error(share, replicates):.3f}")


def measures(replicates: int) -> None:
    """Other targets than micro-F1; macro-F1 is that of two labels, one found more easily."""
    replicates = max(replicates * 2 // 5, 20)
    print(f"Precision, recall, macro-F1; {replicates} studies; SE {_error(0.95, replicates):.3f}")
    for share in (0.0, 0.5, 1.0):
        world = World(share=share, gain=0.5)
        sizes = [round(a * world.drawn_from) for a in AT]
        for metric in ("precision", "recall", "macro-f1"):
            found = []
            for number in range(replicates):
                first, second = simulate.study(world, FIRST_SEED + number, second=True)
                both = np.stack([first.counts, second.counts], axis=2)
                runs = replace(first, metric=metric, by_label=both)
                curve = learning_curve(runs, reach=2.2 * world.drawn_from, replicates=DRAWS)
                found.append([curve.at(n) for n in sizes])
            if metric == "macro-f1":
                gains = (0.0, world.gain)
                truth = [np.mean([simulate.truth(world, n, g) for g in gains]) for n in sizes]
            else:
                truth = [simulate.truth(world, n, metric=metric) for n in sizes]
            cells = _cells(np.array(found), np.array(truth))
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
            learning_curve(simulate.study(larger, 2 * FIRST_SEED + k), reach=300, replicates=20).at(
                n
            )[0]
            for k in range(replicates)
        ]
        oracle = 1.96 * float(np.std(estimates))
        found = []
        for number in range(replicates):
            runs = simulate.study(world, FIRST_SEED + number)
            curve = learning_curve(runs, reach=300, replicates=DRAWS)
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
        f"{replicates} studies, SE {_error(0.95, replicates):.3f}"
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
                    learning_curve(replace(runs, counts=counts), reach=300, replicates=1200),
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
            got = document_threshold(runs, replicates=DRAWS)
            documents.append([(got.value, got.low, got.high)])
            plain = threshold(
                runs.f1(), runs.size, form="upperhinge", bootstrap=200, shared_documents=True
            )
            rows.append([(plain.estimate, *plain.interval)])
        by_document = _cells(np.array(documents), np.array([120.0]))
        by_row = _cells(np.array(rows), np.array([120.0]))
        print(f"documents {share:.0%}: over documents {by_document} over runs {by_row}", flush=True)


def _error(share: float, count: int) -> float:
    return float(np.sqrt(max(share * (1 - share), 1e-9) / count))


if __name__ == "__main__":
    main()
