"""Which documents a small budget studies."""

from __future__ import annotations

import pytest

import suffice
from suffice.design.split import split
from suffice.study.documents import studied_of, units_in_order
from suffice.study.spec import CorpusSpec, StudySpec


@pytest.mark.parametrize("folds", [0, 5])
def test_every_side_of_what_is_studied_has_entities(folds):
    made = suffice.load_example(n=150).documents
    spec = StudySpec(corpus=CorpusSpec(paths=("a",)), folds=folds, tokens=100)
    division = split(made, salt=spec.salt, folds=folds)
    corpus = suffice.Corpus(made)
    order = [d for unit in units_in_order(corpus, spec, division) for d in unit]
    lengths = {d.id: len(d.text) for d in made}
    assert studied_of(corpus, spec, division, lengths) == set(order[:40])
    # Of one side only the document that comes last of it has entities.
    held = division.evaluation()
    last = max(held, key=order.index)
    assert order.index(last) > 60
    bare = set(held) - {last}
    sparse = suffice.Corpus(
        tuple(suffice.Document(d.id, d.text, () if d.id in bare else d.spans) for d in made)
    )
    assert studied_of(sparse, spec, division, lengths) == set(order[: order.index(last) + 1])
