"""The patterns as data: read, checked and compiled from `patterns.toml` and the user's own file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import Any

from suffice.applications.relations.result import KINDS
from suffice.errors import InputError

PERSON, ORGANISATION = "\ue000", "\ue001"
"""Private-use characters that stand for each character of a name while patterns are tried."""

# What a space in a phrase stands for: no tab, which parts the cells of a table.
_SPACE = "[ \n\r\u00a0\u2009\u202f-]"
_BLANK = re.compile(r" (\?)?")
_ROLES = ("phrases", "payment", "weak")


@dataclass(frozen=True)
class Phrase:
    """What a compiled pattern stands for.

    Parameters
    ----------
    type : str
        ``kind``, or the table's name: ``subject``, ``negation`` and so on.
    value : str
        The kind, or the list in the table.
    role : str
        The role of a kind: ``phrases``, ``payment`` or ``weak``.
    """

    type: str
    value: str
    role: str = ""


@dataclass(frozen=True)
class Patterns:
    """Compiled patterns.

    Parameters
    ----------
    phrases : tuple of (Phrase, pattern)
        Each list of the file as one regular expression.
    lists : mapping of str to pattern
        The tables ``lists`` and ``context``, and what parts organisations of ``organisations``.
    generic : frozenset of str
        Words that a short form of an organisation's name may leave out.
    """

    phrases: tuple[tuple[Phrase, re.Pattern[str]], ...]
    lists: Mapping[str, re.Pattern[str]]
    generic: frozenset[str]


def load(path: str | PathLike[str] | None = None) -> Patterns:
    """Return the patterns that come with suffice, with the user's own added.

    Parameters
    ----------
    path : path, optional
        A TOML file with the tables of ``patterns.toml`` beside this module; every list is added to
        the one there, and phrases under ``remove`` (a list at the top) are taken away first.

    Raises
    ------
    InputError
        The file cannot be read, has a table, list or kind that is not known, or a phrase is no
        regular expression.
    """
    if path is None:
        return _bundled()
    base = _data()
    shipped = _phrases(base)
    merged = _merged(base, _read(Path(path)), str(path))
    return _compiled(merged, str(path), _phrases(merged) - shipped)


@lru_cache(maxsize=1)
def _bundled() -> Patterns:
    return _compiled(_data(), "patterns.toml")


def _phrases(data: Mapping[str, Any]) -> set[str]:
    tables = [*data["kinds"].values(), *(t for k, t in data.items() if k != "kinds")]
    return {phrase for lists in tables for words in lists.values() for phrase in words}


def _data() -> dict[str, Any]:
    return tomllib.loads(
        files("suffice.applications.relations")
        .joinpath("patterns.toml")
        .read_text(encoding="utf-8")
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(
            f"cannot be read: {error}", where=str(path), remedy="write it like patterns.toml"
        ) from error


def _merged(base: dict[str, Any], own: dict[str, Any], where: str) -> dict[str, Any]:
    removed = set(_words(own.pop("remove", []), where, "remove"))
    kinds = own.pop("kinds", {})
    known = [k for k in KINDS if k != "none"]
    for kind, lists in _table(kinds, where, "kinds").items():
        if kind not in known:
            raise InputError(
                f"there is no kind {kind!r}", where=where, remedy=f"one of {', '.join(known)}"
            )
        for role, phrases in _table(lists, where, f"kinds.{kind}").items():
            if role not in _ROLES:
                raise InputError(
                    f"kinds.{kind} has no list {role!r}",
                    where=where,
                    remedy=f"one of {', '.join(_ROLES)}",
                )
            base["kinds"][kind][role] += _words(phrases, where, f"kinds.{kind}.{role}")
    for table, lists in own.items():
        if table not in base:
            raise InputError(
                f"there is no table {table!r}",
                where=where,
                remedy=f"one of {', '.join(base)}, remove",
            )
        for name, phrases in _table(lists, where, table).items():
            if name not in base[table]:
                raise InputError(
                    f"{table} has no list {name!r}",
                    where=where,
                    remedy=f"one of {', '.join(base[table])}",
                )
            base[table][name] += _words(phrases, where, f"{table}.{name}")
    if removed:
        tables = [*base["kinds"].values(), *(t for k, t in base.items() if k != "kinds")]
        for lists in tables:
            for name in lists:
                lists[name] = [p for p in lists[name] if p not in removed]
    return base


def _table(value: object, where: str, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{name} is not a table", where=where, remedy="see patterns.toml")
    return value


def _words(value: object, where: str, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        raise InputError(f"{name} is not a list of phrases", where=where, remedy='write ["a", "b"]')
    return list(value)


def _compiled(data: dict[str, Any], where: str, own: Iterable[str] = ()) -> Patterns:
    """Return the patterns: each list as one expression, and each phrase of the user's by itself.

    Of the alternatives of one expression the first counts that matches, in Python; of several
    expressions the longest match.
    """
    apart = set(own)
    lists = [
        (Phrase("kind", kind, role), phrases)
        for kind, roles in data["kinds"].items()
        for role, phrases in roles.items()
    ]
    lists += [
        (Phrase(table, name), words)
        for table in ("subjects", "again", "negation")
        for name, words in data[table].items()
    ]
    organisations = data["organisations"]
    lists += [
        (Phrase("organisations", name), organisations[name])
        for name in ("same", "former", "latter")
    ]
    lists.append((Phrase("respectively", ""), data["lists"]["respectively"]))
    compiled = []
    for phrase, words in lists:
        if shipped := [w for w in words if w not in apart]:
            compiled.append((phrase, _either(shipped, where)))
        compiled += [(phrase, _either([w], where)) for w in words if w in apart]
    between = {name: organisations[name] for name in ("detached", "instead", "through", "same")}
    around = {**data["lists"], **data["context"], **between}
    joined = {name: _either(words, where) for name, words in around.items()}
    return Patterns(tuple(compiled), joined, frozenset(organisations["generic"]))


def _either(words: Iterable[str], where: str) -> re.Pattern[str]:
    """Return one expression for a list, longest phrases first."""
    parts = []
    for word in sorted(set(words), key=lambda w: (-len(w), w)):
        part = _BLANK.sub(lambda m: _SPACE + (m[1] or "+"), word)
        try:
            re.compile(f"(?:{part})")
        except re.error as error:
            raise InputError(
                f"the phrase {word!r} is no regular expression: {error}", where=where
            ) from error
        parts.append(part)
    return re.compile(f"(?<![\\w])(?:{'|'.join(parts)})(?![\\w])" if parts else "(?!)")
