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

GROUP = "suffice.splitters"
LANGUAGE = "en"

Offsets = tuple[tuple[int, int], ...]
Splitter = Callable[[str, str], Iterable[tuple[int, int]]]

_OURS = "suffice.corpus.splitters."


@cache
def _found() -> dict[str, EntryPoint]:
    points = entry_points(group=GROUP)
    return {point.name: point for point in sorted(points, key=lambda point: point.name)}


def names() -> tuple[str, ...]:
    """Return the names of all splitters that are not built in; nothing is imported."""
    return tuple(_found())


def missing(name: str) -> str | None:
    """Return what to install for a splitter; None if it is there.

    Parameters
    ----------
    name : str
        One of `names`.
    """
    try:
        _loaded(name)
    except ImportError:
        return _remedy(_found()[name])
    return None


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
        There is no such splitter, its library is not installed, or it does not know the language.
    """
    bare, _, language = name.partition(":")
    if bare not in _found():
        raise InputError(
            f"there is no sentence splitter called {bare!r}",
            remedy=f"choose one of {', '.join([*others, *names()])}",
        )
    try:
        split = _loaded(bare)
    except ImportError:
        raise InputError(
            f"the sentence splitter {bare!r} needs a package that is not installed",
            remedy=_remedy(_found()[bare]),
        ) from None
    return lambda text: exact(text, split(text, language or LANGUAGE), bare)


@cache
def _loaded(name: str) -> Splitter:
    loaded: Splitter = _found()[name].load()
    return loaded


def _remedy(point: EntryPoint) -> str:
    if point.value.startswith(_OURS):
        return f"pip install 'suffice[{point.name}]'"
    package = point.dist.name if point.dist else point.module.partition(".")[0]
    return f"see how {package} is installed with all it needs"


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
