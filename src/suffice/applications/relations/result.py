"""What is found: a row for each person, organisation and kind, with the clause that says so."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = (
    "honoraria",
    "consulting",
    "research funding",
    "employment",
    "shares",
    "speaker",
    "travel",
    "patents",
    "other",
    "none",
)
"""The kinds of payment and other interest, in the order of tables; ``none``: said to have none."""

ALL, AUTHORS, OTHERS = "all authors", "the authors", "the other authors"
"""Who is meant where a statement names nobody and no author list is given."""


@dataclass(frozen=True)
class Relation:
    """One thing that a statement says of somebody.

    Parameters
    ----------
    document : str
        The document's id.
    person : str or None
        The author as the author list writes the name, or the fullest form in the statement;
        ``all authors``, ``the authors`` or ``the other authors`` where no list is given; None for
        what a study received and not a person.
    organisation : str or None
        As first written in the statement; None where none is named.
    kind : str
        One of `KINDS`.
    confidence : float
        In [0, 1]. The lower 95 % bound (Wilson) of the share of right rows that the same rule gave
        on the held-out half of the hand-written test set, with names marked by hand. A tagger's
        mistakes are not in it.
    rule : str
        How the row came about; `suffice.applications.relations.confidence` lists the rules.
    clause : str
        The text that says so, at most its first 1,000 characters; empty where clauses were not
        asked for.
    start, end : int
        Its offsets in the document's text.
    """

    document: str
    person: str | None
    organisation: str | None
    kind: str
    confidence: float
    rule: str
    clause: str
    start: int
    end: int
