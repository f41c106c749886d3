"""The density experiment end to end, with the learner that only remembers strings."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from typer.testing import CliRunner

import suffice
from suffice.applications.density import tables
from suffice.applications.density.experiment import density_experiment, prepare
from suffice.applications.density.page import render
from suffice.cli.app import app
from suffice.corpus.examples import load_example
from suffice.study.spec import LearnerSpec
from tools.disclosures.generate import disclosures

LOOKUP = LearnerSpec(name="lookup")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("density") / "s"


@pytest.fixture(scope="module")
def found(folder):
    return density_experiment(
        folder, load_example("disclosures"), synthetic=disclosures(100, seed=9), learner=LOOKUP
    )


def test_a_learner_without_a_sense_of_density_shows_level_and_no_mismatch(found):
    """Strings are remembered the better the more there are of them, and found wherever they are."""
    m = found.mismatch
    assert m.slopes["f1"].level.low > 0
    assert m.bent.low < 0 < m.bent.high
    assert m.crossed.effect.low < 0 < m.crossed.effect.high


def test_a_second_look_trains_nothing_and_says_the_same(found, folder):
    told = []
    again = density_experiment(
        folder,
        load_example("disclosures"),
        synthetic=disclosures(100, seed=9),
        learner=LOOKUP,
        listener=told.append,
    )
    assert not told
    assert again.to_json() == found.to_json()


def test_an_answer_from_a_part_says_so(found, folder):
    more = prepare(
        folder,
        load_example("disclosures"),
        synthetic=disclosures(100, seed=9),
        learner=LOOKUP,
        runs=300,
    ).results()
    assert more.runs == found.runs == 216
    assert "only 216 of 300 trainings are there" in more.caveats


def test_the_page_holds_every_table_and_no_text(found):
    page = render(found, "0")
    for name in ("sets", "effects", "checks", "thresholds", "controls"):
        table = getattr(tables, name)(found)
        for row in table.rows:
            assert all(cell.replace("'", "&#39;") in page for cell in row)
    assert "SYNTHETIC CORPUS" in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    strings = {
        d.text[s.start : s.end]
        for d in load_example("disclosures")
        for s in d.spans
        if s.end - s.start > 6
    }
    assert not [s for s in strings if s in page]
    assert render(found, "0") == page


def test_the_terminal_is_80_columns_wide_and_json_is_whole(found, folder, tmp_path):
    corpus, made = tmp_path / "c.jsonl", tmp_path / "m.jsonl"
    suffice.write(load_example("disclosures"), corpus)
    suffice.write(disclosures(100, seed=9), made)
    arguments = ["experiment", "density", str(corpus), "--labels", "PERSON,ORG"]
    arguments += ["--synthetic", str(made), "--synthetic-labels", "PERSON,ORG"]
    arguments += ["--learner", "lookup", "--study", str(folder)]
    printed = CliRunner().invoke(app, arguments)
    assert printed.exit_code == 0, printed.output
    lines = [x for x in printed.output.splitlines() if not x.startswith("Page:")]
    assert max(map(len, lines)) <= 80
    as_json = CliRunner().invoke(app, [*arguments, "--json"])
    told = json.loads(as_json.stdout)
    low, high = (told["mismatch"]["slopes"]["f1"]["level"][k] for k in ("low", "high"))
    assert np.isclose(low, found.mismatch.slopes["f1"].level.low)
    assert np.isclose(high, found.mismatch.slopes["f1"].level.high)
    assert (folder / "density.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--labels", "PERSON"], "need a CORPUS"),
        (["nowhere.jsonl"], "no such file"),
        (["--synthetic", "nowhere.jsonl"], "no such file"),
        (["--learner", "nobody"], "no learner named"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["experiment", "density", *arguments])
    assert result.exit_code != 0
    assert isinstance(result.exception, suffice.InputError)
    assert message in str(result.exception)
    assert not list(tmp_path.iterdir())
