"""Cross-fitted tagging: who tags what, and which spans count as found."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from suffice.corpus.document import Document, Span
from suffice.errors import TooSmallError
from suffice.quality.tagging import count_on_entities, tag

COLUMN = {"ORG": 0, "PER": 1}


def test_count_on_entities_by_hand():
    gold = [Span(0, 4, "PER"), Span(10, 20, "ORG"), Span(12, 15, "PER")]
    found = [
        Span(0, 2, "PER"),  # a part of the first
        Span(2, 4, "PER"),  # another part: two spans on one entity
        Span(10, 20, "PER"),  # the second, as another label
        Span(12, 15, "PER"),  # the nested one exactly
        Span(30, 33, "ORG"),  # nothing
        Span(4, 10, "ORG"),  # between two: touches none
    ]
    assert count_on_entities(gold, found, COLUMN).tolist() == [[0, 0, 2], [1, 3, 0]]


def test_at_one_place_the_own_label_counts():
    gold = [Span(0, 4, "ORG"), Span(0, 4, "PER")]
    assert count_on_entities(gold, [Span(0, 4, "PER")], COLUMN).tolist() == [[0, 0, 0], [0, 1, 0]]


def document(number, name, *, group=None, id=None):
    text = f"In case {number} of {number * 7} Dr {name} of ward {number * 3} saw patient {number}."
    start = text.index(name)
    return Document(id or f"d{number}", text, (Span(start, start + len(name), "PER"),), group=group)


def test_no_model_tags_what_it_has_seen():
    """Names that stand in one document alone are never found by a model that has not seen it.

    Unlabelled text with those names is found by the models that have: four of five. A repeat of an
    annotated document, and text of its group, are tagged by the fifth only.
    """
    annotated = [document(i, f"Name{i}x", group=f"g{i}") for i in range(25)]
    unlabelled = [
        document(100, "Name3x", id="new"),
        document(4, "Name4x", id="repeat"),
        document(200, "Name5x", id="kin", group="g5"),
        document(300, "Unheard", id="none"),
    ]
    found = tag(annotated, unlabelled, learner="lookup")
    assert found.labels == ("PER",)
    assert found.folds == 5
    assert found.annotated.found.sum() == 0
    assert found.unlabelled.found[:, 0] == pytest.approx([0.8, 0, 0, 0])
    assert found.shared == 2
    assert found.true.sum() == 25
    # Each annotated document's own name and numbers are unknown to the model that tags it.
    assert (found.annotated.unknown >= 1).all()
    assert found.unlabelled.unknown[0] < found.unlabelled.unknown[3]


def test_sums_by_unit():
    annotated = [document(i, "Bo", group=f"g{i // 2}") for i in range(30)]
    found = tag(annotated, annotated[:4], learner="lookup")
    calibration, production = found.calibration(), found.production()
    assert calibration.true[:, 0].tolist() == [2.0] * 15
    assert calibration.found[:, 0].tolist() == [[2.0, 0.0]] * 15
    assert production.found[:, 0].tolist() == [2.0, 2.0]
    assert np.array_equal(found.annotated.by_unit(np.ones(30)), np.full(15, 2.0))


def annotated_and_not():
    annotated = [document(i, f"Name{i % 9}x") for i in range(30)]
    return annotated, [document(100 + i, f"Name{i}x") for i in range(12)]


_DYING = """
import os, signal
from tests.unit.quality.test_tagging import annotated_and_not, tag

def tell(told):
    if (told.phase, told.done) == ("training", 2):
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    tag(*annotated_and_not(), learner="lookup", listener=tell)
"""


def test_killed_it_goes_on_where_it_stopped_and_leaves_nothing(tmp_path, monkeypatch):
    undisturbed = tag(*annotated_and_not(), learner="lookup")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = os.pathsep.join([str(Path(__file__).resolve().parents[3]), *sys.path])
    process = subprocess.run(
        [sys.executable, "-c", _DYING], env={**os.environ, "PYTHONPATH": path}, check=False
    )
    assert process.returncode == -signal.SIGKILL
    (folder,) = (tmp_path / "suffice" / "runs").iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    told = []
    found = tag(*annotated_and_not(), learner="lookup", listener=told.append)
    assert [(t.done, t.expected) for t in told if t.phase == "training"] == [(3, 5), (4, 5), (5, 5)]
    assert np.array_equal(found.annotated.found, undisturbed.annotated.found)
    assert np.array_equal(found.unlabelled.found, undisturbed.unlabelled.found)
    assert not folder.exists()


def test_too_small():
    with pytest.raises(TooSmallError, match="20 annotated documents"):
        tag([document(1, "Bo")], [document(2, "Al")], learner="lookup")
