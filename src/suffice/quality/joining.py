"""Several annotators' files of the same documents, made one corpus."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from suffice.corpus.annotations import majority
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document
from suffice.errors import CorpusError, InputError

Match = Literal["id", "text"]


@dataclass(frozen=True)
class JoinedCorpora:
    """One corpus whose documents hold each annotator's own spans.

    Parameters
    ----------
    corpus : Corpus
        `Document.spans` are what most annotators marked where the files were one for each
        annotator, else as the file has them.
    by_id, by_text : int
        Documents of the second and further files that were found in another one by their id, or
        by their text; 0 for one file that holds all annotators.
    notes : tuple of str
        What joining did, with counts.
    """

    corpus: Corpus
    by_id: int = 0
    by_text: int = 0
    notes: tuple[str, ...] = ()


def join(
    corpora: Sequence[Corpus], *, names: Sequence[str] | None = None, match: Match = "id"
) -> JoinedCorpora:
    """Match the documents of several annotators' corpora.

    Parameters
    ----------
    corpora : sequence of Corpus
        One for each annotator, whose spans are `Document.spans`; or a single one, whose documents
        hold the spans of several (`Document.annotators`).
    names : sequence of str, optional
        What to call the annotators; the corpora's names unless given. With a single corpus only
        annotators so called are kept.
    match : {"id", "text"}
        Whether documents are matched by id first, and by text if an id is in one file only; or by
        text alone.

    Returns
    -------
    JoinedCorpora

    Raises
    ------
    CorpusError
        Texts of one id differ, or nothing was annotated by two.
    InputError
        Names that do not fit.
    """
    if match not in ("id", "text"):
        raise InputError(f"documents are matched by id or text, not by {match!r}")
    if not corpora:
        raise InputError("no corpus was named", remedy="name one for each annotator")
    if len(corpora) == 1:
        return JoinedCorpora(_only(corpora[0], names))
    given = _names(corpora, names)
    joining = _Joining(match, given[0])
    for name, corpus in zip(given, corpora, strict=True):
        joining.add(name, corpus)
    documents = tuple(
        replace(d, spans=majority(d.annotators, d.annotator_labels))
        for d in joining.documents.values()
    )
    if not any(len(d.annotators) > 1 for d in documents):
        raise CorpusError(
            f"no document of {given[0]} is in the other files, by its id or its text",
            remedy="name files of the same documents, one for each annotator",
        )
    return JoinedCorpora(
        Corpus(
            documents,
            "+".join(dict.fromkeys(given)),
            tuple(problem for c in corpora for problem in c.problems),
            tuple(note for c in corpora for note in c.notes),
        ),
        joining.by_id,
        joining.by_text,
        tuple(_notes(documents, given, corpora, joining)),
    )


def _only(corpus: Corpus, names: Sequence[str] | None) -> Corpus:
    known = {name for d in corpus for name in d.annotators}
    if names is not None:
        for name in names:
            if name not in known:
                raise InputError(
                    f"there is no annotator called {name!r}",
                    remedy=f"there are {', '.join(sorted(known)[:20]) or 'none'}",
                )
        kept = set(names)
        corpus = replace(
            corpus,
            documents=tuple(
                replace(
                    d,
                    annotators={a: s for a, s in d.annotators.items() if a in kept},
                    annotator_labels={a: x for a, x in d.annotator_labels.items() if a in kept},
                )
                for d in corpus
            ),
        )
    if not any(len(d.annotators) > 1 for d in corpus):
        raise CorpusError(
            f"no document of {corpus.name} holds the spans of two annotators",
            remedy="name one file for each annotator, or one whose records have "
            '"annotators": {"A": [...], "B": [...]}',
        )
    return corpus


def _names(corpora: Sequence[Corpus], names: Sequence[str] | None) -> list[str]:
    if names is not None:
        if len(names) != len(corpora) or len(set(names)) != len(names) or not all(names):
            raise InputError(
                f"{len(corpora)} files but the names are {', '.join(names) or 'none'}",
                remedy="give each annotator's file a name of its own",
            )
        return list(names)
    again = Counter(c.name for c in corpora)
    seen: Counter[str] = Counter()
    found = []
    for corpus in corpora:
        seen[corpus.name] += 1
        only = again[corpus.name] == 1
        found.append(corpus.name if only else f"{corpus.name}-{seen[corpus.name]}")
    return found


class _Joining:
    """Documents as they come together."""

    def __init__(self, match: Match, first: str) -> None:
        self.match = match
        self.first = first
        self.documents: dict[str, Document] = {}
        self.by_id = self.by_text = 0

    def add(self, name: str, corpus: Corpus) -> None:
        """Take in one annotator's corpus."""
        places: dict[str, str] = {}
        if self.match == "id":
            for document in corpus:
                if (known := self.documents.get(document.id)) is not None:
                    self._same_text(known, document, name)
                    places[document.id] = document.id
                    self.by_id += 1
        free: dict[str, list[str]] = defaultdict(list)
        taken = set(places.values())
        for key, known in self.documents.items():
            if key not in taken:
                free[known.text].append(key)
        for document in corpus:
            if document.id not in places and free[document.text]:
                places[document.id] = free[document.text].pop(0)
                self.by_text += 1
        for document in corpus:
            place = places.get(document.id)
            if place is not None:
                known = self.documents[place]
                self.documents[place] = replace(
                    known,
                    annotators={**known.annotators, name: document.spans},
                    group=known.group if known.group is not None else document.group,
                    sentences=known.sentences or document.sentences,
                    synthetic=known.synthetic or document.synthetic,
                )
            else:
                own = document.id
                if own in self.documents:  # only where texts alone were matched
                    own = f"{document.id} ({name})"
                self.documents[own] = replace(
                    document, id=own, annotators={name: document.spans}, annotator_labels={}
                )

    def _same_text(self, known: Document, document: Document, name: str) -> None:
        if known.text == document.text:
            return
        both = zip(known.text, document.text, strict=False)
        at = next((i for i, (a, b) in enumerate(both) if a != b), None)
        where = min(len(known.text), len(document.text)) if at is None else at
        others = ", ".join(known.annotators)
        raise CorpusError(
            f"the text of document {document.id!r} in {name} is not that in {others}: they differ "
            f"from character {where} on",
            remedy="offsets would not mean the same, so export both from the same texts; if the "
            "ids are numbers that each export gave anew, add `match` text",
        )


def _notes(
    documents: Sequence[Document],
    names: Sequence[str],
    corpora: Sequence[Corpus],
    joining: _Joining,
) -> list[str]:
    said = [f"documents matched by id: {joining.by_id:,}"]
    if joining.by_text:
        said.append(f"documents matched by their text, as their ids differ: {joining.by_text:,}")
    said += [
        f"{name} holds several annotators' spans of its own; its documents' spans are used"
        for name, corpus in zip(names, corpora, strict=True)
        if any(d.annotators for d in corpus)
    ]
    alone = Counter(next(iter(d.annotators)) for d in documents if len(d.annotators) == 1)
    said += [f"documents in {name} only: {alone[name]:,}" for name in names if alone[name]]
    return said
