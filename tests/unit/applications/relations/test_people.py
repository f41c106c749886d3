"""Who initials, surnames and full names stand for."""

from __future__ import annotations

import pytest

from suffice.applications.relations.people import Directory, bare, canonical, fit

AUTHORS = [
    "Maeve T. Halloran",
    "Jonas K. Meier",
    "Julia Moser",
    "Marie-Claire de la Tour",
    "Angus McDonald",
    "Róisín O'Shea",
    "Wei Zhang",
    "William Zhang",
    "Kühn S",
    "Nguyen Thi Lan",
    "K. Aalto",
    "Tran-thi Vo",
    "José Núñez Prat",
    "Jo Pike",
    "Jean-Luc Park",
]


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        ("MTH", "Maeve T. Halloran"),
        ("M.T.H.", "Maeve T. Halloran"),
        ("MH", "Maeve T. Halloran"),
        ("Halloran MT", "Maeve T. Halloran"),
        ("Halloran M", "Maeve T. Halloran"),
        ("M. T. Halloran", "Maeve T. Halloran"),
        ("MT Halloran", "Maeve T. Halloran"),
        ("Maeve Halloran", "Maeve T. Halloran"),
        ("Dr Halloran", "Maeve T. Halloran"),
        ("Halloran", "Maeve T. Halloran"),
        ("JM", "Julia Moser"),  # completely; of Jonas K. Meier only with K left out
        ("JKM", "Jonas K. Meier"),
        ("MCT", "Marie-Claire de la Tour"),
        ("M.-C.T.", "Marie-Claire de la Tour"),
        ("MdlT", "Marie-Claire de la Tour"),
        ("de la Tour", "Marie-Claire de la Tour"),
        ("AMcD", "Angus McDonald"),
        ("AM", "Angus McDonald"),
        ("ROS", "Róisín O'Shea"),
        ("RO", "Róisín O'Shea"),
        ("R. O’Shea", "Róisín O'Shea"),
        ("Roisin O'Shea", "Róisín O'Shea"),
        ("Wei Z.", "Wei Zhang"),
        ("WZ", None),  # both
        ("Zhang", None),
        ("S. Kühn", "Kühn S"),
        ("Stefan Kuhn", "Kühn S"),
        ("NTL", "Nguyen Thi Lan"),
        ("T.-t.V.", "Tran-thi Vo"),
        ("Núñez", "José Núñez Prat"),  # the first of two surnames
        ("Prat", "José Núñez Prat"),
        ("JP", "Jo Pike"),  # completely; of Jean-Luc Park with Luc left out
        ("Aalto", "K. Aalto"),
        ("KA", "K. Aalto"),
        ("XY", None),
        ("Meierhof", None),
        ("P. Halloran", None),
    ],
)
def test_an_author_is_found(mention, name):
    assert Directory(AUTHORS).find(mention) == name


def test_looking_up_finds_what_comparing_all_finds():
    mentions = ["MTH", "Halloran MT", "J. Meier", "MdlT", "O'Shea", "OShea R", "Kühn", "Lan NT"]
    directory = Directory(AUTHORS)
    for mention in mentions:
        fitting = {name for name in AUTHORS if fit(mention, name)}
        assert fitting == {name for name in directory.near(mention) if fit(mention, name)}


def test_without_a_list_the_fullest_form_stands_for_a_person():
    said = ["Paul Elkins", "Elkins", "P.E.", "J. Roe", "Roe", "R. Stone"]
    assert canonical(said, None) == {
        "Paul Elkins": "Paul Elkins",
        "Elkins": "Paul Elkins",
        "P.E.": "Paul Elkins",
        "J. Roe": "J. Roe",
        "Roe": "J. Roe",
        "R. Stone": "R. Stone",
    }


def test_who_is_on_no_list_stays_as_written():
    assert canonical(["Zoe Pike"], AUTHORS) == {"Zoe Pike": "Zoe Pike"}


@pytest.mark.parametrize(
    ("name", "left"),
    [("Dr. Roe", "Roe"), ("Drs Roe", "Roe"), ("A. Roe, MD, PhD", "A. Roe"), ("Dr.", "Dr.")],
)
def test_titles_and_degrees_are_left_out(name, left):
    assert bare(name) == left
