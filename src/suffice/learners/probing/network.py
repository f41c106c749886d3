"""The probe's network, and documents as the arrays that it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from suffice.corpus.document import Document
from suffice.learners.options import ProbeOptions
from suffice.learners.probing.features import FeatureArray
from suffice.learners.probing.lexicon import KINDS, N_FLAGS, lexical
from suffice.learners.probing.segments import Segment
from suffice.learners.words import IntArray

Lookup = Callable[[Sequence[str]], Sequence[FeatureArray]]
HashArray = NDArray[np.uint32]


class Vocabulary:
    """Numbers for the lexical hashes that the training set has; 0 stands for all others.

    Parameters
    ----------
    known : sequence of ndarray of uint32
        For each kind, its hashes, sorted.
    """

    def __init__(self, known: Sequence[HashArray]) -> None:
        self.known = list(known)

    @classmethod
    def of(cls, hashes: HashArray) -> Vocabulary:
        """Return the vocabulary of the training set's words, shape (n_words, n_kinds)."""
        return cls([np.unique(column) for column in hashes.T])

    @property
    def sizes(self) -> list[int]:
        """Return the number of rows that each kind's table needs."""
        return [len(known) + 1 for known in self.known]

    def __call__(self, hashes: HashArray) -> IntArray:
        """Return the numbers, in the shape of ``hashes``."""
        numbers = np.zeros(hashes.shape, dtype=np.int64)
        for kind, known in enumerate(self.known):
            if len(known):
                place = np.minimum(np.searchsorted(known, hashes[:, kind]), len(known) - 1)
                numbers[:, kind] = np.where(known[place] == hashes[:, kind], place + 1, 0)
        return numbers


class SegmentBatch(NamedTuple):
    """Segments as tensors, padded to the longest.

    Attributes
    ----------
    features : Tensor, shape (n, longest, width)
        Hidden states, float32.
    numbers : Tensor, shape (n, longest, n_kinds)
        Rows of the lexical tables.
    flags : Tensor, shape (n, longest, n_flags)
        Casing and the like.
    backwards : Tensor, shape (n, longest)
        Each row's places in reverse, padding staying at the end.
    """

    features: Tensor
    numbers: Tensor
    flags: Tensor
    backwards: Tensor


class Head(nn.Module):
    """Frozen hidden states and lexical embeddings, through a BiLSTM, to one score a tag.

    Parameters
    ----------
    o : ProbeOptions
        Widths and dropout.
    width : int
        Numbers per word of the frozen features.
    sizes : sequence of int
        Rows of each lexical table.
    n_tags : int
        Scores per word.
    """

    def __init__(self, o: ProbeOptions, width: int, sizes: Sequence[int], n_tags: int) -> None:
        super().__init__()
        self._layers = len(o.layers)
        self._dropout = o.dropout
        self.norm = nn.LayerNorm(width // self._layers)
        self.project = nn.Linear(width, o.projection)
        self.project_norm = nn.LayerNorm(o.projection)
        self.tables = nn.ModuleList(nn.Embedding(size, o.embedding) for size in sizes)
        for table in self.tables:
            nn.init.normal_(table.weight, std=0.3)
        inner = o.projection + len(sizes) * o.embedding + N_FLAGS
        self.forth = nn.LSTM(inner, o.hidden, batch_first=True)
        self.back = nn.LSTM(inner, o.hidden, batch_first=True)
        self.out = nn.Linear(2 * o.hidden, n_tags)

    def forward(self, batch: SegmentBatch) -> Tensor:
        """Return the scores, shape (n, longest, n_tags)."""
        n, longest, width = batch.features.shape
        layers = batch.features.view(n, longest, self._layers, -1)
        states = self.norm(layers).view(n, longest, width)
        x = functional.gelu(self.project_norm(self.project(states)))
        lexical = [table(batch.numbers[..., i]) for i, table in enumerate(self.tables)]
        x = self._drop(torch.cat([x, *lexical, batch.flags], dim=-1))
        # Two LSTMs and reversal within each row's length, so that padding never reaches a word.
        back = _reordered(self.back(_reordered(x, batch.backwards))[0], batch.backwards)
        return self.out(self._drop(torch.cat([self.forth(x)[0], back], dim=-1)))

    @classmethod
    def of_weights(
        cls,
        o: ProbeOptions,
        width: int,
        sizes: Sequence[int],
        n_tags: int,
        weights: Mapping[str, NDArray[Any]],
    ) -> Head:
        """Return a trained head, in evaluation mode; weights that do not fit are an error."""
        with torch.random.fork_rng(devices=[]):
            head = cls(o, width, sizes, n_tags)
        head.load_state_dict({k: torch.from_numpy(v) for k, v in weights.items()})
        return head.eval()

    def _drop(self, x: Tensor) -> Tensor:
        """Drop the same units for all words of a segment (Gal & Ghahramani 2016)."""
        if not self.training or self._dropout == 0:
            return x
        kept = torch.rand(x.shape[0], 1, x.shape[2]) >= self._dropout
        return x * (kept / (1 - self._dropout)).to(x.dtype)


def _reordered(x: Tensor, order: Tensor) -> Tensor:
    return x.gather(1, order[:, :, None].expand(-1, -1, x.shape[2]))


class DocumentArrays:
    """Documents as arrays, to cut batches from."""

    def __init__(self, documents: Sequence[Document], lookup: Lookup, width: int) -> None:
        texts = [document.text for document in documents]
        self.features = lookup(texts)
        self.lexical = [lexical(text) for text in texts]
        self.width = width

    def batch(self, chosen: Sequence[Segment], numbers: Sequence[IntArray]) -> SegmentBatch:
        """Return segments as tensors; ``numbers`` are the words' rows of the lexical tables."""
        lengths = [s.end - s.begin for s in chosen]
        n, longest = len(chosen), max(lengths)
        features = np.zeros((n, longest, self.width), dtype=np.float32)
        rows = np.zeros((n, longest, len(KINDS)), dtype=np.int64)
        flags = np.zeros((n, longest, N_FLAGS), dtype=np.float32)
        backwards = np.tile(np.arange(longest), (n, 1))
        for i, (s, length) in enumerate(zip(chosen, lengths, strict=True)):
            features[i, :length] = self.features[s.document][s.begin : s.end]
            rows[i, :length] = numbers[s.document][s.begin : s.end]
            flags[i, :length] = self.lexical[s.document][1][s.begin : s.end]
            backwards[i, :length] = np.arange(length - 1, -1, -1)
        return SegmentBatch(*map(torch.from_numpy, (features, rows, flags, backwards)))


def autocast(number_format: str) -> torch.autocast:
    """Compute in bfloat16 where that is the number format."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=number_format == "bfloat16")
