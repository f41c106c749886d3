"""Embeddings of the word pieces that a training set has; those of all others rest meanwhile.

A vocabulary of 30,000 pieces is half of MiniLM's weights and that of XLM-R two thirds of its own,
while some hundreds of sentences have two thousand pieces. The rest has no gradient, but a dense one
of zeros would be made, clipped, averaged and stepped along at every step.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn import functional

from suffice.learners.words import IntArray


class SomeEmbeddings(nn.Module):
    """The rows of an embedding for some vocabulary numbers, found by these numbers.

    Parameters
    ----------
    whole : torch.nn.Embedding
        Its rows are copied.
    used : Tensor of int64, shape (n,)
        Vocabulary numbers, sorted, each once. No other may be asked for.
    """

    numbers: Tensor

    def __init__(self, whole: nn.Embedding, used: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(whole.weight.detach()[used].clone())
        numbers = torch.full((whole.num_embeddings,), -1, device=used.device)
        numbers[used] = torch.arange(len(used), device=used.device)
        self.register_buffer("numbers", numbers, persistent=False)
        self._padding = None
        if whole.padding_idx is not None and numbers[whole.padding_idx] >= 0:
            self._padding = int(numbers[whole.padding_idx])

    def forward(self, ids: Tensor) -> Tensor:
        """Return the rows, shape (..., width)."""
        return functional.embedding(self.numbers[ids], self.weight, self._padding)


@contextmanager
def only(model: nn.Module, used: IntArray) -> Iterator[None]:
    """Let a model have embeddings of these vocabulary numbers only; put them back at the end.

    Weight decay does not reach the others: over a whole training it would take away some ten
    thousandths of them. Does nothing where the embeddings do not learn, or are of a special kind.

    Parameters
    ----------
    model : torch.nn.Module
        A Hugging Face model, changed in place.
    used : ndarray of int, shape (n,)
        All numbers that it is going to be asked for, that of the padding among them, sorted.
    """
    whole = model.get_input_embeddings()
    plain = type(whole) is nn.Embedding and whole.max_norm is None and not whole.scale_grad_by_freq
    if not plain or not whole.weight.requires_grad:
        yield
        return
    rows = torch.from_numpy(used).to(whole.weight.device)
    some = SomeEmbeddings(whole, rows)
    model.set_input_embeddings(some)
    try:
        yield
    finally:
        model.set_input_embeddings(whole)
        with torch.no_grad():
            whole.weight[rows] = some.weight
