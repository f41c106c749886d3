"""What about a study limits its answer: reservations, which forbid a plain yes, and caveats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from suffice.analysis.result import Annotators, Studied
from suffice.corpus.check import LONE_SENTENCES
from suffice.stats.result import counted


def reservations(people: Annotators | None, design: Mapping[str, Any]) -> list[str]:
    """Return what about the corpus forbids a plain yes, whatever F1 is.

    Parameters
    ----------
    people : Annotators, optional
        How far annotators agree, where the corpus holds the spans of several.
    design : mapping
        What the ledger keeps of the corpus and its split.
    """
    found = []
    if design.get("lone_sentences"):
        found.append(LONE_SENTENCES)
    if people is not None and people.dropped:
        found.append(
            f"the annotators' spans are not reconciled: of {people.marked:,} that somebody marked "
            f"{people.dropped:,} count as no entity, since no majority marked them "
            "(`suffice reconcile` settles them)"
        )
    return found


def study_caveats(
    found: Studied, design: Mapping[str, Any], of_learner: Iterable[str], gold: int
) -> list[str]:
    """Return what limits what a study's numbers say.

    Parameters
    ----------
    found : Studied
        What was studied.
    design : mapping
        What the ledger keeps of the corpus and its split.
    of_learner : iterable of str
        What the learner cannot do with these documents.
    gold : int
        Entities in the evaluation set.
    """
    caveats = []
    if found.synthetic:
        caveats.append("the corpus is synthetic: the numbers say nothing about real text")
    caveats.extend(of_learner)
    if found.unused:
        caveats.append(
            f"the budget allowed for a random {found.studied:,} of {found.documents:,} documents; "
            f"--budget {found.budget_for_all} takes in all of them"
        )
    if found.folds and not found.rotating:
        caveats.append(
            f"fewer than 200 documents: {found.folds} folds are used, so that every document "
            "evaluates once; intervals from folds tend to be wider than they must be"
        )
    if gold < 100:
        caveats.append(f"the evaluation set has only {gold} entities")
    if not design.get("grouped"):
        caveats.append(
            "no groups are named (--group): documents are taken as independent of each other"
        )
    if design.get("left_out"):
        left = counted(design["left_out"], "document")
        caveats.append(
            f"{left} of the corpus that are near-duplicates of documents of the test set, or in a "
            "group with one: left out"
            if found.test
            else f"{left} linking both sides of the split (near-duplicates or groups): left out"
        )
    if design.get("test_labels"):
        alone = ", ".join(f"{label} {n:,}" for label, n in design["test_labels"].items())
        caveats.append(
            f"entities of labels that only the test set has, which no model can learn: {alone}"
        )
    if design.get("skipped"):
        caveats.append(f"records that could not be read, skipped: {design['skipped']:,}")
    if found.failed:
        total = sum(found.failed.values())
        caveats.append(
            f"of {counted(found.runs + found.pairs + total, 'training')} {total} failed and are "
            f"left out ({found.failures}): F1 is that of those that worked"
        )
    caveats.extend(f"while reading: {note}" for note in design.get("notes", ()))
    return caveats
