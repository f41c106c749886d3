"""Who is meant: initials, surnames and full names, resolved against an author list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

_PARTICLES = frozenset(
    {"van", "von", "der", "den", "de", "la", "le", "du", "di", "da", "del", "della", "dos", "das"}
    | {"do", "el", "al", "ben", "bin", "ibn", "ter", "ten", "zu", "zur"}
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_FOLDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
_FOLDED |= str.maketrans({"ß": "ss", "ı": "i"})
_TITLES = re.compile(
    r"^(?:(?:drs?|prof(?:essor)?|mr|mrs|ms|miss|sir|dame)\.?\s+)+|"
    r"(?:,\s*(?:m\.?d\.?|ph\.?d\.?|mph|msc|bsc|dphil|frcp|mbbs|rn|pharmd))+$",
    re.IGNORECASE,
)
_MOST = 4096


def folded(text: str) -> str:
    """Return a name in lower case, without accents and with one kind of hyphen and space."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_FOLDED))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.sub(r"[‐‑–—]", "-", plain.replace("’", "'")).split())


def bare(name: str) -> str:
    """Return a name without title and degrees; as it is where nothing else is in it."""
    return _TITLES.sub("", name.strip()).strip(" ,") or name


@dataclass(frozen=True)
class _Name:
    """A name in parts: words, each with its pieces around hyphens and apostrophes."""

    words: tuple[str, ...]
    initials: tuple[bool, ...]

    @property
    def only_initials(self) -> bool:
        return all(self.initials)


@lru_cache(maxsize=4096)
def _parsed(name: str) -> _Name:
    spaced = re.sub(r"(?<=\.)(?=[^\W\d_-])", " ", bare(name))  # H.Yamane: H. Yamane
    words, initials = [], []
    for word in spaced.replace(",", " ").split():
        core = word.rstrip(".")
        if not core or folded(core) in _SUFFIXES:
            continue
        letters = re.sub(r"[.\-‐‑–'’]", "", core)
        capitals = sum(c.isupper() for c in letters)
        short = len(letters) <= 4 and capitals == len(letters)
        ends = letters[-1:].isupper() or capitals >= len(letters) - 1  # MdlT, AMcD
        compact = len(letters) <= 5 and capitals >= 2 and ends
        pieces = [p for p in re.split(r"[.\-‐‑–]", core) if p]  # H.-w.
        dotted = word != letters and all(len(p) == 1 for p in pieces)
        initials.append(bool(letters) and (short or compact or dotted))
        words.append(folded(core).replace(".", ""))
    return _Name(tuple(words), tuple(initials))


def _heads(word: str) -> set[str]:
    """Return what a word may be abbreviated to: Jean-Paul to jp, McDonald to m, mc, mcd."""
    pieces = [p for p in re.split(r"[-']", word) if p]
    heads = {"".join(p[0] for p in pieces)}
    if "-" not in word and pieces:
        heads.add(pieces[0][0])
    if re.match(r"mac?[a-z]{4,}|mc[a-z]{2,}", word):
        cut = 3 if word.startswith("mac") else 2
        heads |= {word[:cut], word[: cut + 1]}
    return heads


@lru_cache(maxsize=4096)
def _abbreviated(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the initials that fit a name completely, and those that leave something out."""
    words = _parsed(name).words
    marks = _parsed(name).initials
    if not words:
        return frozenset(), frozenset()
    if any(marks) and not all(marks) and marks[-1] and not marks[0]:  # surname first: Meier JK
        words = (*(w for w, m in zip(words, marks, strict=True) if m), *_split(_parsed(name))[1])
        marks = tuple(sorted(marks, reverse=True))
    choices: list[list[tuple[str, bool]]] = []
    for k, (word, mark) in enumerate(zip(words, marks, strict=True)):
        letters = word.replace("-", "").replace("'", "")
        full = {letters, letters[:1]} if mark else _heads(word)
        options = [(head, True) for head in sorted(full)]
        if "-" in word and not mark:
            options.append((word[:1], False))
        if 0 < k < len(words) - 1:
            options.append(("", word in _PARTICLES))
        elif k == 0 and word in _PARTICLES and len(words) > 1:
            options.append(("", True))
        choices.append(options)
    complete: set[str] = set()
    partial: set[str] = set()
    for count, chosen in enumerate(product(*choices)):
        if count >= _MOST:
            break
        (complete if all(c[1] for c in chosen) else partial).add("".join(c[0] for c in chosen))
    return frozenset(complete), frozenset(partial - complete)


def fit(mention: str, name: str) -> int:
    """Return how well a mention fits a name.

    Parameters
    ----------
    mention : str
        As a statement writes a person: initials, a surname, with or without given names.
    name : str
        The name it may stand for.

    Returns
    -------
    int
        4: the same; 3: completely (all initials, or surname and all given names); 2: with given
        names left out; 1: the surname alone; 0: not.
    """
    if folded(mention) == folded(name):
        return 4
    said, full = _parsed(mention), _parsed(name)
    if not said.words or not full.words:
        return 0
    if _begun(mention, full.words):
        return 3
    if said.only_initials:
        letters = _letters(said)
        complete, partial = _abbreviated(name)
        return 3 if letters in complete else 2 if letters in partial else 0
    best = 0
    surnames_only = [((), said.words)] if not any(said.initials) else []
    for given, surname in [*_readings(said), *surnames_only]:
        for given_full, surname_full in _readings(full):
            if not _same_surname(surname, surname_full):
                continue
            if not given:
                best = max(best, 1)
            elif _match_given_names(given, given_full):
                best = max(best, 3 if len(given) >= len(given_full) else 2)
    return best


def _chunks(mention: str) -> list[str]:
    """Return initials with small letters in pieces: CLe as c and le; nothing without any."""
    letters = re.sub(r"[.\-\s]", "", bare(mention))
    pieces = re.findall(r"[^\W\d_a-z][a-zà-öø-ÿ]*", letters)
    longest = max(map(len, pieces), default=0)
    return [folded(p) for p in pieces] if longest == 2 and "".join(pieces) == letters else []


def _begun(mention: str, words: Sequence[str]) -> bool:
    """Return whether a name's words begin, one by one, with the pieces of a mention: CLe, ChLee."""
    pieces = _chunks(mention)
    return len(pieces) == len(words) > 1 and all(
        w.startswith(p) for p, w in zip(pieces, words, strict=True)
    )


def _split(name: _Name) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the initials, pulled apart, and the words that are written out."""
    given: list[str] = []
    for word, mark in zip(name.words, name.initials, strict=True):
        if mark:
            given += list(word.replace("-", "").replace("'", ""))
    return tuple(given), tuple(w for w, m in zip(name.words, name.initials, strict=True) if not m)


def _readings(name: _Name) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the ways to cut a name into given names and surname."""
    words, marks = name.words, name.initials
    if marks[-1]:
        return [_split(name)]  # Meier JK
    given: list[str] = []
    cuts = []
    for k, (word, mark) in enumerate(zip(words, marks, strict=True)):
        if not any(marks[k:]):
            cuts.append((tuple(given), words[k:]))
        given += list(word.replace("-", "").replace("'", "")) if mark else [word]
    if any(marks) or len(words) == 1:
        return cuts
    return [*cuts[1:], (words[1:], words[:1])]


def _same_surname(a: Sequence[str], b: Sequence[str]) -> bool:
    def bare(words: Sequence[str]) -> list[str]:
        return [w for w in words if w not in _PARTICLES] or list(words)

    first, second = bare(a), bare(b)
    return first == second or "".join(first) == "".join(second)


def _match_given_names(said: Sequence[str], full: Sequence[str]) -> bool:
    """Return whether given names or initials may be those of a fuller name, in order."""
    pieces = [p for word in full for p in re.split(r"[-']", word) if p]
    parts = [p for word in said for p in re.split(r"[-']", word) if p]
    at = 0
    for k, part in enumerate(parts):
        while at < len(pieces) and not _one(part, pieces[at]):
            if k == 0:
                return False  # the first given name is never left out
            at += 1
        if at == len(pieces):
            return False
        at += 1
    return bool(parts)


def _one(a: str, b: str) -> bool:
    return a == b or (len(a) == 1 and b.startswith(a)) or (len(b) == 1 and a.startswith(b))


class Directory:
    """Names to look mentions up in.

    Parameters
    ----------
    names : iterable of str
        The author list, or all mentions of a statement.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._by_word: dict[str, list[str]] = {}
        self._by_letters: dict[str, list[str]] = {}
        for name in dict.fromkeys(names):
            words = {w.replace("-", "") for w in _parsed(name).words}
            pieces = {p for w in _parsed(name).words for p in re.split(r"[-']", w)}
            for word in words | pieces | {folded(name), "".join(_split(_parsed(name))[1])}:
                self._by_word.setdefault(word, []).append(name)
            for letters in set().union(*_abbreviated(name)):
                self._by_letters.setdefault(letters, []).append(name)

    def near(self, mention: str) -> list[str]:
        """Return the names that a mention may fit, each once, in their order."""
        said = _parsed(mention)
        found = list(self._by_word.get(folded(mention), ()))
        found += self._by_letters.get("".join(p[0] for p in _chunks(mention)), ())
        if said.only_initials:
            found += self._by_letters.get(_letters(said), ())
        else:
            written = _split(said)[1]
            for word in {*written, "".join(written)}:
                found += self._by_word.get(word.replace("-", ""), ())
        return list(dict.fromkeys(found))

    def find(self, mention: str) -> str | None:
        """Return the one name that a mention fits best, or None where none or several do."""
        near = self.near(mention)
        return _best(mention, near) or _first_of_two(mention, near)


def _letters(name: _Name) -> str:
    return "".join(name.words).replace("-", "").replace("'", "")


def _best(mention: str, names: Sequence[str]) -> str | None:
    scored = [(fit(mention, name), name) for name in names]
    best = max((score for score, _ in scored), default=0)
    found = [name for score, name in scored if score == best]
    alone = best > 1 or sum(score > 0 for score, _ in scored) == 1
    return found[0] if best and len(found) == 1 and alone else None


def _first_of_two(mention: str, names: Sequence[str]) -> str | None:
    """Return the one name with two surnames that is called by the first: García (García Pons)."""
    said = _parsed(mention)
    if any(said.initials):
        return None
    found = []
    for name in names:
        full = _parsed(name)
        if len(full.words) > 2 and not any(full.initials):
            surnames = [full.words[k:-1] for k in range(1, len(full.words) - 1)]
            if any(_same_surname(said.words, s) for s in surnames):
                found.append(name)
    return found[0] if len(found) == 1 else None


def canonical(
    mentions: Iterable[str],
    authors: Sequence[str] | None,
    aliases: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return who each mention stands for.

    Parameters
    ----------
    mentions : iterable of str
        All persons that a statement names, in order.
    authors : sequence of str or None
        The author list; without it, the fullest mention in the statement stands for a person.
    aliases : mapping of str to str, optional
        Short forms that the statement itself gives a name; they count where nothing else fits.

    Returns
    -------
    dict of str to str
        By mention as written; itself where it stays as it is.
    """
    said = list(dict.fromkeys(mentions))
    given = {short: name for short, name in (aliases or {}).items() if _fuller(name, short)}
    directory = Directory(said if authors is None else authors)
    if authors is not None:
        return {m: directory.find(m) or directory.find(given.get(m, m)) or m for m in said}
    result = {}
    for mention in said:
        fuller = [n for n in directory.near(mention) if _fuller(n, mention)]
        result[mention] = _best(mention, fuller) or given.get(mention, mention)
    # JM for J. Moser for Julia Moser: the last of the chain, which grows fuller and so ends.
    for mention in said:
        while (longer := result[result[mention]]) != result[mention]:
            result[mention] = longer
    return result


def _fuller(a: str, b: str) -> bool:
    return sum(map(len, _parsed(a).words)) > sum(map(len, _parsed(b).words))
