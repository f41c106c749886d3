"""How much the number of sentences depends on who counts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document
from suffice.corpus.sentences import BUILT_IN, sentences
from suffice.corpus.splitters.registry import names
from suffice.errors import InputError
from suffice.results import Result
from suffice.wording.numbers import counted

MOST = 1000
"""The most documents that are split by every splitter; of more, as many at equal distances."""

_DIFFER = 1.1
_CROSSED = 0.02


@dataclass(frozen=True)
class SplitterCount(Result):
    """What one splitter makes of a corpus.

    Parameters
    ----------
    name : str
        The splitter.
    sentences : int, optional
        How many it finds; None where it cannot be used.
    per_document, eps : float, optional
        Sentences per document, and entities per sentence.
    crossed : int, optional
        Spans that lie in no single sentence: the fewer, the better the splitter suits the text.
    unavailable : str
        Why it counted nothing, and what to do about it: its library is not installed, or it does
        not know English.
    """

    name: str
    sentences: int | None
    per_document: float | None
    eps: float | None
    crossed: int | None
    unavailable: str = ""


@dataclass(frozen=True)
class SplitterComparison(Result):
    """What every splitter makes of a corpus.

    Parameters
    ----------
    rows : tuple of SplitterCount
        One for each splitter.
    documents : int
        How many documents were split.
    of : int
        How many the corpus has.
    caveats : tuple of str
        What to keep in mind.
    """

    rows: tuple[SplitterCount, ...]
    documents: int
    of: int
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"Sentence splitters, on {self.documents:,} of {counted(self.of, 'document')}"

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        rows: list[tuple[Any, ...]] = [
            (r.name, r.sentences, r.per_document, r.eps, r.crossed) for r in self.rows
        ]
        return ("splitter", "sentences", "per document", "EPS", "spans crossing"), rows


def compare_splitters(corpus: Corpus, most: int = MOST) -> SplitterComparison:
    """Count sentences with every splitter.

    Parameters
    ----------
    corpus : Corpus
        With at least one document.
    most : int
        The most documents that are looked at; of a larger corpus, as many at equal distances.

    Returns
    -------
    SplitterComparison
        The file's own sentences first, if all the documents have them; then ICU's, then the others
        by name, those that cannot be used with the reason.
    """
    of = len(corpus)
    places = np.unique(np.linspace(0, of - 1, min(of, most)).round().astype(int)).tolist()
    chosen = [corpus.documents[place] for place in places]
    entities = sum(len(d.spans) for d in chosen)
    rows = []
    for name in (*BUILT_IN, *names()):
        if name == "auto" or (name == "file" and any(d.sentences is None for d in chosen)):
            continue
        try:
            count, crossed = _count(chosen, name)
        except InputError as error:
            rows.append(SplitterCount(name, None, None, None, None, str(error)))
            continue
        eps = entities / count if count else None
        rows.append(SplitterCount(name, count, count / len(chosen), eps, crossed))
    return SplitterComparison(tuple(rows), len(chosen), of, _caveats(rows, entities))


def _count(documents: Sequence[Document], name: str) -> tuple[int, int]:
    """Return the number of sentences, and of spans that lie in no single one."""
    count = crossed = 0
    for document in documents:
        found = sentences(document, name)
        count += len(found)
        starts = np.array([start for start, _ in found])
        for span in document.spans:
            at = int(np.searchsorted(starts, span.start, side="right")) - 1
            crossed += at < 0 or found[at][1] < span.end
    return count, crossed


def _caveats(rows: list[SplitterCount], entities: int) -> tuple[str, ...]:
    """Return what the differences mean for a study."""
    said = []
    counts = sorted(row.sentences for row in rows if row.sentences)
    if counts and counts[-1] > _DIFFER * counts[0]:
        said.append(
            f"the number of sentences differs by {counts[-1] / counts[0] - 1:.0%} between "
            "splitters: say which one counted, and compare EPS only within one"
        )
    used = rows[0]
    best = min((row for row in rows if row.crossed is not None), key=lambda row: row.crossed or 0)
    if used.crossed is not None and used.crossed - (best.crossed or 0) > _CROSSED * entities:
        said.append(
            f"{used.name} ends sentences inside {counted(used.crossed, 'span')}, {best.name} "
            f"inside "
            f"{best.crossed:,}: --sentences {best.name} suits this text better"
        )
    return tuple(said)
