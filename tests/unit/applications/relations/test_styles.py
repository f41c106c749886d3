"""Statements in the manners of journals: by headings, by recipients, by boilerplate."""

from __future__ import annotations

import pytest

_LONG = (
    "{P|Ann Roe}\nEmployment: {O|Velda} (I)\nStock and Other Ownership Interests: {O|Velda}, "
    "{O|Ostrom}\nResearch Funding: {O|Kirin} (Inst)\nPatents, Royalties, Other Intellectual "
    "Property: Patent on an assay (Inst)\nTravel, Accommodations, Expenses: {O|Ostrom}\n"
    "Uncompensated Relationships: {O|Halo}\n{P|Carl Lee}\nHonoraria: {O|Ostrom}\nNo other "
    "potential conflicts of interest were reported."
)

CASES = {
    "headings below one another": (
        _LONG,
        {
            ("Ann Roe", "Velda", "other"),
            ("Ann Roe", "Velda", "shares"),
            ("Ann Roe", "Ostrom", "shares"),
            ("Ann Roe", "Kirin", "research funding"),
            ("Ann Roe", None, "patents"),
            ("Ann Roe", "Ostrom", "travel"),
            ("Ann Roe", "Halo", "other"),
            ("Carl Lee", "Ostrom", "honoraria"),
        },
    ),
    "recipients in brackets": (
        "This work was supported by the {O|Velda Fund} (grants 12 to {P|A.R.} and 14 to {P|C.L.}), "
        "the {O|Ostrom Trust} (to {P|D.M.}), and {O|Kirin}.",
        {
            ("A.R.", "Velda Fund", "research funding"),
            ("C.L.", "Velda Fund", "research funding"),
            ("D.M.", "Ostrom Trust", "research funding"),
            (None, "Kirin", "research funding"),
        },
    ),
    "recipients of all that was named": (
        "Supported by grants from {O|Velda} and {O|Ostrom} to Drs {P|Roe} and {P|Lee}.",
        {(p, o, "research funding") for p in ("Roe", "Lee") for o in ("Velda", "Ostrom")},
    ),
    "a heading for funding": (
        "Funding: {O|Velda}; {O|Ostrom} (grant 7). Competing interests: none.",
        {
            (None, "Velda", "research funding"),
            (None, "Ostrom", "research funding"),
            ("the authors", None, "none"),
        },
    ),
    "who received is no funder": (
        "Funded by an unrestricted grant from {O|Velda} to {O|Ostrom Hospital}. The {O|Kirin "
        "Centre} is funded by {O|Halo}.",
        {(None, "Velda", "research funding"), (None, "Halo", "research funding")},
    ),
    "the authors disclose what a study received": (
        "The author(s) declared no potential conflicts of interest. The author(s) disclosed "
        "receipt of the following financial support: This study was funded by {O|Velda}.",
        {("the authors", None, "none"), (None, "Velda", "research funding")},
    ),
    "authors who only tell": (
        "The authors declare that {O|Velda} provided the study drug. Beyond this, they have "
        "nothing to declare.",
        {(None, "Velda", "other")},
    ),
    "a kind left out behind a semicolon": (
        "{P|A. Roe} has received lecture fees from {O|Velda}; {P|C. Lee} from {O|Ostrom}.",
        {("A. Roe", "Velda", "speaker"), ("C. Lee", "Ostrom", "speaker")},
    ),
    "semicolons in brackets": (
        "{P|Ann Roe} (Speaker's fee: {O|Velda}; Advisory board: {O|Ostrom}), {P|Carl Lee} (none)",
        {
            ("Ann Roe", "Velda", "speaker"),
            ("Ann Roe", "Ostrom", "consulting"),
            ("Carl Lee", None, "none"),
        },
    ),
    "all but one": (
        "All authors declare no conflict of interest except {P|A. Roe}, who advises {O|Velda}.",
        {("the other authors", None, "none"), ("A. Roe", "Velda", "consulting")},
    ),
    "none but the following": (
        "The authors declare no non-financial interests but the following financial interests: "
        "{P|A. Roe} owns shares in {O|Velda}.",
        {("A. Roe", "Velda", "shares")},
    ),
    "denied at the end": (
        "{P|A. Roe} has been a consultant for {O|Velda} and a speaker for none of these companies. "
        "{P|C. Lee} has lectured for {O|Ostrom} but not for {O|Kirin}.",
        {("A. Roe", "Velda", "consulting"), ("C. Lee", "Ostrom", "speaker")},
    ),
    "relatives who have nothing": (
        "Each author certifies that he or she, or a member of his or her immediate family, has no "
        "commercial associations (e.g., consultancies, stock ownership) that may pose a conflict.",
        {("all authors", None, "none")},
    ),
    "short forms that the statement gives": (
        "{P|M'Barek Aït} ({P|M.A.}) and {P|Marie Aude} ({P|M.-A.}) disclose: {P|M.A.}, fees for "
        "lectures from {O|Velda}; {P|M.-A.}, shares in {O|Ostrom}.",
        {("M'Barek Aït", "Velda", "speaker"), ("Marie Aude", "Ostrom", "shares")},
    ),
    "titles that hold full stops": (
        "Priv.-Doz. Dr. Mag. {P|Ann Roe} and Dipl.-Ing. {P|Carl Lee} have nothing to disclose.",
        {("Ann Roe", None, "none"), ("Carl Lee", None, "none")},
    ),
    "thanks": (
        "We thank {P|Pat Low} for statistical advice. {P|A. Roe} is an employee of {O|Velda}.",
        {("A. Roe", "Velda", "employment")},
    ),
    "licences of the text": (
        "For open access, the authors have applied a Creative Commons Attribution (CC BY) licence. "
        "{P|A. Roe} is funded by {O|Velda}.",
        {("A. Roe", "Velda", "research funding")},
    ),
    "what a company did for the study": (
        "{P|A. Roe} and {P|C. Lee} are employees of {O|Velda}, which funded the study, and own "
        "shares in the company. {P|D. Mund} works for {O|Ostrom}, which was paid by {O|Kirin} for "
        "the analysis.",
        {
            *((p, "Velda", k) for p in ("A. Roe", "C. Lee") for k in ("employment", "shares")),
            (None, "Velda", "research funding"),
            ("D. Mund", "Ostrom", "employment"),
            (None, "Kirin", "research funding"),
        },
    ),
    "who was paid instead of a person": (
        "{P|A. Roe} has received fees (paid to {O|St Odile Hospital}) for lectures from {O|Velda}. "
        "{P|C. Lee} has a grant from {O|Kirin} to {O|Ostrom University}.",
        {("A. Roe", "Velda", "speaker"), ("C. Lee", "Kirin", "research funding")},
    ),
    "a company named once for two": (
        "{P|A. Roe} is employed by, and {P|C. Lee} was formerly employed by, {O|Velda}.",
        {("A. Roe", "Velda", "employment"), ("C. Lee", "Velda", "employment")},
    ),
    "views and approvals": (
        "Funded by {O|Velda}. The views expressed are those of the authors and not necessarily "
        "those of {O|Velda} or the {O|Ostrom Ministry}. The study was approved by the ethics "
        "committee of {O|Kirin University}.",
        {(None, "Velda", "research funding")},
    ),
    "activities not related to an article": (
        "{P|A.R.} Activities related to the present article: disclosed no relevant relationships. "
        "Activities not related to the present article: advises {O|Velda}. Other relationships: "
        "disclosed no relevant relationships. {P|C.L.} disclosed no relevant relationships.",
        {("A.R.", "Velda", "consulting"), ("C.L.", None, "none")},
    ),
    "a sentence on funding behind the authors'": (
        "{P|A. Roe}: Consultant – {O|Velda}. Supported in part by a grant from {O|Ostrom}. The "
        "guideline was developed with the financial support of {O|Kirin}.",
        {
            ("A. Roe", "Velda", "consulting"),
            (None, "Ostrom", "research funding"),
            (None, "Kirin", "research funding"),
        },
    ),
    "kinds joined by and": (
        "{P|A. Roe}: lecture fees and research grants from {O|Velda}. {P|C. Lee} reports fees from "
        "{O|Kirin} for advisory boards and institutional research grants from {O|Ostrom}.",
        {
            ("A. Roe", "Velda", "speaker"),
            ("A. Roe", "Velda", "research funding"),
            ("C. Lee", "Kirin", "consulting"),
            ("C. Lee", "Ostrom", "research funding"),
        },
    ),
    "an organisation that received": (
        "The {O|Velda Clinic} received an unrestricted grant from {O|Ostrom} for this study.",
        {(None, "Ostrom", "research funding")},
    ),
    "a patent licensed by one to another": (
        "{P|A. Roe} is an inventor on patents licensed by {O|Velda University} to {O|Ostrom}.",
        {("A. Roe", "Velda University", "patents"), ("A. Roe", "Ostrom", "patents")},
    ),
    "headings run on in one line": (
        "{P|Ann Roe} Honoraria: {O|Velda}, {O|Kirin} Research Funding: {O|Ostrom} (Inst), "
        "{O|Kirin} (Inst) Travel, Accommodations, Expenses: {O|Velda}",
        {
            ("Ann Roe", "Velda", "honoraria"),
            ("Ann Roe", "Kirin", "honoraria"),
            ("Ann Roe", "Ostrom", "research funding"),
            ("Ann Roe", "Kirin", "research funding"),
            ("Ann Roe", "Velda", "travel"),
        },
    ),
    "what might be an interest": (
        "{P|A. Roe} certifies that all conflicts of interest (e.g., employment, grants, stock "
        "ownership or patents) are the following: {P|A. Roe} has travel grants from {O|Velda}.",
        {("A. Roe", "Velda", "travel")},
    ),
    "a grant of its own": (
        "This work was supported by {O|Velda} and {O|Kirin}, and by a grant from {O|Ostrom} to "
        "{P|A.R.}",
        {
            (None, "Velda", "research funding"),
            (None, "Kirin", "research funding"),
            ("A.R.", "Ostrom", "research funding"),
        },
    ),
    "a company called by its first word": (
        "{P|A. Roe} owns shares in {O|Velda Solar Systems GmbH}. The cells were provided free of "
        "charge by {O|Velda}.",
        {
            ("A. Roe", "Velda Solar Systems GmbH", "shares"),
            (None, "Velda Solar Systems GmbH", "other"),
        },
    ),
    "other than one": (
        "Apart from {P|A. Roe}, who is an employee of {O|Velda}, the authors have no conflicts. "
        "The article processing charge was paid by {O|Ostrom}.",
        {
            ("A. Roe", "Velda", "employment"),
            ("the other authors", None, "none"),
            (None, "Ostrom", "other"),
        },
    ),
    "interests without a name": (
        "The authors have a patent pending. {P|A. Roe} has received honoraria from several "
        "companies. We acknowledge all principal investigators and {P|Pat Low} for the grant.",
        {("the authors", None, "patents"), ("A. Roe", None, "honoraria")},
    ),
    "a grant's number and who received it": (
        "Supported by {O|Velda} grant AM-05285 to {O|Ostrom University}. {P|Pat Low} is thanked "
        "for help with the consent forms of {O|Kirin}.",
        {(None, "Velda", "research funding")},
    ),
    "it": (
        "{P|A. Roe} is president of the {O|Velda Society} and has received travel grants from it.",
        {("A. Roe", "Velda Society", "other"), ("A. Roe", "Velda Society", "travel")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_style(name, rows):
    text, expected = CASES[name]
    assert rows(text) == expected


def test_who_is_excepted_has_no_none(rows):
    text = "All authors except {P|A. Roe} and {P|C. Lee} have nothing to disclose."
    assert rows(text, ["Ann Roe", "Carl Lee", "Dora Mund"]) == {("Dora Mund", None, "none")}


def test_initials_with_small_letters_tell_two_authors_apart(rows):
    text = "{P|CLe} received a grant from {O|Velda}; {P|ChLi} advises {O|Ostrom}."
    assert rows(text, ["Chao Lee", "Chun Lin"]) == {
        ("Chao Lee", "Velda", "research funding"),
        ("Chun Lin", "Ostrom", "consulting"),
    }


def test_short_forms_that_name_each_other_end(rows):
    text = "{P|Ann Roe} ({P|A.R.}) advises {O|Velda}; {P|A.R.} ({P|Ann Roe}) has no shares."
    assert rows(text) == {("Ann Roe", "Velda", "consulting")}
