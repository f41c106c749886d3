"""Authors' names of many cultures, and the forms in which statements write them.

Given names and surnames are common ones, combined at random, or surnames put together from parts
so that new ones keep appearing. None is meant to be anybody's.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.disclosures.dice import Dice


@dataclass(frozen=True)
class Culture:
    """Where names come from.

    Parameters
    ----------
    weight : float
        How often it is drawn.
    given : tuple of str
        Given names, men's and women's in turn.
    surnames : tuple of str
        Surnames taken whole.
    stems, endings : tuple of str
        Parts from which further surnames are made.
    """

    weight: float
    given: tuple[str, ...]
    surnames: tuple[str, ...]
    stems: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()


def _words(text: str) -> tuple[str, ...]:
    return tuple(w.replace("_", " ") for w in text.split())


CULTURES = {
    "english": Culture(
        22,
        _words(
            "James Mary Robert Patricia John Jennifer Michael Linda David Susan William Karen "
            "Richard Sarah Thomas Emily Daniel Laura Matthew Helen Andrew Claire Stephen Rachel "
            "Gareth Fiona Graham Bronwyn Ian Kate Neil Alison Peter Judith Simon Megan"
        ),
        _words(
            "Smith Walker Turner Hughes Baker Cooper Ward Price Morgan Bennett Foster Russell "
            "Griffin Hayes O'Connor O'Brien McAllister McKenzie Fitzgerald Marlow Finch Lawson "
            "Chambers Rice  Young Case Long Banks Stone Hill Page Bell Rose"
        ),
        _words("Hart Ash Thorn Whit Kirk Black Wood Chat Brad Lang Har El Wake Mid Stam Dun Red"),
        _words("ley field worth well ford combe ham ton bury wick stone more"),
    ),
    "german": Culture(
        12,
        _words(
            "Hans Ursula Klaus Petra Jürgen Monika Wolfgang Sabine Matthias Katrin Stefan "
            "Christine Uwe Heike Jörg Anja Dietmar Elisabeth Florian Birgit"
        ),
        _words(
            "Müller Schmidt Weber Becker Schäfer Bauer Wolf Neumann "
            "Schwarz Zimmermann Krüger Lenz Vogt Brandt Kühn von_Stetten Roth "
        ),
        _words("Stein Rosen Linden Weiss Hohen Eichen Grün Alten Brunn Kessel Wald Dorn Ober"),
        _words("bach berger mann hauser feld meier hoff thal inger stätter"),
    ),
    "japanese": Culture(
        11,
        _words(
            "Hiroshi Yuko Takashi Keiko Kenji Akiko Satoshi Naoko Makoto Tomoko Shinichi Yumi "
            "Masahiro Emi Kazuo Haruka Daisuke Mariko Yoshihiro Chie"
        ),
        _words("Tanaka Ito Yamada Kato Abe Mori Ueda Kudo "),
        _words("Ichi Naka Fuji Taka Hase Koba Oka Ishi Kawa Mori Mura Sasa Hira Aki Uchi Kita"),
        _words("kawa moto da saki shima take gami yama hara bayashi zawa no guchi numa"),
    ),
    "chinese": Culture(
        9,
        _words(
            "Wei Xiaoming Jing Yan Li Jun Xin Hui Yifan Mei Haoran Qiang Lihua Zhiyuan Ying "
            "Jianguo Xuefeng Ruijie Siyu Guohua Shuang Minghui"
        ),
        _words(
            "Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Hu Zhu Gao Lin He Guo Ma "
            "Luo Liang Song Zheng Xie Han Tang Feng Yu Dong Xiao Cheng Cao Ouyang"
        ),
    ),
    "korean": Culture(
        4,
        _words(
            "Ji-Hoon Min-Jung Hyun-Woo Soo-Yeon Sang-Hoon Eun-Ji Dong-Wook Yeon-Hee Jae-Won Hye-Jin"
        ),
        _words("Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon"),
    ),
    "italian": Culture(
        8,
        _words(
            "Marco Giulia Francesco Chiara Alessandro Elena Paolo Silvia Luca Valentina Giovanni "
            "Federica Roberto Paola Andrea"
        ),
        _words("Rossi Bianchi Ferrari Greco Conti De_Luca Della_Valle D'Amico Gallo Costa"),
        _words("Bell Ross Ferr Mont Carr Gugl Pell Mart Sant Bran Caval Zan Fior Tass"),
        _words("ini etti one acci oli aro ella ieri otti uzzi"),
    ),
    "french": Culture(
        7,
        _words(
            "Jean-Pierre Sophie Philippe Isabelle Laurent Nathalie François Camille Olivier "
            "Anne-Marie Benoît Élodie Jean-Luc Hélène Pascal"
        ),
        _words("Martin Bernard Dubois Lefèvre Moreau Girard Roux Blanc de_la_Tour Le_Gall"),
        _words("Per Mor Bouv Font Gau Tess Chev Laf Vign Bel Ren Mali Cast"),
        _words("ier eau ard ault aine andier allier eron aud"),
    ),
    "spanish": Culture(
        7,
        _words(
            "José Carmen Antonio Lucía Javier Pilar Carlos Marta Miguel Ana Luis Beatriz "
            "Alejandro Inês João Sofia Ricardo Teresa"
        ),
        _words(
            "García Martínez López Sánchez Ramírez Torres Ortega Navarro Domínguez Iglesias "
            "García-López Ruiz-Mateos de_Souza Silva Oliveira Carvalho dos_Santos Pereira"
        ),
        _words("Alc Bal Cer Mend Esp Sal Vill Mor Qui Zam Urr Etx"),
        _words("ántara edo inosa iveros oza uela ero alba anueva izar"),
    ),
    "nordic": Culture(
        6,
        _words("Lars Ingrid Erik Kirsten Anders Astrid Henrik Solveig Jens Maja Pekka Aino"),
        _words("Hansen Nielsen Johansson Sørensen Virtanen Korhonen Dahl Lund Holm Berg"),
        _words("Lind Berg Hag Ek Sand Ny Åker Nord Wester Sjö Ås Kvarn Löf"),
        _words("qvist ström gren mark stad dal lund vik gaard blom"),
    ),
    "slavic": Culture(
        6,
        _words("Piotr Katarzyna Ivan Olga Marek Jana Dmitri Natalia Tomasz Ivana Andrej Zuzana"),
        _words("Nowak Novák Horvat Dvořák Wójcik Petrović Jovanović Zieliński Popov"),
        _words("Koval Petr Mal Brav Sokol Vin Kras Doman Zak Lewand Boh Rad"),
        _words("ski owska enko ov ić czyk ek evich"),
    ),
    "indian": Culture(
        6,
        _words("Rajesh Priya Anil Sunita Vikram Deepa Sanjay Lakshmi Arjun Meera Nikhil Kavita"),
        _words("Patel Sharma Gupta Singh Kumar Reddy Rao Iyer Mehta Banerjee Desai Khan"),
        _words("Chandra Raja Venkata Krishna Siva Rama Bala Gopala Jaya Surya"),
        _words("sekhar raman swamy murthy nathan krishnan gopal subramanian"),
    ),
    "dutch": Culture(
        5,
        _words("Pieter Marieke Willem Annelies Joost Femke Sander Liesbeth Bart Hanneke"),
        _words("de_Vries van_den_Berg van_Dijk Bakker Visser de_Jong Smit van_der_Meer Mulder"),
        _words("Oost Wester Hoog Groen Kuij Zand Lange Blom"),
        _words("hof veld kamp huizen pers straten man"),
    ),
    "middle": Culture(
        6,
        _words("Ahmed Fatima Mehmet Ayşe Yosef Noa Hassan Leila Kemal Zeynep Omid Rania"),
        _words(
            "El-Sayed Al-Hassan Hosseini Yılmaz Kaya Demir Cohen Levy Ben-David Mansour "
            "Rahimi Haddad Öztürk"
        ),
        _words("Papad Kar Theod Stav Christ Hos Far Mosh Kir"),
        _words("opoulos akis idis iou aji oglu ani zadeh"),
    ),
    "african": Culture(
        3,
        _words("Chinedu Amina Kwame Thandiwe Tendai Ngozi Abebe Wanjiru Sipho Folasade"),
        _words("Okafor Mensah Dlamini Adeyemi Mutua Tesfaye Nkosi Abubakar Owusu Banda"),
    ),
}

_WEIGHTS = {name: culture.weight for name, culture in CULTURES.items()}
DEGREES = ("MD", "PhD", "MD, PhD", "MBBS", "MPH", "PharmD", "MSc", "M.D.", "Ph.D.")


@dataclass(frozen=True)
class Author:
    """Somebody who signs a paper.

    Parameters
    ----------
    given : tuple of str
        One or two given names; the second may be a single letter.
    surname : str
        With its particles.
    title : str
        ``"Dr"``, ``"Prof"``, ``"Mr"`` or ``"Ms"``.
    degree : str
        As it is written after the name.
    female : bool
        Decides between ``he`` and ``she``.
    """

    given: tuple[str, ...]
    surname: str
    title: str
    degree: str
    female: bool

    def letters(self) -> list[str]:
        """Return the first letters of the given names, hyphens kept: ``["J-P", "M"]``."""
        return ["-".join(part[0].upper() for part in name.split("-")) for name in self.given]

    def last_letters(self) -> str:
        """Return the surname's initials, particles in lower case: ``"vdB"``, ``"GL"``."""
        parts = self.surname.replace("-", " ").replace("'", " ").split()
        return "".join(part[0] for part in parts)


def surname(dice: Dice, culture: Culture | None = None) -> str:
    """Return a surname, about half of the time one put together from parts."""
    chosen = culture or CULTURES[dice.weighted(_WEIGHTS)]
    if chosen.stems and dice.chance(0.55):
        return dice.pick(chosen.stems) + dice.pick(chosen.endings)
    return dice.pick(chosen.surnames)


def author(dice: Dice) -> Author:
    """Return an author with a new name."""
    culture = CULTURES[dice.weighted(_WEIGHTS)]
    female = dice.chance(0.45)
    choice = culture.given[female::2]
    given = dice.several(choice, 2 if dice.chance(0.35) else 1)
    if len(given) > 1 and dice.chance(0.7):
        given[1] = given[1][0]
    family = surname(dice, culture)
    if dice.chance(0.04):
        family = f"{family.split()[-1]}-{surname(dice).split()[-1].split('-')[0]}"
    title = dice.weighted({"Dr": 74, "Prof": 17, "Ms" if female else "Mr": 9})
    return Author(tuple(given), family, title, dice.pick(DEGREES), female)


# The forms of a name. Each statement keeps to one, as journals do.
FORMS: dict[str, float] = {
    "AB": 24,
    "A.B.": 15,
    "A. B.": 2,
    "A. Lee": 10,
    "A.B. Lee": 5,
    "AB Lee": 4,
    "Lee A": 8,
    "Lee, A.": 2,
    "Anna Lee": 12,
    "Anna Lee, MD": 3,
    "Dr. Lee": 15,
    "Dr Lee": 12,
    "Dr. Anna Lee": 5,
    "Professor Lee": 3,
    "LEE A": 1,
}


def titled(author: Author, point: bool) -> str:
    """Return the author's title, with or without its point."""
    return author.title + ("." if point else "")


def form(author: Author, style: str) -> tuple[str, str]:
    """Return a name in one of `FORMS`, and what follows it outside the span (a degree).

    Raises
    ------
    KeyError
        If there is no such form.
    """
    letters, last = author.letters(), author.last_letters()
    joined = "".join(letters).replace("-", "")
    pointed = "".join(f"{x}." for x in letters)
    spaced = " ".join(f"{x}." for x in letters)
    full = " ".join(f"{g}." if len(g) == 1 else g for g in author.given) + f" {author.surname}"
    after = f", {author.degree}" if style == "Anna Lee, MD" else ""
    written = {
        "AB": joined + last,
        "A.B.": pointed + "".join(f"{x}." for x in last),
        "A. B.": f"{spaced} " + " ".join(f"{x}." for x in last),
        "A. Lee": f"{spaced} {author.surname}",
        "A.B. Lee": f"{pointed} {author.surname}",
        "AB Lee": f"{joined} {author.surname}",
        "Lee A": f"{author.surname} {joined}",
        "Lee, A.": f"{author.surname}, {pointed}",
        "Anna Lee": full,
        "Anna Lee, MD": full,
        "Dr. Lee": f"{titled(author, True)} {author.surname}",
        "Dr Lee": f"{titled(author, False)} {author.surname}",
        "Dr. Anna Lee": f"{titled(author, True)} {full}",
        "Professor Lee": f"Professor {author.surname}",
        "LEE A": f"{author.surname.upper()} {joined}",
    }
    return written[style], after
