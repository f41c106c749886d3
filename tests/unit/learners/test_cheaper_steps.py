"""What makes a step of fine-tuning cheaper changes nothing that is learnt: torch is the oracle."""

from __future__ import annotations

import copy
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from suffice.learners.backbone import find, padding
from suffice.learners.finetuning.loading import load_classifier

pytestmark = pytest.mark.train

NAMES = ("bert", "roberta", "deberta-v2", "electra", "distilbert", "gpt2", "llama")


@pytest.mark.parametrize("name", NAMES)
def test_embeddings_of_the_used_pieces_learn_as_all_would(
    name: str, tiny: ModuleType, tmp_path: Path
) -> None:
    import torch

    from suffice.learners.finetuning.pieces import only

    whole = load_classifier(find(str(tiny.checkpoint(name, tmp_path / name))), ("O", "B"))
    some = copy.deepcopy(whole)
    pad = padding(whole)
    ids = torch.tensor([[7, 11, 13, 11, 17], [19, 7, 23, pad, pad]])
    mask = (ids != pad).long()
    rows_before = whole.get_input_embeddings().weight.detach().clone()

    def learn(model: torch.nn.Module) -> None:
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=0)
        for _ in range(3):
            optimizer.zero_grad()
            model(input_ids=ids, attention_mask=mask).logits[mask.bool()].square().sum().backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5)
            optimizer.step()

    learn(whole.eval())
    with only(some.eval(), np.unique([pad, 7, 11, 13, 17, 19, 23])):
        assert some.get_input_embeddings().weight.shape[0] == 7
        learn(some)
    for (key, one), (_, other) in zip(
        whole.named_parameters(), some.named_parameters(), strict=True
    ):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6, msg=key)
    after = some.get_input_embeddings().weight
    rest = [i for i in range(len(after)) if i not in ids]
    assert torch.equal(after[rest], rows_before[rest])
    assert not torch.equal(after[7], rows_before[7])


def test_cheap_dropout_drops_as_often_as_it_says_and_keeps_the_mean() -> None:
    import torch

    from suffice.learners.finetuning.dropout import CheapDropout

    for p in (0.1, 0.5):
        share = round(256 * p) / 256
        torch.manual_seed(4)
        x = torch.ones(1000, 1001, requires_grad=True)
        y = CheapDropout(p)(x)
        # Five standard errors of a million draws.
        error = 5 * (share * (1 - share) / x.numel()) ** 0.5
        assert abs(float((y == 0).float().mean()) - share) < error
        assert float(y.detach().max()) == pytest.approx(1 / (1 - share), rel=1e-6)
        # Neighbours, which share a random word, are independent.
        both = ((y[:, :-1] == 0) & (y[:, 1:] == 0)).float().mean()
        assert abs(float(both) - share**2) < 5 * (share**2 / x.numel()) ** 0.5
        y.sum().backward()
        assert torch.equal(x.grad, y.detach())
        torch.manual_seed(4)
        assert torch.equal(CheapDropout(p)(x), y)
        assert torch.equal(CheapDropout(p).eval()(x), x)
    assert torch.equal(CheapDropout(0.0)(x), x)
    assert not CheapDropout(1.0)(x).any()
