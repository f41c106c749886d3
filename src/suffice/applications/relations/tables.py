"""Tables in statements: columns of kinds, and codes that a legend explains."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from suffice.applications.relations.elements import Element
from suffice.applications.relations.facts import Fact, Who

_LINE = re.compile(r"[^\n\r]+")
_CELL = re.compile(r"[^\t|]*")
_LEGEND = re.compile(r"(?<!\w)[(\[]?([a-z]|\d{1,2})[)\]]?\s?[=:]\s?")
_CODES = re.compile(r"[(\[]((?:[a-z]|\d{1,2})(?:\s?[,/]\s?(?:[a-z]|\d{1,2}))*)[)\]]")


def read_tables(mask: str, found: Sequence[Element]) -> tuple[list[Fact], list[Element]]:
    """Return the facts of tables, and the elements outside them.

    A table is a line with kinds in cells parted by tabs or bars, and the lines below it with as
    many cells and a person in one of them. A row without anything is that person's "none".
    """
    if "\t" not in mask and "|" not in mask:
        return [], list(found)
    starts = [e.start for e in found]
    columns: list[list[Element]] = []
    facts: list[Fact] = []
    taken: set[int] = set()
    for line in _LINE.finditer(mask):
        cells = [
            [found[k] for k in range(bisect_left(starts, a), bisect_left(starts, b))]
            for a, b in _cells(line)
        ]
        if len(cells) < 2:
            columns = []
            continue
        people = [e for cell in cells for e in cell if e.type == "person"]
        heads = [[e for e in cell if e.type == "kind"] for cell in cells]
        if not people and sum(bool(h) for h in heads) > 1:
            columns = heads
            taken.update(range(bisect_left(starts, line.start()), bisect_left(starts, line.end())))
        elif people and len(cells) == len(columns):
            facts += _row(line, cells, columns, people)
            taken.update(range(bisect_left(starts, line.start()), bisect_left(starts, line.end())))
    return facts, [e for k, e in enumerate(found) if k not in taken]


def _cells(line: re.Match[str]) -> list[tuple[int, int]]:
    edges, at = [], line.start()
    for cell in re.split(r"[\t|]", line[0]):
        edges.append((at, at + len(cell)))
        at += len(cell) + 1
    return edges


def _row(
    line: re.Match[str],
    cells: Sequence[Sequence[Element]],
    columns: Sequence[Sequence[Element]],
    people: Sequence[Element],
) -> list[Fact]:
    who = [Who("person", e.value) for e in people]
    facts = []
    for cell, kinds in zip(cells, columns, strict=True):
        firms = [e.value for e in cell if e.type == "organisation"]
        if kinds and firms:
            facts.append(
                Fact(
                    list(who), list(kinds), firms, start=line.start(), end=line.end(), rule="table"
                )
            )
    if not facts:
        facts.append(Fact(who, none=True, start=line.start(), end=line.end(), rule="headings"))
    return facts


def read_codes(mask: str, found: Sequence[Element]) -> list[Element]:
    """Put the kinds of a legend ("A = employment, B = stock") where its codes stand in brackets.

    Parameters
    ----------
    mask : str
        The statement with names blanked out.
    found : sequence of Element
        Its elements.

    Returns
    -------
    list of Element
        The same where there is no legend of two codes at least.
    """
    kinds = {e.start: e for e in found if e.type == "kind"}
    legend: dict[str, Element] = {}
    for match in _LEGEND.finditer(mask):
        if (kind := kinds.get(match.end())) is not None:
            legend.setdefault(match[1], kind)
    if len(legend) < 2:
        return list(found)
    explained = {e.start for e in legend.values()}
    named = [e for e in found if e.start not in explained]
    starts = [e.start for e in named]
    placed: list[Element] = []
    for match in _CODES.finditer(mask):
        at = bisect_left(starts, match.start())
        inside = at < len(starts) and starts[at] < match.end()
        if not inside:
            codes = [c.strip() for c in re.split(r"[,/]", match[1])]
            placed += [
                replace(legend[c], start=match.start() + k, end=match.end())
                for k, c in enumerate(codes)
                if c in legend
            ]
    return sorted([*named, *placed], key=lambda e: (e.start, e.end))
