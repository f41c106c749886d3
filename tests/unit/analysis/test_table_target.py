"""How many sentences a target takes, from anyone's table, and from five points."""

import math

import numpy as np
import pytest

from suffice.analysis.run_table import analyse_table
from suffice.errors import InputError
from suffice.stats import average_learning_curves, size_for_target

SIZES = np.repeat([50.0, 100, 200, 400, 800, 1600], 5)
F1 = 0.9 - 2 * SIZES**-0.5 + 0.01 * np.sin(5.0 * np.arange(len(SIZES)))


@pytest.fixture(scope="module")
def curves():
    return average_learning_curves(F1, SIZES, n_resamples=200)


def test_the_size_is_where_the_curve_is(curves):
    """.9 - 2/sqrt(n) = .75 at n = 177.8, and .8 at 400."""
    for target, size in ((0.75, 177.8), (0.8, 400.0)):
        found = size_for_target(curves, target)
        assert found.estimate == pytest.approx(size, rel=0.1)
        assert found.interval[0] <= size <= found.interval[1]
        assert found.not_within == 0


def test_a_harder_target_never_takes_less(curves):
    found = [size_for_target(curves, t) for t in np.linspace(0.5, 0.99, 50)]
    for of in ("estimate", "not_within"):
        values = [getattr(f, of) for f in found]
        assert values == sorted(values)
    for end in (0, 1):
        ends = [f.interval[end] for f in found]
        assert ends == sorted(ends)
    assert [f.reached for f in found] == sorted((f.reached for f in found), reverse=True)


def test_out_of_reach_is_said_of_so_many_sentences_and_not_for_ever(curves):
    found = size_for_target(curves, 0.97)
    assert math.isinf(found.estimate)
    assert found.limit == pytest.approx(6400)
    assert "not reached within 6,400 sentences" in found.sentence
    assert "never" not in found.sentence


def test_what_the_smallest_sets_reach_is_at_most_their_size(curves):
    found = size_for_target(curves, 0.4)
    assert found.estimate == 50
    assert "reached by the smallest sets studied, of 50 sentences" in found.sentence


def test_extrapolation_is_said(curves):
    found = size_for_target(curves, 0.86)  # 2,500
    assert found.largest < found.estimate < 4000
    assert any("extrapolated" in caveat for caveat in found.caveats)


def table(path, sizes, f1):
    path.write_text(
        "sentences,f1\n" + "\n".join(f"{n},{y}" for n, y in zip(sizes, f1, strict=True))
    )
    return path


def test_five_points_without_density(tmp_path):
    path = table(tmp_path / "five.csv", [100, 200, 400, 800, 1600], [0.41, 0.52, 0.6, 0.66, 0.69])
    (part,) = analyse_table(path, target_f1=0.65, n_resamples=100).learners
    assert 500 < part.target.estimate < 900
    assert any(caveat.startswith("only 5 runs, at 5 sizes") for caveat in part.caveats)
    assert any("no column eps or entities" in caveat for caveat in part.caveats)
    with pytest.raises(InputError, match="at least 5"):
        analyse_table(table(tmp_path / "four.csv", [100, 200, 400, 800], [0.4, 0.5, 0.6, 0.7]))


def test_targets_that_cannot_be(tmp_path):
    path = table(tmp_path / "runs.csv", SIZES, F1)
    with pytest.raises(InputError, match="between 0 and 1, not 85"):
        analyse_table(path, target_f1=85)
    with pytest.raises(InputError, match="about F1"):
        analyse_table(path, target_f1=0.8, response="f1", predictor="sentences")
