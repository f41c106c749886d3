"""Screen and confirm: coverage and gain in simulated studies, and on real corpora.

    python bench/screen.py simulate [--studies 400] [--only documents folds runs none]
                                    [--pairs 24 ...]
    python bench/screen.py real [NAME ...] [--shared ../shared] [--out bench-screen] [--jobs 2]
                                [--settings NAME] [--frame 16] [--truth 40]

`simulate` has four kinds of worlds: `documents` as the other simulations (300 documents in the
pool, 130 for evaluation), where documents dominate; `folds`, where five folds of 300 documents
rotate; `runs`, where there are so many documents that only runs matter; and `none`, where the cheap
learner says nothing. Coverage is of nominal 95 %
intervals at four sizes; ratios are with the cheap learner over without.

`real` trains both learners on every set of a frame, keeps each run in a ledger in JSON (kill it and
start it again), and then draws many small studies from it: so many expensive runs, and twice as
many cheap ones. The truth of one pool and evaluation set is the mean of all runs of a size, so that
what is looked at is what runs and the curve's form make uncertain: the interval without pool and
evaluation documents.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from _tools import screened
from suffice.atomic import replace as write
from suffice.design.sampling import draw, ladder, run_seed
from suffice.learners.registry import get
from suffice.scoring import count
from suffice.stats import Runs, Screening, screened_curve
from suffice.stats._learners.control import variance_of_models, variance_of_runs

FIRST_SEED = 300_000
AT = (0.15, 0.3, 0.55, 0.9)
PAIRS = (12, 24, 48)
NAMES = ("ncbi_disease", "crossner_politics", "grobid_funding_ack")
_QUICK = {
    "projection": 96,
    "hidden": 64,
    "embedding": 32,
    "layers": (2, 4),
    "dropout": 0.2,
    "learning_rate": 0.02,
    "batch_words": 200,
    "core": 24,
    "halo": 4,
}
SETTINGS: dict[str, tuple[tuple[str, dict[str, Any]], tuple[str, dict[str, Any]]]] = {
    "quick": (
        ("probe", {**_QUICK, "min_steps": 60, "max_steps": 60}),
        ("probe", {**_QUICK, "min_steps": 25, "max_steps": 25, "hidden": 32}),
    ),
    "lookup": (("probe", {**_QUICK, "min_steps": 60, "max_steps": 60}), ("lookup", {})),
    "probe": (("probe", {}), ("probe", {**_QUICK, "min_steps": 60, "max_steps": 60})),
    "finetune": (("finetune", {}), ("probe", {})),
}
"""The expensive and the cheap learner."""


def main() -> None:
    """Run one of both parts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parts = parser.add_subparsers(required=True)
    part = parts.add_parser("simulate")
    part.add_argument("--studies", type=int, default=400)
    part.add_argument("--only", nargs="*", default=[])
    part.add_argument("--pairs", nargs="*", type=int, default=PAIRS)
    part.set_defaults(does=simulate)
    part = parts.add_parser("real")
    part.add_argument("names", nargs="*", default=NAMES)
    part.add_argument("--shared", type=Path, default=os.environ.get("SUFFICE_SHARED", "../shared"))
    part.add_argument("--out", type=Path, default=Path("bench-screen"))
    part.add_argument("--settings", choices=sorted(SETTINGS), default="quick")
    part.add_argument("--documents", type=int, default=400, help="of the corpus, at the most")
    part.add_argument("--sizes", type=int, default=5)
    part.add_argument("--frame", type=int, default=16, help="sets of each size for both learners")
    part.add_argument("--truth", type=int, default=0, help="further sets for the expensive one")
    part.add_argument("--studies", type=int, default=200)
    part.add_argument("--jobs", type=int, default=1)
    part.add_argument("--seconds", type=float, default=float("inf"), help="train no longer")
    part.set_defaults(does=real)
    asked = parser.parse_args()
    asked.does(asked)


# ---- simulated ----------------------------------------------------------------------------------


def simulate(asked: argparse.Namespace) -> None:
    """Print coverage, variance ratios and the widest interval for each world."""
    print(
        f"{asked.studies} studies a line; standard error of a coverage of .95: "
        f"{np.sqrt(0.95 * 0.05 / asked.studies / 1):.3f} at one size (four are averaged)"
    )
    print(
        f"{'world':<38}{'covers':<8}{'alone':<8}{'used':<7}{'runs':<7}{'whole':<7}{'true':<7}"
        f"{'theory':<8}{'widest':<8}"
    )
    for name, world, pairs, rho in _worlds():
        if (asked.only and name not in asked.only) or pairs not in asked.pairs:
            continue
        sizes = [round(f * world.drawn_from * (world.fractions[-1] / 0.9)) for f in AT]
        truth = np.array([screened.simulate.truth(world, n) for n in sizes])
        rows, alone, runs, widest, used = [], [], [], [], 0
        for number in range(asked.studies):
            found = screened.estimate(world, FIRST_SEED + number, rho, pairs)
            rows.append([found.curve.at(n) for n in sizes])
            alone.append([found.alone.at(n) for n in sizes])
            runs.append(found.run_ratios.mean())
            widest.append(_widest(found))
            used += found.used
        a, b = np.array(rows), np.array(alone)
        told = ((a[..., 2] - a[..., 1]) / (b[..., 2] - b[..., 1])) ** 2
        real_ratio = a[..., 0].var(axis=0) / b[..., 0].var(axis=0)
        label = f"{name}, sets {world.share:.0%}, {pairs} pairs, rho {rho:g}"
        print(
            f"{label:<38}{_covered(a, truth):<8.3f}{_covered(b, truth):<8.3f}"
            f"{used / asked.studies:<7.0%}{np.mean(runs):<7.2f}{told.mean():<7.2f}"
            f"{real_ratio.mean():<7.2f}{1 - rho**2 / 2:<8.2f}{np.max(widest):<8.3f}",
            flush=True,
        )


def _worlds() -> Iterator[tuple[str, Any, int, float]]:
    many = tuple(f / 10 for f in screened.FRACTIONS)
    for share in (0.0, 0.5, 1.0):
        world = screened.World(share=share, fractions=screened.FRACTIONS)
        for pairs in PAIRS:
            yield "none", world, pairs, 0.0
            for rho in (0.3, 0.6, 0.9):
                yield "documents", world, pairs, rho
        folds = replace(world, folds=5, rotating=True)
        for pairs in PAIRS:
            for rho in (0.0, 0.6, 0.9):
                yield "folds", folds, pairs, rho
    large = screened.World(share=0.5, fractions=many, pool=3000, evaluation=1500, difficulty_sd=0.3)
    for pairs in PAIRS:
        for rho in (0.3, 0.6, 0.9):
            yield "runs", large, pairs, rho


def _covered(found: NDArray[Any], truth: NDArray[Any]) -> float:
    return float(((found[..., 1] <= truth) & (truth <= found[..., 2])).mean())


def _widest(found: Screening) -> float:
    width, before = (np.maximum(c.high - c.low, 1e-9) for c in (found.curve, found.alone))
    return float((width / before).max())


# ---- real ---------------------------------------------------------------------------------------


def real(asked: argparse.Namespace) -> None:
    """Train what is not trained yet, then draw studies from all runs."""
    began = time.monotonic()
    for name in asked.names:
        path = asked.out / f"{name}-{asked.settings}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = json.loads(path.read_text()) if path.is_file() else {}
        tasks = [t for t in _tasks(name, asked) if _key(t) not in kept]
        with ProcessPoolExecutor(asked.jobs) as pool:
            waiting = iter(tasks)
            running = {pool.submit(_train, t) for t in islice(waiting, asked.jobs)}
            while running:
                done = next(as_completed(running))
                running.remove(done)
                key, row = done.result()
                kept[key] = row
                write(path, json.dumps(kept).encode())
                following = next(waiting, None)
                if following is not None and time.monotonic() - began < asked.seconds:
                    running.add(pool.submit(_train, following))
        _studies(name, kept, asked)


def _tasks(name: str, asked: argparse.Namespace) -> list[tuple[Any, ...]]:
    """Return what is to be trained, set after set, so that what is done by any time is balanced."""
    shape = (str(asked.shared), name, asked.documents, asked.settings, asked.sizes)
    tasks = []
    for replicate in range(asked.frame + asked.truth):
        for size in range(asked.sizes):
            for role in (0, 1) if replicate < asked.frame else (0,):
                tasks.append((*shape, size, replicate, role))
    return tasks


def _key(task: tuple[Any, ...]) -> str:
    return "/".join(str(part) for part in task[2:])


_loaded: dict[str, Any] = {}


def _train(task: tuple[Any, ...]) -> tuple[str, dict[str, Any]]:
    """Train one model and return its counts on each evaluation document."""
    import suffice

    shared, name, documents, settings, sizes, size, replicate, role = task
    if name not in _loaded:
        whole = suffice.read(Path(shared) / "corpora" / f"{name}.jsonl.gz").documents
        order = np.random.default_rng(0).permutation(len(whole))[:documents]
        chosen = [whole[i] for i in order]
        cut = round(0.7 * len(chosen))
        kinds = sorted({span.label for d in chosen for span in d.spans})
        _loaded[name] = (chosen[:cut], chosen[cut:], kinds)
    pool, held, labels = _loaded[name]
    n = ladder(round(0.9 * len(pool)), smallest=max(6, len(pool) // 30), steps=sizes)[size]
    ids = {d.id: d for d in pool}
    training_set = draw(list(ids), n, replicate, seed=0)
    wanted = SETTINGS[settings][role]
    key = json.dumps(wanted)
    if key not in _loaded:
        _loaded[key] = get(*wanted)
    learner = _loaded[key]
    training = [ids[d] for d in training_set.documents]
    cache = Path(os.environ.get("TMPDIR", "/tmp")) / f"suffice-bench-screen-{name}-{os.getpid()}"
    cache.mkdir(exist_ok=True)
    learner.prepare(training + held, cache)
    start = time.process_time()
    tagger = learner.train(training, labels, run_seed(0, training_set, 0))
    found = tagger.tag(held)
    row = {
        "size": n,
        "inside": sorted(list(ids).index(d) for d in training_set.documents),
        "pool": len(pool),
        "seconds": round(time.process_time() - start, 2),
        "counts": count(held, found, labels).table.sum(axis=1).tolist(),
    }
    return _key(task), row


def _studies(name: str, kept: dict[str, Any], asked: argparse.Namespace) -> None:
    """Draw studies from the runs; say how often the runs' part covers the mean of all of them."""
    made: list[dict[tuple[int, int], Any]] = [{}, {}]
    for key, row in kept.items():
        documents, settings, sizes, size, replicate, role = key.split("/")
        if (documents, settings, sizes) == (str(asked.documents), asked.settings, str(asked.sizes)):
            made[int(role)][int(size), int(replicate)] = row
    both = sorted(set(made[0]) & set(made[1]))
    seconds = [float(np.mean([r["seconds"] for r in m.values()])) for m in made if m]
    if len(both) < 4 * asked.sizes:
        print(f"{name}: only {len(both)} pairs yet")
        return
    everything = [_runs([m[k] for k in sorted(m)]) for m in made]
    levels = np.unique(everything[0].size)
    truth = np.array([everything[0].f1()[everything[0].size == n].mean() for n in levels])
    depth = min(sum(1 for size, _ in both if size == k) for k in range(asked.sizes))
    print(
        f"{name}, {asked.settings}: {len(made[0])} expensive runs ({seconds[0]:.1f} CPU s each), "
        f"{len(made[1])} cheap ones ({seconds[1]:.1f}); F1 {truth[0]:.2f} to {truth[-1]:.2f}"
    )
    for each in (2, 3, 4):
        if 2 * each > depth:
            continue
        rows, alone, used, ratio, told, correlation = [], [], 0, [], [], []
        for number in range(asked.studies):
            rng = np.random.default_rng([number, each])
            chosen, wide = [], []
            for k in range(asked.sizes):
                mine = [key for key in both if key[0] == k]
                order = rng.permutation(len(mine))
                chosen += [mine[i] for i in order[:each]]
                wide += [mine[i] for i in order[: 2 * each]]
            runs = _runs([made[0][key] for key in chosen])
            screen = _runs([made[1][key] for key in wide])
            match = np.array([[a == b for b in wide] for a in chosen])
            found = screened_curve(runs, screen, match, reach=float(levels[-1]), n_resamples=300)
            noise = variance_of_runs(runs, found.alone.spread)
            wider = np.sqrt(noise / variance_of_models(runs, found.alone.spread))
            by_level = [(n, float(wider[runs.size == n].mean())) for n in levels]
            rows.append([_of_runs(found.curve, n, w) for n, w in by_level])
            alone.append([_of_runs(found.alone, n, w) for n, w in by_level])
            used += found.used
            ratio.append(found.run_ratios.mean())
            told.append(found.whole_ratio)
            correlation.append(found.correlation[0])
        a, b = np.array(rows), np.array(alone)
        # Studies share runs with what they are held against: as in a finite population.
        left = 1 - each / np.array([np.sum(everything[0].size == n) for n in levels])
        z = np.abs(a[..., 0] - truth) / np.sqrt(left) / a[..., 1]
        z_alone = np.abs(b[..., 0] - truth) / np.sqrt(left) / b[..., 1]
        errors = [((found[..., 0] - truth) ** 2).mean(axis=0) for found in (a, b)]
        real_ratio = errors[0] / errors[1]
        scatter = (a[..., 0].var(axis=0) / b[..., 0].var(axis=0)).mean()
        print(
            f"  {each * asked.sizes:>3} pairs: correlation {np.nanmedian(correlation):.2f}, used "
            f"{used / asked.studies:.0%}; covers {np.mean(z < 1.96):.3f}, alone "
            f"{np.mean(z_alone < 1.96):.3f}; run part told {np.mean(ratio):.2f}, true "
            f"{real_ratio.mean():.2f} (without the curve's misfit {scatter:.2f}); "
            f"whole told {np.mean(told):.2f}; as good as "
            f"{each * asked.sizes / real_ratio.mean():.0f} alone",
            flush=True,
        )


def _of_runs(curve: Any, n: float, wider: float) -> tuple[float, float]:
    """Return F1(n) and its standard error but for pool and evaluation documents.

    `wider` takes in what evaluation documents do to each run by itself: here they stay the same.
    """
    parts = wider * curve.part_at("runs", n), curve.part_at("form", n)
    return curve.at(n)[0], max(float(np.hypot(*parts)), 1e-6)


def _runs(rows: list[dict[str, Any]]) -> Runs:
    inside = np.zeros((len(rows), rows[0]["pool"]))
    for line, row in zip(inside, rows, strict=True):
        line[row["inside"]] = 1
    _, name = np.unique(inside, axis=0, return_inverse=True)
    return Runs(
        size=np.array([float(row["size"]) for row in rows]),
        counts=np.array([row["counts"] for row in rows]),
        training_set=name.ravel(),
        pool=rows[0]["pool"],
        population=rows[0]["pool"],
        inclusion=inside,
    )


if __name__ == "__main__":
    main()
