"""The whole answer: how close synthetic text is, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from suffice.applications.synthetic.closeness import Closeness
from suffice.applications.synthetic.worth import Worth
from suffice.results import Result


@dataclass(frozen=True)
class Examples(Result):
    """Text of the documents, for those who asked for it.

    Parameters
    ----------
    real_words, synthetic_words : tuple of str
        Words and pairs that speak most for either side, entities masked.
    shared_strings : tuple of str
        Entity strings of both corpora, the most frequent ones in synthetic text.
    repeated : tuple of (str, str)
        Ids of synthetic documents and of the real ones that they nearly repeat.
    """

    real_words: tuple[str, ...]
    synthetic_words: tuple[str, ...]
    shared_strings: tuple[str, ...]
    repeated: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class SyntheticCheck(Result):
    """Synthetic annotated text compared with real text.

    Parameters
    ----------
    closeness : Closeness
        How close it is.
    worth : Worth, optional
        How many synthetic sentences one real one is worth; None where nothing was trained.
    examples : Examples, optional
        Text, where it was asked for.
    caveats : tuple of str
        What to keep in mind.
    """

    closeness: Closeness
    worth: Worth | None = None
    examples: Examples | None = None
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return self.closeness._title()

    def _summary(self) -> tuple[str, ...]:
        said = self.closeness._summary()
        return said if self.worth is None else (*said, *self.worth.sentences)

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        return self.closeness._table()

    def _caveats(self) -> tuple[str, ...]:
        more = () if self.worth is None else self.worth._caveats()
        return tuple(dict.fromkeys((*self.caveats, *self.closeness.caveats, *more)))
