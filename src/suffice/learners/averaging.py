"""The running mean of a network's weights over the last steps of its training."""

from __future__ import annotations

import torch
from torch import nn
from torch.optim.swa_utils import get_swa_multi_avg_fn


class WeightMean:
    """The mean of a module's trainable weights over the steps at which it was updated.

    Averaging the end of the path is worth a point or two of F1 for small samples and costs
    nothing to speak of (Izmailov et al. 2018). torch's `AveragedModel` would copy the frozen
    weights, too.
    """

    def __init__(self, module: nn.Module) -> None:
        self._own = [p for p in module.parameters() if p.requires_grad]
        self._mean: list[torch.Tensor] = []
        self._count = 0
        self._average = get_swa_multi_avg_fn()

    @torch.no_grad()
    def update(self) -> None:
        """Take in the module's present weights."""
        if self._count:
            self._average(self._mean, [p.detach() for p in self._own], self._count)
        else:
            self._mean = [p.detach().clone() for p in self._own]
        self._count += 1

    @torch.no_grad()
    def apply(self) -> None:
        """Give the module the mean weights, if there are any."""
        for own, mean in zip(self._own, self._mean, strict=False):
            own.copy_(mean)
