"""The design as arrays: what is of which kind, and which units each set holds."""

from dataclasses import replace

import numpy as np
import pytest

from suffice.applications.synthetic.arrays import FIRST, LATER, averages, by_unit, mixed
from suffice.applications.synthetic.corpora import pair_corpora
from suffice.applications.synthetic.design import design
from suffice.corpus.corpus import Corpus
from tools.disclosures.generate import disclosures


@pytest.fixture(scope="module")
def plan():
    real, made = disclosures(150, seed=1), disclosures(160, seed=2)
    grouped = Corpus(
        tuple(replace(d, group=str(i // 2)) for i, d in enumerate(made.documents)), "made"
    )
    return design(pair_corpora(real, grouped))


@pytest.fixture(scope="module")
def runs(plan):
    counts = np.ones((len(plan.mixtures), len(plan.evaluation), 3), dtype=np.int32)
    return mixed(plan, plan.mixtures, by_unit(plan, counts))


def test_synthetic_sentences_up_to_one_for_each_real_one_are_first(plan, runs):
    for row, m in enumerate(plan.mixtures):
        if m.cell.base not in FIRST:
            continue
        assert runs.kinds[FIRST[m.cell.base]][row] == min(m.real, m.synthetic)
        assert runs.kinds[LATER[m.cell.base]][row] == max(m.synthetic - m.real, 0)


def test_groups_are_one_unit(plan, runs):
    held = runs.synthetic_documents
    assert held.shape[1] == len({plan.units[d] for d in plan.synthetic})
    assert held.max() == 2
    for row, m in enumerate(plan.mixtures):
        documents = [d for d in m.documents if d.startswith("s:")]
        assert held[row].sum() == len(documents)
        assert runs.real_documents[row].sum() == len(m.documents) - len(documents)


def test_the_mean_of_all_that_was_mixed_in(plan, runs):
    for base, name in (("small", "few real, all synthetic"), ("large", "many real, all synthetic")):
        weights = averages(plan.mixtures)[name]
        rows = [i for i, m in enumerate(plan.mixtures) if m.cell.base == base]
        last = max(rows, key=lambda i: runs.synthetic[i] / runs.real[i])
        rates = {FIRST[base]: 0.9, LATER[base]: 0.2}
        counted = sum(rates[k] * runs.kinds[k][last] for k in rates)
        mean = sum(w * rates[k] for k, w in weights.items())
        assert mean * runs.synthetic[last] == pytest.approx(counted)


def test_counts_of_units_add_up(plan):
    rng = np.random.default_rng(0)
    counts = rng.integers(0, 9, (4, len(plan.evaluation), 3)).astype(np.int32)
    summed = by_unit(plan, counts)
    assert summed.shape[1] <= len(plan.evaluation)
    np.testing.assert_array_equal(summed.sum(axis=1), counts.sum(axis=1))
