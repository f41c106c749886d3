"""Screen and confirm as a user runs it, with learners that need no torch.

The cheap learner is installed as a third party would: a module and an entry point on the path.
"""

from __future__ import annotations

import json
import random
import sys

import numpy as np
import pytest
from typer.testing import CliRunner

import suffice
from suffice.advice import phrases
from suffice.analysis.rows import rows
from suffice.cli.app import app
from suffice.report.study import write_report
from suffice.study.allocate import Cell
from suffice.study.designs.screened import FRAME, META
from suffice.study.plan import Plan
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec

TIMING = ("train_seconds", "tag_seconds", "finished_at")

FORGETFUL = '''
"""Looks strings up, but for those that its seed makes it forget."""

import random

from suffice.learners.lookup import Lookup


class Forgetful(Lookup):
    name = "forgetful"

    def train(self, documents, labels, seed):
        dice = random.Random(seed)
        kept = [d for d in documents if dice.random() < 0.8]
        return super().train(kept or documents[:1], labels, seed)

    def cost(self, sentences, tokens):
        return super().cost(sentences, tokens) / 20
'''


@pytest.fixture(scope="module", autouse=True)
def forgetful(tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    (folder / "forgetful_learner.py").write_text(FORGETFUL)
    info = folder / "forgetful_learner-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: forgetful-learner\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[suffice.learners]\nforgetful = forgetful_learner:Forgetful\n"
    )
    sys.path.append(str(folder))
    yield
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    path = tmp_path_factory.mktemp("corpus") / "made.jsonl"
    suffice.write(suffice.load_example(n=260), path)
    return path


def spec(path, **changes):
    settings = {
        "corpus": CorpusSpec(paths=(str(path),)),
        "learner": LearnerSpec(name="lookup"),
        "screen": LearnerSpec(name="forgetful"),
        "confirm": None,
        "budget": None,
        "runs": 60,
        "pairs": 24,
        **changes,
    }
    return StudySpec(**settings)


def table(study):
    return [{k: v for k, v in r.items() if k not in TIMING} for r in rows(study.table())]


@pytest.fixture(scope="module")
def undisturbed(corpus, tmp_path_factory):
    with suffice.Study.create(tmp_path_factory.mktemp("study") / "s", spec(corpus)) as study:
        assert suffice.run(study) == "runs"
        yield study


def test_each_learner_has_its_runs_and_the_sets_are_shared(undisturbed):
    found = undisturbed.table()
    by_name = {name: found.of_learner(identity) for identity, name in found.names.items()}
    assert len(by_name["forgetful"]) == 60
    assert len(by_name["lookup"]) == 24
    screened = {r.training_keys for r in by_name["forgetful"]}
    assert all(r.training_keys in screened for r in by_name["lookup"])
    # Every size has three or four of them.
    _, placed = np.unique([r.asked for r in by_name["lookup"]], return_counts=True)
    assert set(placed) <= {3, 4}


def test_the_chances_are_kept(undisturbed):
    kept = undisturbed.ledger.meta(META)
    assert kept["frame"] == FRAME
    assert len(kept["cells"]) == 24
    plan = Plan(undisturbed, ["any"])

    def stratum(size, replicate):
        return size, plan.parts_of(Cell(size, replicate))

    frame = {
        size: [stratum(size, k % 5 if size == plan.pool_size else k) for k in range(FRAME)]
        for size in plan.sizes()
    }
    chosen = [stratum(*cell[:2]) for cell in kept["cells"]]
    for (size, _, _, chance), own in zip(kept["cells"], chosen, strict=True):
        assert chance == chosen.count(own) / frame[size].count(own)


def test_pairs_share_their_set_and_their_fold_and_folds_take_turns(undisturbed):
    found = undisturbed.table()
    by_name = {name: identity for identity, name in found.names.items()}
    runs, screen, match = found.screened(by_name["lookup"], by_name["forgetful"])
    assert match.any(axis=1).all()
    for one, others in zip(range(len(runs.size)), match, strict=True):
        assert set(screen.fold[others]) == {runs.fold[one]}
        assert (screen.inclusion[others] == runs.inclusion[one]).all()
    for of in (runs, screen):
        counts = np.bincount(of.fold, minlength=5)
        assert counts.max() - counts.min() <= 3
        for size in np.unique(of.size):
            first = of.fold[of.size == size]
            assert len(set(first)) == min(5, len(set(of.training_set[of.size == size])))


def test_the_answer_is_about_the_expensive_learner(undisturbed):
    analysis = suffice.analyse(undisturbed)
    found = analysis.screening
    assert analysis.studied.learner == "lookup"
    assert analysis.studied.runs == found.runs == found.pairs == 24
    assert found.screen_runs == 60
    assert analysis.gap is None
    answer = suffice.advise(analysis, target_f1=0.7)
    said = dict(answer.lines)
    assert len(answer.lines) == 5
    assert "24 lookup runs and 60 forgetful screening runs" in said["Studied"]
    assert "the lookup's F1 is" in said["Now"]
    sentence = phrases.describe_screening(found, analysis.studied)
    assert ("are worth about" if found.used else "did not help") in sentence
    kept = json.loads(answer.to_json())["analysis"]["screening"]
    assert kept["run_ratio"] == pytest.approx(found.run_ratio)
    # The F1 that the curve is of, by hand, but for what folds do to all models.
    runs = undisturbed.table()
    lookup = next(i for i, name in runs.names.items() if name == "lookup")
    by_size = {}
    for r in runs.of_learner(lookup):
        by_size.setdefault(r.asked, []).append(runs.f1(r))
    means = [np.mean(by_size[n]) for n in sorted(by_size)]
    np.testing.assert_allclose(found.alone.observed, means, atol=0.01)
    page = write_report(undisturbed, answer).read_text()
    assert "What the forgetful makes of the interval" in page
    assert "Deviations of both learners on the same training sets" in page


def test_cut_off_anywhere_the_table_is_the_undisturbed_one(corpus, undisturbed, tmp_path):
    dice = random.Random(3)
    cut = 0
    for _ in range(4):
        left = [dice.randint(8, 40)]

        def stop(told, left=left):
            left[0] -= told.phase == "training"
            if left[0] <= 0:
                raise KeyboardInterrupt

        with suffice.Study.create(tmp_path / "s", spec(corpus)) as study:
            try:
                suffice.run(study, listener=stop)
                break
            except KeyboardInterrupt:
                cut += 1
    assert cut >= 2
    with suffice.Study.create(tmp_path / "s", spec(corpus)) as study:
        assert suffice.run(study) == "runs"
        assert table(study) == table(undisturbed)
        assert study.ledger.meta(META) == undisturbed.ledger.meta(META)


def test_fewer_pairs_are_the_first_of_more(corpus, undisturbed, tmp_path):
    with suffice.Study.create(tmp_path / "s", spec(corpus, runs=30, pairs=9)) as study:
        suffice.run(study)
        few = {r["run"] for r in table(study)}
        found = suffice.analyse(study).screening
    assert len(few) == 39
    assert few < {r["run"] for r in table(undisturbed)}
    assert found.runs == 9


def test_with_a_budget(corpus, tmp_path):
    wanted = spec(corpus, runs=None, pairs=None, budget=4.0)
    with suffice.Study.create(tmp_path / "s", wanted) as study:
        assert suffice.run(study) in ("budget", "enough")
        assert suffice.analyse(study).screening.runs >= 4


def test_one_evaluation_set(corpus, tmp_path):
    with suffice.Study.create(tmp_path / "s", spec(corpus, folds=0, runs=30, pairs=10)) as study:
        suffice.run(study)
        found = suffice.analyse(study)
    assert found.studied.folds == 0
    assert found.screening.runs == 10
    assert found.screening.screen_runs == 30


@pytest.mark.parametrize("documents", [60, 260])
def test_out_of_time_every_fold_is_scored_and_there_is_an_answer(documents, tmp_path):
    path = tmp_path / "made.jsonl"
    suffice.write(suffice.load_example(n=documents), path)
    wanted = spec(path, runs=None, pairs=None, budget=0.01)
    with suffice.Study.create(tmp_path / "s", wanted) as study:
        assert suffice.run(study) == "budget"
        found = suffice.analyse(study)
        runs = study.table().screened(*(i for i in reversed(list(study.table().names))))[0]
    assert found.screening.runs == 8
    assert set(runs.fold) == {0, 1, 2, 3, 4}
    assert np.isfinite(found.curve.mean).all()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"screen": LearnerSpec(name="lookup")}, "cannot screen for itself"),
        ({"design": "log"}, "`screen` goes with the adaptive design"),
        ({"pairs": 3}, "`pairs` 3 are too few"),
    ],
)
def test_what_makes_no_sense_is_refused(corpus, tmp_path, changes, message):
    with pytest.raises(suffice.StudyError, match=message):
        suffice.Study.create(tmp_path / "s", spec(corpus, **changes))
    assert not (tmp_path / "s").exists()


def test_the_command(corpus, tmp_path):
    done = CliRunner().invoke(
        app,
        [
            *("run", str(corpus), "--study", str(tmp_path / "s"), "--learner", "lookup"),
            *("--screen", "forgetful", "--runs", "30", "--pairs", "10", "--json"),
        ],
    )
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["analysis"]["screening"]["pairs"] == 10
    assert StudySpec.load(tmp_path / "s").screen == LearnerSpec(name="forgetful")
