"""The design: equal sentences, density pushed apart from size and length, nothing leaks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from suffice import Corpus, Document, InputError, Span
from suffice.applications.density.design import DENSITY, cells, draw, inclusion, sizes
from suffice.applications.density.material import gather
from suffice.corpus.examples import load_example
from tools.disclosures.generate import disclosures

CORPUS = load_example("disclosures")


@pytest.fixture(scope="module")
def material():
    return gather(CORPUS, disclosures(120, seed=77))


@pytest.fixture(scope="module")
def drawn(material):
    return draw(material, 252)


def features(material, sets):
    rows = [np.sum([material.lengths[d] for d in s.training.documents], axis=0) for s in sets]
    return np.array(rows, dtype=float)


def test_one_round_holds_every_cell_once_and_more_runs_begin_with_the_same(material, drawn):
    round_, missing = cells(material)
    assert len(round_) == len(set(round_)) == 3 * (15 + 3 + 3) and not missing
    assert {s.cell for s in drawn[:63]} == set(round_)
    assert draw(material, 70) == drawn[:70]
    assert draw(material, 70, seed=1) != drawn[:70]


def test_sets_of_a_size_have_its_sentences_as_near_as_documents_allow(material, drawn):
    made = features(material, drawn)
    longest = max(material.pool.sentences.max(), material.synthetic.sentences.max())
    wanted = np.array([s.cell.size for s in drawn])
    assert (np.abs(made[:, 0] - wanted) <= longest).all()
    for size in sizes(material):
        assert made[wanted == size, 0].mean() == pytest.approx(size, rel=0.03)


def test_density_is_pushed_on_both_sides_and_not_with_size_or_length(material, drawn):
    made = features(material, drawn)
    eps = made[:, 1] / made[:, 0]
    chosen = np.array([s.cell.source == "chosen" for s in drawn])
    tilt = np.array([s.cell.density for s in drawn])
    means = [eps[chosen & (tilt == t)].mean() for t in DENSITY]
    assert means == sorted(means)
    assert means[0] < 0.8 * material.pool.eps and means[-1] > 1.4 * material.pool.eps
    each = made[:, 0] / [len(s.training.documents) for s in drawn]
    for other in (np.log(made[:, 0]), np.log(each)):
        assert abs(np.corrcoef(eps[chosen], other[chosen])[0, 1]) < 0.2


def test_half_is_replaced_and_never_by_pieces_of_documents_that_are_there(material, drawn):
    for s in drawn:
        names = s.training.documents
        added = [d for d in names if d.startswith(("cut-", "synthetic:"))]
        assert bool(added) == (s.cell.source != "chosen")
        assert len(set(s.parents)) == len(s.parents)
        if added:
            assert 0.35 < s.replaced < 0.65
            originals = {d.split(":", 1)[1] for d in added if d.startswith("cut-")}
            assert originals.isdisjoint(names)


def test_nothing_of_an_evaluation_document_trains(material, drawn):
    held = set(material.evaluation)
    texts = {material.documents[d].text for d in held}
    for s in drawn:
        for d in s.training.documents:
            assert d not in held
            assert d.startswith("synthetic:") or d.split(":", 1)[-1] not in held
            assert material.documents[d].text not in texts


def test_synthetic_documents_that_repeat_evaluation_documents_are_left_out():
    ours = gather(CORPUS)
    copied = [replace(ours.documents[d], id=f"copy {d}") for d in ours.evaluation[:5]]
    fresh = list(disclosures(40, seed=5))
    mixed = gather(CORPUS, Corpus((*copied, *fresh), "made"))
    assert mixed.twins == 5
    assert len(mixed.synthetic.units) == 40


def test_synthetic_text_with_other_labels_is_refused():
    other = Document("1", "Orlex paid.", (Span(0, 5, "COMPANY"),))
    with pytest.raises(InputError, match="labels that the corpus lacks: COMPANY"):
        gather(CORPUS, Corpus((other,), "made"))


def test_groups_train_whole():
    grouped = Corpus(tuple(replace(d, group=f"g{i // 3}") for i, d in enumerate(CORPUS)), "grouped")
    material = gather(grouped)
    group = {d.id: d.group for d in grouped}
    pool = {d for unit in material.pool.units for d in unit}
    for s in draw(material, 54):
        plain = {d for d in s.training.documents if ":" not in d}
        touched = {group[d] for d in plain}
        assert plain == {d for d in pool if group[d] in touched}


def test_sets_that_hold_pieces_of_the_same_document_overlap(material, drawn):
    held = inclusion(drawn)
    assert held.shape[0] == len(drawn)
    assert (held.sum(axis=1) == [len(s.parents) for s in drawn]).all()
