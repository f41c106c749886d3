"""How good the learners are, and what they cost, on real corpora: the figures that the docs quote.

Every training set is a random draw from a corpus's train split, every F1 is exact micro-F1 on the
same documents of its test split (600 at most), and seconds are CPU seconds of one thread in
training alone; encoding, which all runs share, is given apart. With ``--split dev`` the same table
comes from the dev split: settings are chosen there, and only there.

    python bench/learners.py                            # the acceptance figures: NCBI disease
    python bench/learners.py --corpus crossner_politics --sizes 50 200 --learner probe
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

import _corpora
from suffice.corpus.document import Document
from suffice.learners import registry
from suffice.learners.base import Learner
from suffice.learners.tags import unlearnable
from suffice.learners.words import pieces_per_word, word_offsets
from suffice.scoring import count

_DRAWS = {"probe": 5, "finetune": 3}


def main() -> None:
    """Run the bench and print its table."""
    args = _arguments()
    torch.set_num_threads(1)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as scratch:
        cache = args.cache or Path(scratch)
        for name in args.corpus:
            splits = _corpora.load(args.shared, name)
            evaluated = _corpora.evaluation(splits, args.split)
            _describe(name, evaluated, args.split)
            for learner in args.learner:
                draws = args.draws or _DRAWS.get(learner, 3)
                rows += _rows(name, splits, evaluated, learner, draws, args, cache)
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    shared = Path(os.environ.get("SUFFICE_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared, help="the shared data folder")
    parser.add_argument("--corpus", nargs="+", default=["ncbi_disease"])
    parser.add_argument("--learner", nargs="+", default=["probe", "finetune"])
    parser.add_argument("--sizes", nargs="+", type=int, default=[100, 450])
    parser.add_argument("--draws", type=int, help="training sets a size (probe 5, finetune 3)")
    parser.add_argument("--split", choices=["test", "dev"], default="test")
    parser.add_argument("--options", type=json.loads, default={}, help="of the learner, as JSON")
    parser.add_argument("--cache", type=Path, help="keep the encoding here")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


def _describe(name: str, documents: Sequence[Document], split: str) -> None:
    words = sum(len(word_offsets(d.text)) for d in documents)
    print(
        f"\n{name}: {len(documents)} {split} documents, {words} words,"
        f" {pieces_per_word(documents):.2f} pieces a word, {unlearnable(documents)}\n"
    )
    print(f"{'learner':<10}{'n':>6}  {'mean F1':>7}  {'SD':>5}  {'CPU s':>6}  F1 of each draw")


def _rows(
    name: str,
    splits: _corpora.Splits,
    evaluated: Sequence[Document],
    learner_name: str,
    draws: int,
    args: argparse.Namespace,
    cache: Path,
) -> list[dict[str, Any]]:
    learner = registry.get(learner_name, args.options)
    labels = sorted({s.label for part in splits.values() for d in part for s in d.spans})
    sets = {(n, i): _corpora.training_set(splits, n, i) for n in args.sizes for i in range(draws)}
    began = time.process_time()
    learner.prepare([*evaluated, *(d for s in sets.values() for d in s)], cache)
    encoding = time.process_time() - began
    rows = []
    for n in args.sizes:
        runs = [_run(learner, sets[n, i], evaluated, labels, i) for i in range(draws)]
        f1, seconds = np.array(runs).T
        spread = f1.std(ddof=1) if draws > 1 else float("nan")
        print(
            f"{learner_name:<10}{n:>6}  {f1.mean():>7.3f}  {spread:>5.3f}  {seconds.mean():>6.1f}  "
            + " ".join(f"{x:.3f}" for x in f1),
            flush=True,
        )
        rows.append(
            {
                "corpus": name,
                "split": args.split,
                "learner": learner_name,
                "n": n,
                "f1": f1.tolist(),
                "cpu_seconds": seconds.tolist(),
                "config": dict(learner.config),
            }
        )
    if encoding > 1:
        print(f"{'':10}encoding, once: {encoding:.0f} CPU seconds", flush=True)
    return rows


def _run(
    learner: Learner,
    training: Sequence[Document],
    evaluated: Sequence[Document],
    labels: Sequence[str],
    seed: int,
) -> tuple[float, float]:
    began = time.process_time()
    tagger = learner.train(training, labels, seed)
    seconds = time.process_time() - began
    return count(evaluated, tagger.tag(evaluated), labels).f1(), seconds


if __name__ == "__main__":
    main()
