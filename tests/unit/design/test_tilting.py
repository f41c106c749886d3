"""Tilted sets: chances as the weights say, sizes as near as can be, density apart from length."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from suffice.design.tilting import scores, tilted


def test_the_first_document_is_drawn_in_proportion_to_the_weights():
    tilt = np.array([-1.0, 0.0, 0.5, 1.5])
    rng = np.random.default_rng(1)
    first = [tilted(np.ones(4), tilt, 1, rng)[0] for _ in range(4000)]
    expected = 4000 * np.exp(tilt) / np.exp(tilt).sum()
    assert stats.chisquare(np.bincount(first, minlength=4), expected).pvalue > 1e-3


@given(
    st.lists(st.integers(1, 12), min_size=1, max_size=40),
    st.integers(1, 150),
    st.integers(0, 1000),
)
def test_no_other_end_of_the_same_order_is_nearer(lengths, target, seed):
    sentences = np.array(lengths, dtype=float)
    chosen = tilted(sentences, np.zeros(len(sentences)), target, np.random.default_rng(seed))
    whole = tilted(sentences, np.zeros(len(sentences)), 1e9, np.random.default_rng(seed))
    assert len(set(chosen.tolist())) == len(chosen) >= 1
    assert chosen.tolist() == whole[: len(chosen)].tolist()
    reached = np.abs(np.cumsum(sentences[whole]) - target)
    assert reached[len(chosen) - 1] == reached.min()


def test_density_is_tilted_apart_from_length_and_length_apart_from_density():
    rng = np.random.default_rng(2)
    sentences = rng.integers(2, 15, size=400).astype(float)
    # Short documents are the dense ones.
    entities = np.round(sentences * (0.5 + 4 / sentences + 0.3 * rng.random(400)))
    density, length = scores(sentences, entities)
    eps, log = entities / sentences, np.log(sentences)
    assert np.corrcoef(eps, log)[0, 1] < -0.9
    assert abs(np.corrcoef(density, log)[0, 1]) < 0.05
    assert abs(np.corrcoef(length, eps)[0, 1]) < 0.05
    assert np.corrcoef(density, eps)[0, 1] > 0.1
    plain, together = [], []
    for kind, tilt in ((plain, (eps - eps.mean()) / eps.std()), (together, density)):
        for sign in (-1, 1):
            own = tilted(sentences, sign * tilt, 600, rng)
            kind.append(sentences[own].mean())
    assert plain[0] / plain[1] > 1.5
    assert 0.85 < together[0] / together[1] < 1.18


def test_documents_that_are_alike_are_not_tilted():
    density, length = scores(np.full(9, 4.0), np.full(9, 8.0))
    assert not density.any() and not length.any()
