"""What training sets are made of, by hand, and against scipy's entropy."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy

from suffice.corpus.document import Document, Span
from suffice.design.features import SetFeatures

DOCUMENTS = [
    Document("a", "Ann met Bo. Bo left.", (Span(0, 3, "P"), Span(8, 10, "P"), Span(12, 14, "P"))),
    Document("b", "Acme paid ann.", (Span(0, 4, "O"), Span(10, 13, "P"))),
    Document("c", "Nobody here."),
    Document("e", "Bo of Bonn, Acme.", (Span(0, 2, "P"), Span(6, 10, "L"), Span(12, 16, "O"))),
]


def test_by_hand():
    found = SetFeatures(DOCUMENTS)(["a", "b"], ["e"])
    assert (found.documents, found.sentences, found.entities) == (2, 3, 5)
    assert found.distinct == 3  # ann, bo, acme: case is folded
    assert found.labels == {"O": 1, "P": 4}
    assert found.seen == pytest.approx(2 / 3)  # bo and acme of bo, bonn and acme
    assert found.balance == pytest.approx(entropy([0.8, 0.2, 0.0]) / math.log(3))


def test_without_entities_or_evaluation_nothing_is_said():
    measure = SetFeatures(DOCUMENTS)
    assert math.isnan(measure(["a"]).seen) and math.isnan(measure(["a"], ["c"]).seen)
    assert math.isnan(measure(["c"], ["e"]).balance)
    assert measure(["c"], ["e"]).seen == 0
    assert math.isnan(SetFeatures(DOCUMENTS[:1])(["a"]).balance)


@given(st.permutations("abce"), st.integers(1, 3))
def test_more_documents_see_more_and_order_is_nothing(order, cut):
    measure = SetFeatures(DOCUMENTS)
    some, more = measure(order[:cut], ["e"]), measure(order[: cut + 1], ["e"])
    assert some.seen <= more.seen <= 1
    again = measure(order[:cut][::-1], ["e"])
    assert (again.seen, again.distinct, again.labels) == (some.seen, some.distinct, some.labels)
