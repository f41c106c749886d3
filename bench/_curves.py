"""How often intervals of learning curves cover the truth: the first parts of ``coverage.py``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import special, stats

from _tools import simulate
from suffice.stats import f1_curve

World = simulate.World
DRAWS = 300
FIRST_SEED = 200_000
"""Other studies than those that choices were made on."""

AT = (0.3, 0.6, 0.9, 2.0)


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
        f"{replicates} studies a line; SE of a coverage of .95: {error(0.95, replicates):.3f}. "
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


def linked(replicates: int) -> None:
    """Let hard documents be useful ones (.5), useless ones (-.5) or neither; 49 trainings.

    Also how far estimates scatter on the logit scale, and what their intervals say of it.
    """
    replicates = max(replicates * 2 // 25, 20)
    total, at = 300, (0.1, 0.3, 0.6, 0.8)
    sizes = [round(a * total) for a in at]
    print(f"{replicates} studies a line; coverage at n/N = {at}; scatter in logits, and as told")
    for grouped in (True, False):
        for link in (-0.5, 0.0, 0.5):
            world = World(
                pool=total,
                folds=5,
                rotating=True,
                link=link,
                grouped=grouped,
                runs=7,
                fractions=tuple(np.geomspace(0.04, 0.95, 7)),
            )
            true = np.array([simulate.truth(world, n) for n in sizes])
            covered, missed, told = [], [], []
            for number in range(replicates):
                runs = simulate.study(world, FIRST_SEED + number)
                curve = f1_curve(runs, reach=float(sizes[-1]), n_resamples=DRAWS, seed=number)
                low, high = np.array([curve.at(n)[1:] for n in sizes]).T
                covered.append((low <= true) & (true <= high))
                draws = special.logit(np.array([curve.draws_at(n) for n in sizes]))
                missed.append(np.median(draws, axis=1) - special.logit(true))
                told.append(draws.var(axis=1))
            cells = (
                f"{c:.2f} ({s:.3f}, {t:.3f})"
                for c, s, t in zip(
                    np.mean(covered, axis=0),
                    np.std(missed, axis=0),
                    np.sqrt(np.mean(told, axis=0)),
                    strict=True,
                )
            )
            name = f"{'groups' if grouped else 'no groups'}, {link:+.1f}"
            print(f"{name:<16}{'  '.join(cells)}", flush=True)


def _at(world: Any, sizes: list[int], replicates: int) -> tuple[Any, Any]:
    """Return coverage and mean half-width at each size."""
    true = np.array([simulate.truth(world, n) for n in sizes])
    found = []
    for number in range(replicates):
        runs = simulate.study(world, FIRST_SEED + number)
        curve = f1_curve(runs, reach=float(sizes[-1]), n_resamples=DRAWS, seed=number)
        found.append([curve.at(n) for n in sizes])
    low, high = np.array(found)[..., 1], np.array(found)[..., 2]
    return ((low <= true) & (true <= high)).mean(axis=0), (high - low).mean(axis=0) / 2


def _shown(found: tuple[Any, Any]) -> str:
    cells = (f"{c:.3f} ({100 * h:4.1f})" for c, h in zip(*found, strict=True))
    return "  ".join(cells)


def _curves(worlds: Iterator[Any], replicates: int) -> None:
    print(
        f"{replicates} studies a line; standard error of a coverage of .95: "
        f"{error(0.95, replicates):.3f}. Coverage and width at n/N, then of F1(.9N) - F1(.45N)."
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
            curve = f1_curve(runs, reach=2.2 * world.drawn_from, n_resamples=DRAWS)
            rows = [curve.at(n) for n in sizes]
            gain = curve.draws_at(sizes[2]) - curve.draws_at(half)
            low, high = np.quantile(gain, [0.025, 0.975])
            rows.append((rows[2][0] - curve.at(half)[0], float(low), float(high)))
            found.append(rows)
            bound += not curve.spread.sets_known
            naive += _naive(runs, sizes[1], truth[1])
        cells = coverages(np.array(found), np.append(truth, slope))
        name = f"{world.kind}, documents {world.share:.0%}, {world.runs} runs"
        name += f", {world.form} at {len(world.fractions)} sizes" if world.form != "power" else ""
        name += f", {world.evaluation} uneven documents" if world.uneven else ""
        name += ", folds" if world.folds else ""
        name += ", groups" if world.grouped else ""
        print(f"{name:<54}{cells}{naive / replicates:<10.3f}{bound / replicates:.0%}", flush=True)


def coverages(found: np.ndarray[Any, Any], truth: np.ndarray[Any, Any]) -> str:
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


def error(share: float, count: int) -> float:
    """Return the standard error of a share."""
    return float(np.sqrt(max(share * (1 - share), 1e-9) / count))
