"""Organisations that do not exist: companies, foundations, agencies, societies, universities.

A corpus has a stock of them that recurs, as a few large companies do in real statements, and new
ones keep being invented, so that there is always a name nobody has seen.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.disclosures import parts
from tools.disclosures.dice import Dice, items
from tools.disclosures.names import CULTURES, surname


@dataclass(frozen=True)
class Organisation:
    """An organisation and the ways in which it is written.

    Parameters
    ----------
    name : str
        In full.
    kind : str
        ``"company"``, ``"funder"``, ``"society"``, ``"university"`` or ``"service"``.
    short : str
        What a second mention may say; the name itself where there is no shorter form.
    acronym : str
        Given in parentheses after the name and used from then on; empty where there is none.
    """

    name: str
    kind: str
    short: str = ""
    acronym: str = ""

    @property
    def brief(self) -> str:
        """Return the form for a further mention."""
        return self.acronym or self.short or self.name


def coined(dice: Dice) -> str:
    """Return an invented company word, such as ``Quelovia`` or ``NeuroTarn``."""
    if dice.chance(0.25):
        body, thing = dice.pick(parts.BODIES), dice.pick(parts.THINGS)
        return f"{body}o{thing.capitalize() if dice.chance(0.5) else thing}"
    word = dice.pick(parts.STARTS) + dice.pick(parts.ENDINGS)
    style = dice.uniform()
    if style < 0.03:
        return word.upper()
    if style < 0.05:
        return word.lower()
    if style < 0.08:
        return f"{word}{dice.pick(('Med', 'Bio', 'Rx', 'Dx', '360'))}"
    return word


def founders(dice: Dice, family: str = "") -> tuple[str, str]:
    """Return a company named after people, in full and in short.

    Parameters
    ----------
    dice : Dice
        The stream to draw from.
    family : str
        The first founder's surname; a new one where empty.
    """
    culture = CULTURES[dice.pick(("english", "german", "italian", "nordic", "french", "japanese"))]
    first = family or surname(dice, culture)
    second = surname(dice, culture)
    given = dice.pick(culture.given)
    trade = dice.pick(parts.TRADES)
    return dice.pick(
        (
            (f"{first} & {second}", first),
            (f"{first} and {second}", f"{first} and {second}"),
            (f"{first}", first),
            (f"{first}", first),
            (f"{first} & Sons", f"{first} & Sons"),
            (f"{given} {first} and Company", f"{given} {first}"),
            (f"{first}-{second}", f"{first}-{second}"),
            (f"{first} {second}", f"{first} {second}"),
            (f"{first} {trade}", first),
            (f"{first} {trade}{legal(dice)}", first),
            (f"{first}, {second} & Co.", first),
            (f"{first} Brothers", f"{first} Brothers"),
            (f"{first}{legal(dice)}", first),
        )
    )


def legal(dice: Dice) -> str:
    """Return a legal form with what separates it from the name, or nothing."""
    return dice.weighted(parts.LEGAL)


def _letters(dice: Dice, k: int) -> str:
    while (word := "".join(dice.pick("ABCDEFGHKLMNPQRSTVXZ") for _ in range(k))) in parts.TAKEN:
        pass
    return word


def company(dice: Dice, family: str = "") -> Organisation:
    """Return a new company.

    Parameters
    ----------
    dice : Dice
        The stream to draw from.
    family : str
        A surname that a founder-named company should take up.
    """
    shape = dice.weighted(
        {"coined": 34, "trade": 14, "founders": 22, "nation": 11, "described": 12, "letters": 7}
    )
    word = coined(dice)
    if family or shape == "founders":
        name, short = founders(dice, family)
        return Organisation(name, "company", short)
    if shape == "coined":
        return Organisation(word + legal(dice), "company", word)
    if shape == "trade":
        return Organisation(f"{word} {dice.pick(parts.TRADES)}{legal(dice)}", "company", word)
    if shape == "nation":
        nation = dice.pick(tuple(parts.NATIONS))
        base = word if dice.chance(0.6) else founders(dice)[1]
        end = dice.pick(parts.NATIONS[nation])
        if dice.chance(0.2):
            return Organisation(f"{base} ({nation}){end}", "company", base)
        if dice.chance(0.2):
            nation = f"{dice.pick(parts.TRADES)} {nation}"
        return Organisation(f"{base} {nation}{end}", "company", f"{base} {nation}")
    if shape == "described":
        base = dice.pick(parts.QUALITIES if dice.chance(0.6) else parts.MANNERS)
        if base in parts.MANNERS or dice.chance(0.5):
            base = f"{base} {dice.pick(parts.FIELDS)}"
        return Organisation(f"{base} {dice.pick(parts.TRADES)}{legal(dice)}", "company")
    word = _letters(dice, dice.between(3, 4))
    if dice.chance(0.5):
        word = f"{word} {dice.pick(parts.TRADES)}"
    return Organisation(word + legal(dice), "company", word)


def _acronym(name: str) -> str:
    return "".join(w[0] for w in name.replace("-", " ").split() if w[0].isupper())


def _maybe_acronym(dice: Dice, name: str, kind: str, probability: float) -> Organisation:
    return Organisation(name, kind, "", _acronym(name) if dice.chance(probability) else "")


def funder(dice: Dice) -> Organisation:
    """Return a new foundation, charity or public agency."""
    family = surname(dice)
    given = dice.pick(CULTURES["nordic"].given + CULTURES["english"].given)
    field = dice.pick(parts.FIELDS)
    town = dice.pick(parts.TOWNS)
    region = dice.pick(parts.REGIONS)
    name = dice.pick(
        (
            f"{family} Foundation",
            f"{given} {family} Foundation",
            f"{given} and {dice.pick(CULTURES['nordic'].given)} {family} Memorial Fund",
            f"{family} Trust",
            f"{family} Charitable Trust",
            f"{family}-Stiftung",
            f"Fondazione {family}",
            f"Fondation {family}",
            f"Fundación {family}",
            f"{field} Research Fund {town}",
            f"{town} Health Research Council",
            f"{town} Community Foundation",
            f"{region} Institute for {field} Research",
            f"{region} {field} Initiative",
            f"{region} Fund for {field} Research",
            f"Stiftung für {dice.pick(('Lungenforschung', 'Nierenkranke', 'Herzgesundheit'))} "
            f"{town}",
            f"Agencia {town} de Investigación",
            f"{field} Patients United",
            f"Hope for {field} Families",
            f"Regional Health Authority of {town}",
            f"State Fund for Clinical Science of {town}",
        )
    )
    return _maybe_acronym(dice, name, "funder", 0.3 if len(name.split()) > 3 else 0.0)


def society(dice: Dice) -> Organisation:
    """Return a new learned society or association."""
    region, field = dice.pick(parts.REGIONS), dice.pick(parts.FIELDS)
    name = dice.pick(
        (
            f"{region} Society of {field} Medicine",
            f"{region} Society for {field} Imaging",
            f"{region} Association of {field} Nurses",
            f"{region} {field} Association",
            f"{region} College of {field} Physicians",
            f"{region} {field} Federation",
        )
    )
    return _maybe_acronym(dice, name, "society", 0.3)


def university(dice: Dice) -> Organisation:
    """Return a new university or hospital."""
    town = dice.pick(parts.TOWNS)
    name = dice.pick(
        (
            f"University of {town}",
            f"{town} University",
            f"{town} University Hospital",
            f"{town} Medical Center",
            f"{town} Institute of Technology",
            f"Universidad de {town}",
            f"Universität {town}",
            f"Medical University of {town}",
            f"{surname(dice)} Cancer Center",
            f"{dice.pick(('St', 'St.', 'Saint'))} {dice.pick(CULTURES['english'].given)}'s "
            f"Hospital {town}",
        )
    )
    return Organisation(name, "university")


def service(dice: Dice) -> Organisation:
    """Return a new agency for medical writing, statistics or consulting."""
    base = dice.pick(
        (
            coined(dice),
            f"{surname(dice)} {surname(dice, CULTURES['english'])}",
            dice.pick(parts.QUALITIES),
            surname(dice),
        )
    )
    trade = dice.pick(
        items(
            "Communications|Medical Communications|Scientific Writing|Consulting|Consultants|"
            "Clinical Statistics|Partners|Editing|Health Economics|Associates|Clinical Research"
        )
    )
    return Organisation(f"{base} {trade}{legal(dice)}", "service", "")
