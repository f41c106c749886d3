"""The report's sentences, from values that stand in them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suffice.analysis.result import LabelScore
from suffice.report import prose
from suffice.scoring import F1, Measure
from suffice.stats import PairedDifference
from tests.made import density


def with_gap(advice, mean, low, high):
    gap = PairedDifference(mean, low, high, 3, 25.0, 200.0)
    return replace(advice, analysis=replace(advice.analysis, gap=gap))


@pytest.mark.parametrize(
    ("gap", "sentence"),
    [
        (
            (0.0312, 0.0107, 0.0517),
            "finetune scores above the probe: the difference is +3.1 points of F1 (95 % interval "
            "+1.1 to +5.2), over 3 training sets of 25–200 documents.",
        ),
        (
            (-0.02, -0.03, -0.01),
            "finetune scores below the probe: the difference is −2.0 points of F1 (95 % interval "
            "−3.0 to −1.0), over 3 training sets of 25–200 documents.",
        ),
        (
            (0.01, -0.01, 0.03),
            "finetune and the probe do not differ by more than chance explains: the difference is "
            "+1.0 points of F1 (95 % interval −1.0 to +3.0), over 3 training sets of 25–200 "
            "documents.",
        ),
    ],
)
def test_the_sign_of_a_gap_is_said_only_where_its_interval_has_one(advice, gap, sentence):
    assert prose.describe_gap(with_gap(advice, *gap)) == sentence


def test_the_largest_part_of_the_interval_is_named_with_its_share(advice):
    parts = {"evaluation": 0.03, "pool": 0.04, "runs": 0.0, "form": 0.0}
    said = prose.suggest_narrowing(replace(advice, parts=parts))
    # 16/25 of the variance
    assert said.startswith("The largest part, 64 % of the variance, comes from ")
    assert prose.suggest_narrowing(replace(advice, parts=dict.fromkeys(parts, 0.0))) == ""


def test_the_highest_and_the_lowest_label():
    def score(label, value):
        return LabelScore(label=label, entities=9, value=value, low=value - 0.1, high=value + 0.1)

    both = (score("ORG", 0.5), score("PER", 0.7), score("LOC", float("nan")))
    assert prose.describe_labels(both, "", "F1") == (
        "Highest F1: PER, .70 (.60–.80); lowest: ORG, .50 (.40–.60)."
    )
    assert prose.describe_labels(both[:1], "", "recall") == "ORG: recall .50 (.40–.60)."
    assert prose.describe_labels((), "ORG", "F1") == (
        "There is only one label, ORG: its F1 is given above."
    )


@pytest.mark.parametrize(
    ("low", "high", "folds", "words"),
    [
        (-0.1, 0.1, 0, "do not differ by more than chance explains"),
        (0.05, 0.1, 0, "evaluation set differ by more than chance explains"),
        (-0.2, -0.1, 0, "evaluation set differ by more than chance explains"),
        (0.0, 0.0, 5, "every document both trains and evaluates"),
    ],
)
def test_densities_differ_where_their_interval_does_not_hold_0(low, high, folds, words):
    found = replace(density(1.6), difference_low=low, difference_high=high)
    assert words in prose.describe_density(found, folds)


def test_labels_are_scored_by_f1_where_the_measure_is_macro_f1():
    assert prose.name_label_score(F1) == "F1"
    assert prose.name_label_score(Measure("macro-f1")) == "F1"
    assert prose.name_label_score(Measure("recall")) == "recall"
