"""The published figures: as the paper prints them, and what follows from them by arithmetic."""

from __future__ import annotations

import dataclasses
import math

import pytest

from suffice.applications.paper.context import context
from suffice.applications.paper.inconsistencies import INCONSISTENCIES
from suffice.applications.paper.published import (
    AGREEMENT,
    ARCHITECTURES,
    CORRELATION,
    PAPERS_WITH_SIZE,
    PROTOCOL,
    SECONDS_PER_SENTENCE,
    TABLE_1,
    TABLE_2,
    VIF,
)
from suffice.design.strata import PAPER
from suffice.errors import InputError


def test_the_protocol_adds_up():
    assert PROTOCOL.evaluation + PROTOCOL.pool == PROTOCOL.documents == 490
    assert round(0.3 * PROTOCOL.documents) == PROTOCOL.evaluation == 147
    assert PROTOCOL.sets_per_stratum * len(PAPER) == PROTOCOL.sets == 2500
    assert PAPER[-1].largest == PROTOCOL.largest_set == TABLE_2["statements"].most


def test_table_1_is_of_93_papers():
    assert sum(row.papers for row in TABLE_1) == PAPERS_WITH_SIZE == 93
    for row in TABLE_1:
        assert row.percent == round(100 * row.papers / PAPERS_WITH_SIZE)
        assert row.least <= row.mean <= row.most


@pytest.mark.parametrize("a", ARCHITECTURES, ids=lambda a: a.name)
def test_f_follows_from_r2_with_2_and_2497_degrees_of_freedom_and_not_22_and_497(a):
    assert a.r2 / 2 / ((1 - a.r2) / 2497) == pytest.approx(a.f, abs=1)
    assert a.r2 / 22 / ((1 - a.r2) / 497) != pytest.approx(a.f, rel=0.5)


@pytest.mark.parametrize("a", ARCHITECTURES, ids=lambda a: a.name)
def test_r2_follows_from_the_coefficients_but_for_rounding(a):
    r2 = a.beta_eps**2 + a.beta_sentences**2 + 2 * CORRELATION * a.beta_eps * a.beta_sentences
    assert r2 == pytest.approx(a.r2, abs=2 * 0.005 * (1 + CORRELATION) * 1.0)


def test_vif_does_not_follow_from_r():
    low, high = (1 / (1 - r**2) for r in (CORRELATION - 0.005, CORRELATION + 0.005))
    assert high < VIF - 0.005
    assert low < high


def test_tokens_are_entities_and_larger_sets_have_fewer_sentences_a_statement():
    n, s, e = (TABLE_2[k] for k in ("statements", "sentences", "entities"))
    assert s.mean * TABLE_2["EPS"].mean == pytest.approx(e.mean, rel=0.02)
    assert n.sd * s.mean / n.mean == pytest.approx(301.6, abs=0.1)
    assert s.sd < n.sd * s.mean / n.mean
    assert s.most < 200 * s.mean / n.mean
    # Sizes drawn uniformly from five strata of 40 have this SD.
    assert n.sd == pytest.approx(math.sqrt((200**2 - 1) / 12), rel=0.01)


def test_thresholds_lie_in_their_intervals_and_at_half_the_range():
    for a in ARCHITECTURES:
        for estimate, low, high in (a.sentences, a.eps):
            assert low <= estimate <= high
        assert 0.42 < a.sentences[0] / TABLE_2["sentences"].most < 0.52
    assert min(a.sentences[0] for a in ARCHITECTURES) == 439
    assert max(a.sentences[0] for a in ARCHITECTURES) == 527
    assert 450 * SECONDS_PER_SENTENCE[0] / 60 == pytest.approx(75, abs=1)
    assert 450 * SECONDS_PER_SENTENCE[1] / 60 == pytest.approx(225, abs=1)


def test_agreement_and_names():
    assert AGREEMENT.icc[1] < AGREEMENT.icc[0] < AGREEMENT.icc[2]
    assert [a.parameters for a in ARCHITECTURES] == [125, 345, 355, 774]
    with pytest.raises(dataclasses.FrozenInstanceError):
        AGREEMENT.kappa = 1.0  # type: ignore[misc]


def test_every_inconsistency_says_where_what_and_why():
    assert len({item.id for item in INCONSISTENCIES}) == len(INCONSISTENCIES)
    for item in INCONSISTENCIES:
        assert item.where
        assert item.printed
        assert item.why


@pytest.mark.parametrize(
    ("n", "unit", "place"),
    [
        (99, "sentences", "below all"),
        (100, "sentences", "below the mean"),
        (26_678, "sentences", "at or above the mean"),
        (360_939, "sentences", "above all"),
        (709, "notes", "at or above the mean"),
    ],
)
def test_place_among_published_sizes(n, unit, place):
    assert context(n, unit).place == place
    assert f"{n:,}" in context(n, unit).sentence


def test_the_bound_from_mean_and_range_is_sharp():
    # Three papers of mean 42,121, one with 1,840 and one with 79,401: the third has 45,122.
    assert "at least 2 papers have 10,000 or more" in context(10_000, "tokens").at_least_one
    # 450 sentences: one paper of 360,938 and twenty of 450 have mean 17,616; two are needed.
    assert "at least 2 papers have 450 or more" in context(450).at_least_one
    assert "at least 2 papers have 45,124 or fewer" in context(45_124, "tokens").at_least_one
    assert "at least one paper has 45,119 or fewer" in context(45_119, "tokens").at_least_one
    assert "at least 2 papers have 42,121 or more" in context(42_121, "tokens").at_least_one


def test_bad_units_and_sizes():
    with pytest.raises(InputError, match="no unit 'pages'"):
        context(5, "pages")
    with pytest.raises(InputError, match="none"):
        context(0)
