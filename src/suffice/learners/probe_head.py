"""The probe's sequence head: its network, its training loop, and the tagger that comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from suffice.corpus.document import Document, Span
from suffice.learners.averaging import WeightMean
from suffice.learners.backbone import Backbone
from suffice.learners.base import Tagger
from suffice.learners.batching import epoch_batches, n_batches, n_steps, rate
from suffice.learners.features import FeatureArray
from suffice.learners.lexicon import KINDS, N_FLAGS, lexical
from suffice.learners.options import ProbeOptions
from suffice.learners.segments import Segment, segments
from suffice.learners.tags import FloatArray, best_tags, decode, encode, tag_names
from suffice.learners.words import IntArray, word_offsets

Lookup = Callable[[Sequence[str]], Sequence[FeatureArray]]
HashArray = NDArray[np.uint32]
_IGNORED = -100
_TAGGING_WORDS = 4096


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


class Batch(NamedTuple):
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

    def forward(self, batch: Batch) -> Tensor:
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


class _Material:
    """Documents as arrays, to cut batches from."""

    def __init__(self, documents: Sequence[Document], lookup: Lookup, width: int) -> None:
        texts = [document.text for document in documents]
        self.features = lookup(texts)
        self.lexical = [lexical(text) for text in texts]
        self.width = width

    def batch(self, chosen: Sequence[Segment], numbers: Sequence[IntArray]) -> Batch:
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
        return Batch(*map(torch.from_numpy, (features, rows, flags, backwards)))


def train_head(
    documents: Sequence[Document],
    labels: tuple[str, ...],
    lookup: Lookup,
    width: int,
    options: ProbeOptions,
    seed: int,
    backbone: Backbone,
) -> HeadTagger:
    """Train a head on frozen features.

    Parameters
    ----------
    documents : sequence of Document
        The training set.
    labels : tuple of str
        Entity types, in the order of the tags.
    lookup : callable
        Returns the features of texts, one array of shape (n_words, width) each.
    width : int
        Numbers per word.
    options : ProbeOptions
        Settings.
    seed : int
        Determines first weights, dropout and the order of the batches. The global random state is
        left as it was.
    backbone : Backbone
        What the features come from.

    Returns
    -------
    HeadTagger
        Its status is ``"diverged"`` where the loss stopped being finite.
    """
    material = _Material(documents, lookup, width)
    vocabulary = Vocabulary.of(
        np.concatenate([np.zeros((0, len(KINDS)), np.uint32), *(h for h, _ in material.lexical)])
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        head = Head(options, width, vocabulary.sizes, len(tag_names(labels)))
        tags = [encode(document, labels) for document in documents]
        numbers = [vocabulary(hashes) for hashes, _ in material.lexical]
        cut = segments(documents, options.core, options.halo)
        finite = _fit(head, material, cut, numbers, tags, options, np.random.default_rng(seed))
    head.eval()
    status = "ok" if finite else "diverged"
    return HeadTagger(head, vocabulary, labels, lookup, width, options, status, backbone)


def _fit(
    head: Head,
    material: _Material,
    cut: Sequence[Segment],
    numbers: Sequence[IntArray],
    tags: Sequence[IntArray],
    o: ProbeOptions,
    generator: np.random.Generator,
) -> bool:
    """Train the head in place; return whether the loss stayed finite."""
    if not cut:
        return True
    lengths = [s.end - s.begin for s in cut]
    steps = n_steps(o.epochs, n_batches(lengths, o.batch_words), o.min_steps, o.max_steps)
    optimizer = torch.optim.AdamW(
        head.parameters(), lr=o.learning_rate, weight_decay=o.weight_decay, fused=True
    )
    stream = epoch_batches(lengths, o.batch_words, generator)
    mean = WeightMean(head)
    head.train()
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = o.learning_rate * rate(step, steps, o.warmup)
        chosen = [cut[i] for i in next(stream)]
        with _autocast(o.number_format):
            scores = head(material.batch(chosen, numbers)).float()
        loss = functional.cross_entropy(
            scores.flatten(0, 1), _targets(chosen, tags).flatten(), ignore_index=_IGNORED
        )
        if not torch.isfinite(loss):
            return False
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimizer.step()
        if o.average and step >= steps * (1 - o.average):
            mean.update()
    mean.apply()
    return all(bool(torch.isfinite(p).all()) for p in head.parameters())


def _targets(chosen: Sequence[Segment], tags: Sequence[IntArray]) -> Tensor:
    """Return the tags of the cores; words of context and padding are not learnt from."""
    target = np.full((len(chosen), max(s.end - s.begin for s in chosen)), _IGNORED, dtype=np.int64)
    for i, s in enumerate(chosen):
        own = tags[s.document][s.core_begin : s.core_end]
        target[i, s.core_begin - s.begin : s.core_end - s.begin] = own
    return torch.from_numpy(target)


def _autocast(number_format: str) -> torch.autocast:
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=number_format == "bfloat16")


class HeadTagger(Tagger):
    """A trained head on frozen features.

    Parameters
    ----------
    head : Head
        In evaluation mode.
    vocabulary : Vocabulary
        Of the training set.
    labels : tuple of str
        Entity types, in the order of the tags.
    lookup : callable
        Returns the features of texts.
    width : int
        Numbers per word of the features.
    options : ProbeOptions
        Settings.
    status : str
        ``"ok"`` or ``"diverged"``; a diverged tagger finds nothing.
    backbone : Backbone
        What the features come from.
    """

    def __init__(
        self,
        head: Head,
        vocabulary: Vocabulary,
        labels: tuple[str, ...],
        lookup: Lookup,
        width: int,
        options: ProbeOptions,
        status: str,
        backbone: Backbone,
    ) -> None:
        self.labels = labels
        self.status = status
        self.options = options
        self.head = head
        self.vocabulary = vocabulary
        self._backbone = backbone
        self._lookup = lookup
        self._width = width

    def tag(self, documents: Sequence[Document]) -> list[list[Span]]:
        """Return the spans found in each document; they may cross the borders of segments."""
        if self.status != "ok":
            return [[] for _ in documents]
        paths = best_tags(self.scores(documents))
        return [
            decode(word_offsets(document.text), path, self.labels)
            for document, path in zip(documents, paths, strict=True)
        ]

    def scores(self, documents: Sequence[Document]) -> list[FloatArray]:
        """Return the log-probability of every tag for every word of each document.

        Returns
        -------
        list of ndarray of float32, shape (n_words, n_tags)
            Stitched from the cores of the documents' segments.
        """
        n_tags = len(tag_names(self.labels))
        found = [np.zeros((len(word_offsets(d.text)), n_tags), np.float32) for d in documents]
        material = _Material(documents, self._lookup, self._width)
        numbers = [self.vocabulary(hashes) for hashes, _ in material.lexical]
        cut = segments(documents, self.options.core, self.options.halo)
        cut.sort(key=lambda s: s.end - s.begin)
        begin = 0
        while begin < len(cut):
            end = begin + 1
            while end < len(cut) and (
                (end - begin + 1) * (cut[end].end - cut[end].begin) <= _TAGGING_WORDS
            ):
                end += 1
            chosen = cut[begin:end]
            with torch.inference_mode(), _autocast(self.options.number_format):
                logits = self.head(material.batch(chosen, numbers)).float()
            scores = functional.log_softmax(logits, dim=-1).numpy()
            for i, s in enumerate(chosen):
                own = scores[i, s.core_begin - s.begin : s.core_end - s.begin]
                found[s.document][s.core_begin : s.core_end] = own
            begin = end
        return found

    def save(self, folder: Path) -> None:
        """Write the head, and which backbone it belongs to; see `suffice.learners.probe_saving`."""
        from suffice.learners.probe_saving import save

        save(self, self._backbone, folder)
