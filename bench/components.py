"""What makes two models of one size differ, on many corpora: training sets, seeds, evaluation.

Three sizes, five random training sets of each, two of them with a second seed; all scored on the
same held-out documents (some 600 sentences). Resumable: a line of JSON for each model, with its
counts on every evaluation document. Then the variances of logit F1, corpus by corpus.

    python bench/components.py FILE --cache FOLDER [--minutes 60]
"""

from __future__ import annotations

import argparse
import base64
import json
import lzma
import os
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

import suffice
from suffice.corpus.document import Document
from suffice.corpus.sentences import sentences
from suffice.learners import registry
from suffice.scoring import count

Array = np.ndarray[Any, Any]

SENTENCES = (20, 80, 320)
SETS, SEEDS = 5, 2
REPEATED = 2
SCORED = 600
"""Evaluation sentences, about."""


def main() -> None:
    """Train what is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    shared = Path(os.environ.get("SUFFICE_SHARED", "../shared"))
    parser.add_argument("file", type=Path, help="where the models' counts are kept")
    parser.add_argument("--shared", type=Path, default=shared, help="the shared data folder")
    parser.add_argument("--learner", default="probe")
    parser.add_argument("--cache", type=Path, required=True, help="keep encodings here")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin no model after these")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    deadline = time.monotonic() + 60 * asked.minutes
    done = {key(row) for row in read(asked.file)}
    folder = asked.shared / "corpora"
    paths = sorted([*folder.glob("*.jsonl.gz"), *folder.glob("more/*.jsonl.gz")])
    order = np.random.default_rng(0).permutation(len(paths))
    for sizes in (SENTENCES[:-1], SENTENCES[-1:]):  # what takes long comes last, for all corpora
        for path in (paths[i] for i in order):
            name = path.name.removesuffix(".jsonl.gz")
            wanted = [
                (name, asked.learner, size, number, seed)
                for size in sizes
                for number in range(SETS)
                for seed in range(SEEDS if number < REPEATED else 1)
            ]
            missing = [cell for cell in wanted if cell not in done]
            if missing and time.monotonic() < deadline:
                corpus(path, missing, asked, deadline)
    show(read(asked.file))


def show(rows: Sequence[dict[str, Any]]) -> None:
    """Print the variance of logit F1 between sets, between seeds, and of evaluation's own noise."""
    print(f"{'corpus':<22}{'sentences':>9}{'F1':>7}{'sets':>9}{'seeds':>9}{'own noise':>11}")
    for name, size in sorted({(row["corpus"], row["sentences"]) for row in rows}):
        found = [r for r in rows if (r["corpus"], r["sentences"]) == (name, size)]
        if len(found) < SETS:
            continue
        score, level, effect = levels(np.array([counts(row) for row in found], dtype=float))
        noise = float(((effect - effect.mean(axis=0)) ** 2).sum()) / (len(found) - 1)
        first = {row["set"]: k for k, row in enumerate(found) if row["seed"] == 0}
        again = [(first[row["set"]], k) for k, row in enumerate(found) if row["seed"] == 1]
        sets = float(np.var(level[list(first.values())], ddof=1))
        seeds = float(np.mean([(level[a] - level[b]) ** 2 / 2 for a, b in again or [(0, 0)]]))
        print(
            f"{name:<22}{size:>9}{score.mean():>7.3f}{sets:>9.4f}{seeds:>9.4f}{noise:>11.4f}",
            flush=True,
        )


def levels(table: Array) -> tuple[Array, Array, Array]:
    """Return F1 and its logit, shape (models,), and what each document does to the latter.

    `table` are counts by model and document; half a span is added on either side.
    """
    top, whole = 2 * table[..., 0], 2 * table[..., 0] + table[..., 1] + table[..., 2]
    score = (top.sum(axis=1) + 1) / (whole.sum(axis=1) + 2)
    effect = top - score[:, None] * whole
    effect /= (whole.sum(axis=1) * score * (1 - score))[:, None]
    return score, np.log(score / (1 - score)), effect


def read(file: Path) -> list[dict[str, Any]]:
    """Return the models that are there."""
    if not file.exists():
        return []
    raw = file.read_bytes()
    text = lzma.decompress(raw) if file.suffix == ".xz" else raw
    return [json.loads(line) for line in text.splitlines()]


def key(row: dict[str, Any]) -> tuple[str, str, int, int, int]:
    """Return what names a model."""
    return row["corpus"], row["learner"], row["sentences"], row["set"], row["seed"]


def counts(row: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Return a model's correct, spurious and missed spans by evaluation document."""
    raw = zlib.decompress(base64.b64decode(row["counts"]))
    return np.frombuffer(raw, dtype=np.int16).reshape(-1, 3).astype(np.int64)


def corpus(path: Path, cells: Sequence[Any], asked: argparse.Namespace, deadline: float) -> None:
    """Train the models of one corpus that are missing."""
    found = suffice.read(path)
    labels = list(found.labels)
    order = np.random.default_rng(20261130).permutation(len(found.documents))
    documents = [found.documents[i] for i in order]
    length = np.array([len(sentences(d)) for d in documents])
    held = int(np.searchsorted(np.cumsum(length), min(SCORED, 0.3 * length.sum()))) + 1
    evaluation, pool = documents[:held], documents[held:]
    per_document = float(length.mean())
    learner = registry.get(asked.learner, {})
    cache = asked.cache / path.name.removesuffix(".jsonl.gz")
    cache.mkdir(parents=True, exist_ok=True)
    learner.prepare(evaluation, cache)
    for name, of_learner, size, number, seed in cells:
        if time.monotonic() > deadline:
            return
        n = max(2, round(size / per_document))
        if n > len(pool) / 2:
            continue
        chosen = np.random.default_rng([size, number]).permutation(len(pool))[:n]
        training: list[Document] = [pool[i] for i in chosen]
        learner.prepare(training, cache)
        began = time.process_time()
        tagger = learner.train(training, labels, 1000 * number + seed)
        table = count(evaluation, tagger.tag(evaluation), labels).table.sum(axis=1)
        row = {
            "corpus": name,
            "learner": of_learner,
            "sentences": size,
            "set": number,
            "seed": seed,
            "documents": n,
            "pool": len(pool),
            "trained_on": int(length[held:][chosen].sum()),
            "seconds": round(time.process_time() - began, 2),
            "counts": base64.b64encode(zlib.compress(table.astype(np.int16).tobytes())).decode(),
        }
        with asked.file.open("a") as file:
            file.write(json.dumps(row) + "\n")
        total = table.sum(axis=0)
        f1 = 2 * total[0] / max(2 * total[0] + total[1] + total[2], 1)
        print(f"{name} {size} {number} {seed}: {f1:.3f}, {row['seconds']} s", flush=True)


if __name__ == "__main__":
    main()
