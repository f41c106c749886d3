"""The mixed training sets."""

from dataclasses import replace

import pytest

from suffice.applications.synthetic.corpora import pair_corpora
from suffice.applications.synthetic.design import design
from suffice.corpus.corpus import Corpus
from suffice.errors import InputError, TooSmallError
from tools.disclosures.generate import disclosures


@pytest.fixture(scope="module")
def both():
    real, made = disclosures(150, seed=1), disclosures(150, seed=2)
    return pair_corpora(real, made)


@pytest.fixture(scope="module")
def plan(both):
    return design(both, runs=48)


def test_sets_hold_no_evaluation_document(both, plan):
    evaluation = set(plan.evaluation)
    assert len(evaluation) == pytest.approx(0.3 * 150, abs=3)
    near = {i for f in both.families if evaluation & set(f) for i in f}
    for m in plan.mixtures:
        assert not (evaluation | near) & set(m.documents)
        assert len(set(m.documents)) == len(m.documents)


def test_sizes_are_those_asked_for(both, plan):
    longest = max(both.length.values())
    for m in plan.mixtures:
        for have, wanted in ((m.real, m.cell.real), (m.synthetic, m.cell.synthetic)):
            assert have <= wanted + longest
            assert have >= wanted or wanted > have > 0.98 * wanted
        assert m.real == sum(both.length[d] for d in m.documents if d.startswith("r:"))


def test_sets_of_a_replicate_share_their_real_documents(plan):
    small = [m for m in plan.mixtures if m.cell.base == "small" and m.replicate == 1]
    real = [{d for d in m.documents if d.startswith("r:")} for m in small]
    assert len(small) >= 2 and all(r == real[0] for r in real)
    other = next(m for m in plan.mixtures if m.cell == small[0].cell and m.replicate == 0)
    assert {d for d in other.documents if d.startswith("r:")} != real[0]


def test_more_runs_begin_with_the_same(both, plan):
    more = design(both, runs=70)
    assert more.mixtures[:48] == plan.mixtures


def test_synthetic_twins_of_evaluation_documents_are_left_out(both):
    real = disclosures(150, seed=1)
    copied = Corpus((*disclosures(100, seed=2), *(replace(d, id=f"c{d.id}") for d in real)))
    mixed = pair_corpora(real, copied)
    found = design(mixed)
    assert found.left_out == pytest.approx(45, abs=5)
    texts = {mixed.documents[d].text for d in found.evaluation}
    assert not texts & {mixed.documents[d].text for d in found.synthetic}


def test_at_most(both):
    found = design(both, at_most=100)
    assert len(found.pool) + len(found.evaluation) == 100


def test_too_few_runs_or_sentences(both):
    with pytest.raises(InputError, match="`runs` 10: 32 are the fewest"):
        design(both, runs=10)
    with pytest.raises(TooSmallError, match="real sentences are left to train on"):
        design(both, at_most=22)
