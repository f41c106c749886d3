"""Early stopping on a part of the training set that is held out; the evaluation set is not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import nn

from suffice.corpus.document import Document


def divided(
    documents: Sequence[Document], share: float, seed: int
) -> tuple[list[Document], list[Document]]:
    """Return the documents to learn from, and those to stop by.

    Parameters
    ----------
    documents, seed
        The training set, and what determines who is held out.
    share : float
        Approximate share of its documents that is held out: documents of one group are never
        parted.

    Returns
    -------
    learning, held_out : list of Document
        Documents to learn from and documents held out, in their order. Nothing is held out of a
        training set that is a
        single group.
    """
    names = [d.group if d.group is not None else (d.id,) for d in documents]
    groups = list(dict.fromkeys(names))
    if len(groups) < 2:
        return list(documents), []
    order = np.random.default_rng([seed, 1]).permutation(len(groups)).tolist()
    wanted = max(1.0, share * len(documents))
    chosen: set[object] = set()
    held = 0
    for i in order[: len(groups) - 1]:
        if held >= wanted:
            break
        chosen.add(groups[i])
        held += names.count(groups[i])
    parts: tuple[list[Document], list[Document]] = ([], [])
    for document, name in zip(documents, names, strict=True):
        parts[name in chosen].append(document)
    return parts


class BestWeights:
    """The weights with which a model did best so far.

    Parameters
    ----------
    model : torch.nn.Module
        Its weights that learn are looked after.
    judge : callable
        Returns how good the model is now; of equal values the first one counts.
    patience : int
        How many checks in a row may bring nothing better.
    """

    def __init__(
        self, model: nn.Module, judge: Callable[[], tuple[float, float]], patience: int
    ) -> None:
        self._own = [p for p in model.parameters() if p.requires_grad]
        self._judge = judge
        self._patience = patience
        self._best: tuple[float, float] | None = None
        self._kept: list[torch.Tensor] = []
        self._vain = 0

    def enough(self) -> bool:
        """Judge the model as it is now; return whether patience has run out."""
        found = self._judge()
        if self._best is None or found > self._best:
            self._best, self._vain = found, 0
            self._kept = [p.detach().clone() for p in self._own]
        else:
            self._vain += 1
        return self._vain >= self._patience

    @torch.no_grad()
    def restore(self) -> None:
        """Give the model its best weights."""
        for own, kept in zip(self._own, self._kept, strict=False):
            own.copy_(kept)
