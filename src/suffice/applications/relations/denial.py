"""What a clause denies: kinds that are not meant, and "no conflicts" as a finding of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from suffice.applications.relations.elements import Element, behind
from suffice.applications.relations.patterns import Patterns

_HEADING = re.compile(r"[\s:,.–—()=-]*")
_NOBODY = {"none_of_all": "all", "none_of_others": "others", "none_of_two": "two"}


@dataclass
class Left:
    """Elements that are left, and the headings that were said to be empty.

    Parameters
    ----------
    elements : list of Element
        Without negations and what they deny; "no conflicts" has become one ``none`` element.
    denied : list of (Element, Element or None)
        Kinds with "none" right behind them, each with the person named last before it.
    """

    elements: list[Element]
    denied: list[tuple[Element, Element | None]]


def undenied(found: Sequence[Element], mask: str, patterns: Patterns) -> Left:
    """Return a clause without what it denies."""
    kept: list[Element] = []
    denied: list[tuple[Element, Element | None]] = []
    negated, used, other = False, False, False
    person: Element | None = None
    for element in found:
        if element.type == "subjects" and element.value in _NOBODY:
            kept.append(replace(element, value=_NOBODY[element.value]))
            negated, used, other = True, False, False
        elif element.value == "relatives" and negated:
            used = True
        elif element.type in ("person", "subjects"):
            if negated and used and _parted(mask[kept[-1].end if kept else 0 : element.start]):
                negated = False
            kept.append(element)
            person = element if element.type == "person" else person
        elif element.type != "negation":
            if element.type == "organisation" and behind(
                patterns.lists["not_for"], mask, 0, element.start
            ):
                continue  # "for A but not for B"
            if negated and element.type == "kind":
                used = True
                if "interest" in mask[element.start : element.end] and not other:
                    kept.append(replace(element, type="none", value="", role=""))
            else:
                kept.append(element)
        elif element.value in ("words", "others"):
            last = kept[-1] if kept else None
            gap = mask[last.end : element.start] if last is not None else ""
            if last is not None and last.role == "weak" and not gap.strip():
                kept.pop()  # "owns no stock"
            elif last is not None and last.type == "kind" and gap.strip() in ("for", "of", "to"):
                kept.pop()  # "a speaker for none of these"
            negated, used, other = True, False, element.value == "others"
        elif element.value == "ends":
            negated = False
        elif element.value == "interests":
            if negated and not other:
                kept.append(replace(element, type="none", value=""))
                used = True
            elif not negated:
                if behind(patterns.lists["following"], mask, 0, element.start):
                    # "none but the following interests"
                    kept = [e for e in kept if e.type != "none"]
                kept.append(replace(element, type="interest", value=""))
        elif element.value == "none":
            last = kept[-1] if kept else None
            if (
                last is not None
                and last.type == "kind"
                and _HEADING.fullmatch(mask[last.end : element.start])
            ):
                kept.pop()
                denied.append((last, person))
                while (
                    kept
                    and kept[-1].type == "kind"
                    and not re.search(r"[.;:]", mask[kept[-1].end : last.start])
                ):
                    last = kept.pop()
                    denied.append((last, person))
            elif not other:
                kept.append(replace(element, type="none", value=""))
    return Left(kept, denied)


def _parted(gap: str) -> bool:
    return "," in gap or " and " in gap
