"""Spans in several pieces: refused, split into one span a piece, or read as their hull.

Formats hand such a span over as ``{"fragments": [[0, 3], [8, 11]], "label": ...}``. Pieces with
nothing but white space between them are one span: tools break a span so at the end of a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, get_args

from suffice.corpus.formats.base import Draft
from suffice.errors import CorpusError, InputError

Rule = Literal["refuse", "split", "hull"]
"""What can be done with a span in several pieces."""

RULES: tuple[Rule, ...] = get_args(Rule)

_MANY = 1000
_Spans = list[Any]


def check_rule(rule: Rule) -> None:
    """Refuse a rule that there is not.

    Raises
    ------
    InputError
        It is none of `RULES`.
    """
    if rule not in RULES:
        raise InputError(
            f"spans in several pieces cannot be treated by {rule!r}",
            remedy=f"choose one of {', '.join(RULES)}",
        )


def joined(draft: Draft, rule: Rule) -> tuple[Draft, int]:
    """Return a draft all of whose spans have a start and an end.

    Parameters
    ----------
    draft : Draft
        What a format read.
    rule : {"refuse", "split", "hull"}
        What becomes of a span in several pieces.

    Returns
    -------
    draft : Draft
        The same draft where no span has ``fragments``.
    count : int
        How many of its spans were in several pieces; those that several annotators marked count
        for each.

    Raises
    ------
    CorpusError
        The pieces are not pairs of offsets into the text, in order; or the rule is to refuse.
    """
    if not _any(draft.spans) and not (
        isinstance(draft.annotators, Mapping) and any(map(_any, draft.annotators.values()))
    ):
        return draft, 0
    counts = [0]
    spans = _resolved(draft.spans, draft, rule, counts)
    annotators = draft.annotators
    if isinstance(annotators, Mapping):
        annotators = {a: _resolved(s, draft, rule, counts) for a, s in annotators.items()}
    return replace(draft, spans=spans, annotators=annotators), counts[0]


def _any(spans: Any) -> bool:
    return isinstance(spans, list) and any(isinstance(s, dict) and "fragments" in s for s in spans)


def _resolved(spans: Any, draft: Draft, rule: Rule, counts: list[int]) -> Any:
    if not _any(spans):
        return spans
    found: _Spans = []
    for number, span in enumerate(spans, start=1):
        if not isinstance(span, dict) or "fragments" not in span:
            found.append(span)
            continue
        rest = {key: value for key, value in span.items() if key not in ("fragments", "text")}
        pieces = _pieces(span["fragments"], number, draft)
        _check_text(span.get("text"), pieces, number, draft)
        if len(pieces) > 1:
            counts[0] += 1
            if rule == "refuse":
                raise _bad(
                    draft,
                    f"span {number} is in {len(pieces)} pieces",
                    "read with `discontinuous` split (a span for each piece) or hull (all from "
                    "first to last)",
                )
        if rule == "hull":
            pieces = [(pieces[0][0], pieces[-1][1])]
        found += [{**rest, "start": start, "end": end} for start, end in pieces]
    return found


def _pieces(given: Any, number: int, draft: Draft) -> list[tuple[int, int]]:
    """Return the pieces in order, those joined that only white space parts."""
    if not isinstance(given, list) or not 0 < len(given) <= _MANY:
        raise _bad(draft, f"span {number}: its pieces are no list of up to {_MANY} pairs")
    text = draft.text if isinstance(draft.text, str) else ""
    found: list[tuple[int, int]] = []
    for pair in given:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise _bad(draft, f"span {number}: a piece is no pair of offsets")
        start, end = pair
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
            raise _bad(draft, f"span {number}: the offsets of a piece do not lie in the text")
        found.append((start, end))
    found.sort()
    whole = [found[0]]
    for start, end in found[1:]:
        if start < whole[-1][1]:
            raise _bad(draft, f"span {number}: its pieces overlap")
        if not text[whole[-1][1] : start].strip():
            whole[-1] = whole[-1][0], end
        else:
            whole.append((start, end))
    return whole


def _check_text(given: Any, pieces: list[tuple[int, int]], number: int, draft: Draft) -> None:
    if isinstance(given, str):
        own = "".join("".join(draft.text[start:end].split()) for start, end in pieces)
        if own != "".join(given.split()):
            raise _bad(
                draft,
                f"span {number}: the text of its pieces is not the span's own text",
                "check the offsets",
            )


def _bad(draft: Draft, problem: str, remedy: str = "") -> CorpusError:
    return CorpusError(problem, remedy=remedy, where=draft.where)
