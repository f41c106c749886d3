"""The ways in which journals have statements written: from sentences to lists in telegram style."""

from __future__ import annotations

import re
from collections.abc import Callable

from tools.disclosures.clauses import (
    CLOSINGS,
    FILLERS,
    GAINS,
    NAMED_CLOSINGS,
    NO_ROLE,
    OFFICES,
    ROLES,
    SHORT,
    STUDY,
    TIES,
)
from tools.disclosures.dice import Dice
from tools.disclosures.scene import Scene

_ALSO = re.compile(r"also (is|was) (\w)|also (has) (\w+(?:ed|en)\b)")


def sentence_start(draft: str) -> str:
    """Return a draft with a capital at its start, unless an entity stands there."""
    return draft[:1].upper() + draft[1:]


def _ties(scene: Scene, plural: bool, mean: float) -> str:
    dice = scene.dice
    chosen = dice.several(TIES, dice.count(mean, 5))
    drafts = [scene.fill(t, plural) for t in chosen]
    if len(drafts) == 1:
        return drafts[0]
    if dice.chance(0.5) or any(", " in d for d in drafts):
        return "; ".join(drafts[:-1]) + f"; and {drafts[-1]}"
    return ", ".join(drafts[:-1]) + f", and {drafts[-1]}"


def narrative(scene: Scene) -> list[str]:
    """Return whole sentences, one or more for each author who has a tie."""
    dice = scene.dice
    said: list[str] = []
    for _ in range(dice.count(2.6, 8)):
        if not scene.left():
            break
        scene.skip()
        group = 1 if dice.chance(0.8) else dice.between(2, 3)
        authors = [scene.author() for _ in range(group)]
        subject = scene.people(authors)
        said.append(f"{subject} {_ties(scene, group > 1, 1.5)}.")
        if dice.chance(0.12) and group == 1:
            pronoun = "She" if authors[0].female else "He"
            more = scene.fill(f"{pronoun} also {dice.pick(TIES)}.")
            said.append(_ALSO.sub(lambda m: f"{m[1] or m[3]} also {m[2] or m[4]}", more))
    return said


def semicolons(scene: Scene) -> list[str]:
    """Return one long sentence in which authors are set off by semicolons."""
    parts = []
    for _ in range(1 + scene.dice.count(2.2, 6)):
        if not scene.left():
            break
        scene.skip()
        parts.append(f"{scene.people([scene.author()])} {scene.fill(scene.dice.pick(TIES))}")
    return ["; ".join(parts) + "."]


def reports(scene: Scene) -> list[str]:
    """Return ``Dr X reports grants from A, personal fees from B, outside the submitted work.``."""
    dice = scene.dice
    verb = dice.pick(("reports", "reports", "reported", "declares", "discloses"))
    outside = dice.pick((", outside the submitted work", " outside the submitted work", "", ""))
    said = []
    for _ in range(dice.count(2.5, 8)):
        if not scene.left():
            break
        scene.skip()
        gains = [scene.fill(g) for g in dice.several(GAINS, dice.count(1.7, 4))]
        joined = ", ".join(gains[:-1]) + (", and " if len(gains) > 1 else "") + gains[-1]
        said.append(f"{scene.people([scene.author()])} {verb} {joined}{outside}.")
    if dice.chance(0.3):
        return ["; ".join(s[:-1] for s in said) + "."]
    return said


def by_author(scene: Scene) -> list[str]:
    """Return ``AB: consultant for X; CD: none.``."""
    dice = scene.dice
    mark = dice.pick((": ", ": ", " – ", ", "))
    link = dice.pick(("", "", ", ", " (", ": "))
    between = dice.pick(("; ", ". "))
    entries = []
    for i in range(min(1 + dice.count(2.3, 8), scene.left())):
        name = scene.people([scene.author()])
        if i and dice.chance(0.22):
            entries.append(
                name + mark + dice.pick(("none", "nothing to disclose", "none declared"))
            )
            continue
        ties = []
        for role in dice.several(tuple(ROLES), dice.count(1.4, 3)):
            orgs = scene.fill("{orgs}")
            ties.append(f"{role}{link or ROLES[role]}{orgs}" + (")" if link == " (" else ""))
        entries.append(name + mark + ", ".join(ties))
    return [between.join(entries) + "."]


def by_role(scene: Scene) -> list[str]:
    """Return ``Consultancy: AB (X, Y), CD (Z). Honoraria: EF (X).``."""
    dice = scene.dice
    said = []
    for role in dice.several(OFFICES, dice.count(2.0, 5)):
        entries = []
        for _ in range(dice.count(1.6, 4)):
            entries.append(f"{scene.people([scene.author()])} ({scene.fill('{orgs}')})")
        said.append(f"{role}: {', '.join(entries)}.")
    return said


def by_office(scene: Scene) -> list[str]:
    """Return a full name, then offices with companies, as oncology journals print them."""
    dice = scene.dice
    said = []
    for i in range(min(dice.count(2.0, 5), scene.left())):
        name = scene.named(scene.author(), "Anna Lee")
        if i and dice.chance(0.2):
            said.append(f"{name}: No relationship to disclose.")
            continue
        ties = []
        for office in dice.several(OFFICES, dice.count(1.9, 5)):
            inst = " (Inst)" if dice.chance(0.2) else ""
            ties.append(f"{office}: {scene.fill('{orgs}')}{inst}")
        said.append(f"{name}: {'; '.join(ties)}.")
    return said


def ophthalmic(scene: Scene) -> list[str]:
    """Return ``A. Lee: Consultant, Financial support – X. B. Wu: None.``."""
    dice = scene.dice
    said = []
    for i in range(min(1 + dice.count(2.0, 6), scene.left())):
        name = scene.people([scene.author()])
        if i and dice.chance(0.3):
            said.append(f"{name}: None.")
            continue
        roles = ", ".join(dice.several(("Consultant", "Lecturer", "Grant support", "Equity"), 2))
        said.append(f"{name}: {roles} – {scene.fill('{orgs}')}.")
    return said


def employees(scene: Scene) -> list[str]:
    """Return the statement of a study by a company's own people."""
    dice = scene.dice
    firm = scene.fill("{one}")
    group = scene.people([scene.author() for _ in range(min(dice.count(2.6, 5), scene.left()))])
    many = group.count("\ue000") > 1
    verb = scene.fill(
        dice.pick(
            (
                "[is/are] [an employee/employees] of",
                "[is/are] [a full-time employee/full-time employees] of",
                "[was/were] employed by",
                "[is/are] [an employee/employees] and [a shareholder/shareholders] of",
            )
        ),
        many,
    )
    said = [f"{group} {verb} {firm}."]
    if dice.chance(0.5):
        said.insert(0, sentence_start(scene.fill(dice.pick(STUDY[:7]))))
    if dice.chance(0.5):
        said.append(f"{scene.people([scene.author()])} {_ties(scene, False, 1.3)}.")
    return said


def short(scene: Scene) -> list[str]:
    """Return a sentence or two."""
    said = scene.fill(scene.dice.pick(SHORT))
    return [said]


def study(scene: Scene) -> list[str]:
    """Return a few sentences about who paid for the study and did what."""
    said = [scene.fill(t) for t in scene.dice.several(STUDY, scene.dice.count(1.8, 4))]
    if scene.dice.chance(0.6):
        said.append(f"{scene.people([scene.author()])} {_ties(scene, False, 1.3)}.")
    return said


STYLES: dict[Callable[[Scene], list[str]], float] = {
    narrative: 34,
    reports: 14,
    by_author: 10,
    semicolons: 8,
    by_role: 6,
    by_office: 4,
    ophthalmic: 3,
    employees: 7,
    short: 10,
    study: 8,
}

# How often sentences without a tie follow.
FILLED = 0.7


def around(scene: Scene, said: list[str], brief: bool) -> list[str]:
    """Return the sentences with those that usually stand around them.

    Parameters
    ----------
    scene : Scene
        The statement's scene.
    said : list of str
        The sentences of one of `STYLES`.
    brief : bool
        Whether the statement shall stay short.

    Returns
    -------
    list of str
        Drafts of sentences, in order.
    """
    dice: Dice = scene.dice
    if brief:
        everybody = said[0].startswith(("All ", "The authors ", "We "))
        return said if everybody or dice.chance(0.4) else [*said, dice.pick(CLOSINGS)]
    if dice.chance(0.22):
        study_sentence = scene.fill(dice.pick(STUDY))
        said = [study_sentence, *said] if dice.chance(0.5) else [*said, study_sentence]
    fillers = dice.several(FILLERS, dice.count(1.9, 5) if dice.chance(FILLED) else 0)
    for filler in dict.fromkeys(fillers):
        said = [*said, scene.fill(filler or dice.pick(NO_ROLE))]
    end = dice.uniform()
    if end < 0.52:
        said = [*said, dice.pick(CLOSINGS)]
    elif end < 0.72 and scene.left():
        said = [*said, scene.fill(dice.pick(NAMED_CLOSINGS))]
    return said
