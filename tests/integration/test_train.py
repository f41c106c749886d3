"""From a corpus to an answer with models that are trained for real."""

from __future__ import annotations

import pytest

import suffice
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec

pytestmark = [pytest.mark.train, pytest.mark.slow]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("train")
    path = folder / "made.jsonl"
    suffice.write(suffice.load_example(n=210), path)
    spec = StudySpec(
        corpus=CorpusSpec(paths=(str(path),)),
        # Few steps: it is the machinery that is tested here, not how good the models are.
        learner=LearnerSpec(name="probe", options={"min_steps": 60, "max_steps": 60}),
        confirm=LearnerSpec(name="finetune", options={"min_steps": 30, "max_steps": 30}),
        budget=None,
        runs=9,
        pairs=2,
    )
    with suffice.Study.create(folder / "study", spec) as made:
        suffice.run(made)
        yield made


def test_probe_and_paired_finetune_runs_are_analysed_together(study):
    table = study.table()
    by_name = {name: table.of_learner(identity) for identity, name in table.names.items()}
    assert len(by_name["probe"]) == 9
    assert len(by_name["finetune"]) == 2
    assert all(r.status == "ok" for rows in by_name.values() for r in rows)
    found = suffice.advise(suffice.analyse(study), target_f1=0.8)
    gap = found.analysis.gap
    assert gap.pairs == 2
    sizes = {r.asked for r in by_name["finetune"]}
    assert sizes <= {r.asked for r in by_name["probe"]}
    # By hand: the pairs' own F1 values.
    probe = {r.training_keys: table.f1(r) for r in by_name["probe"] if r.repeat == 0}
    differences = [table.f1(r) - probe[r.training_keys] for r in by_name["finetune"]]
    assert gap.mean == pytest.approx(sum(differences) / 2)


def test_more_documents_are_better(study):
    table = study.table()
    probe = next(i for i, name in table.names.items() if name == "probe")
    f1 = {r.asked: table.f1(r) for r in table.of_learner(probe)}
    assert f1[max(f1)] > f1[min(f1)] + 0.1
    assert f1[max(f1)] > 0.6


def test_the_number_format_is_kept_with_the_study(tmp_path):
    path = tmp_path / "made.jsonl"
    suffice.write(suffice.load_example(n=60), path)
    spec = StudySpec(corpus=CorpusSpec(paths=(str(path),)), confirm=None)
    with suffice.Study.create(tmp_path / "s", spec):
        options = suffice.StudySpec.load(tmp_path / "s").learner.options
    assert options["number_format"] in ("float32", "bfloat16")
    with suffice.Study.create(tmp_path / "s", spec) as again:
        assert again.spec.learner.options == options


def test_the_cache_is_the_owners_alone_and_can_be_purged(study):
    folders = [study.cache, *(p for p in study.cache.rglob("*") if p.is_dir())]
    assert {p.stat().st_mode & 0o777 for p in folders} == {0o700}
    assert study.purge() > 1e6
    assert not study.cache.exists()


def test_a_budget_that_ends_while_encoding_studies_what_it_had_time_for(tmp_path):
    path = tmp_path / "made.jsonl"
    suffice.write(suffice.load_example(n=230), path)
    spec = StudySpec(
        corpus=CorpusSpec(paths=(str(path),)),
        learner=LearnerSpec(name="probe", options={"min_steps": 12, "max_steps": 12}),
        confirm=None,
        budget=0.5,  # less than it takes to load the backbone
        tokens=10**6,
    )
    with suffice.Study.create(tmp_path / "s", spec) as study:
        assert suffice.run(study) == "budget"
        table = study.table()
        assert 40 <= len(table.documents) < 230
        assert len(table.rows) >= 4
        answer = suffice.advise(suffice.analyse(study), target_f1=0.9)
    assert any("the budget allowed for a random" in caveat for caveat in answer.caveats)
    with suffice.Study.create(tmp_path / "s", spec) as again:
        assert suffice.run(again) == "budget"
        assert len(again.table().documents) == len(table.documents)
        assert len(again.table().rows) == len(table.rows)
