"""What about a study limits its answer: reservations, which forbid a plain yes, and caveats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from suffice.analysis.result import Annotators, Studied
from suffice.wording.caveats import Caveat
from suffice.wording.text import enumerated

LEAST_IN_A_FOLD = 10
"""With fewer entities of a label in the mean fold, the score of that label alone is rough."""

_MOST_NAMED = 5


def reservations(people: Annotators | None, design: Mapping[str, Any]) -> list[str]:
    """Return what about the corpus forbids a plain yes, whatever F1 is.

    Parameters
    ----------
    people : Annotators, optional
        How far annotators agree, where the corpus holds the spans of several.
    design : mapping
        The ledger's record of the corpus and its split.
    """
    found: list[str] = []
    if design.get("lone_sentences"):
        found.append(Caveat("lone sentences"))
    if people is not None and people.dropped:
        found.append(Caveat("not reconciled", marked=people.marked, dropped=people.dropped))
    return found


def find_rare_labels(found: Studied) -> Caveat | None:
    """Return the caveat that a fold holds too few entities of some labels; None if none is rare.

    Parameters
    ----------
    found : Studied
        What was studied. Where no folds rotate or there is only one label, there is no caveat.
    """
    if not found.rotating or len(found.labels) < 2:
        return None
    rare = {name: n for name, n in found.labels.items() if 0 < n < LEAST_IN_A_FOLD * found.folds}
    if not rare:
        return None
    listed = [f"{name} ({n:,})" for name, n in list(rare.items())[:_MOST_NAMED]]
    if len(rare) > _MOST_NAMED:
        listed.append(f"{len(rare) - _MOST_NAMED} more")
    return Caveat(
        "rare labels",
        names=enumerated(listed),
        least=LEAST_IN_A_FOLD,
        which="this label" if len(rare) == 1 else "each of these labels",
    )


def find_study_caveats(
    found: Studied, design: Mapping[str, Any], of_learner: Iterable[str], gold: int
) -> list[str]:
    """Return what limits the conclusions from a study's numbers.

    Parameters
    ----------
    found : Studied
        What was studied.
    design : mapping
        The ledger's record of the corpus and its split.
    of_learner : iterable of str
        What the learner cannot do with these documents.
    gold : int
        Entities in the evaluation set.
    """
    caveats: list[str] = []
    if found.synthetic:
        caveats.append(Caveat("synthetic"))
    caveats.extend(of_learner)
    if found.unused:
        caveats.append(
            Caveat(
                "budget too small",
                studied=found.studied,
                documents=found.documents,
                budget=found.budget_for_all,
            )
        )
    if found.folds and not found.rotating:
        caveats.append(Caveat("folds of an earlier version", folds=found.folds))
    if gold < 100:
        caveats.append(Caveat("few entities", entities=gold))
    if rare := find_rare_labels(found):
        caveats.append(rare)
    if not design.get("grouped"):
        caveats.append(Caveat("no groups"))
    if left := design.get("left_out"):
        sides = "several folds" if found.folds else "both sides of the split"
        caveats.append(
            Caveat("repeats of the test set", documents=left)
            if found.test
            else Caveat("left out of the split", documents=left, sides=sides)
        )
    if design.get("test_labels"):
        alone = ", ".join(f"{label} {n:,}" for label, n in design["test_labels"].items())
        caveats.append(Caveat("labels of the test set", labels=alone))
    if design.get("skipped"):
        caveats.append(Caveat("skipped", records=design["skipped"]))
    if found.failed:
        total = sum(found.failed.values())
        trained = found.runs + found.pairs + total
        caveats.append(Caveat("failed trainings", all=trained, failed=total, how=found.failures))
    caveats.extend(Caveat("while reading", note=note) for note in design.get("notes", ()))
    return caveats
