"""Relations of statements: clauses to facts to rows, with names resolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from suffice.applications.relations import organisations, people
from suffice.applications.relations.clauses import clauses, sentence_offsets
from suffice.applications.relations.confidence import confidence
from suffice.applications.relations.elements import Element, elements, masked
from suffice.applications.relations.facts import STUDY_KINDS, Fact, Who, triples, units
from suffice.applications.relations.link import Linker
from suffice.applications.relations.patterns import Patterns, load
from suffice.applications.relations.result import ALL, AUTHORS, OTHERS, Relation
from suffice.applications.relations.tables import read_codes, read_tables
from suffice.corpus.document import Document, Span

PERSON_LABELS = ("PERSON", "PER")
ORGANISATION_LABELS = ("ORG",)
LONGEST = 1000
"""Characters of a clause that a row shows; its offsets are the whole clause's."""
_PHRASES = {"all": ALL, "authors": AUTHORS, "others": OTHERS}


def relations(
    documents: Iterable[Document],
    authors: Mapping[str, Sequence[str]] | None = None,
    patterns: Patterns | None = None,
    *,
    person: Sequence[str] = PERSON_LABELS,
    organisation: Sequence[str] = ORGANISATION_LABELS,
    with_clauses: bool = True,
) -> tuple[Relation, ...]:
    """Return who has which kind of interest with whom, from statements with their names marked.

    Parameters
    ----------
    documents : iterable of Document
        Statements, with spans of persons and organisations.
    authors : mapping of str to sequence of str, optional
        The author list of each document, by its id; persons are resolved against it, and "all
        authors" becomes a row for each.
    patterns : Patterns, optional
        The result of `suffice.applications.relations.patterns.load`; by default the built-in ones.
    person, organisation : sequence of str
        The labels of persons and of organisations. Other spans are passed over.
    with_clauses : bool
        Put the text of the clause into each row.

    Returns
    -------
    tuple of Relation
        In the order of the text, those of each document together; none twice.
    """
    chosen = load() if patterns is None else patterns
    rows: list[Relation] = []
    for document in documents:
        names = None if authors is None else authors.get(document.id)
        found = _Statement(document, names or None, chosen, person, organisation).rows()
        rows += found if with_clauses else [replace(row, clause="") for row in found]
    return tuple(rows)


class _Statement:
    """One statement on its way to rows."""

    def __init__(
        self,
        document: Document,
        authors: Sequence[str] | None,
        patterns: Patterns,
        person: Sequence[str],
        organisation: Sequence[str],
    ) -> None:
        self.document = document
        self.authors = None if authors is None else list(dict.fromkeys(authors))
        self.patterns = patterns
        names = _drop_overlaps([s for s in document.spans if s.label in (*person, *organisation)])
        self.persons = [s for s in names if s.label in person]
        self.organisations = [s for s in names if s.label not in person]
        self.mask = masked(document.text, self.persons, self.organisations)

    def rows(self) -> list[Relation]:
        document, mask = self.document, self.mask
        found = elements(document.text, mask, self.persons, self.organisations, self.patterns)
        found = _without_relatives_names(found, mask)
        aliases = _aliases(found, mask)
        named = (e.value for e in found if e.type == "person")
        self.people = people.canonical(named, self.authors, aliases)
        self.firms = organisations.canonical(found, mask, self.patterns.generic)
        facts, found = read_tables(mask, found)
        found = read_codes(mask, found)
        facts += self._linked(found)
        return self._resolved(facts)

    def _linked(self, found: Sequence[Element]) -> list[Fact]:
        linker = Linker(self.mask, self.patterns)
        facts: list[Fact] = []
        at = 0
        names = [*self.persons, *self.organisations]
        for number, (start, end) in enumerate(sentence_offsets(self.document, self.mask, names)):
            own = []
            while at < len(found) and found[at].start < end:
                own.append(found[at])
                at += 1
            for a, b, part in clauses(self.mask, (start, end), own):
                facts += linker.clause(number, a, b, part)
        self.excepted = linker.state.excepted
        for who, kinds in linker.state.denied.items():
            if len(kinds) > 1:
                a, b = linker.state.denied_at[who]
                facts.append(Fact(list(who), none=True, start=a, end=b, rule="headings"))
        return facts

    def _resolved(self, facts: Sequence[Fact]) -> list[Relation]:
        """Return rows: phrases become authors, and nobody has none beside an interest."""
        said: list[tuple[Who, str, str | None, Fact]] = []
        for fact in facts:
            if fact.kinds or fact.relative:
                named = units(fact.kinds, self.mask, self.patterns)
                if fact.relative:
                    named = ["other"]
                said += [(*t, fact) for t in triples(fact, named)]
            if fact.none:
                said += [(who, "none", None, fact) for who in fact.who]
        spoken_of = [*(w for w, _, _, _ in said if w.type == "person"), *self.excepted]
        own = {self._name(who) for who in spoken_of}
        rows: dict[tuple[str | None, str | None, str], Relation] = {}
        for who, kind, firm, fact in said:
            organisation = None if firm is None else self.firms.get(firm, firm)
            for person in self._persons(who, own):
                if person is None and (organisation is None or kind not in STUDY_KINDS):
                    continue
                key = (person, organisation, kind)
                if key not in rows:
                    rows[key] = self._row(key, _rule(fact, who, kind, organisation), fact)
        busy = {row.person for row in rows.values() if row.kind != "none"}
        kept = [r for r in rows.values() if r.kind != "none" or r.person not in busy]
        return sorted(kept, key=lambda r: r.start)

    def _name(self, who: Who) -> str:
        return self.people.get(who.text, who.text)

    def _persons(self, who: Who, own: set[str]) -> list[str | None]:
        if who.type == "study":
            return [None]
        if who.type == "person":
            return [self._name(who)]
        if self.authors is None:
            return [_PHRASES[who.type]]
        if who.type == "others":
            return [a for a in self.authors if a not in own]
        return list(self.authors)

    def _row(self, key: tuple[str | None, str | None, str], rule: str, fact: Fact) -> Relation:
        text = self.document.text
        start, end = fact.start, fact.end
        while start < end and text[start].isspace():
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] == ";"):
            end -= 1
        clause = text[start : min(end, start + LONGEST)]
        return Relation(self.document.id, *key, confidence(rule), rule, clause, start, end)


def _without_relatives_names(found: Sequence[Element], mask: str) -> list[Element]:
    """Return the elements without a relative's own name: "his father, J. Roe"."""
    kept: list[Element] = []
    for element in found:
        last = kept[-1] if kept else None
        relative = last is not None and (last.type, last.value) == ("subjects", "relatives")
        named = element.type == "person" and relative
        if not named or mask[kept[-1].end : element.start].strip(" ,("):
            kept.append(element)
    return kept


def _aliases(found: Sequence[Element], mask: str) -> dict[str, str]:
    """Return initials in brackets right behind a name, with the name: "Ann Roe (A.R.)"."""
    return {
        b.value: a.value
        for a, b in pairwise(found)
        if (a.type, b.type) == ("person", "person")
        and mask[a.end : b.start].strip() in ("(", "[")
        and mask[b.end : b.end + 1] in (")", "]")
    }


def _rule(fact: Fact, who: Who, kind: str, organisation: str | None) -> str:
    if kind == "none":
        if fact.rule == "headings":
            return "none: headings"
        return "none: named" if who.type == "person" else "none: phrase"
    if fact.relative:
        return "relative"
    if fact.respectively:
        return "respectively"
    if who.type == "study":
        return "study"
    if organisation is None:
        return "unnamed"
    if fact.rule in ("table", "listed", "carried", "respectively", "assumed"):
        return fact.rule
    return "named" if who.type == "person" else "phrase"


def _drop_overlaps(spans: Sequence[Span]) -> list[Span]:
    """Return spans that do not overlap: of two that do, the longer, then the first."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end, s.label)):
        if span.end <= span.start:
            continue
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
        elif span.end - span.start > kept[-1].end - kept[-1].start:
            kept[-1] = span
    return kept
