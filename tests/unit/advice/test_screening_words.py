"""What is said of a screen: how much it helped, that it did not, and why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from suffice.advice import phrases
from suffice.stats import Runs, screened_curve
from tests import made

COUNTS = (
    *("documents", "studied", "sentences", "entities", "pool", "evaluation", "evaluation_units"),
    *("folds", "runs", "repeated", "invalid", "pairs"),
)


@pytest.fixture(scope="module")
def found():
    """Four runs and eight of a screen: too few pairs, whatever they say."""
    rng = np.random.default_rng(0)
    size = np.repeat([20.0, 80.0], 2)
    correct = rng.binomial(10, 0.6, (4, 50))
    counts = np.stack([correct, correct * 0 + 2, 10 - correct], axis=2)
    runs = Runs(size, counts, np.arange(4), 100, 100)
    return screened_curve(runs, runs, np.eye(4, dtype=bool), reach=200, n_resamples=50)


@pytest.fixture
def studied():
    return made.studied(
        **dict.fromkeys(COUNTS, 10), learner="finetune", screen="probe", screen_runs=48
    )


def test_not_used(found, studied):
    assert phrases.describe_screening(found, studied) == (
        "The probe did not help (too few pairs): this is from the 4 finetune runs alone"
    )


def test_used(found, studied):
    used = replace(found, used=True, reason="", runs=24, run_ratio=0.6, whole_ratio=0.7, worth=40.0)
    assert phrases.describe_screening(used, studied) == (
        "With the probe the 24 finetune runs are worth about 40 alone: the runs' share of the "
        "variance is .60 of what it was, and the whole variance .70"
    )
    little = replace(used, whole_ratio=0.97)
    assert phrases.describe_screening(little, studied).endswith(
        "and the whole variance .97, since most of it comes from documents, not from runs"
    )
    none_here = replace(used, run_ratio=1.01, worth=23.8)
    assert phrases.describe_screening(none_here, studied) == (
        "The probe narrows the curve of the 24 finetune runs at smaller sizes only"
    )


def test_both_learners_are_counted(studied):
    line = phrases.describe_study(studied, "")
    assert "10 finetune runs and 48 probe screening runs and 10" in line
    assert "10 finetune runs and 48 probe screening runs in" in phrases.describe_study(
        replace(studied, pairs=0), ""
    )
