"""What statements mention beside authors and organisations: none of it is ever an entity.

Drugs, trials, journals, committees, places and eponyms share their shapes with names of people and
companies, and are what makes finding those hard.
"""

from __future__ import annotations

from tools.disclosures.dice import Dice, items
from tools.disclosures.names import surname
from tools.disclosures.organisations import coined

_DRUG_STARTS = items(
    "ravu pelo tazi cori bexa sino lume dara fevi oca mira tolu zeni quiba iva", " "
)
_DRUG_ENDS = items(
    "limab tinib gliptin zumab parib sartan ciclib grelor statin vaptan kinra setron", " "
)
_DISEASES = items(
    "atopic dermatitis|multiple sclerosis|heart failure|type 2 diabetes|Parkinson disease|"
    "Alzheimer disease|Crohn's disease|Hodgkin lymphoma|chronic hepatitis C|cystic fibrosis|"
    "severe asthma|Sjögren syndrome|Kawasaki disease|non-small cell lung cancer|psoriasis|"
    "Huntington disease|Duchenne muscular dystrophy|osteoporosis|Behçet disease|migraine|"
    "Graves' disease|Fabry disease|Barrett's oesophagus|HIV infection|Merkel cell carcinoma"
)
_TRIALS = items(
    "HORIZON|ATLAS|BEACON|LUMEN|ORION-X|POLARIS|CASCADE|SENTRY|EMBRACE-K|TRIDENT|MERIDIAN|STRIDE|"
    "RESOLVE-HF|ASPECT|PIONEER-B|VISTA|CONCORD|ELEVATE-D|NORDIC-STEP|PREVAIL-A|COMPASS-L|SWITCH"
)
_JOURNAL_FIELDS = items(
    "Clinical Rheumatology|Vascular Imaging|Applied Nephrology|Thoracic Medicine|Sleep Research|"
    "Ocular Surgery|Hospital Epidemiology|Translational Oncology|Paediatric Pulmonology|"
    "Pain Practice"
)
_PLACES = items(
    "Basel, Switzerland|Tokyo, Japan|Munich, Germany|Milan, Italy|Boston, MA, USA|Paris, France|"
    "Leiden, the Netherlands|Cambridge, UK|Copenhagen, Denmark|San Diego, CA, USA|Seoul, Korea|"
    "Vienna, Austria|Osaka, Japan|Madrid, Spain|Princeton, NJ, USA|Melbourne, Australia|"
    "Uppsala, Sweden|Ghent, Belgium|Toronto, ON, Canada|Tübingen, Germany|Shanghai, China"
)
# What a company's name says about its country, the country's own name first.
_HOMES = {
    "Japan": "Japan",
    "K.K.": "Japan",
    "Korea": "Korea",
    "China": "China",
    "Australia": "Australia",
    "UK": "UK",
    "Deutschland": "Germany",
    "Germany": "Germany",
    "Switzerland": "Switzerland",
    "Austria": "Austria",
    "Belgium": "Belgium",
    "Nederland": "Netherlands",
    "Denmark": "Denmark",
    "Sverige": "Sweden",
    "France": "France",
    "España": "Spain",
    "Italia": "Italy",
    "Italy": "Italy",
    "Canada": "Canada",
    "US": "USA",
    "North America": "USA",
    "GmbH": "Germany",
    " AG": "Switzerland",
    "S.p.A.": "Italy",
    "Srl": "Italy",
    "SAS": "France",
    " A/S": "Denmark",
    " AB": "Sweden",
    "B.V.": "Netherlands",
    "N.V.": "Belgium",
    "Pty": "Australia",
    "plc": "UK",
    "PLC": "UK",
    "Co., Ltd.": "Japan",
    "Ltd": "UK",
    "Inc": "USA",
    "Corp": "USA",
    "LLC": "USA",
}
_CITIES = items(
    "Vienna|Chicago|Barcelona|Lisbon|Kyoto|San Francisco|Amsterdam|Sydney|Prague|Singapore|Berlin|"
    "Geneva|Florence|Madrid|Washington|Copenhagen|Montreal|Orlando|Cape Town|Hamburg"
)
_DEPARTMENTS = items(
    "Department of Medicine|Department of Neurology|Division of Cardiology|Department of Pharmacy|"
    "Institute of Pathology|Clinical Trials Unit|Department of Public Health|School of Nursing|"
    "Section of Ophthalmology|Statistical Core"
)
_COMMITTEES = items(
    "data monitoring committee|Data and Safety Monitoring Board|steering committee|"
    "clinical events committee|Steering Committee|guideline panel|Endpoint Adjudication Committee|"
    "independent data monitoring board|publication committee|DSMB"
)
_SCALES = items(
    "Likert scale|Apgar score|Barthel index|Beck Depression Inventory|Charlson index|"
    "Karnofsky score|Epworth Sleepiness Scale|Glasgow Coma Scale|Berg Balance Scale|Braden Scale"
)
_TESTS = items(
    "Wilcoxon test|Mann-Whitney test|Kaplan-Meier analysis|Cox regression|Kruskal-Wallis test|"
    "Bland-Altman analysis|Fisher exact test|Bonferroni correction|Welch test"
)
_MONTHS = items(
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
_TOPICS = items(
    "a method for measuring airway resistance|an implantable glucose sensor|biomarkers of sepsis|"
    "the use of stem cells in tendon repair|a device for retinal imaging|a wound dressing|"
    "a blood test for sarcoidosis|a wearable seizure detector|antibodies against interleukin 31|"
    "a scoring system for frailty|"
    "a nasal formulation of insulin|the detection of circulating tumour DNA|a urinary catheter"
)


def drug(dice: Dice) -> str:
    """Return an invented drug: a generic name, a brand, or a compound's code."""
    kind = dice.weighted({"generic": 5, "brand": 2, "code": 3})
    if kind == "generic":
        return dice.pick(_DRUG_STARTS) + dice.pick(_DRUG_ENDS)
    if kind == "brand":
        return coined(dice) + ("®" if dice.chance(0.5) else "")
    letters = "".join(dice.pick("ABCDGKLMNPRSTVX") for _ in range(dice.between(2, 3)))
    return f"{letters}{dice.pick('- ') if dice.chance(0.7) else ''}{dice.between(101, 9890)}"


def disease(dice: Dice) -> str:
    """Return a disease, one in three of them named after somebody."""
    return dice.pick(_DISEASES)


def trial(dice: Dice) -> str:
    """Return a trial's acronym."""
    number = f"-{dice.between(1, 9)}" if dice.chance(0.6) else ""
    return dice.pick(_TRIALS) + number


def journal(dice: Dice) -> str:
    """Return a journal with its article; a society's or a person's name in it is no entity."""
    field = dice.pick(_JOURNAL_FIELDS)
    return dice.pick(
        (
            f"the Journal of {field}",
            f"the European Journal of {field}",
            f"Annals of {field}",
            field,
            f"Archives of {field}",
            f"the Journal of the Alpine Society of {field}",
            f"{surname(dice)}'s Textbook of {field}",
        )
    )


def place(dice: Dice, company: str) -> str:
    """Return a town with its country, as it stands in parentheses behind a company."""
    country = next((home for sign, home in _HOMES.items() if sign in company), "")
    return dice.pick([town for town in _PLACES if country in town] or _PLACES)


def city(dice: Dice) -> str:
    """Return a town where a congress may be held."""
    return dice.pick(_CITIES)


def department(dice: Dice) -> str:
    """Return a part of a hospital or university."""
    return dice.pick(_DEPARTMENTS)


def committee(dice: Dice) -> str:
    """Return a committee."""
    return dice.pick(_COMMITTEES)


def scale(dice: Dice) -> str:
    """Return a questionnaire or score, most of them named after somebody."""
    return dice.pick(_SCALES)


def test(dice: Dice) -> str:
    """Return a statistical method named after somebody."""
    return dice.pick(_TESTS)


def prize(dice: Dice) -> str:
    """Return a prize or lecture named after somebody."""
    return f"{surname(dice)} {dice.pick(('Prize', 'Lecture', 'Medal', 'Award'))}"


def topic(dice: Dice) -> str:
    """Return what a patent is about."""
    return dice.pick(_TOPICS)


def year(dice: Dice) -> str:
    """Return a year."""
    return str(dice.between(2011, 2018))


def date(dice: Dice) -> str:
    """Return a month and year."""
    return f"{dice.pick(_MONTHS)} {year(dice)}"


def grant(dice: Dice) -> str:
    """Return a grant's number, some of them as short and capital as initials."""
    letters = "".join(dice.pick("ABCDFGHKLMNPRSTUW") for _ in range(2))
    return dice.pick(
        (
            f"{dice.between(10000, 999999)}",
            f"R{dice.between(10, 99)} {letters}{dice.between(10000, 99999)}",
            f"{letters}-{dice.between(2009, 2018)}-{dice.between(10, 999)}",
            f"{letters}{dice.between(100, 999)}/{dice.between(1, 19)}-{dice.between(1, 3)}",
            f"{dice.between(1000, 99999)}-{letters}",
            f"{dice.between(2010, 2018)}/{dice.between(10, 99)}/{letters}",
        )
    )


def patent(dice: Dice) -> str:
    """Return a patent's number."""
    return dice.pick(
        (
            f"US {dice.between(6, 9)},{dice.between(100, 999)},{dice.between(100, 999)}",
            f"WO {dice.between(2009, 2018)}/{dice.between(10000, 199999)}",
            f"EP {dice.between(1000000, 3999999)}",
        )
    )
