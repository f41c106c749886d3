"""The page as a whole: its numbers, what it must not hold, and every part that may be absent."""

from __future__ import annotations

import dataclasses
import math
import re
from pathlib import Path
from types import ModuleType

import pytest

from suffice.advice import phrases
from suffice.advice.advise import advise
from suffice.advice.result import Advice
from suffice.analysis.result import LabelScore
from suffice.report.page import render, sentence, write
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec
from suffice.study.table import RunTable
from suffice.wording import numbers
from suffice.wording.verdict import VERDICTS
from tests.made import density
from tests.unit.report.parsed import Page, svgs


def test_verdict_and_lines(page: str, advice: Advice) -> None:
    text = Page(page).text
    assert advice.headline in text
    assert len(advice.lines) == 5
    for name, line in advice.lines:
        assert name in text
        assert sentence(line) in text


def test_curve_table_holds_the_curve(page: str, advice: Advice) -> None:
    head, *rows = Page(page).rows("F1(n) by")
    assert head[2:4] == ["F1(n)", "95 % interval"]
    assert len(rows) >= 5
    scale = advice.analysis.studied.sentences_per_document
    for documents, sentences, f1, interval, single in rows:
        n = float(documents.split()[0].replace(",", ""))
        mean, low, high = advice.analysis.curve.at(n)
        assert sentences == numbers.about(n * scale)
        assert f1 == numbers.f1(mean)
        assert interval == f"{numbers.f1(low)}–{numbers.f1(high)}"
        assert re.fullmatch(r"[.\d]+–[.\d]+", single)
        assert ("extrapolated" in documents) == (n > advice.analysis.curve.largest)
    now = [r for r in rows if "all annotated" in r[0]]
    assert now[0][2] == numbers.f1(advice.now.value)
    assert "extrapolated" in now[0][0]
    assert [r for r in rows if "the present pool" in r[0]]


def test_parts_are_those_of_the_advice(page: str, advice: Advice) -> None:
    text = Page(page).text
    drawn = "".join(svgs(page)[2].itertext())
    half = (advice.now.high - advice.now.low) / 2
    assert sum(value**2 for value in advice.parts.values()) == pytest.approx(half**2)
    for value in (*advice.parts.values(), half):
        assert f"±{100 * value:.1f}" in text
        assert f"±{100 * value:.1f}" in drawn


def test_required_table(page: str, advice: Advice) -> None:
    rows = {r[0]: r[1:] for r in Page(page).rows("What F1 .87 takes")}
    r = advice.required
    assert r is not None
    assert not math.isfinite(r.sentences.high)
    over, room = f"over {numbers.about(r.limit)}", f"over {numbers.about(r.limit - r.present)}"

    def median(value: float, written: str, beyond: str) -> str:
        return written if math.isfinite(value) else beyond

    assert rows["Annotated sentences in all, for F1(n)"] == [
        median(r.sentences.value, numbers.about(r.sentences.value), over),
        f"{numbers.about(r.sentences.low)} to {over}",
    ]
    assert rows["Of these, still to be annotated"] == [
        median(r.more.value, numbers.about(r.more.value), room),
        f"{numbers.about(r.more.low)} to {room}",
    ]
    assert rows["Hours of annotating"] == [
        median(r.hours.value, numbers.hours(r.hours.value), "cannot tell"),
        f"from {numbers.hours(r.hours.low)}",
    ]
    assert r.cost is not None
    assert rows["Cost, in the currency of the hourly rate"] == [
        median(r.cost.value, numbers.money(r.cost.value), "cannot tell"),
        f"from {numbers.money(r.cost.low)}",
    ]
    one = rows["Annotated sentences in all, for one model with probability .8"]
    assert one[0] == median(r.one_model.value, numbers.about(r.one_model.value), over)
    beyond = next(v for k, v in rows.items() if "not reached within" in k)
    assert beyond[0] == numbers.probability(r.beyond)


def test_labels_gap_and_density(page: str, advice: Advice) -> None:
    parsed = Page(page)
    rows = parsed.rows("Exact F1 of each label")[1:]
    assert [r[:4] for r in rows] == [
        ["ORG", "210", ".81", ".77–.85"],
        ["PERSON", "190", ".90", ".86–.94"],
    ]
    assert "difference is +3.1 points of F1 (95 % interval +1.1 to +5.2)" in parsed.text
    assert parsed.rows("Entities per sentence")[1][1:] == ["1.02", "95 % interval 0.95 to 1.09"]


def test_the_papers_analysis(page: str, advice: Advice) -> None:
    parsed, a = Page(page), advice.analysis
    assert a.regression is not None
    for row in parsed.rows("F1 of 30 runs regressed")[1:]:
        c = a.regression.standardized[row[0]]
        assert row[1] == f"{c.estimate:.3f}".replace("-", "−")
        assert row[4] == f"{a.regression.vif[row[0]]:.2f}"
    assert a.threshold is not None
    assert a.printed_hinge is not None
    shown = [r[1] for r in parsed.rows("Threshold of F1")[1:]]
    assert shown == [f"{t.estimate:,.0f}" for t in (a.threshold, a.printed_hinge)]
    assert a.sensitivity is not None
    assert a.sensitivity.sentence in parsed.text
    assert ("Not a recommendation" in parsed.text) == (a.sensitivity.verdict != "stable")
    assert len(parsed.rows("The threshold with")) == 1 + len(a.sensitivity.shares)


def test_runs_by_size(page: str, runs: RunTable) -> None:
    rows = Page(page).rows("Runs by training-set size")[1:]
    assert [r[0] for r in rows] == ["6", "12", "25", "50", "100", "200"]
    assert sum(int(r[2]) for r in rows) == len(runs.of_learner("L1"))
    mine = [runs.f1(r) for r in runs.of_learner("L1") if r.asked == 50]
    assert rows[3][3] == numbers.f1(sum(mine) / len(mine))
    assert rows[3][5] == "2.0"


def test_every_caveat_is_there(page: str, advice: Advice) -> None:
    text = Page(page).text
    for caveat in advice.caveats:
        assert sentence(caveat) in text


def test_nothing_is_loaded_and_nothing_runs(page: str) -> None:
    for tag, attributes in Page(page).tags:
        assert tag not in ("script", "link", "img", "iframe", "object", "embed", "base")
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name in ("src", "href", "xlink:href", "srcset", "data"):
                doi = "https://doi.org/"
                assert (value or "").startswith("#") or (tag == "a" and value.startswith(doi))
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_ids_are_unique_and_references_hold(page: str) -> None:
    ids = [a["id"] for _, a in Page(page).tags if "id" in a]
    assert len(ids) == len(set(ids))
    for target in re.findall(r'(?:href="|url\()#([^")]+)', page):
        assert target in ids


def test_tables_have_captions_and_heads(page: str) -> None:
    parsed = Page(page)
    assert all(parsed.tables)
    heads = [a for tag, a in parsed.tags if tag == "th"]
    assert heads
    assert all(a.get("scope") in ("row", "col") for a in heads)


def test_no_document_is_named(page: str, runs: RunTable) -> None:
    for d in runs.documents[:50]:
        assert d.name not in page
        assert not re.search(rf"\b{d.key}\b", page)


def test_the_same_input_gives_the_same_page(page: str, advice: Advice, runs: RunTable) -> None:
    assert render(advice, runs, "0.1.0") == page


def test_hostile_names_are_text(sample: ModuleType, advice: Advice, runs: RunTable) -> None:
    bad = '<script>alert("x")</script>&$\\frac{1}{2}$ 漢字 \x07'
    a = advice.analysis
    hostile = dataclasses.replace(
        a,
        studied=dataclasses.replace(
            a.studied, name=bad, learner="probe", labels={bad: 5, "ORG": 3}, backbone=bad
        ),
        labels=(
            LabelScore(label=bad, entities=5, value=0.5, low=0.4, high=0.6, caveats=(bad,)),
            a.labels[0],
        ),
        gap_learner=bad,
        not_fitted={bad: bad},
        caveats=(bad,),
    )
    spec = StudySpec(
        corpus=CorpusSpec(paths=("/home/someone/x.jsonl",)),
        learner=LearnerSpec(name=bad, options={bad: bad}),
    )
    html = render(advise(hostile, target_f1=0.9), runs, bad, spec=spec)
    parsed = Page(html)
    assert "script" not in {tag for tag, _ in parsed.tags}
    assert '<script>alert("x")</script>' in parsed.text
    assert "/home/someone" not in html
    svgs(html)


@pytest.mark.usefixtures("undrawn")
def test_synthetic_is_said_at_every_place(sample: ModuleType, advice: Advice) -> None:
    a = advice.analysis
    made_up = dataclasses.replace(a, studied=dataclasses.replace(a.studied, synthetic=True))
    html = render(advise(made_up), None, "0.1.0")
    assert "SYNTHETIC CORPUS" in html
    assert "(synthetic)" in re.findall("<title>(.*?)</title>", html)[0]
    captions = re.findall("<figcaption>.*?</figcaption>", html, re.DOTALL)
    assert captions
    assert all("synthetic corpus" in c for c in captions)


@pytest.mark.usefixtures("undrawn")
def test_learners_side_by_side(advice: Advice, runs: RunTable) -> None:
    versus = advice.analysis.versus
    assert versus is not None
    assert versus.shared == 3
    places = [p for p in runs.places("L1") if p in runs.places("L2")]
    for name, mean in zip(versus.ranking.names, versus.ranking.f1, strict=True):
        own = runs.runs({"probe": "L1", "finetune": "L2"}[name], places=places)
        assert own is not None
        assert mean == pytest.approx(own.score().mean())
    parsed = Page(render(advice, runs, "0.1.0"))
    rows = parsed.rows("Learners on the training sets that they share")
    assert [row[0] for row in rows[1:]] == list(versus.ranking.names)
    assert phrases.describe_ranking(versus) in parsed.text
    numbers = re.findall(r"Figure (\d)\.", parsed.text)
    assert numbers == [str(k + 1) for k in range(len(numbers))]
    assert len(numbers) == 6


def test_without_what_may_be_absent(advice: Advice) -> None:
    bare = dataclasses.replace(
        advice.analysis,
        labels=(),
        gap=None,
        versus=None,
        gap_learner="",
        regression=None,
        threshold=None,
        printed_hinge=None,
        sensitivity=None,
        not_fitted={"regression": "only two runs", "upperhinge": "too few sizes"},
    )
    bare = dataclasses.replace(
        bare, studied=dataclasses.replace(bare.studied, labels={"ONLY": 9}, pairs=0, stopped=None)
    )
    parsed = Page(render(advise(bare), None, "0.1.0"))
    assert "No target was given" in parsed.text
    assert "There is only one label, ONLY: its F1 is given above." in parsed.text
    assert "this study cannot say how far the probe is" in parsed.text
    assert "The regression could not be fitted: only two runs." in parsed.text
    assert "The threshold (slope, then flat) could not be fitted: too few sizes." in parsed.text
    assert set(parsed.tables) == {
        "F1(n) by the number of training documents",
        "Entities per sentence (EPS)",
        "Settings and software",
    }


@pytest.mark.usefixtures("undrawn")
def test_a_threshold_without_its_sensitivity_warns(advice: Advice) -> None:
    lone = dataclasses.replace(advice.analysis, sensitivity=None)
    assert "Not a recommendation" in Page(render(advise(lone), None, "0.1.0")).text


@pytest.mark.usefixtures("undrawn")
def test_unbounded_answers_are_said_so(advice: Advice, runs: RunTable) -> None:
    parsed = Page(render(advise(advice.analysis, target_f1=0.999), runs, "0.1.0"))
    rows = {r[0]: r[1:] for r in parsed.rows("What F1")}
    over = f"over {numbers.about(advise(advice.analysis, target_f1=0.999).required.limit)}"
    assert rows["Annotated sentences in all, for F1(n)"] == [over, over]
    assert rows["Hours of annotating"] == ["cannot tell", "cannot tell"]
    assert not re.search(r"\b(inf|nan)\b", parsed.text)


@pytest.mark.usefixtures("undrawn")
def test_a_target_below_the_smallest_size_is_at_most(advice: Advice, runs: RunTable) -> None:
    parsed = Page(render(advise(advice.analysis, target_f1=0.05), runs, "0.1.0"))
    row = parsed.rows("What F1 .05")[1]
    assert row[1].startswith("at most ")


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_more_than_a_colour(advice: Advice, verdict: str) -> None:
    html = render(dataclasses.replace(advice, verdict=verdict), None, "0.1.0")
    word = re.findall(r'<p class="word">.*?</span>\s*(.*?)</p>', html)
    assert len(word) == 1
    assert word[0]


@pytest.mark.usefixtures("undrawn")
def test_folds(sample: ModuleType) -> None:
    table = sample.table(folds=3, sizes=(6, 25, 100))
    found = sample.advice(table, density=density(1.0))
    parsed = Page(render(found, table, "0.1.0"))
    assert "divided into 3 folds" in parsed.text
    rows = parsed.rows("Runs by training-set size")[1:]
    assert [int(r[2]) for r in rows] == [sample.PER_SIZE] * 3
    assert float(rows[0][5]) == pytest.approx(3 * 1.12, abs=0.1)


def test_a_label_without_evaluation_entities(advice: Advice) -> None:
    nan = math.nan
    scores = (
        *advice.analysis.labels,
        LabelScore(
            label="RARE", entities=0, value=nan, low=nan, high=nan, caveats=("none to score",)
        ),
    )
    changed = dataclasses.replace(advice.analysis, labels=scores)
    rows = Page(render(advise(changed), None, "0.1.0")).rows("Exact F1 of each label")
    assert rows[-1] == ["RARE", "0", "n/a", "n/a", "none to score"]


@pytest.mark.usefixtures("undrawn")
def test_settings(advice: Advice, runs: RunTable) -> None:
    spec = StudySpec(corpus=CorpusSpec(paths=("x.jsonl",)), seed=17, runs=40)
    rows = {r[0]: r[1] for r in Page(render(advice, runs, "9.9.9", spec=spec)).rows("Settings")}
    assert rows["Seed"] == "17"
    assert rows["Stopped"] == "the budget was spent"
    assert rows["Runs asked for"] == "40"
    assert rows["Software"].startswith("suffice 9.9.9, Python 3.")


def test_write_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write(path, "first")
    write(path, "Größe – ≥")
    assert path.read_text(encoding="utf-8") == "Größe – ≥"
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]
