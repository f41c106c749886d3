"""Synthetic corpora that come with suffice, made from a seed when they are asked for."""

from __future__ import annotations

from suffice.corpus.corpus import Corpus
from suffice.corpus.examples.disclosures import disclosures
from suffice.errors import InputError

EXAMPLES = {"disclosures": disclosures}


def load(name: str = "disclosures", *, n: int | None = None, seed: int | None = None) -> Corpus:
    """Return a bundled synthetic corpus.

    Parameters
    ----------
    name : str
        One of `available`.
    n : int, optional
        How many documents; the example's own size unless given.
    seed : int, optional
        The example's own seed unless given. The same seed gives the same corpus.

    Returns
    -------
    Corpus
        `Corpus.synthetic` is true: it shows how suffice works and is evidence of nothing else.

    Raises
    ------
    InputError
        If there is no such example.
    """
    if name not in EXAMPLES:
        raise InputError(
            f"there is no example {name!r}", remedy=f"choose one of: {', '.join(available())}"
        )
    given = {k: v for k, v in {"n": n, "seed": seed}.items() if v is not None}
    return EXAMPLES[name](**given)


def available() -> tuple[str, ...]:
    """Return the names of the bundled corpora."""
    return tuple(sorted(EXAMPLES))
