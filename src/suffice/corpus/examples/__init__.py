"""The synthetic corpus that comes with suffice: conflict-of-interest disclosures.

Invented statements about invented people and organisations, with the spans of PERSON and ORG. They
show how suffice works and say nothing about any real corpus. The generator that made the file is
``tools/disclosures`` in the repository, with the annotation guideline.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import as_file, files

import numpy as np

from suffice.corpus.corpus import Corpus
from suffice.corpus.read import read
from suffice.errors import InputError

EXAMPLES = {"disclosures": 490}
"""How many documents each has."""

_TWICE = 200 / 490
"""The share of statements that two people annotated for the paper."""
_CHOICE = np.random.SeedSequence(2024, spawn_key=(2,))
"""Where the choice of these statements comes from."""


def load_example(name: str = "disclosures", *, n: int | None = None) -> Corpus:
    """Return a bundled synthetic corpus.

    Parameters
    ----------
    name : str
        One of `available`.
    n : int, optional
        Number of documents, from the first one on; all unless given.

    Returns
    -------
    Corpus
        `Corpus.synthetic` is true. Of the documents 200 in 490 carry the spans of two simulated
        annotators, ``"A"`` and ``"B"``, in `Document.annotators`; `Document.spans` are the
        reconciled annotation.

    Raises
    ------
    InputError
        If there is no such example, or it has fewer documents.
    """
    if name not in EXAMPLES:
        raise InputError(
            f"there is no example {name!r}", remedy=f"choose one of: {', '.join(available())}"
        )
    size = EXAMPLES[name]
    n = size if n is None else n
    if not 0 <= n <= size:
        raise InputError(f"the example {name!r} has {size} documents, not {n}")
    with as_file(files(__name__) / f"{name}.jsonl.gz") as path:
        documents = read(path, format="jsonl").documents[:n]
    twice = _annotated_twice(n)
    return Corpus(
        tuple(d if i in twice else replace(d, annotators={}) for i, d in enumerate(documents)),
        name=name,
    )


def available() -> tuple[str, ...]:
    """Return the names of the bundled corpora."""
    return tuple(sorted(EXAMPLES))


def _annotated_twice(n: int) -> set[int]:
    """Return which of the first ``n`` documents keep the spans of both annotators."""
    # Only uniform doubles: numpy's other distributions may change between its versions.
    uniform = np.random.Generator(np.random.PCG64(_CHOICE)).random
    rest = list(range(n))
    return {rest.pop(int(uniform() * len(rest))) for _ in range(round(n * _TWICE))}
