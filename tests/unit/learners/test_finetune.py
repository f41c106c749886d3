from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from suffice.corpus.document import Document
from suffice.learners.base import Tagger
from suffice.learners.finetuning.finetune import Finetune
from suffice.scoring import count

pytestmark = pytest.mark.train

FAST = {"min_steps": 60, "max_steps": 60, "batch_pieces": 250, "learning_rate": 3e-4}


@pytest.fixture(scope="module")
def tagger(toy: list[Document]) -> Tagger:
    return Finetune(FAST).train(toy, ["ORG"], seed=1)


def f1(documents: Sequence[Document], tagger: Tagger) -> float:
    return count(documents, tagger.tag(documents), ["ORG"]).f1()


def test_it_learns_and_its_offsets_are_right(tagger: Tagger, toy_odd: list[Document]) -> None:
    assert tagger.status == "ok"
    assert f1(toy_odd, tagger) >= 0.9


def test_entities_far_into_a_text_are_found(tagger: Tagger, long_document: Document) -> None:
    bare = replace(long_document, spans=())
    assert tagger.tag([bare]) == [list(long_document.spans)]


def test_the_same_seed_gives_the_same_tagger_bit_for_bit(toy: list[Document]) -> None:
    import torch

    learner = Finetune({**FAST, "min_steps": 4, "max_steps": 4})
    one = learner.train(toy, ["ORG"], seed=1).scores(toy)
    torch.manual_seed(99)
    expected = torch.rand(3)
    torch.manual_seed(99)
    other = learner.train(toy, ["ORG"], seed=2).scores(toy)
    assert torch.equal(torch.rand(3), expected), "training left the global random state changed"
    two = learner.train(toy, ["ORG"], seed=1).scores(toy)
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_long_training_documents_are_learnt_to_their_end(long_document: Document) -> None:
    from suffice.learners.finetuning.classifier import classifier
    from suffice.learners.words import word_offsets

    learner = Finetune(FAST)
    _, cutter = classifier(learner.backbone, ("O", "B-ORG", "I-ORG"), learner.options)
    jobs = cutter.jobs([long_document])
    assert len(jobs) > 3
    owned = np.concatenate([job.words for job in jobs])
    assert owned.tolist() == list(range(len(word_offsets(long_document.text))))
    assert all((job.places < len(job.ids)).all() for job in jobs)


@pytest.mark.parametrize(
    "document",
    [
        Document("none", "Nothing to find here. At all."),
        Document("empty", ""),
        Document("control", "\x01 \x02"),
    ],
    ids=lambda d: d.id,
)
def test_training_sets_with_nothing_to_learn(document: Document) -> None:
    learner = Finetune({**FAST, "min_steps": 3, "max_steps": 3})
    tagger = learner.train([document], ["ORG"], seed=1)
    assert tagger.status == "ok"
    if document.id != "none":
        assert tagger.tag([document]) == [[]]
    assert tagger.tag([]) == []


def test_a_diverged_run_is_a_result(toy: list[Document]) -> None:
    tagger = Finetune({**FAST, "learning_rate": 1e30}).train(toy, ["ORG"], seed=1)
    assert tagger.status == "diverged"
    assert tagger.tag(toy) == [[] for _ in toy]


def test_it_is_an_ordinary_token_classification_model(tagger: Tagger, tmp_path: Path) -> None:
    from transformers import AutoModelForTokenClassification

    tagger.model.save_pretrained(tmp_path)
    again = AutoModelForTokenClassification.from_pretrained(tmp_path, local_files_only=True)
    assert again.config.id2label == {0: "O", 1: "B-ORG", 2: "I-ORG"}
    assert (tmp_path / "model.safetensors").is_file()
