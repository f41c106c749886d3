"""What about a study limits its answer: reservations, which forbid a plain yes, and caveats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from suffice.analysis.result import Annotators, Studied
from suffice.corpus.check import LONE_SENTENCES
from suffice.results import counted

LEAST_IN_A_FOLD = 10
"""With fewer entities of a label in the mean fold, what is said of the label alone is rough."""

_MOST_NAMED = 5


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


def rare_labels(found: Studied) -> str:
    """Return the caveat that a fold holds too few entities of some labels; "" where none is rare.

    Parameters
    ----------
    found : Studied
        What was studied. Where no folds rotate or there is only one label, nothing is said.
    """
    if not found.rotating or len(found.labels) < 2:
        return ""
    rare = {name: n for name, n in found.labels.items() if 0 < n < LEAST_IN_A_FOLD * found.folds}
    if not rare:
        return ""
    listed = [f"{name} ({n:,})" for name, n in list(rare.items())[:_MOST_NAMED]]
    if len(rare) > _MOST_NAMED:
        listed.append(f"{len(rare) - _MOST_NAMED} more")
    names = f"{', '.join(listed[:-1])} and {listed[-1]}" if len(listed) > 1 else listed[0]
    which = "this label" if len(rare) == 1 else "each of these labels"
    return (
        f"few entities of {names}: each model is scored on fewer than {LEAST_IN_A_FOLD} of them, "
        f"so that the F1 of {which} alone is rough; annotate more documents that hold them"
    )


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
            f"an earlier version made this study: each of its runs trains {found.folds} models, "
            "one for each fold, and intervals tend to be wider than they must be; a new study "
            "takes fewer trainings (--study names another folder)"
        )
    if gold < 100:
        caveats.append(f"models are scored on only {gold} entities")
    if rare := rare_labels(found):
        caveats.append(rare)
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
            else f"{left} linking {'several folds' if found.folds else 'both sides of the split'} "
            "(near-duplicates or groups): left out"
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
