"""The corpora of the learners' bench: fixed splits, and random training sets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

import suffice
from suffice.corpus.document import Document, Span
from suffice.corpus.sentences import sentences

Splits = dict[str, list[Document]]


def read(shared: Path, name: str) -> tuple[Document, ...]:
    """Return the documents of one of the shared corpora."""
    return suffice.read(shared / "corpora" / f"{name}.jsonl.gz").documents


def as_sentences(documents: Sequence[Document], merge: str | None = None) -> list[Document]:
    """Return every sentence as a document; spans that cross a sentence's border are left out."""
    found = []
    for document in documents:
        for number, (start, end) in enumerate(sentences(document)):
            spans = {
                Span(s.start - start, s.end - start, merge or s.label)
                for s in document.spans
                if start <= s.start and s.end <= end
            }
            found.append(
                Document(
                    f"{document.id}-{number}",
                    document.text[start:end],
                    tuple(sorted(spans)),
                    split=document.split,
                )
            )
    return found


def by_split(documents: Sequence[Document]) -> Splits:
    """Return train, dev and test; where the source names none, 60, 20 and 20 % at random."""
    splits: Splits = {"train": [], "dev": [], "test": []}
    order = np.random.default_rng(0).permutation(len(documents))
    for place, i in enumerate(order.tolist()):
        share = place / len(documents)
        other = "train" if share < 0.6 else "dev" if share < 0.8 else "test"
        splits[documents[i].split or other].append(documents[i])
    return splits


def load(shared: Path, name: str) -> Splits:
    """Return the documents of a corpus as the bench studies it, by split."""
    documents = read(shared, name)
    if name == "ncbi_disease":
        documents = as_sentences(documents, merge="Disease")
    return by_split(documents)


def evaluation(splits: Splits, split: str, size: int = 600) -> list[Document]:
    """Return the fixed evaluation documents of a split."""
    pool = splits[split]
    chosen = np.random.default_rng(600).permutation(len(pool))[:size]
    return [pool[i] for i in chosen.tolist()]


def training_set(splits: Splits, size: int, draw: int) -> list[Document]:
    """Return one random training set of a size."""
    pool = splits["train"]
    chosen = np.random.default_rng([size, draw]).permutation(len(pool))[:size]
    return [pool[i] for i in chosen.tolist()]
