"""Two simulated annotators, and the slips that remain in a reconciled annotation.

Each annotator starts from the guideline and slips now and then, independently of the other. The
rates are chosen so that two annotators agree about as the paper's did: 98.3 % on the units'
boundaries, and 99.6 % on the type of units with the same boundaries.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from suffice.corpus.document import Document, Span
from tools.disclosures.dice import Dice

# Per span and annotator.
BOUNDARY = 0.0035
MISSED = 0.0025
# Per span that could be either: a company named after people, initials without points.
CONFUSED = 0.0037
# Per statement and annotator: a drug, journal or trial taken for an organisation.
INVENTED = 0.008
# Per span of the reconciled annotation.
UNSETTLED = 0.011

_TITLE = re.compile(r"(Drs?\.?|Prof\.?|Professor|Mr\.?|Ms\.?) +")
_FORM = re.compile(
    r",? (Inc|Ltd|GmbH|AG|S\.p\.A|S\.A|SAS|Co\., Ltd|Corporation|Corp|LLC|PLC|plc|A/S|B\.V|K\.K)"
    r"\.?$"
)
_PLACE = re.compile(r" \([^()]*\)")
_EITHER = re.compile(r"[A-Z]{2,4}|[\w'’-]+( (&|and))? ?[\w'’-]*")
_LOOKALIKE = re.compile(
    r"\b(?:[A-Z]{2,3}-?\d{3,4}|[A-Z]{5,}-\d|(?:Journal|Annals|Archives) of [A-Z]\w+ [A-Z]\w+)"
)


def slipped(text: str, span: Span, dice: Dice) -> Span:
    """Return a span with another boundary, one that a person might draw.

    Parameters
    ----------
    text : str
        The document's text.
    span : Span
        As the guideline has it.
    dice : Dice
        The stream to draw from.

    Returns
    -------
    Span
        Without the title or the legal form, with the article, the place or the point that follows,
        or a word short; the same span where nothing of this can be done.
    """
    start, end, label = span.start, span.end, span.label
    inside = text[start:end]
    ways: list[Span] = []
    if title := _TITLE.match(inside):
        ways.append(Span(start + title.end(), end, label))
    if form := _FORM.search(inside):
        ways.append(Span(start, start + form.start(), label))
    if text[max(0, start - 4) : start].lower() == "the ":
        ways.append(Span(start - 4, end, label))
    if place := _PLACE.match(text, end):
        ways.append(Span(start, place.end(), label))
    if inside.endswith("."):
        ways.append(Span(start, end - 1, label))
    elif text[end : end + 1] == ".":
        ways.append(Span(start, end + 1, label))
    if not ways and label == "ORG" and " " in inside:
        ways.append(Span(start, start + inside.rindex(" "), label))
    return dice.pick(ways) if ways else span


def settle(text: str, spans: Sequence[Span], dice: Dice) -> tuple[Span, ...]:
    """Return the reconciled annotation: the guideline's, with a few slips left in it.

    Parameters
    ----------
    text : str
        The document's text.
    spans : sequence of Span
        As the guideline has them.
    dice : Dice
        The stream to draw from.

    Returns
    -------
    tuple of Span
        Sorted; never empty where ``spans`` is not.
    """
    kept: list[Span] = []
    for span in spans:
        if not dice.chance(UNSETTLED):
            kept.append(span)
        elif dice.chance(0.75) or len(spans) == 1:
            kept.append(slipped(text, span, dice))
    return _apart(kept or spans)


def _apart(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return spans sorted, without those that run into the one before."""
    kept: list[Span] = []
    for span in sorted(spans):
        if not kept or kept[-1].end <= span.start:
            kept.append(span)
    return tuple(kept)


def annotate(document: Document, seed: np.random.SeedSequence) -> Document:
    """Return the document with the spans of annotators A and B.

    Parameters
    ----------
    document : Document
        With the reconciled spans, from which both annotators start.
    seed : numpy.random.SeedSequence
        Each annotator has a stream of their own that stems from it.

    Returns
    -------
    Document
        Text and `Document.spans` unchanged.
    """
    own = {
        name: _one(document, Dice(child)) for name, child in zip("AB", seed.spawn(2), strict=True)
    }
    return replace(document, annotators=own)


def _one(document: Document, dice: Dice) -> tuple[Span, ...]:
    text = document.text
    kept: list[Span] = []
    for span in document.spans:
        if dice.chance(MISSED):
            continue
        found = slipped(text, span, dice) if dice.chance(BOUNDARY) else span
        if _EITHER.fullmatch(text[span.start : span.end]) and dice.chance(CONFUSED):
            found = replace(found, label="ORG" if found.label == "PERSON" else "PERSON")
        kept.append(found)
    lookalikes = [m.span() for m in _LOOKALIKE.finditer(text)]
    if lookalikes and dice.chance(INVENTED):
        kept.append(Span(*dice.pick(lookalikes), "ORG"))
    return _apart(kept)
