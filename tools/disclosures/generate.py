"""Synthetic conflict-of-interest disclosures with PERSON and ORG.

The study that suffice implements (Majdik et al., JMIR AI 2024;3:e52095) used 490 annotated
disclosure statements that are not public. These stand in for them: invented statements about
invented people and organisations, with about as many sentences (5.25) and entities (7.1) a
statement. They show how suffice works; they say nothing about any real corpus.

Annotation guideline
--------------------
PERSON
    Any form of a person's name: initials with or without points, full names, surname and
    initials. A title (``Dr.``, ``Prof``, ``Drs.``) belongs to the span, a degree after the name
    and a genitive ending do not. People who are named without being authors count as well.
ORG
    Companies, non-profits and funders, with their legal form and its point (``Inc.``), and with
    the name of a country where it is part of the name. Not the article before it, nor a place in
    parentheses after it. An acronym in parentheses is a span of its own. Universities and
    hospitals count where they pay, employ, own or are paid, not where their ethics committee is
    spoken of.
Neither
    Drugs, diseases, trials, journals, prizes, tests, departments and committees, whatever names
    they carry.
"""

from __future__ import annotations

import re

import numpy as np

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document
from suffice.errors import InputError
from tools.disclosures import markup
from tools.disclosures.annotators import annotate, settle
from tools.disclosures.clauses import HEADINGS
from tools.disclosures.dice import Dice
from tools.disclosures.market import Market
from tools.disclosures.names import DEGREES
from tools.disclosures.scene import Scene
from tools.disclosures.styles import STYLES, around, sentence_start, short

NAME = "disclosures"
SIZE = 490
TWICE = 200

# A degree behind a name takes a second comma where the sentence goes on.
_DEGREE = re.compile(rf"(\ue002, (?:{'|'.join(map(re.escape, DEGREES))})) (?=[a-z])")


def disclosures(n: int = SIZE, seed: int = 2024, twice: int | None = None) -> Corpus:
    """Return a synthetic corpus of conflict-of-interest disclosures.

    Parameters
    ----------
    n : int
        How many statements. The first statements of a larger corpus are those of a smaller one.
    seed : int
        The same seed gives the same corpus, on every machine.
    twice : int, optional
        How many statements carry the spans of two simulated annotators, ``"A"`` and ``"B"``, in
        `Document.annotators`; 200 of 490 unless given, as in the paper.

    Returns
    -------
    Corpus
        `Corpus.synthetic` is true. `Document.spans` are the reconciled annotation; about one
        entity in a hundred is annotated against the guideline, as in every real corpus.

    Raises
    ------
    InputError
        If ``n`` is negative.
    """
    if n < 0:
        raise InputError(f"{n} documents cannot be made", remedy="give 0 or more")
    market_seed, text_seed, choice_seed, annotator_seed = np.random.SeedSequence(seed).spawn(4)
    market = Market(Dice(market_seed))
    documents: list[Document] = []
    seen: set[str] = set()
    for i, child in enumerate(text_seed.spawn(n), start=1):
        dice = Dice(child)
        text, spans = markup.read(_statement(dice, market))
        while text in seen or not spans:
            text, spans = markup.read(_statement(dice, market))
        seen.add(text)
        gold = settle(text, spans, dice)
        documents.append(Document(f"disclosure-{i:04d}", text, gold, synthetic=True))
    wanted = round(n * TWICE / SIZE) if twice is None else twice
    chosen = set(Dice(choice_seed).several(range(n), wanted))
    noise = annotator_seed.spawn(n)
    return Corpus(
        tuple(annotate(d, noise[i]) if i in chosen else d for i, d in enumerate(documents)),
        name=NAME,
    )


def _statement(dice: Dice, market: Market) -> str:
    scene = Scene(dice, market)
    style = dice.weighted(STYLES)
    said = [sentence_start(s) for s in around(scene, style(scene), brief=style is short)]
    heading = dice.weighted(HEADINGS)
    if "following" in heading and "\ue000" not in said[0]:
        heading = ""
    return _careless(dice, heading + " ".join(said))


def _careless(dice: Dice, draft: str) -> str:
    """Return the draft with the small slips of type that such statements have."""
    draft = draft.replace(".\ue002.", ".\ue002").replace(".D..", ".D.")
    draft = _DEGREE.sub(r"\1, ", draft)
    if dice.chance(0.06):
        draft = draft.removesuffix(".")
    if dice.chance(0.03):
        draft = draft.replace("; ", ";", 1)
    if dice.chance(0.03):
        draft = draft.replace(". ", ".  ", 1)
    if dice.chance(0.02):
        draft = draft.replace(" from ", " form ", 1)
    if dice.chance(0.02):
        draft = draft.replace(", ", ",", 1)
    return draft
