"""Dropout whose chances cost little: on a CPU they are a sixth of a step of fine-tuning."""

from __future__ import annotations

import torch
from torch import Tensor, nn

_VALUES = 256


class CheapDropout(nn.Dropout):
    """Dropout with a byte of chance for each number, instead of a real number.

    The probability is rounded to a multiple of 1/256, and what is kept is scaled by what it is
    then: .1 becomes 26/256. On other devices than a CPU, and below 1/512, it is torch's own.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x`` with some of its numbers zero and the others enlarged, while training."""
        out = round(_VALUES * self.p)
        if not self.training or x.device.type != "cpu" or not 0 < out < _VALUES:
            return super().forward(x)
        words = torch.empty(-(-x.numel() // 8), dtype=torch.int64).random_(-(2**63), None)
        kept = words.view(torch.uint8)[: x.numel()].view(x.shape) >= out
        return x * (kept.to(x.dtype) * (_VALUES / (_VALUES - out)))


def cheapen(model: nn.Module) -> None:
    """Replace a model's plain dropout layers, in place."""
    for module in list(model.modules()):
        for name, child in module.named_children():
            if type(child) is nn.Dropout:
                setattr(module, name, CheapDropout(child.p))
