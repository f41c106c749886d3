"""Cross-fitted tagging: who tags what, and which spans count as found."""

from __future__ import annotations

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


def test_too_small():
    with pytest.raises(TooSmallError, match="20 annotated documents"):
        tag([document(1, "Bo")], [document(2, "Al")], learner="lookup")
