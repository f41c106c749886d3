"""Patterns are data: more of them, fewer of them, and files that hold none."""

from __future__ import annotations

import re

import pytest

from suffice.applications.relations.patterns import load
from suffice.applications.relations.relate import relations
from suffice.errors import InputError


@pytest.mark.parametrize("role", ["phrases", "payment", "weak"])
def test_own_patterns(tmp_path, role, document):
    file = tmp_path / "own.toml"
    file.write_text(f'[kinds.speaker]\n{role} = ["keynotes?"]\n', encoding="utf-8")
    one = document("{P|A. Roe} gave a keynote for {O|Velda}.")
    assert relations([one]) == ()
    assert [r.kind for r in relations([one], patterns=load(file))] == ["speaker"]
    assert relations([one]) == ()  # the patterns that come with suffice are as they were


def test_a_phrase_is_removed(tmp_path, document):
    file = tmp_path / "own.toml"
    file.write_text('remove = ["lobby(?:ing|ist)?"]\n', encoding="utf-8")
    one = document("{P|A. Roe}: lobbying: {O|Velda}.")
    assert [r.kind for r in relations([one])] == ["other"]
    assert relations([one], patterns=load(file)) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[kinds.bribes]\nphrases = ["x"]', "there is no kind 'bribes'"),
        ('[kinds.speaker]\nwords = ["x"]', "no list 'words'"),
        ('[kinds.speaker]\nphrases = "x"', "not a list of phrases"),
        ('[kinds.speaker]\nphrases = ["(x"]', "no regular expression"),
        ('[persons]\nall = ["x"]', "there is no table 'persons'"),
        ("kinds = 3", "not a table"),
        ("x = ", "cannot be read"),
    ],
)
def test_a_bad_pattern_file_is_said_in_a_line(tmp_path, text, said):
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(said)) as caught:
        load(file)
    assert str(caught.value).startswith(str(file))
    assert "\n" not in str(caught.value)
