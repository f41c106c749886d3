"""Caveats are codes with parameters, worded in one table."""

from __future__ import annotations

import ast
import json
import pickle
from pathlib import Path

import pytest

import suffice
from suffice.wording.caveats import SENTENCES, Caveat, code_of, unique

SOURCE = Path(suffice.__file__).parent


def used_codes() -> set[str]:
    """Return the codes of all caveats that the source makes."""
    return {
        node.args[0].value
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "Caveat"
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_code_has_a_sentence_and_every_sentence_is_used() -> None:
    assert used_codes() == set(SENTENCES)


def test_a_caveat_is_its_sentence() -> None:
    caveat = Caveat("few pairs", learner="probe", pairs=1)
    assert str(caveat).endswith("compared with it on 1 training set only")
    assert Caveat("few pairs", learner="probe", pairs=24).endswith("on 24 training sets only")
    assert (caveat.code, caveat.parameters) == ("few pairs", {"learner": "probe", "pairs": 1})
    assert json.loads(json.dumps([caveat])) == [str(caveat)]


def test_a_caveat_survives_pickling() -> None:
    caveat = pickle.loads(pickle.dumps(Caveat("skipped", records=1234)))
    assert (caveat.code, str(caveat)) == (
        "skipped",
        "records that could not be read, skipped: 1,234",
    )


def test_a_missing_parameter_is_an_error() -> None:
    with pytest.raises(KeyError):
        Caveat("skipped")


def test_each_caveat_once_in_the_order_of_first_places() -> None:
    first, second = Caveat("synthetic"), Caveat("while reading", note="a")
    other = Caveat("while reading", note="b")
    found = unique([second, first, "own words", other, Caveat("synthetic"), "own words"])
    assert found == (second, first, "own words", other)
    assert list(map(code_of, found)) == ["while reading", "synthetic", "", "while reading"]
