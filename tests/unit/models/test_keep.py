"""Models that are kept: what the card says, and that they find again what they found."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import yaml

from suffice import Study
from suffice.analysis.analyse import analyse
from suffice.corpus.examples import load_example
from suffice.corpus.write import write
from suffice.design.split import LEFT_OUT
from suffice.errors import InputError
from suffice.learners.registry import get
from suffice.models import keep as keeping
from suffice.models.keep import _divide_pool, interval, keep
from suffice.models.tag import tag
from suffice.scoring import Counts, count
from suffice.study.runner import run
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec

SHORT = {"min_steps": 40, "max_steps": 40, "layers": [3, 6]}

pytestmark = [pytest.mark.train, pytest.mark.slow]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    write(load_example(n=90), folder / "corpus.jsonl")
    spec = StudySpec(
        corpus=CorpusSpec(paths=(str(folder / "corpus.jsonl"),)),
        learner=LearnerSpec(name="probe", options=SHORT),
        confirm=None,
        budget=None,
        runs=6,
        folds=0,
    )
    with Study.create(folder / "study", spec) as made:
        run(made)
        yield made


def test_one_on_all_documents_with_the_curves_f1(study, tmp_path):
    told = []
    kept = keep(study, tmp_path / "model", license="cc-by-4.0", listener=told.append)
    assert kept.documents == 90
    assert kept.low < kept.f1 < kept.high
    assert "no" in kept.basis and "curve" in kept.basis
    folder = tmp_path / "model"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    head = yaml.safe_load((folder / "README.md").read_text().split("---")[1])
    assert head["license"] == "cc-by-4.0"
    assert head["pipeline_tag"] == "token-classification"
    assert f"{kept.f1:.3f}" in (folder / "README.md").read_text()
    # No model of the study was trained on all 90: the card says next to F1 from where it is told.
    largest = analyse(study).studied.largest
    assert largest < 90
    place = f"at 90 documents, extrapolated from training sets of up to {largest} documents: what"
    assert place in kept.basis
    assert place in (folder / "README.md").read_text()
    # No text of any document is in what the card says.
    card = (folder / "README.md").read_text()
    strings = {d.text[s.start : s.end] for d in study.corpus for s in d.spans}
    assert not [s for s in strings if len(s) > 4 and s in card]


def test_it_finds_what_the_same_training_finds(study, tmp_path):
    keep(study, tmp_path / "model")
    documents = list(study.corpus)[:20]
    learner = get("probe", study.spec.learner.options)
    seed = keeping._seeds(study, 1)[0]
    everything = [d for d in study.corpus if study.division.sides[d.id] != LEFT_OUT]
    found = learner.train(everything, study.corpus.labels, seed).tag(documents)
    again = tag(tmp_path / "model", documents)
    assert [list(d.spans) for d in again] == found


def test_the_best_is_measured_on_documents_that_chose_and_trained_nothing(study, tmp_path):
    kept = keep(study, tmp_path / "best", how="best", tries=2)
    evaluation = [d for d in study.corpus if d.id in set(study.division.evaluation(0))]
    bare = [replace(d, spans=()) for d in evaluation]
    tagged = tag(tmp_path / "best", bare)
    counts = count(evaluation, [d.spans for d in tagged], study.corpus.labels)
    assert kept.f1 == pytest.approx(counts.f1())
    assert kept.low < kept.f1 < kept.high
    pool = len(study.division.pool(0))
    assert 0.6 * pool < kept.documents < 0.95 * pool


_DYING = """
import os, signal, sys
from pathlib import Path
from suffice.models.keep import keep
from suffice.study.spec import StudySpec
from suffice import Study

def tell(words):
    if words.startswith("trained: 1"):
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with Study.create(folder, StudySpec.load(folder)) as study:
        keep(study, sys.argv[2], how="best", tries=2, listener=tell)
"""


def test_killed_it_goes_on_where_it_stopped_and_leaves_nothing(study, tmp_path):
    undisturbed = keep(study, tmp_path / "whole", how="best", tries=2)
    place = tmp_path / "copy"
    shutil.copytree(study.folder, place)
    out = place / "model"
    command = [sys.executable, "-c", _DYING, str(place), str(out)]
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.run(command, env=path, check=False)
    assert process.returncode == -signal.SIGKILL
    assert not out.exists()
    assert stat.S_IMODE((place / ".model.runs").stat().st_mode) == 0o700
    told = []
    with Study.create(place, StudySpec.load(place)) as again:
        found = keep(again, out, how="best", tries=2, listener=told.append)
    assert "trained: 2 of 2" in told
    assert (found.f1, found.low, found.high) == (undisturbed.f1, undisturbed.low, undisturbed.high)
    weights = sorted(f.relative_to(out) for f in out.rglob("*.safetensors"))
    assert weights
    for name in weights:
        assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert not (place / ".model.runs").exists()


def test_what_cannot_be_kept_is_refused_before_it_is_trained(study, tmp_path):
    with pytest.raises(InputError, match="cannot be kept"):
        keep(study, tmp_path / "model", learner=LearnerSpec(name="lookup"))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(InputError, match="exists already"):
        keep(study, tmp_path / "full")
    assert not (tmp_path / "model").exists()


def test_a_learner_that_was_not_studied_has_no_f1(study, tmp_path):
    options = {**SHORT, "hidden": 16}
    other = keep(study, tmp_path / "model", learner=LearnerSpec(name="probe", options=options))
    assert np.isnan(other.f1)
    assert json.loads(other.to_json())["f1"] is None


def test_with_folds_the_best_is_measured_on_the_first_and_chosen_on_others(tmp_path):
    write(load_example(n=60), tmp_path / "corpus.jsonl")
    spec = StudySpec(corpus=CorpusSpec(paths=(str(tmp_path / "corpus.jsonl"),)), folds=5)
    with Study.create(tmp_path / "study", spec) as made:
        training, chosen_by = _divide_pool(made)
        first = set(made.division.evaluation(0))
    assert len(first) == 12
    assert {d.id for d in (*training, *chosen_by)} == {d.id for d in load_example(n=60)} - first
    assert not {d.id for d in training} & {d.id for d in chosen_by}


def test_the_interval_of_f1_covers():
    """Documents of a source with a known F1: 95 % intervals cover 95 %, within simulation error."""
    generator = np.random.default_rng(7)
    studies, covered = 300, 0
    correct, spurious, missed = 3.0, 1.0, 0.8
    truth = 2 * correct / (2 * correct + spurious + missed)
    for _ in range(studies):
        length = generator.gamma(4, 0.25, size=150)[:, None]
        table = generator.poisson(np.array([correct, spurious, missed]) * length)
        counts = Counts(("A",), table[:, None, :].astype(np.int32))
        low, high = interval(counts, [str(i) for i in range(150)])
        covered += low <= truth <= high
    assert 0.91 <= covered / studies <= 0.98  # .95 give or take 2.4 standard errors of .0126
