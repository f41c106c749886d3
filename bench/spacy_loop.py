"""What spaCy's training loop gives and costs, and how optimistic it is to choose on what is scored.

F1 and CPU seconds of the `spacy` learner on random training sets of a corpus; CPU seconds of a step
of its transformer; and the optimism of the paper's protocol, ``selection = "evaluation"``: stopping
and checkpoint decided on evaluation documents, F1 on these against F1 of the same checkpoint on
fresh documents of the same corpus. One training is enough for many pairs of sets: the counts of
each document at each checkpoint are kept, and the rule is replayed on random halves. By symmetry
neither half is the easier one on average, so that the mean difference is the optimism, given that
training; the standard error is over trainings.

    python bench/spacy_loop.py f1 ncbi_disease crossner_politics grobid_funding_ack --sizes 100 450
    python bench/spacy_loop.py steps ncbi_disease --n 100
    python bench/spacy_loop.py optimism ncbi_disease --n 100 --draws 4 --steps 2400
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
from numpy.typing import NDArray
from spacy.scorer import Scorer

import _corpora
from suffice.corpus.document import Document
from suffice.learners import registry
from suffice.learners.base import Learner
from suffice.learners.spacy.config import pipeline
from suffice.learners.spacy.pipeline import Spacy
from suffice.learners.spacy.training import examples, fit, seeded
from suffice.scoring import count, micro_f1


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
    parser.add_argument("--steps", type=int, default=2400, help="for optimism")
    parser.add_argument("--patience", type=int, default=1600, help="for optimism: in steps")
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
    """Train without stopping, and replay the paper's rule on random halves of the documents."""
    documents = [d for part in ("dev", "test") for d in splits[part]]
    size = min(args.documents, len(documents) // 2)
    options = Spacy({"max_steps": args.steps, "patience": 10**9, **args.options}).options
    patience = args.patience // options.eval_frequency
    gained = []
    for i in range(args.draws):
        order = np.random.default_rng([args.n, i, 7]).permutation(len(documents)).tolist()
        held = [documents[j] for j in order[: 2 * size]]
        found = _trajectory(options, _corpora.training_set(splits, args.n, i), held, labels, i)
        chosen, fresh = _replayed(found, patience, np.random.default_rng([args.n, i, 8]))
        gained.append(100 * float((chosen - fresh).mean()))
        print(
            f"  draw {i}: {chosen.mean():.3f} where chosen, {fresh.mean():.3f} on fresh documents;"
            f" last checkpoint {micro_f1(found[-1].sum(axis=0)):.3f}",
            flush=True,
        )
    error = np.std(gained, ddof=1) / np.sqrt(len(gained)) if len(gained) > 1 else float("nan")
    print(
        f"n = {args.n}, {size} documents each: optimism {np.mean(gained):+.2f} F1 points"
        f" (standard error {error:.2f}, {len(gained)} trainings)",
        flush=True,
    )


def _trajectory(
    options: Any,
    training: Sequence[Document],
    held: Sequence[Document],
    labels: Sequence[str],
    seed: int,
) -> NDArray[np.int64]:
    """Return correct, spurious and missed spans, shape (checkpoints, documents, 3)."""
    checkpoints: list[list[tuple[int, int, int]]] = []
    with seeded(seed):
        nlp = pipeline(options, None)
        scored = examples(nlp, held, labels)
        plain = nlp.evaluate

        def evaluate(found: Any, **settings: Any) -> Any:
            return plain(found, scorer=_Counting(nlp, checkpoints), **settings)

        nlp.evaluate = evaluate
        fit(nlp, examples(nlp, training, labels), scored, labels)
    return np.array(checkpoints)


class _Counting(Scorer):
    """A scorer that keeps the counts of each document: spaCy scores copies of the examples."""

    def __init__(self, nlp: Any, checkpoints: list[list[tuple[int, int, int]]]) -> None:
        super().__init__(nlp)
        self._checkpoints = checkpoints

    def score(self, examples: Any, **settings: Any) -> Any:
        examples = list(examples)
        self._checkpoints.append([_counted(e) for e in examples])
        return super().score(examples, **settings)


def _counted(example: Any) -> tuple[int, int, int]:
    found, gold = (
        {(e.start_char, e.end_char, e.label_) for e in doc.ents}
        for doc in (example.predicted, example.reference)
    )
    return len(found & gold), len(found - gold), len(gold - found)


def _replayed(
    counts: NDArray[np.int64], patience: int, generator: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return F1 where the checkpoint was chosen, and of the same on the other half, both ways."""
    both = []
    for _ in range(500):
        order = generator.permutation(counts.shape[1])
        halves = np.array_split(order, 2)
        first, second = (micro_f1(counts[:, half].sum(axis=1)) for half in halves)
        for chosen_on, fresh in ((first, second), (second, first)):
            at = _chosen(chosen_on, patience)
            both.append((chosen_on[at], fresh[at]))
    chosen, fresh = np.array(both).T
    return chosen, fresh


def _chosen(f1: NDArray[np.float64], patience: int) -> int:
    """Return the checkpoint that is kept: the best before so many bring nothing better."""
    best = 0
    for at in range(1, len(f1)):
        if patience and at - best > patience:
            break
        if f1[at] > f1[best]:
            best = at
    return best


def _timed(
    learner: Learner, training: Sequence[Document], labels: Sequence[str], seed: int
) -> tuple[Any, float]:
    began = time.process_time()
    tagger = learner.train(training, labels, seed)
    return tagger, time.process_time() - began


if __name__ == "__main__":
    main()
