"""Which mentions name the same organisation: short forms, and those in brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from suffice.applications.relations.elements import Element
from suffice.applications.relations.people import folded

_SMALL = frozenset(["of", "and", "the", "for", "de", "du", "la", "le", "et", "für", "und", "di"])
_OPENING = re.compile(r"\s*[(\[]\s*[\"“'‘]?$")


def canonical(found: Sequence[Element], mask: str, generic: frozenset[str]) -> dict[str, str]:
    """Return the first written form of each organisation, by mention.

    Parameters
    ----------
    found : sequence of Element
        Elements of the whole statement.
    mask : str
        The statement with names blanked out.
    generic : frozenset of str
        Words that a short form may leave out.

    Returns
    -------
    dict of str to str
        A mention in brackets right behind another, whose initials or first word it is, is the
        same organisation; so is a mention that leaves out legal forms and generic words only, or
        that is the first word of one company's name alone.
    """
    first: dict[str, str] = {}
    longer: dict[str, list[str]] = {}
    result: dict[str, str] = {}
    mentions = [e for e in found if e.type == "organisation"]
    for k, element in enumerate(mentions):
        name = element.value
        if name in result:
            continue
        before = mentions[k - 1] if k else None
        if (
            before is not None
            and _OPENING.fullmatch(mask[before.end : element.start])
            and short_form(name, before.value)
        ):
            result[name] = result[before.value]
            first.setdefault(_core(name, generic), result[name])
            continue
        core, words = _core(name, generic), folded(name).split()
        begun = longer.get(core, [])
        called = begun[0] if len(begun) == 1 and _legal(begun[0], generic) else name
        result[name] = first.setdefault(core, called)
        if len(words) > 2 and result[name] not in longer.setdefault(words[0], []):
            longer[words[0]].append(result[name])
    return result


def short_form(short: str, long: str) -> bool:
    """Return whether a name in brackets is the other's abbreviation or its beginning."""
    letters = folded(short).replace(".", "").replace(" ", "")
    words = [w for w in re.split(r"[\s/-]+", folded(long)) if w]
    heads = "".join(w[0] for w in words)
    main = "".join(w[0] for w in words if w not in _SMALL)
    return (
        letters in (heads, main)
        or bool(words and folded(short) == words[0])
        or (
            len(letters) > 1
            and short.isupper()
            and letters[0] == heads[0]
            and _within(letters, folded(long))
        )
    )


def _legal(name: str, generic: frozenset[str]) -> bool:
    """Return whether a name ends as companies' names do: "Velda Solar Ltd", called Velda."""
    return folded(name).split()[-1].replace(".", "") in generic


def _within(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


def _core(name: str, generic: frozenset[str]) -> str:
    words = [w.strip(".,()") for w in folded(name).split()]
    words = [w for w in words if w]
    while len(words) > 1 and words[-1].replace(".", "") in generic:
        words.pop()
    return " ".join(words)
