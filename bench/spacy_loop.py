"""What spaCy's training loop gives and costs, and how optimistic it is to choose on what is scored.

F1 and CPU seconds of the `spacy` learner on random training sets of a corpus; CPU seconds of a step
of its transformer; and the optimism of the paper's protocol, ``selection = "evaluation"``: a model
whose checkpoint was chosen on evaluation documents, scored on these and on fresh documents of the
same corpus. Both are random halves of the same documents, and each draw trains twice with the
halves' parts exchanged, so that it cancels which of the halves is the easier one.

    python bench/spacy_loop.py f1 ncbi_disease crossner_politics grobid_funding_ack --sizes 100 450
    python bench/spacy_loop.py steps ncbi_disease --n 100
    python bench/spacy_loop.py optimism ncbi_disease --n 100 --draws 12
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import _corpora
from suffice.corpus.document import Document
from suffice.learners import registry
from suffice.learners.base import Learner
from suffice.scoring import count


def main() -> None:
    """Run the bench and print its table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=["f1", "steps", "optimism"])
    parser.add_argument("corpus", nargs="+")
    shared = Path(os.environ.get("SUFFICE_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared, help="the shared data folder")
    parser.add_argument("--sizes", nargs="+", type=int, default=[100, 450])
    parser.add_argument("--n", type=int, default=100, help="for steps and optimism")
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--documents", type=int, default=150, help="that choose, and fresh ones")
    parser.add_argument("--options", type=json.loads, default={}, help="of the learner, as JSON")
    args = parser.parse_args()
    for name in args.corpus:
        splits = _corpora.load(args.shared, name)
        labels = sorted({s.label for part in splits.values() for d in part for s in d.spans})
        print(f"\n{name}", flush=True)
        {"f1": _f1, "steps": _steps, "optimism": _optimism}[args.what](splits, labels, args)


def _f1(splits: _corpora.Splits, labels: Sequence[str], args: argparse.Namespace) -> None:
    evaluated = _corpora.evaluation(splits, "test")
    learner = registry.get("spacy", args.options)
    print(f"{'n':>6}  {'mean F1':>7}  {'CPU s':>6}  F1 of each draw")
    for n in args.sizes:
        runs = []
        for i in range(args.draws):
            tagger, seconds = _timed(learner, _corpora.training_set(splits, n, i), labels, i)
            runs.append((count(evaluated, tagger.tag(evaluated), labels).f1(), seconds))
        f1, seconds = np.array(runs).T
        drawn = " ".join(f"{x:.3f}" for x in f1)
        print(f"{n:>6}  {f1.mean():>7.3f}  {seconds.mean():>6.1f}  {drawn}", flush=True)


def _steps(splits: _corpora.Splits, labels: Sequence[str], args: argparse.Namespace) -> None:
    training = _corpora.training_set(splits, args.n, 0)
    for batch_words, accumulate in ((500, 1), (500, 1), (2000, 3)):  # the first warms up
        spent = []
        for steps in (1, 4):
            options = {
                "architecture": "transformer",
                "batch_words": batch_words,
                "accumulate": accumulate,
                "max_steps": steps,
                "held_out": 0.01,
                **args.options,
            }
            spent.append(_timed(registry.get("spacy", options), training, labels, 0)[1])
        each = (spent[1] - spent[0]) / 3
        print(f"{batch_words} words in {accumulate}: {each:.2f} CPU seconds a step", flush=True)


def _optimism(splits: _corpora.Splits, labels: Sequence[str], args: argparse.Namespace) -> None:
    learner = registry.get("spacy", {"selection": "evaluation", **args.options})
    pool = [d for part in ("dev", "test") for d in splits[part]]
    size = min(args.documents, len(pool) // 2)
    gained = []
    for i in range(args.draws):
        order = np.random.default_rng([args.n, i, 7]).permutation(len(pool)).tolist()
        halves = [[pool[j] for j in order[:size]], [pool[j] for j in order[size : 2 * size]]]
        training = _corpora.training_set(splits, args.n, i)
        both = []
        for chosen_on, fresh in (halves, halves[::-1]):
            tagger = learner.train_selecting(training, labels, i, chosen_on)
            found = [count(part, tagger.tag(part), labels).f1() for part in (chosen_on, fresh)]
            seen, unseen = found
            both.append(100 * (seen - unseen))
            print(f"  draw {i}: {seen:.3f} where chosen, {unseen:.3f} on fresh", flush=True)
        gained.append(np.mean(both))
    error = np.std(gained, ddof=1) / np.sqrt(len(gained)) if len(gained) > 1 else float("nan")
    print(
        f"n = {args.n}, {size} documents each: optimism {np.mean(gained):+.1f} F1 points"
        f" (standard error {error:.1f}, {len(gained)} draws)",
        flush=True,
    )


def _timed(
    learner: Learner, training: Sequence[Document], labels: Sequence[str], seed: int
) -> tuple[Any, float]:
    began = time.process_time()
    tagger = learner.train(training, labels, seed)
    return tagger, time.process_time() - began


if __name__ == "__main__":
    main()
