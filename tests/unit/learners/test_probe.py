from __future__ import annotations

import os
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from suffice.corpus.document import Document, Span
from suffice.learners.base import Tagger
from suffice.learners.probing.encoder import FrozenEncoder
from suffice.learners.probing.probe import Probe
from suffice.learners.probing.segments import segments
from suffice.learners.words import word_offsets
from suffice.scoring import count

pytestmark = pytest.mark.train

FAST = {"min_steps": 120, "max_steps": 120, "hidden": 48, "projection": 64, "embedding": 16}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def probe(
    cache: Path, toy: list[Document], toy_odd: list[Document], long_document: Document
) -> Probe:
    learner = Probe(FAST)
    learner.prepare([*toy, *toy_odd, long_document], cache)
    return learner


@pytest.fixture(scope="module")
def tagger(probe: Probe, toy: list[Document]) -> Tagger:
    return probe.train(toy, ["ORG"], seed=1)


def f1(documents: Sequence[Document], tagger: Tagger) -> float:
    return count(documents, tagger.tag(documents), ["ORG"]).f1()


def test_it_learns_and_its_offsets_are_right(tagger: Tagger, toy_odd: list[Document]) -> None:
    assert tagger.status == "ok"
    assert f1(toy_odd, tagger) >= 0.9


def test_the_documents_own_spans_are_never_looked_at(
    tagger: Tagger, toy_odd: list[Document]
) -> None:
    bare = [replace(d, spans=(), id=f"bare {d.id}") for d in toy_odd]
    assert tagger.tag(bare) == tagger.tag(toy_odd)


def test_entities_far_into_a_text_and_across_segments_are_found(
    probe: Probe, tagger: Tagger, long_document: Document
) -> None:
    words = word_offsets(long_document.text)
    cut = segments([long_document], probe.options.core, probe.options.halo)
    borders = {int(words[s.core_begin, 0]) for s in cut}
    parted = [s for s in long_document.spans if any(s.start < b < s.end for b in borders)]
    assert parted
    assert (words[:, 0] < long_document.spans[-1].start).sum() > 512
    assert tagger.tag([long_document]) == [list(long_document.spans)]


def test_the_same_seed_gives_the_same_tagger_bit_for_bit(
    probe: Probe, toy: list[Document], tagger: Tagger
) -> None:
    import torch

    torch.manual_seed(99)
    expected = torch.rand(3)
    torch.manual_seed(99)
    probe.train(toy[:5], ["ORG", "PER"], seed=7)
    assert torch.equal(torch.rand(3), expected), "training left the global random state changed"
    again = probe.train(toy, ["ORG"], seed=1)
    other = probe.train(toy, ["ORG"], seed=2)
    for one, two, three in zip(
        tagger.scores(toy),
        again.scores(toy),
        other.scores(toy),
        strict=True,
    ):
        assert np.array_equal(one, two)
        assert not np.array_equal(one, three)


def test_a_text_is_tagged_the_same_alone_and_among_others(
    tagger: Tagger, toy: list[Document], long_document: Document
) -> None:
    (alone,) = tagger.scores(toy[:1])
    among = tagger.scores([long_document, *toy])[1]
    assert np.abs(np.exp(alone) - np.exp(among)).max() < 0.02


def test_encoding_is_done_once_and_not_for_other_labels(
    probe: Probe, cache: Path, toy: list[Document]
) -> None:
    before = {p: p.stat().st_mtime_ns for p in cache.rglob("*")}
    learner = Probe(FAST)
    learner.prepare([replace(d, id=f"new {d.id}", spans=()) for d in toy], cache)
    assert {p: p.stat().st_mtime_ns for p in cache.rglob("*")} == before
    assert learner._encoder is None, "the backbone was loaded for nothing"
    (folder,) = cache.iterdir()
    Probe({**FAST, "layers": [6]}).prepare(toy[:1], cache)
    assert len(list(cache.iterdir())) == 2, "another encoding shares the folder"
    assert {p: p.stat().st_mtime_ns for p in folder.iterdir()} == {
        p: t for p, t in before.items() if p.parent == folder
    }


def test_training_without_preparing_encodes_on_the_way(
    toy: list[Document], tagger: Tagger, probe: Probe
) -> None:
    found = Probe(FAST).train(toy[:6], ["ORG"], seed=1)
    prepared = probe.train(toy[:6], ["ORG"], seed=1)
    for one, two in zip(found.scores(toy[:6]), prepared.scores(toy[:6]), strict=True):
        assert np.array_equal(one, two)


def test_half_written_shards_are_ignored_and_done_again(
    tmp_path: Path, toy: list[Document]
) -> None:
    learner = Probe({**FAST, "layers": [6]})
    learner.prepare(toy[:2], tmp_path)
    (shard,) = tmp_path.rglob("*.npy")
    os.truncate(shard, shard.stat().st_size // 2)
    again = Probe({**FAST, "layers": [6]})
    again.prepare(toy[:2], tmp_path)
    assert len(list(tmp_path.rglob("*.npy"))) == 2
    assert [r.shape for r in again._rows([d.text for d in toy[:2]])] == [
        (len(word_offsets(d.text)), 384) for d in toy[:2]
    ]


@pytest.mark.parametrize(
    "documents",
    [
        [Document("none", "Nothing to find here. At all.")],
        [Document("empty", "")],
        [Document("blank", " \r\n\t")],
        [Document("control", "\x01 \x02")],
    ],
    ids=lambda d: d[0].id,
)
def test_training_sets_with_nothing_to_learn(probe: Probe, documents: list[Document]) -> None:
    for labels in (["ORG"], []):
        tagger = Probe({**FAST, "min_steps": 5, "max_steps": 5}).train(documents, labels, seed=1)
        assert tagger.status == "ok"
        assert tagger.tag(documents) == [[]]
    assert tagger.tag([]) == []


def test_one_document_is_enough_to_be_learnt_by_heart(probe: Probe, toy: list[Document]) -> None:
    tagger = probe.train(toy[:1], ["ORG"], seed=3)
    assert tagger.tag(toy[:1]) == [list(toy[0].spans)]


def test_a_diverged_run_is_a_result(probe: Probe, cache: Path, toy: list[Document]) -> None:
    wild = Probe({**FAST, "learning_rate": 1e30})
    wild.prepare(toy, cache)
    tagger = wild.train(toy, ["ORG"], seed=1)
    assert tagger.status == "diverged"
    assert tagger.tag(toy) == [[] for _ in toy]


def test_steps_do_not_fall_with_the_sample() -> None:
    from suffice.learners.batching import n_batches, n_steps

    lengths = [25] * 2000
    steps = [n_steps(16, n_batches(lengths[:n], 600), 250, 2000) for n in (1, 5, 50, 500, 2000)]
    assert steps == sorted(steps)
    assert steps[0] == 250
    assert steps[-1] <= 2000


@pytest.fixture(scope="module")
def encoder(probe: Probe) -> FrozenEncoder:
    return FrozenEncoder(probe.backbone, [0, 6], window=62, overlap=30, number_format="float32")


def test_every_word_has_a_vector(encoder: FrozenEncoder, long_document: Document) -> None:
    texts = ["", "\x01 a", long_document.text]
    found = dict(encoder(texts))
    for text in texts:
        assert found[text].shape == (len(word_offsets(text)), 2 * 384)
    assert (found["\x01 a"][0] == 0).all()
    assert (np.abs(found[long_document.text]).sum(axis=1) > 0).all()


def test_windows_agree_with_one_whole_reading(encoder: FrozenEncoder, probe: Probe) -> None:
    dice = random.Random(4)
    text = " ".join(dice.choices(["patient", "fever", "the", "aspirin", "gave", "two"], k=150))
    whole = FrozenEncoder(probe.backbone, [0, 6], window=500, number_format="float32")
    (_, far), (_, cut) = next(whole([text])), next(encoder([text]))
    same = np.array(
        [np.corrcoef(a, b)[0, 1] for a, b in zip(far[:, 384:], cut[:, 384:], strict=True)]
    )
    assert same.mean() > 0.8
    short = " ".join(text.split()[:40])
    (_, one), (_, two) = next(whole([short])), next(encoder([short]))
    assert np.array_equal(one, two)


@pytest.mark.parametrize("number_format", ["float32", "bfloat16"])
def test_a_text_is_encoded_the_same_alone_and_among_others(
    probe: Probe, toy: list[Document], long_document: Document, number_format: str
) -> None:
    encoder = FrozenEncoder(probe.backbone, [0, 6], number_format=number_format)
    texts = [d.text for d in toy] + [long_document.text]
    among = dict(encoder(texts))
    for portion in (texts[3:4], texts[5:11], texts[:1:-1]):
        for text, rows in encoder(portion):
            assert np.array_equal(among[text], rows)


def test_multi_label_spans_keep_their_labels(probe: Probe, toy: list[Document]) -> None:
    relabelled = [
        replace(
            d,
            spans=tuple(
                replace(s, label="TRUST" if d.text[s.start : s.end].endswith("Trust") else "ORG")
                for s in d.spans
            ),
        )
        for d in toy
    ]
    tagger = probe.train(relabelled, ["ORG", "TRUST"], seed=1)
    counts = count(relabelled, tagger.tag(relabelled), ["ORG", "TRUST"])
    assert counts.f1("TRUST") >= 0.9
    assert counts.f1("ORG") >= 0.9


def test_spans_come_sorted_and_inside_the_text(tagger: Tagger, long_document: Document) -> None:
    (found,) = tagger.tag([long_document])
    assert found == sorted(found)
    assert all(isinstance(s, Span) and type(s.start) is int for s in found)
