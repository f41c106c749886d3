"""Files of which each was annotated for some labels only, over the same texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from suffice.corpus.document import Document


def count_passes(files: Iterable[Sequence[Document]]) -> int:
    """Return how many texts of one file are in another with quite other labels.

    Parameters
    ----------
    files : iterable of sequence of Document
        The documents of each file.

    Returns
    -------
    int
        0 where the files are not passes over labels: a text has a label in common in two of them,
        or no two files share most of the marked texts of the smaller one, so that those that come
        again, as short answers do, come again by chance.
    """
    marked: list[int] = []
    seen: dict[str, tuple[int, set[str]]] = {}  # the last file with a text, its labels in all
    shared: Counter[tuple[int, int]] = Counter()
    for number, documents in enumerate(files):
        own: dict[str, set[str]] = {}
        for document in documents:
            if document.spans:
                own.setdefault(document.text, set()).update(s.label for s in document.spans)
        marked.append(len(own))
        for text, labels in own.items():
            last, before = seen.get(text, (number, set()))
            if labels & before:
                return 0
            shared[last, number] += last != number
            seen[text] = number, before | labels
    if any(2 * count > min(marked[a], marked[b]) for (a, b), count in shared.items()):
        return shared.total()
    return 0
