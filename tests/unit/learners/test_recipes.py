"""What the fine-tune can do besides its default recipe."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import tomli_w
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from suffice.corpus.document import Document
from suffice.corpus.examples import load_example
from suffice.errors import InputError
from suffice.learners.backbone import find
from suffice.learners.batching import packed
from suffice.learners.finetuning.classifier import _Step, classifier
from suffice.learners.finetuning.finetune import Finetune
from suffice.learners.finetuning.freezing import FrozenPrefix, encoded
from suffice.learners.finetuning.stopping import BestWeights, divided
from suffice.learners.finetuning.tagger import autocast
from suffice.learners.options import FinetuneOptions, default_learning_rate
from suffice.learners.tags import encode, log_shares
from suffice.scoring import count

pytestmark = pytest.mark.train

FAST = {
    "min_steps": 60, "max_steps": 60, "batch_pieces": 250, "learning_rate": 2e-3,
    "number_format": "float32",
}  # fmt: skip
TAGS = ("O", "B-ORG", "I-ORG")


def f1(documents: list[Document], learner: Finetune, seed: int = 1) -> float:
    return count(documents, learner.train(documents, ["ORG"], seed).tag(documents), ["ORG"]).f1()


def weights(learner: Finetune, documents: list[Document]) -> dict[str, torch.Tensor]:
    return learner.train(documents, ["ORG"], 1).model.state_dict()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name", ["bert", "deberta-v2", "distilbert", "gpt2", "llama", "electra", "roberta"]
)
def test_replayed_activations_give_what_the_whole_model_gives(
    name: str, tiny: ModuleType, tmp_path: Path
) -> None:
    backbone = find(str(tiny.checkpoint(name, tmp_path)))
    o = FinetuneOptions.parse("finetune", {"window": 60, "number_format": "float32"})
    model, cutter = classifier(backbone, TAGS, o)
    model.eval()
    prefix = FrozenPrefix(model, 1)
    texts = [d.text for d in load_example(n=4).documents]
    jobs = cutter.jobs([Document(str(i), t) for i, t in enumerate(texts)])
    assert len(jobs) > len(texts)
    rows = dict(encoded(texts, prefix, cutter, lambda: autocast(o)))
    device = torch.device("cpu")
    for batch in ([jobs[0]], jobs[1:4]):
        inputs = cutter.inputs(batch, device)
        expected = model(**inputs).logits
        with prefix.replaying():
            own = [rows[texts[j.document]][j.start : j.start + len(j.ids)] for j in batch]
            prefix.give(own, device)
            found = model(**inputs).logits
        for row, job in enumerate(batch):  # float16 keeps three digits
            one, two = found[row, : len(job.ids)], expected[row, : len(job.ids)]
            torch.testing.assert_close(one, two, rtol=0.02, atol=0.02)
        again = model(**inputs).logits
        assert torch.equal(again, expected), "the model was not left as it was"


def test_frozen_layers_stay_as_they_were_and_the_rest_learns(
    toy: list[Document], tiny_bert: str
) -> None:
    learner = Finetune({**FAST, "backbone": tiny_bert, "frozen_layers": 1})
    trained = weights(learner, toy)
    before = classifier(learner.backbone, TAGS, learner.options)[0].state_dict()
    changed = {k for k in before if not torch.equal(before[k], trained[k])}
    assert {k for k in changed if "layer.1." not in k} == {"classifier.weight", "classifier.bias"}
    assert sum("layer.1." in k for k in changed) >= 15
    longer = {"min_steps": 150, "max_steps": 150}
    assert f1(toy, Finetune({**learner.options.model_dump(), **longer})) > 0.8


def test_what_prepare_keeps_changes_no_run(
    toy: list[Document], tiny_bert: str, tmp_path: Path
) -> None:
    options = {**FAST, "min_steps": 5, "max_steps": 5, "backbone": tiny_bert, "frozen_layers": 1}
    alone = weights(Finetune(options), toy)
    learner = Finetune(options)
    learner.prepare([Document("none", "\x01"), *toy[:7]], tmp_path)
    learner.prepare(toy[5:], tmp_path)
    assert len(list(tmp_path.rglob("*.npy"))) == 2
    learner.prepare(toy, tmp_path)
    assert len(list(tmp_path.rglob("*.npy"))) == 2
    kept = weights(learner, toy)
    assert all(torch.equal(alone[k], kept[k]) for k in alone)


def test_frozen_layers_must_leave_one_to_learn(toy: list[Document], tiny_bert: str) -> None:
    learner = Finetune({**FAST, "backbone": tiny_bert, "frozen_layers": 2})
    with pytest.raises(InputError, match="frozen_layers may be at most 1, not 2"):
        learner.train(toy, ["ORG"], seed=1)


@pytest.mark.parametrize(("name", "frozen"), [("bert", 0), ("bert", 1), ("gpt2", 0)])
def test_adapters_learn_and_leave_an_ordinary_model(
    name: str, frozen: int, toy: list[Document], tiny: ModuleType, tmp_path: Path
) -> None:
    pytest.importorskip("peft")
    backbone = tiny.checkpoint(name, tmp_path / "backbone")
    options = {**FAST, "backbone": str(backbone), "lora_rank": 8, "learning_rate": 5e-3}
    options |= {"min_steps": 150, "max_steps": 150, "frozen_layers": frozen}
    learner = Finetune(options)
    before = classifier(learner.backbone, TAGS, learner.options)[0].state_dict()
    tagger = learner.train(toy, ["ORG"], seed=1)
    trained = tagger.model.state_dict()
    assert trained.keys() == before.keys()
    changed = {k for k in before if not torch.equal(before[k], trained[k])}
    assert all(before[k].ndim == 2 or "classifier" in k for k in changed)
    assert not any("layer.0." in k for k in changed) or not frozen
    matrix = next(k for k in sorted(changed) if before[k].ndim == 2 and "classifier" not in k)
    rank = torch.linalg.matrix_rank(trained[matrix] - before[matrix], rtol=1e-4)
    assert int(rank) <= 8
    found = tagger.tag(toy)
    assert count(toy, found, ["ORG"]).f1() > 0.8
    tagger.save(tmp_path / "kept")
    assert Finetune.load(tmp_path / "kept").tag(toy) == found
    assert "peft" in learner.config["versions"]


@pytest.mark.parametrize("frozen", [0, 1])
def test_gradients_of_parts_add_up_to_those_of_the_whole(
    frozen: int, toy: list[Document], tiny_bert: str
) -> None:
    found = [gradients(toy, tiny_bert, pieces, frozen) for pieces in (0, 60, 1)]
    for other in found[1:]:
        for one, two in zip(found[0], other, strict=True):
            torch.testing.assert_close(one, two, rtol=1e-3, atol=1e-6)


def gradients(
    toy: list[Document], backbone: str, pieces: int, frozen: int, hook: Any = None
) -> list[torch.Tensor]:
    options = {"backbone": backbone, "number_format": "float32", "micro_pieces": pieces}
    learner = Finetune(options)
    torch.manual_seed(1)
    model, cutter = classifier(learner.backbone, TAGS, learner.options)
    model.eval()  # no dropout
    if hook:
        model.register_forward_pre_hook(hook, with_kwargs=True)
    step = _Step(model, cutter, toy, [encode(d, ["ORG"]) for d in toy], learner.options)
    if frozen:
        step.prefix = FrozenPrefix(model, frozen)
        step.rows = learner._activations([d.text for d in toy], step.prefix, cutter)
        with step.prefix.replaying():
            assert step(step.jobs)
    else:
        assert step(step.jobs)
    return [p.grad for p in model.parameters() if p.grad is not None]


def test_a_full_memory_halves_the_parts_and_changes_nothing_else(
    toy: list[Document], tiny_bert: str
) -> None:
    sizes = []

    def full(_: Any, args: Any, kwargs: dict[str, torch.Tensor]) -> None:
        sizes.append(len(kwargs["input_ids"]))
        if sizes[-1] > 7:
            raise torch.OutOfMemoryError("CUDA out of memory")

    found = gradients(toy, tiny_bert, 0, 0, full)
    expected = gradients(toy, tiny_bert, 0, 0)
    assert sizes[0] == 24
    assert max(sizes[-4:]) <= 7
    for one, two in zip(found, expected, strict=True):
        torch.testing.assert_close(one, two, rtol=1e-3, atol=1e-6)

    def always(_: Any, args: Any, kwargs: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(InputError, match="does not hold the model and a single window"):
        gradients(toy, tiny_bert, 0, 0, always)


@settings(deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=30), st.integers(1, 120))
def test_packing_keeps_order_and_size(lengths: list[int], size: int) -> None:
    parts = packed(range(len(lengths)), lengths, size)
    assert [i for part in parts for i in part] == list(range(len(lengths)))
    for part in parts:
        assert len(part) == 1 or len(part) * max(lengths[i] for i in part) <= size


groups = st.lists(st.sampled_from([None, "a", "b", "c", "d"]), min_size=1, max_size=25)


@given(groups, st.floats(0.05, 0.6), st.integers(0, 5))
def test_whole_groups_are_held_out_by_seed(
    names: list[str | None], share: float, seed: int
) -> None:
    documents = [Document(str(i), "x", group=g) for i, g in enumerate(names)]
    learning, held = divided(documents, share, seed)
    assert sorted(int(d.id) for d in [*learning, *held]) == list(range(len(names)))
    assert learning
    assert not {d.group for d in learning} & {d.group for d in held} - {None}
    several = len({d.group or d.id for d in documents}) > 1
    assert bool(held) == several
    assert divided(documents, share, seed) == (learning, held)


def test_without_groups_the_share_is_held_out() -> None:
    documents = [Document(str(i), "x") for i in range(50)]
    learning, held = divided(documents, 0.2, 3)
    assert (len(learning), len(held)) == (40, 10)
    assert held != divided(documents, 0.2, 4)[1]


def test_early_stopping_brings_back_the_best_weights() -> None:
    model = torch.nn.Linear(1, 1)
    values: Iterator[float] = iter([0.1, 0.5, 0.5, 0.3, 0.6])
    best = BestWeights(model, lambda: (next(values), 0.0), patience=2)
    stopped = []
    for step in range(4):
        torch.nn.init.constant_(model.weight, step)
        stopped.append(best.enough())
    assert stopped == [False, False, False, True]
    best.restore()
    assert model.weight.item() == 1


def test_early_stopping_learns_only_from_what_is_not_held_out(
    toy: list[Document], tiny_bert: str
) -> None:
    one_step = {**FAST, "backbone": tiny_bert, "min_steps": 1, "max_steps": 1, "average": 0}
    one_step["batch_pieces"] = 100_000  # all documents in it
    stopping = Finetune({**one_step, "patience": 1, "held_out": 0.25})
    learning, held = divided(toy, 0.25, 1)
    assert len(held) == 6
    found, expected = weights(stopping, toy), weights(Finetune(one_step), learning)
    assert all(torch.equal(found[k], expected[k]) for k in found)


def test_early_stopping_keeps_what_was_best_on_the_held_out_part(
    toy: list[Document], tiny_bert: str
) -> None:
    options = {**FAST, "backbone": tiny_bert, "patience": 50, "held_out": 0.25}
    held = divided(toy, 0.25, 1)[1]
    tagger = Finetune(options).train(toy, ["ORG"], seed=1)
    assert count(held, tagger.tag(held), ["ORG"]).f1() > 0.6


def test_the_learning_rate_falls_with_the_width_and_is_part_of_the_id(tiny_bert: str) -> None:
    rates = [default_learning_rate(w) for w in (128, 384, 768, 1024, 1536, 4096)]
    assert rates == sorted(rates, reverse=True)
    assert Finetune().config["options"]["learning_rate"] == 3e-4
    assert Finetune({"learning_rate": 3e-4}).config == Finetune().config
    assert Finetune({"lora_rank": 4}).config["options"]["learning_rate"] == 1e-3
    assert Finetune({"backbone": tiny_bert}).options.learning_rate is None


def test_settled_options_go_into_a_studys_file() -> None:
    options = dict(Finetune({"lora_rank": 2, "patience": 3}).config["options"])
    assert tomllib.loads(tomli_w.dumps(options)) == options


def test_a_part_of_the_weights_decays() -> None:
    from suffice.learners.finetuning.classifier import _groups

    model = torch.nn.Linear(3, 2)
    matrices, others = _groups(list(model.parameters()), 0.1)
    assert (matrices["weight_decay"], others["weight_decay"]) == (0.1, 0.0)
    assert matrices["params"] == [model.weight]
    assert np.array_equal(others["params"][0].detach(), model.bias.detach())


_HEAD_BIASES = ("classifier.bias", "score.bias")


@pytest.mark.parametrize("name", ["bert", "gpt2", "llama", "deberta-v2"])
def test_a_fresh_head_begins_at_the_shares_of_the_tags(
    name: str, tiny: Any, toy: list[Document], tmp_path: Path
) -> None:
    backbone = str(tiny.checkpoint(name, tmp_path / "backbone"))
    untrained = {"backbone": backbone, "min_steps": 1, "max_steps": 1, "learning_rate": 1e-12}
    tagger = Finetune({**untrained, "average": 0}).train(toy, ["ORG"], seed=1)
    expected = log_shares([encode(d, ["ORG"]) for d in toy], ["ORG"])
    (bias,) = [p for key, p in tagger.model.named_parameters() if key in _HEAD_BIASES]
    np.testing.assert_allclose(bias.detach(), expected, rtol=1e-5)
