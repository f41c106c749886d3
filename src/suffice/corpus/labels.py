"""Rules that rename, merge and leave out labels: ``individual=PERSON,funder=ORG``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from suffice.errors import InputError

_SHOWN = 20


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
                    f"--labels names {label!r}, which the corpus does not have",
                    remedy=_hint(label, known),
                )


def _hint(label: str, known: Sequence[str]) -> str:
    if not known:
        return "it has no labels at all"
    shown = ", ".join(known[:_SHOWN]) + (", …" if len(known) > _SHOWN else "")
    close = get_close_matches(label.lower(), [k.lower() for k in known], n=1)
    meant = [k for k in known if close and k.lower() == close[0]]
    return f"it has {shown}" + (f" (did you mean {meant[0]!r}?)" if meant else "")


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
        keeps the others. In a mapping (for labels that hold a comma or an equals sign) a name goes
        to its new name, or to None to be left out; the key ``*`` stands for the rest.

    Returns
    -------
    LabelRules
        The rules; call `LabelRules.check` with the labels there are.

    Raises
    ------
    InputError
        A rule is empty, or two are about the same label.
    """
    pairs = list(rules.items()) if isinstance(rules, Mapping) else _pairs(rules)
    if not pairs:
        raise InputError("--labels holds no rule", remedy="write A,B=C or -A")
    new: dict[str, str | None] = {}
    for old, name in pairs:
        if old in new:
            raise InputError(f"--labels has two rules for {old!r}", remedy="keep one")
        if name is not None and not name.strip():
            raise InputError(f"--labels gives {old!r} an empty name")
        new[old] = name
    star = "*" in new
    rest = new.pop("*", None)
    only_left_out = all(name is None for name in new.values()) and not star
    return LabelRules(new, keep_rest=only_left_out or rest == "*", rest=rest)


def _pairs(rules: str | Iterable[str]) -> list[tuple[str, str | None]]:
    texts = rules.split(",") if isinstance(rules, str) else list(rules)
    return [_pair(text.strip()) for text in texts if text.strip()]


def _pair(text: str) -> tuple[str, str | None]:
    old, equals, name = (part.strip() for part in text.partition("="))
    if not equals:
        return (old[1:].strip(), None) if old.startswith("-") and len(old) > 1 else (old, old)
    if not old:
        raise InputError(f"--labels: the rule {text!r} names no label", remedy="write OLD=NEW")
    return old, name or None
