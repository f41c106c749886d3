"""All checks, in one walk over the documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from suffice.corpus.checks.base import (
    CHECKS,
    Case,
    Finding,
    Place,
    finding,
    with_origins,
    worst_first,
)
from suffice.corpus.checks.labels import label_cases, label_counts
from suffice.corpus.checks.punctuation import Words, stray
from suffice.corpus.checks.spans import span_cases
from suffice.corpus.checks.strings import Strings
from suffice.corpus.checks.text import text_cases
from suffice.corpus.checks.twins import Groups, split_cases, twin_cases
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document


class Checks:
    """Runs every check over a corpus.

    Parameters
    ----------
    corpus : Corpus
        What is checked.

    Notes
    -----
    Call `visit` with every document, in order, then `findings`. The caller finds sentences and
    words, which it needs itself, so that nothing is split twice.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._cases: dict[str, list[Case]] = defaultdict(list)
        self._words = Words(corpus.documents)
        self._strings = Strings(corpus.documents)

    def visit(
        self,
        document: Document,
        sentences: Sequence[tuple[int, int]],
        words: Sequence[tuple[int, int]],
    ) -> None:
        """Check one document.

        Parameters
        ----------
        document : Document
            One of the corpus.
        sentences, words : sequence of (int, int)
            Its sentences and word tokens.
        """
        for check, case in span_cases(document, sentences):
            self._cases[check].append(case)
        for check, case in text_cases(document):
            self._cases[check].append(case)
        if not document.spans:
            self._cases["without spans"].append(Case((Place(document.id),)))
        self._words.count(document.text, words)
        self._strings.visit(document, words)

    def findings(self, exact: Groups, near: Groups, *, examples: bool) -> tuple[Finding, ...]:
        """Return what was found, the worst first.

        Parameters
        ----------
        exact, near : sequence of tuple of str
            The corpus's twins (`suffice.corpus.duplicates`).
        examples : bool
            Whether entity strings are kept.
        """
        documents = self._corpus.documents
        cases = self._cases
        cases["left out"] = [Case((), detail=e.where) for e in self._corpus.problems]
        cases["edge punctuation"] = [
            Case((Place(d.id, s.start, s.end, s.label),))
            for d in documents
            for s in d.spans
            if stray(d.text[s.start : s.end]) or self._words.are_stray(d, s)
        ]
        for check, case in label_cases(documents, label_counts(documents)):
            cases[check].append(case)
        for check, case in split_cases(documents, exact, near):
            cases[check].append(case)
        for check, case in twin_cases(documents, exact, near):
            cases[check].append(case)
        for check, case in self._strings.several_labels():
            cases[check].append(case)
        cases["several forms"] = list(self._strings.several_forms())
        cases["unlabelled repeats"] = list(self._strings.repeats())
        cases["stops early"] = list(self._strings.stops_early())
        assert cases.keys() <= CHECKS.keys()
        found = worst_first(
            finding(check, some, examples=examples) for check, some in cases.items()
        )
        return tuple(with_origins(one, self._corpus.origins) for one in found)
