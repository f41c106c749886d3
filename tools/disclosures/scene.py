"""One statement's authors, habits and organisations, and the filling in of templates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.disclosures import markup, names, organisations, topics
from tools.disclosures.dice import Dice
from tools.disclosures.market import Market

_FIELD = re.compile(r"\{(\w+)\}|\[([^\]/]*)/([^\]]*)\]")


# Names that take an article: the last word is a common noun, the first no proper one.
_ARTICLE = re.compile(
    r"(.* )?(Foundation|Fund|Trust|Society|Association|Federation|College|Council|Initiative|"
    r"Institute|University) (of|for) .*|.* (Foundation|Fund|Trust|Association|Federation|Council|"
    r"Initiative|Center|Hospital)|(Regional|State|Medical) .*|University of .*"
)


def _with_article(name: str) -> str:
    """Return an organisation's name, marked, behind ``the`` where English wants it."""
    bare = not _ARTICLE.fullmatch(name) or name.startswith(("Hope ", "St", "Saint "))
    return markup.org(name) if bare and not name.startswith("State ") else f"the {markup.org(name)}"


class Scene:
    """What one statement keeps to while it is written.

    Parameters
    ----------
    dice : Dice
        The statement's own stream.
    market : Market
        Where organisations come from.
    """

    def __init__(self, dice: Dice, market: Market) -> None:
        self.dice = dice
        self.market = market
        self.authors = [names.author(dice) for _ in range(2 + dice.count(5, 14))]
        self.form = dice.weighted(names.FORMS)
        self.oxford = dice.chance(0.6)
        self.places = dice.chance(0.12)
        self.acronyms = dice.chance(0.7)
        self._next = 0
        self._said: list[organisations.Organisation] = []
        self._present: set[str] = set()

    # People

    def author(self) -> names.Author:
        """Return the next author, in the order of the paper."""
        found = self.authors[self._next % len(self.authors)]
        self._next += 1
        return found

    def left(self) -> int:
        """Return how many authors have not been spoken of."""
        return max(0, len(self.authors) - self._next)

    def skip(self) -> None:
        """Pass over an author or two, now and then."""
        if self.left() > 3 and self.dice.chance(0.3):
            self._next += self.dice.between(1, 2)

    def named(self, author: names.Author, form: str | None = None) -> str:
        """Return an author's name in the statement's form, marked."""
        text, after = names.form(author, form or self.form)
        return markup.person(text) + after

    def people(self, authors: Sequence[names.Author]) -> str:
        """Return several names; ``Drs.`` before surnames belongs to the first span."""
        forms = [self.named(a) for a in authors]
        titles = {"Dr. Lee": "Drs. ", "Dr Lee": "Drs "}
        if len(authors) > 1 and self.form in titles and self.dice.chance(0.8):
            bare = [a.surname for a in authors]
            forms = [markup.person(titles[self.form] + bare[0]), *map(markup.person, bare[1:])]
        return self.listed(forms)

    # Lists

    def listed(self, items: Sequence[str]) -> str:
        """Return items joined as the statement joins them."""
        if len(items) < 2:
            return "".join(items)
        if any(", " in markup.plain(i) and i[-1] == ")" for i in items) and len(items) > 2:
            return "; ".join(items[:-1]) + f"; and {items[-1]}"
        comma = "," if self.oxford and len(items) > 2 else ""
        return ", ".join(items[:-1]) + f"{comma} and {items[-1]}"

    # Organisations

    def mention(self, kind: str) -> str:
        """Return an organisation, marked: a new one, or one mentioned before in its brief form."""
        said = [o for o in self._said if o.kind == kind]
        if said and self.dice.chance(0.22):
            found = self.dice.pick(said)
            if found.name not in self._present:
                self._present.add(found.name)
                return self._brief(found)
        found = self.market.draw(self.dice, kind, [a.surname for a in self.authors])
        if found.name in self._present:
            found = self.market.draw(self.dice, kind, [])
        first = found not in self._said
        self._said.append(found)
        self._present.add(found.name)
        if not first:
            return self._brief(found)
        if found.acronym and self.acronyms:
            return f"{_with_article(found.name)} ({markup.org(found.acronym)})"
        if kind != "company":
            return _with_article(found.name)
        name = found.short if found.short and self.dice.chance(0.25) else found.name
        after = f" ({topics.place(self.dice, found.name)})" if self.places else ""
        return markup.org(name) + after

    def _brief(self, organisation: organisations.Organisation) -> str:
        known = not organisation.acronym or self.acronyms
        return _with_article(organisation.brief if known else organisation.name)

    def fill(self, template: str, plural: bool = False) -> str:
        """Return a template with its fields drawn and its number agreed.

        Parameters
        ----------
        template : str
            See `tools.disclosures.clauses`.
        plural : bool
            Whether the subject is more than one person.

        Returns
        -------
        str
            A draft.
        """
        self._present.clear()
        many = plural

        def field(match: re.Match[str]) -> str:
            nonlocal many
            name, one, more = match.groups()
            if name is None:
                return more if many else one
            if name == "whos":
                group = self.dice.between(1, max(1, min(4, self.left())))
                many = group > 1
                return self.people([self.author() for _ in range(group)])
            return str(getattr(self, f"_field_{name}", lambda: getattr(topics, name)(self.dice))())

        return _FIELD.sub(field, template)

    def _several(self, kinds: dict[str, float]) -> str:
        size = self.dice.count(1.6, 6)
        return self.listed([self.mention(self.dice.weighted(kinds)) for _ in range(size)])

    def _field_orgs(self) -> str:
        return self._several({"company": 1})

    def _field_givers(self) -> str:
        return self._several({"company": 80, "funder": 10, "society": 6, "university": 4})

    def _field_same(self) -> str:
        return self._brief(self._said[-1])

    def _field_one(self) -> str:
        return self.mention("company")

    def _field_located(self) -> str:
        company = self.mention("company")
        if company.endswith(")"):
            return company
        return f"{company} ({topics.place(self.dice, markup.plain(company))})"

    def _field_funder(self) -> str:
        return self.mention("university" if self.dice.chance(0.1) else "funder")

    def _field_payer(self) -> str:
        return self.mention(self.dice.weighted({"funder": 6, "company": 3, "university": 1}))

    def _field_society(self) -> str:
        return self.mention("society")

    def _field_university(self) -> str:
        return self.mention("university")

    def _field_service(self) -> str:
        return self.mention("service")

    def _field_hospital(self) -> str:
        return self.market.draw(self.dice, "university", []).name

    def _field_who(self) -> str:
        return self.people([self.author()])

    def _field_person(self) -> str:
        writer = names.author(self.dice)
        degree = f", {writer.degree}" if self.dice.chance(0.5) else ""
        return self.named(writer, "Anna Lee") + degree
