"""Look a corpus over before studying it: counts, spread, density, and what is odd about it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from suffice.corpus.checks.base import CHECKS, Finding
from suffice.corpus.checks.run import Checks
from suffice.corpus.corpus import Corpus
from suffice.corpus.duplicates import exact_duplicates, near_duplicates
from suffice.corpus.sentences import sentences
from suffice.corpus.summary import Ratio, Spread, distinct_strings, label_counts, ratio, spread
from suffice.corpus.tokens import tokens
from suffice.results import Result
from suffice.wording.caveats import Caveat
from suffice.wording.numbers import format_number

_FEW = 0.02
_NEARLY_ALL = 0.95


@dataclass(frozen=True)
class Inspection(Result):
    """What a corpus is made of, and what is odd about it.

    Documents are named by id and places by offsets; no text is held unless it was asked for.

    Parameters
    ----------
    name : str
        The corpus's name.
    documents, sentences, tokens, characters, entities : int
        Number of each; tokens are word tokens (`suffice.corpus.tokens`).
    labels : mapping of str to int
        Entities of each label, most first.
    eps : Ratio
        Entities per sentence, with an interval over documents, or groups where there are some.
    spreads : mapping of str to Spread
        Sentences, tokens and entities per document, and entities per sentence of a document.
    distinct : int
        Distinct entity strings, case folded.
    without_spans : int
        Documents without entities.
    one_sentence : int
        Documents that are a single sentence.
    own_sentences : int
        Documents whose sentences come from the file; those of the others were found by rule.
    exact_twins, near_twins : tuple of tuple of str
        Ids of documents with the same text (but for case and white space), or nearly the same.
    findings : tuple of Finding
        What deserves a look, the worst first.
    grouped, groups : int
        Documents that name a group, and how many groups they name.
    splits : mapping of str to int
        Documents of each split that the file names.
    annotated_by_several : int
        Documents that hold two or more annotators' own spans.
    skipped : tuple of str
        Records that lenient reading left out, with place and reason.
    notes : tuple of str
        What reading did that is no error.
    synthetic : bool
        Whether any of the text is made up.
    caveats : tuple of str
        What a study of this corpus has to keep in mind.
    """

    name: str
    documents: int
    sentences: int
    tokens: int
    characters: int
    entities: int
    labels: dict[str, int]
    eps: Ratio
    spreads: dict[str, Spread]
    distinct: int
    without_spans: int
    one_sentence: int
    own_sentences: int
    exact_twins: tuple[tuple[str, ...], ...]
    near_twins: tuple[tuple[str, ...], ...]
    findings: tuple[Finding, ...]
    grouped: int
    groups: int
    splits: dict[str, int]
    annotated_by_several: int
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    synthetic: bool = False
    caveats: tuple[str, ...] = field(default=())

    def problem_counts(self) -> dict[str, int]:
        """Return what each check counted, the worst first."""
        return {found.check: found.count for found in self.findings}

    def finding(self, check: str) -> Finding | None:
        """Return what a check of `suffice.corpus.checks.base.CHECKS` found, if anything."""
        return next((found for found in self.findings if found.check == check), None)

    def _title(self) -> str:
        return f"Corpus {self.name}"

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        rows: list[tuple[Any, ...]] = [
            (what, getattr(self, what))
            for what in ("documents", "sentences", "tokens", "characters", "entities")
        ]
        rows.append(("distinct entity strings", self.distinct))
        rows.append(("entities per sentence", with_interval(self.eps)))
        rows += [(f"label {label}", count) for label, count in self.labels.items()]
        rows += [(found.title, found.count) for found in self.findings]
        return ("", "value"), rows


def are_lone_sentences(single: int, documents: int, *, grouped: bool) -> bool:
    """Return whether documents may be the sentences of longer texts, which nothing names.

    Parameters
    ----------
    single : int
        Documents of one sentence, whether the file says so or a rule; rules find two in a few.
    documents : int
        All of them.
    grouped : bool
        Whether documents name groups.
    """
    return not grouped and documents > 1 and single >= _NEARLY_ALL * documents


def with_interval(eps: Ratio) -> str:
    """Return a ratio and its interval in words, to three digits."""
    if math.isnan(eps.low):
        return format_number(eps.estimate, 3)
    low, high = format_number(eps.low, 3), format_number(eps.high, 3)
    return f"{format_number(eps.estimate, 3)} ({low} to {high})"


def inspect(corpus: Corpus, splitter: str = "auto", *, examples: bool = False) -> Inspection:
    """Look a corpus over.

    Parameters
    ----------
    corpus : Corpus
        With at least one document.
    splitter : str
        How sentences are found; see `suffice.corpus.sentences`.
    examples : bool
        Whether findings about strings hold these strings, which are text of the documents.

    Returns
    -------
    Inspection
        Counts, spread, density with its interval, findings and caveats.

    Raises
    ------
    InputError
        There is no splitter of this name.
    """
    documents = corpus.documents
    per_sentence: list[int] = []
    per_token: list[int] = []
    checks = Checks(corpus)
    for document in documents:
        split, words = sentences(document, splitter), tokens(document.text)
        per_sentence.append(len(split))
        per_token.append(len(words))
        checks.visit(document, split, words)
    entities = [len(d.spans) for d in documents]
    grouped = [d.group for d in documents if d.group is not None]
    # A group may be named as a document is called; the prefix keeps the two apart.
    clusters = [f"d{d.id}" if d.group is None else f"g{d.group}" for d in documents]
    exact, near = tuple(exact_duplicates(documents)), tuple(near_duplicates(documents))
    found = Inspection(
        name=corpus.name,
        documents=len(documents),
        sentences=sum(per_sentence),
        tokens=sum(per_token),
        characters=sum(len(d.text) for d in documents),
        entities=sum(entities),
        labels=label_counts(documents),
        eps=ratio(entities, per_sentence, clusters, of="groups" if grouped else "documents"),
        spreads={
            "sentences per document": spread(per_sentence),
            "tokens per document": spread(per_token),
            "entities per document": spread(entities),
            "entities per sentence": spread(
                [e / s for e, s in zip(entities, per_sentence, strict=True) if s]
            ),
        },
        distinct=distinct_strings(documents),
        without_spans=sum(not d.spans for d in documents),
        one_sentence=per_sentence.count(1),
        own_sentences=sum(d.sentences is not None for d in documents),
        exact_twins=exact,
        near_twins=near,
        findings=checks.findings(exact, near, examples=examples),
        grouped=len(grouped),
        groups=len(set(grouped)),
        splits=dict(sorted(Counter(d.split for d in documents if d.split is not None).items())),
        annotated_by_several=sum(len(d.annotators) > 1 for d in documents),
        skipped=tuple(str(problem) for problem in corpus.problems),
        notes=corpus.notes,
        synthetic=corpus.synthetic,
    )
    return _with_caveats(found, corpus)


def _with_caveats(found: Inspection, corpus: Corpus) -> Inspection:
    counts = found.problem_counts()
    said: list[str] = []
    if corpus.synthetic:
        said.append(Caveat("synthetic"))
    if found.skipped:
        said.append(f"records that could not be used and are left out: {len(found.skipped):,}")
    if not found.entities:
        said.append("there are no entities at all")
    if not found.grouped:
        said.append(Caveat("no groups named"))
    elif found.grouped < found.documents:
        said.append(f"documents that name no group: {found.documents - found.grouped:,}")
    twins = sum(len(group) - 1 for group in found.near_twins)
    if twins:
        said.append(
            f"documents that repeat another document exactly or nearly: {twins:,}; a split keeps "
            "them together"
        )
    if are_lone_sentences(found.one_sentence, found.documents, grouped=bool(found.grouped)):
        said.append(Caveat("lone sentences"))
    overlapping = sum(counts.get(kind, 0) for kind in ("same place", "nested", "crossing"))
    if overlapping:
        said.append(f"pairs of spans that overlap: {overlapping:,}; most learners drop one of each")
    for kind in ("cuts a word", "crosses sentences", "edge white space"):
        if counts.get(kind, 0) > _FEW * found.entities:
            said.append(f"{CHECKS[kind].title}: {counts[kind] / found.entities:.0%} of all")
    return replace(found, caveats=(*said, *found.eps.caveats))
