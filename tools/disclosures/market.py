"""Where a corpus takes its organisations from."""

from __future__ import annotations

from tools.disclosures.dice import Dice
from tools.disclosures.organisations import (
    Organisation,
    company,
    funder,
    service,
    society,
    university,
)

MAKERS = {
    "company": company,
    "funder": funder,
    "society": society,
    "university": university,
    "service": service,
}


STOCK = {"company": 150, "funder": 60, "society": 20, "university": 40, "service": 25}


class Market:
    """The organisations of one corpus: a stock that recurs, and ever new ones.

    Parameters
    ----------
    dice : Dice
        The stream that the stock is made from.
    fresh : float
        How often a mention is of an organisation made for it alone.
    """

    def __init__(self, dice: Dice, fresh: float = 0.5) -> None:
        self.fresh = fresh
        self.stock = {
            kind: [MAKERS[kind](dice) for _ in range(size)] for kind, size in STOCK.items()
        }

    def draw(self, dice: Dice, kind: str, families: list[str]) -> Organisation:
        """Return an organisation.

        Parameters
        ----------
        dice : Dice
            The stream to draw from.
        kind : str
            What kind.
        families : list of str
            Surnames of the statement's authors: now and then a company bears one of them.
        """
        if kind == "company" and families and dice.chance(0.02):
            return company(dice, dice.pick(families))
        if dice.chance(self.fresh):
            return MAKERS[kind](dice)
        stock = self.stock[kind]
        # The square makes the first of the stock the most frequent, as markets are.
        return stock[int(dice.uniform() ** 2 * len(stock))]
