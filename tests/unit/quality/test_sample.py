"""Which documents to annotate next."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import suffice
from suffice.corpus.document import Document
from suffice.corpus.sentences import count_sentences
from suffice.errors import CorpusError, InputError
from suffice.quality.sample import METHODS, draw


@pytest.fixture(scope="module")
def halves():
    corpus = suffice.load_example(n=240)
    order = np.random.default_rng(0).permutation(240).tolist()
    chosen = corpus.select(corpus.documents[i].id for i in order[:100])
    return chosen, [corpus.documents[i] for i in order[100:]]


def true_eps(documents):
    return sum(len(d.spans) for d in documents) / count_sentences(documents)


def test_random(halves):
    _, pool = halves
    one, two, three = (draw(pool, 30, seed=seed) for seed in (1, 1, 2))
    assert one.lines() == two.lines()
    assert one.documents != three.documents
    assert len({d.id for d in one.documents}) == 30
    assert one.probabilities == (30 / 140,) * 30
    assert math.isnan(one.eps)


def test_stratified_by_field_and_length(halves):
    """Of 100 and 40 documents of two sources come 20 and 8 of 28, one more or less."""
    _, pool = halves
    by = {d.id: "x" if i < 100 else "y" for i, d in enumerate(pool)}
    for seed in range(10):
        found = draw(pool, 28, "stratified", by=by, seed=seed)
        assert 19 <= sum(by[d.id] == "x" for d in found.documents) <= 21
        assert found.probabilities == (28 / 140,) * 28
    mean = np.mean([len(d.text) for d in pool])
    lengths = [
        np.mean([len(d.text) for d in draw(pool, 28, how, seed=s).documents])
        for how in ("stratified", "random")
        for s in range(40)
    ]
    assert np.std(lengths[:40] - mean) < 0.6 * np.std(lengths[40:] - mean)


def test_density_matched(halves):
    """Estimated density is that of the pool; each document had the same probability."""
    annotated, pool = halves
    found = draw(pool, 40, "density", like=annotated, learner="lookup", at_most=120, seed=3)
    # 120 of 140 were looked at, and 40 of these drawn.
    assert found.probabilities == pytest.approx((40 / 140,) * 40)
    assert any("120 of 140 documents were considered" in c for c in found.caveats)
    assert found.eps == pytest.approx(found.pool_eps, rel=0.15)
    assert "same probability" in found.meaning


def test_towards_a_density_and_enriched(halves):
    annotated, pool = halves
    target = 0.75 * true_eps(pool)
    found = draw(pool, 30, "density", like=annotated, eps=target, learner="lookup")
    assert found.eps == pytest.approx(target, rel=0.2)
    assert len(set(found.probabilities)) > 10
    assert "weights" in found.meaning
    rich = draw(pool, 30, "enriched", like=annotated, learner="lookup")
    assert rich.eps > 1.2 * rich.pool_eps
    assert true_eps(rich.documents) > true_eps(pool)
    assert "1.36" in rich.caveats[0]
    assert "artefact" in rich.caveats[0]
    with pytest.raises(InputError, match="nearer to the pool's"):
        draw(pool, 100, "density", like=annotated, eps=9.0, learner="lookup")


def test_what_is_annotated_is_not_drawn_again(halves):
    annotated, pool = halves
    twin = annotated.documents[0]
    repeats = [Document("again", twin.text.upper()), annotated.documents[1]]
    found = draw([*pool, *repeats], 140, annotated=annotated)
    assert found.repeats >= 2
    assert not {"again", annotated.documents[1].id} & {d.id for d in found.documents}


def test_records_are_refused_until_they_are_annotated(halves, tmp_path):
    _, pool = halves
    found = draw(pool, 5, seed=1)
    path = tmp_path / "next.jsonl"
    path.write_bytes(found.lines())
    with pytest.raises(CorpusError, match="not annotated yet"):
        suffice.read(path)
    records = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(r["id"], r["text"]) for r in records] == [(d.id, d.text) for d in found.documents]
    assert records[0]["sampling"] == {
        "method": "random",
        "seed": 1,
        "probability": 5 / 140,
        "weight": 28.0,
    }
    path.write_text("".join(json.dumps({**r, "spans": []}) + "\n" for r in records))
    assert len(suffice.read(path)) == 5
    assert not any(d.text in found.to_json() for d in found.documents)


def test_refusals(halves):
    annotated, pool = halves
    for arguments, said in (
        ((141,), "141 documents were asked for and 140"),
        ((0,), "at least 1"),
        ((5, "best"), ", ".join(METHODS)),
        ((5, "density"), "`like`"),
    ):
        with pytest.raises(InputError, match=said):
            draw(pool, *arguments)
    with pytest.raises(InputError, match="`eps` goes with"):
        draw(pool, 5, "random", eps=1.0)
    with pytest.raises(InputError, match="raise `at_most`"):
        draw(pool, 30, "density", like=annotated, at_most=20, learner="lookup")


@pytest.mark.train
@pytest.mark.slow
def test_diverse_takes_one_of_each_kind_and_keeps_away_from_what_is_annotated():
    """Three subjects, six near-alike texts of each: the backbone tells them apart."""
    kinds = {
        "cook": "Simmer the onions in butter, then add {} spoons of flour and stir the sauce.",
        "law": "The court held that clause {} of the lease was void and dismissed the appeal.",
        "sea": "A storm drove ship number {} onto the reef and the sailors swam ashore.",
    }
    pool = [
        Document(f"{kind}{i}", text.format(i)) for kind, text in kinds.items() for i in range(6)
    ]
    found = draw(pool, 3, "diverse", seed=4)
    assert {d.id[:-1] for d in found.documents} == set(kinds)
    assert all(math.isnan(p) for p in found.probabilities)
    assert found.records()[0]["sampling"]["weight"] is None
    known = suffice.Corpus((Document("k", kinds["cook"].format("no")),))
    away = draw(pool, 2, "diverse", annotated=known, seed=4)
    assert {d.id[:-1] for d in away.documents} == {"law", "sea"}
