"""Splitters by name; other packages add theirs as ``suffice.splitters``.

A splitter is a function that takes a text and the code of a language, as ``"en"``, and returns the
offsets of the sentences in order. White space at their edges is left out here. Every other
character has to lie in exactly one sentence: `suffice.testing.check_splitter` checks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from suffice.corpus.splitters.edges import stripped
from suffice.errors import InputError
from suffice.optional import plugin_needs

GROUP = "suffice.splitters"
LANGUAGE = "en"

Offsets = tuple[tuple[int, int], ...]
Splitter = Callable[[str, str], Iterable[tuple[int, int]]]


@cache
def _found() -> dict[str, EntryPoint]:
    points = entry_points(group=GROUP)
    return {point.name: point for point in sorted(points, key=lambda point: point.name)}


def names() -> tuple[str, ...]:
    """Return the names of all splitters that are not built in; nothing is imported."""
    return tuple(_found())


def splitter_named(name: str, others: Iterable[str] = ()) -> Callable[[str], Offsets]:
    """Return a splitter as a function of the text alone.

    Parameters
    ----------
    name : str
        One of `names`, with a language where it is not English: ``"spacy:de"``.
    others : iterable of str
        Names to be offered besides.

    Returns
    -------
    callable
        Takes a text, returns the offsets of its sentences without white space at their edges.

    Raises
    ------
    InputError
        There is no such splitter. What is returned raises it where the splitter's library is not
        installed, or does not know the language.
    """
    bare, _, language = name.partition(":")
    if bare not in _found():
        raise InputError(
            f"there is no sentence splitter called {bare!r}",
            remedy=f"choose one of {', '.join([*others, *names()])}",
        )
    point = _found()[bare]

    def split(text: str) -> Offsets:
        # Its library may be imported when it is loaded, or only when it is called.
        with plugin_needs(f"the sentence splitter {bare!r}", point):
            return exact(text, _loaded(bare)(text, language or LANGUAGE), bare)

    return split


@cache
def _loaded(name: str) -> Splitter:
    loaded: Splitter = _found()[name].load()
    return loaded


def exact(text: str, pieces: Iterable[tuple[int, int]], name: str) -> Offsets:
    """Return pieces without white space at their edges and without empty ones, verified.

    Raises
    ------
    InputError
        They are not in order, or leave text out.
    """
    found = []
    last = 0
    for start, end in pieces:
        piece = stripped(text, start, end)
        if piece is None:
            continue
        if piece[0] < last or stripped(text, last, piece[0]) is not None:
            break
        found.append(piece)
        last = piece[1]
    else:
        if stripped(text, last, len(text)) is None:
            return tuple(found)
    raise InputError(
        f"the sentence splitter {name!r} leaves text out, or gives it twice",
        remedy="choose another one, and tell its authors",
    )
