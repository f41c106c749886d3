"""The paper's study end to end, with a learner that takes no time."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from typer.testing import CliRunner

import suffice
from suffice import Study
from suffice.analysis.rows import rows
from suffice.applications.paper import tables
from suffice.applications.paper.inconsistencies import INCONSISTENCIES
from suffice.applications.paper.page import render
from suffice.applications.paper.published import ARCHITECTURES
from suffice.applications.paper.reproduce import prepare, reproduce, results, specification
from suffice.cli.app import app
from suffice.corpus.write import write
from suffice.errors import InputError, StudyError, TooSmallError
from suffice.stats import compare_models, regress, threshold
from suffice.stats._threshold.profile import FORMS
from suffice.study.runner import run
from suffice.study.spec import CorpusSpec, LearnerSpec

LOOKUP = LearnerSpec(name="lookup")
SCALE = 0.02


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("paper") / "study"
    with prepare(folder, learner=LOOKUP, scale=SCALE) as study:
        run(study)
        return folder, results(study), rows(study.table())


def test_490_become_exactly_147_and_343_and_each_stratum_has_its_share(made):
    _, found, exported = made
    assert (found.documents, found.pool, found.evaluation) == (490, 343, 147)
    assert found.runs == found.asked == len(exported) == 50
    sizes = np.array([row["size"] for row in exported])
    assert np.bincount((sizes - 1) // 40).tolist() == [10] * 5


def test_the_tables_are_those_of_the_exported_runs(made):
    _, found, exported = made
    f1, s, e, eps = (
        np.array([r[k] for r in exported]) for k in ("f1", "sentences", "entities", "eps")
    )
    order = np.argsort([r["run"] for r in exported])
    assert len(order) == 50
    assert found.features["sentences"].mean == pytest.approx(s.mean())
    assert found.features["EPS"].sd == pytest.approx(eps.std(ddof=1), abs=1e-5)
    assert found.features["F1"].most == pytest.approx(f1.max(), abs=1e-5)
    direct = regress(f1, {"sentences": s, "EPS": e / s}, covariance="ordinary")
    for name in ("sentences", "EPS"):
        assert found.regression.standardized[name].estimate == pytest.approx(
            direct.standardized[name].estimate, abs=1e-4
        )
    assert found.regression.df == (2, 47)
    assert f"{direct.f:,.0f}" == tables.regression(found).rows[0][5]
    both = compare_models(f1, {"sentences": s, "EPS": e / s}, {"entities": e, "EPS": e / s})
    assert found.entities.aic == pytest.approx(both.aic, abs=1e-2)
    for form in FORMS:
        place = threshold(f1, s, form=form, n_resamples=0).estimate
        assert found.thresholds["sentences"][form].estimate == place
    shown = {row[0]: row[1].rstrip("*") for row in tables.thresholds(found).rows}
    assert shown["Yours, slope, then flat"] == f"{threshold(f1, s, n_resamples=0).estimate:,.0f}"
    assert shown["GPT-2_large"] == "527"


def test_every_inconsistency_is_answered(made):
    _, found, _ = made
    assert [f.id for f in found.findings] == [i.id for i in INCONSISTENCIES]
    by_id = {f.id: f for f in found.findings}
    assert by_id["hinge form"].tested
    assert "Not tested by this learner" in by_id["selection"].text
    assert not by_id["learning rate"].tested
    assert "times as wide" in by_id["independence"].text
    assert (
        found.widths.naive[1] - found.widths.naive[0]
        < found.widths.honest[1] - found.widths.honest[0]
    )


def test_going_on_trains_only_what_is_missing_and_a_scale_is_the_first_part(made, tmp_path):
    _, small, exported = made
    folder = tmp_path / "grows"
    with prepare(folder, learner=LOOKUP, scale=0.008) as study:
        run(study)
        first = rows(study.table())
    assert len(first) == 20
    with prepare(folder, learner=LOOKUP, scale=SCALE) as study:
        run(study)
        both = rows(study.table())
        assert {r["run"] for r in both} == {r["run"] for r in exported}
        assert results(study).to_dict() == small.to_dict()
    kept = {r["run"]: r["finished_at"] for r in both}
    assert all(kept[r["run"]] == r["finished_at"] for r in first)


def test_the_page_holds_numbers_and_no_text(made):
    folder, found, _ = made
    page = render(found, "0")
    assert page == render(found, "0")
    assert "http-equiv" in page
    assert "<script" not in page
    for a in ARCHITECTURES:
        assert a.name in page
    corpus = suffice.read(folder / "disclosures.jsonl")
    assert not any(d.id in page or d.text[:40] in page for d in corpus)
    strings = {d.text[s.start : s.end] for d in corpus for s in d.spans if s.end - s.start > 8}
    assert not any(string in page for string in strings)
    ids = [part.split('"')[0] for part in page.split('id="')[1:]]
    assert len(ids) == len(set(ids))


def test_agreement_stands_beside_the_papers(made):
    _, found, _ = made
    shown = {row[0]: row for row in tables.agreement(found.agreement).rows}
    direct = suffice.agreement(suffice.load_example("disclosures"))
    assert found.agreement.compared == 200
    assert shown["Identical boundaries of units"][1] == f"{direct.boundaries.value:.3f}"[1:]
    assert shown["Identical boundaries of units"][3] == ".983"
    assert shown["Cohen’s κ of types"][3] == ".989"


def corpus_file(path, documents, groups=False):
    suffice.write(suffice.load_example("disclosures", n=documents), path)
    if groups:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for i, line in enumerate(lines):
            line["clinic"] = f"c{i // 3}"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_a_small_corpus_has_scaled_strata_and_says_so_and_a_tiny_one_is_refused(tmp_path):
    path = corpus_file(tmp_path / "few.jsonl", 120)
    spec = CorpusSpec(paths=(str(path),))
    found = reproduce(tmp_path / "few", spec, learner=LOOKUP, scale=SCALE)
    assert (found.evaluation, found.pool) == (36, 84)
    assert found.strata == ("1–10", "11–20", "21–30", "31–40", "41–50")
    assert any("too small for the paper's strata" in caveat for caveat in found.caveats)
    tiny = CorpusSpec(paths=(str(corpus_file(tmp_path / "tiny.jsonl", 40)),))
    with pytest.raises(TooSmallError, match="five strata"):
        prepare(tmp_path / "tiny", tiny, learner=LOOKUP)
    assert not (tmp_path / "tiny").exists()


def test_strata_can_be_shares_of_a_larger_pool(tmp_path):
    corpus = suffice.Corpus(
        tuple(
            suffice.Document(f"d{i}", f"Ada Berg {i} met no one.", (suffice.Span(0, 8, "PERSON"),))
            for i in range(980)
        )
    )
    path = tmp_path / "many.jsonl"
    write(corpus, path)
    spec = CorpusSpec(paths=(str(path),))
    with prepare(tmp_path / "s", spec, learner=LOOKUP, scale=SCALE, strata="shares") as study:
        run(study)
        found = results(study)
    assert found.pool == 686
    assert found.strata == ("1–80", "81–160", "161–240", "241–320", "321–400")
    assert 320 < found.features["documents"].most <= 400
    assert any("200/343 of the pool" in c for c in found.caveats)
    with pytest.raises(StudyError, match="`strata`"):
        prepare(tmp_path / "s", spec, learner=LOOKUP, scale=SCALE)


def test_the_command_maps_labels_keeps_groups_and_prints_json(tmp_path):
    path = corpus_file(tmp_path / "notes.jsonl", 150, groups=True)
    arguments = ["reproduce", str(path), "--learner", "lookup", "--scale", ".01", "--json"]
    done = CliRunner().invoke(app, [*arguments, "--group", "clinic", "--labels", "ORG=FIRM"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["evaluation"] == 45
    assert any("FIRM" in caveat for caveat in told["caveats"])
    assert len(told["findings"]) == len(INCONSISTENCIES)
    assert (tmp_path / "notes.paper" / "reproduction.html").is_file()
    table = tmp_path / "runs.csv"
    done = CliRunner().invoke(app, ["export", str(tmp_path / "notes.paper"), str(table)])
    assert done.exit_code == 0, done.output
    with table.open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 25


@pytest.mark.parametrize("scale", [0, -1, 1.01, 0.001])
def test_scales_out_of_range(scale):
    with pytest.raises(InputError, match="`scale`"):
        specification(CorpusSpec(paths=("x",)), LOOKUP, scale=scale)


def test_a_study_with_the_other_split_is_not_gone_on_with(made):
    folder, _, _ = made
    spec = Study.open(folder).spec.model_copy(update={"split": "threshold"})
    with pytest.raises(StudyError, match="the split"):
        Study.create(folder, spec)
