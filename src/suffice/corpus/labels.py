"""Rules that rename, merge and leave out labels: ``individual=PERSON,funder=ORG``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from suffice.errors import InputError

_SHOWN = 20
# A name in double quotes, where a name can begin, with all that is before and after it.
_QUOTED = re.compile(r'((?:^|[,=])\s*-?\s*)"((?:[^"]|"")*)"(?=\s*(?:[,=]|$))')


@dataclass(frozen=True)
class LabelRules:
    """What becomes of every label.

    Parameters
    ----------
    new : mapping of str to (str or None)
        The new name of each label that a rule names; None leaves it out.
    keep_rest : bool
        Whether labels without a rule keep their names; otherwise they are left out.
    rest : str, optional
        The name that labels without a rule get; only without ``keep_rest``.
    """

    new: Mapping[str, str | None] = field(default_factory=dict)
    keep_rest: bool = False
    rest: str | None = None

    def __call__(self, label: str) -> str | None:
        """Return a label's new name, or None if it is left out."""
        if label in self.new:
            return self.new[label]
        return label if self.keep_rest else self.rest

    def again(self, label: str) -> str | None:
        """Return the new name of a label that may have its new name already."""
        given = {name for name in self.new.values() if name is not None}
        return label if label in given or label == self.rest else self(label)

    def check(self, labels: Iterable[str]) -> None:
        """Refuse rules that name a label which is not there.

        Raises
        ------
        InputError
            Naming the labels that are.
        """
        known = sorted(set(labels))
        for label in self.new:
            if label not in known:
                raise InputError(
                    f"`labels` names {label!r}, which the corpus does not have",
                    remedy=_hint(label, known),
                )


def _hint(label: str, known: Sequence[str]) -> str:
    if not known:
        return "it has no labels at all"
    shown = ", ".join(map(_written, known[:_SHOWN])) + (", …" if len(known) > _SHOWN else "")
    close = get_close_matches(label.lower(), [k.lower() for k in known], n=1)
    meant = [k for k in known if close and k.lower() == close[0]]
    parts = [k for k in known if "," in k and label in map(str.strip, k.split(","))]
    if parts:
        return f"it has {shown} (write the double quotes of {_written(parts[0])} as well)"
    return f"it has {shown}" + (f" (did you mean {meant[0]!r}?)" if meant else "")


def _written(label: str) -> str:
    """Return a label as rules have it: in double quotes where it would be taken apart."""
    if label.startswith(("-", '"')) or label == "*" or re.search("[,=]", label):
        return '"' + label.replace('"', '""') + '"'
    return label


def split_names(text: str) -> list[str]:
    """Return the names in a list with commas; a name with a comma stands in double quotes.

    Examples
    --------
    >>> split_names('PERSON, "Smith, J.", ORG')
    ['PERSON', 'Smith, J.', 'ORG']
    """
    names = _Names(text)
    return [names.name(part) for part in names.text.split(",") if part.strip()]


class _Names:
    """A text in which a stand-in takes the place of each name in double quotes.

    Attributes
    ----------
    text : str
        Can be split at commas and equals signs.
    """

    def __init__(self, text: str) -> None:
        self._quoted: list[str] = []
        self.text = _QUOTED.sub(self._stand_in, text)

    def _stand_in(self, found: re.Match[str]) -> str:
        self._quoted.append(found[2].replace('""', '"'))
        return f"{found[1]}\0{len(self._quoted) - 1}"

    def name(self, part: str) -> str:
        """Return the name that a part of the text stands for.

        Raises
        ------
        InputError
            Its double quotes do not enclose all of it.
        """
        part = part.strip()
        if part.startswith("\0"):
            return self._quoted[int(part[1:])]
        if part.startswith('"') or "\0" in part:
            written = re.sub("\0([0-9]+)", lambda m: f'"{self._quoted[int(m[1])]}"', part)
            raise InputError(
                f"the double quotes in {written} do not enclose a whole name",
                remedy='write for example "A,B"=C',
            )
        return part


def parse_labels(rules: str | Iterable[str] | Mapping[str, str | None]) -> LabelRules:
    """Return the rules that a text, a list or a mapping of them says.

    Parameters
    ----------
    rules : str, iterable of str, or mapping
        A text is a list of rules with commas between them:

        ``A``
            keeps the label A.
        ``A=B``
            calls A's spans B; several labels may go to one.
        ``-A`` or ``A=``
            leaves A out.
        ``*=B``
            calls every label without a rule of its own B.
        ``*``
            keeps every label without a rule of its own.

        Labels without a rule are left out, unless all rules only leave labels out: ``-A`` alone
        keeps the others. A name that holds a comma or an equals sign, or begins with a hyphen,
        stands in double quotes, and a double quote inside them is written twice: ``"A,B"=C``. In a
        mapping a name goes to its new name, or to None to be left out; the key ``*`` stands for
        the rest.

    Returns
    -------
    LabelRules
        The rules; call `LabelRules.check` with the labels there are.

    Raises
    ------
    InputError
        A rule is empty, or two are about the same label.
    """
    pairs = list(rules.items() if isinstance(rules, Mapping) else _pairs(rules))
    if not pairs:
        raise InputError("`labels` holds no rule", remedy="write A,B=C or -A")
    new: dict[str, str | None] = {}
    for old, name in pairs:
        if old in new:
            raise InputError(f"`labels` has two rules for {old!r}", remedy="keep one")
        if name is not None and not name.strip():
            raise InputError(f"`labels` gives {old!r} an empty name")
        new[old] = name
    star = "*" in new
    rest = new.pop("*", None)
    only_left_out = all(name is None for name in new.values()) and not star
    return LabelRules(new, keep_rest=only_left_out or rest == "*", rest=rest)


def _pairs(rules: str | Iterable[str]) -> Iterator[tuple[str, str | None]]:
    if isinstance(rules, str):
        names = _Names(rules)
        given = [(names, rule) for rule in names.text.split(",")]
    else:
        given = [(own, own.text) for own in map(_Names, rules)]
    return (_pair(names, rule.strip()) for names, rule in given if rule.strip())


def _pair(names: _Names, rule: str) -> tuple[str, str | None]:
    old, equals, new = rule.partition("=")
    if not equals:
        if rule.startswith("-") and len(rule) > 1:
            return names.name(rule[1:]), None
        return names.name(rule), names.name(rule)
    if not old.strip():
        raise InputError(f"`labels`: the rule {rule!r} names no label", remedy="write OLD=NEW")
    return names.name(old), names.name(new) or None
