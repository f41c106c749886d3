"""Whether hard documents are useful: told from the runs, without bias and with its error."""

from __future__ import annotations

import numpy as np
import pytest

from suffice.stats._f1 import errors
from suffice.stats._f1.difficulty import draw_link
from tools.simulations import simulate

STUDIES = 12
WORLD = simulate.World(
    pool=300, folds=5, rotating=True, runs=7, fractions=tuple(np.geomspace(0.04, 0.95, 7))
)


def drawn(world, seed, scale=1.0):
    """Draw the correlation of what a simulated study's documents do in both ways."""
    runs = simulate.study(world, 700_000 + seed)
    found = errors.scores_of(runs)
    spread = errors.spread_of(runs, found, 200, np.random.SeedSequence(seed))
    of_unit = scale * (found.mixing @ found.effects).mean(axis=0)
    use = errors.countable(runs)
    return draw_link(runs, found, of_unit, spread, use, np.random.default_rng(seed))


@pytest.mark.parametrize(("link", "true"), [(-0.5, 0.45), (0.0, 0.0), (0.5, -0.45)])
def test_it_is_told_without_bias_but_for_what_the_prior_takes(link, true):
    world = simulate.World(**{**vars(WORLD), "link": link, "grouped": True})
    found = np.array([drawn(world, seed) for seed in range(STUDIES)])
    # One study's standard error is .24; with the prior's .4 it keeps .73 of an effect.
    error = 0.73 * 0.24 / np.sqrt(STUDIES)
    assert abs(found.mean() - 0.73 * true) < 3 * error + 0.03
    assert np.median(found.std(axis=1)) == pytest.approx(0.2, abs=0.04)


def test_a_study_with_an_evaluation_set_of_its_own_has_none():
    runs = simulate.study(simulate.World(runs=4), 1)
    found = errors.scores_of(runs)
    spread = errors.spread_of(runs, found, 50, np.random.SeedSequence(1))
    of_unit = (found.mixing @ found.effects).mean(axis=0)
    use = errors.countable(runs)
    assert not draw_link(runs, found, of_unit, spread, use, np.random.default_rng(1)).any()


def test_the_unit_of_effects_does_not_matter():
    assert np.allclose(drawn(WORLD, 3), drawn(WORLD, 3, scale=7.0))
