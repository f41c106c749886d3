"""From several annotators to one gold corpus: what is agreed passes, what is not is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.errors import CorpusError, InputError
from suffice.quality.disputes import Dispute, Spans, divide
from suffice.quality.joining import Match, join
from suffice.results import Result

Undecided = Literal["refuse", "list", "drop", "leave-out-document"]
Key = tuple[str, int, int, str]
Decisions = Mapping[Key, Spans]
"""What was decided for a disagreement, by its `Dispute.key`."""

UNDECIDED: tuple[Undecided, ...] = ("refuse", "list", "drop", "leave-out-document")
_NAMED = 5


@dataclass(frozen=True)
class Reconciled(Result):
    """Several annotators' spans, reconciled.

    Parameters
    ----------
    corpus : Corpus, optional
        The gold: `Document.spans` are agreed or decided, `Document.annotators` keeps everybody's
        own. None where something is undecided and was only to be listed.
    joined : Corpus
        The documents as the annotators left them.
    agreed, decided : int
        Spans that all marked alike; stretches of text that were decided.
    by : mapping of str to int
        How many of them by decisions, by the judge, by majority.
    undecided : tuple of Dispute
        What is not.
    notes : tuple of str
        What was done, with counts.
    caveats : tuple of str
        What to keep in mind.
    """

    corpus: Corpus | None = field(repr=False)
    joined: Corpus = field(repr=False)
    agreed: int
    decided: int
    by: dict[str, int]
    undecided: tuple[Dispute, ...]
    notes: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give every field but the corpora, which hold text."""
        without = replace(self, corpus=None, joined=Corpus(()))
        found = Result.to_dict(without)
        del found["corpus"], found["joined"]
        return found

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        rows: list[tuple[Any, ...]] = [("spans agreed", self.agreed)]
        rows += [(f"decided by {who}", count) for who, count in self.by.items()]
        rows.append(("undecided", len(self.undecided)))
        return ("", ""), rows


def reconcile(
    *corpora: Corpus,
    names: Sequence[str] | None = None,
    match: Match = "id",
    decisions: Decisions | None = None,
    judge: Corpus | None = None,
    majority: bool = False,
    undecided: Undecided = "refuse",
) -> Reconciled:
    """Merge several annotators' spans into one gold corpus.

    Spans that all annotators marked alike pass through. Where they differ, the stretch of text that
    their overlapping spans cover is decided as a whole: by `decisions`, else by the majority where
    that is asked for, else by the judge.

    Parameters
    ----------
    *corpora : Corpus
        See `suffice.agreement`.
    names, match
        As for `suffice.agreement`.
    decisions : mapping, optional
        The result of `suffice.quality.worklist.read_decisions`.
    judge : Corpus, optional
        A third person's annotation, which counts where the others differ and nowhere else.
    majority : bool
        Take what more than half of the annotators marked; needs three of them to decide anything.
    undecided : {"refuse", "list", "drop", "leave-out-document"}
        What becomes of a stretch that nobody decided: an error; no gold at all, so that they can be
        listed; no span there; or the document is left out.

    Returns
    -------
    Reconciled

    Raises
    ------
    InputError
        Something is undecided and `undecided` is "refuse"; or options that do not go together.
    CorpusError
        As for `suffice.agreement`; or the judge's text of a document is another one.
    """
    if undecided not in UNDECIDED:
        raise InputError(
            f"undecided cannot be {undecided!r}", remedy=f"choose one of {', '.join(UNDECIDED)}"
        )
    if decisions is not None and judge is not None:
        raise InputError(
            "decisions and a judge exclude each other", remedy="give the one or the other"
        )
    joined = join(corpora, names=names, match=match)
    if majority and max(len(d.annotators) for d in joined.corpus) < 3:
        raise InputError(
            "two annotators cannot have a majority",
            remedy="name a third, a judge (`mode` adjudicator), or write a work list (`worklist`)",
        )
    verdicts = {} if judge is None else _verdicts(joined.corpus, judge)
    work = _Work(decisions or {}, verdicts, majority)
    gold = [work.document(d) for d in joined.corpus]
    if decisions:
        work.check_all_used()
    documents: tuple[Document, ...] | None = tuple(d for d, _ in gold)
    if any(open_ for _, open_ in gold):
        if undecided == "refuse":
            raise _refused(work.undecided)
        if undecided == "leave-out-document":
            documents = tuple(d for d, open_ in gold if not open_)
            if not documents:
                raise InputError("every document has something undecided: none would be left")
        elif undecided == "list":
            documents = None
    return Reconciled(
        corpus=None if documents is None else replace(joined.corpus, documents=documents),
        joined=joined.corpus,
        agreed=work.agreed,
        decided=sum(work.by.values()),
        by={who: count for who, count in work.by.items() if count},
        undecided=tuple(work.undecided),
        notes=(*joined.notes, *joined.corpus.notes, *work.notes(joined.corpus, gold, undecided)),
    )


def _refused(disputes: Sequence[Dispute]) -> InputError:
    some = ", ".join(f"{d.document}:{d.start}–{d.end}" for d in disputes[:_NAMED])
    more = f" and {len(disputes) - _NAMED:,} more" if len(disputes) > _NAMED else ""
    what = "disagreement is" if len(disputes) == 1 else "disagreements are"
    return InputError(
        f"{len(disputes):,} {what} undecided: {some}{more}",
        remedy="decide them in a work list (`worklist`), or choose what happens to them: "
        "`undecided` drop or leave-out-document",
    )


def _verdicts(corpus: Corpus, judge: Corpus) -> dict[str, Document]:
    """Return the judge's document of each document, by id, else by text."""
    by_id = {d.id: d for d in judge}
    by_text = {d.text: d for d in judge}
    found = {}
    for document in corpus:
        verdict = by_id.get(document.id) or by_text.get(document.text)
        if verdict is None:
            continue
        if verdict.text != document.text:
            raise CorpusError(
                f"the text of document {document.id!r} differs from that in {judge.name}",
                remedy="let the judge annotate the same texts",
            )
        found[document.id] = verdict
    if not found:
        raise CorpusError(
            f"no document of {judge.name} is one of those to be reconciled",
            remedy="the judge's file must contain the same documents, by id or text",
        )
    return found


class _Work:
    """Decides dispute after dispute, and counts."""

    def __init__(
        self, decisions: Decisions, verdicts: Mapping[str, Document], majority: bool
    ) -> None:
        self.decisions = decisions
        self.verdicts = verdicts
        self.majority = majority
        self.agreed = self.overruled = self.alone = 0
        self.by = {"decisions": 0, "majority": 0, "the judge": 0}
        self.undecided: list[Dispute] = []
        self.used: set[Key] = set()

    def document(self, document: Document) -> tuple[Document, bool]:
        """Return the document with its gold, and whether something in it is undecided."""
        if not document.annotators:
            return document, False
        verdict = self.verdicts.get(document.id)
        division = divide(document, None if verdict is None else verdict.spans)
        self.alone += len(document.annotators) == 1
        self.agreed += len(division.agreed)
        self.overruled += division.overruled
        spans: list[Span] = list(division.agreed)
        before = len(self.undecided)
        for dispute in division.disputes:
            decided = self._decide(dispute)
            if decided is None:
                self.undecided.append(dispute)
            else:
                spans.extend(decided)
        gold = replace(document, spans=tuple(sorted(set(spans))))
        return gold, len(self.undecided) > before

    def _decide(self, dispute: Dispute) -> Spans | None:
        if dispute.key in self.decisions:
            self.used.add(dispute.key)
            self.by["decisions"] += 1
            return self.decisions[dispute.key]
        if self.majority and (winner := dispute.winner()) is not None:
            self.by["majority"] += 1
            return winner
        if dispute.judged is not None:
            self.by["the judge"] += 1
        return dispute.judged

    def check_all_used(self) -> None:
        """Refuse decisions on what is no disagreement: they are of other files."""
        for document, start, end, _ in sorted(self.decisions.keys() - self.used):
            raise InputError(
                f"there is a decision on {document}:{start}–{end}, where the annotators do not "
                "differ",
                remedy="the work list belongs to other files; write a new one with `worklist`",
            )

    def notes(
        self, corpus: Corpus, gold: Sequence[tuple[Document, bool]], undecided: Undecided
    ) -> list[str]:
        """Say what was done that the numbers of decisions do not say."""
        said = []
        if self.alone:
            said.append(f"documents with one annotator only, kept as they are: {self.alone:,}")
        none = sum(not d.annotators for d in corpus)
        if none:
            said.append(f"documents without annotators' spans, kept as they are: {none:,}")
        if self.overruled:
            said.append(
                "agreed stretches that the judge marked differently; the agreement is kept: "
                f"{self.overruled:,}"
            )
        open_ = sum(undecided_ for _, undecided_ in gold)
        if open_ and undecided == "drop":
            said.append(f"undecided stretches left without a span: {len(self.undecided):,}")
        if open_ and undecided == "leave-out-document":
            said.append(f"documents with undecided stretches, left out: {open_:,}")
        return said
