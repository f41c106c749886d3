"""The loop that fine-tunes a token classifier, and the tagger that comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from suffice.corpus.document import Document, Span
from suffice.learners.averaging import WeightMean
from suffice.learners.backbone import Backbone, load_classifier, load_tokenizer
from suffice.learners.base import Tagger
from suffice.learners.batching import epoch_batches, n_batches, n_steps, rate
from suffice.learners.options import FinetuneOptions
from suffice.learners.tags import FloatArray, best_tags, decode, encode, tag_names
from suffice.learners.words import IntArray, Piecer, Pieces, windows, word_offsets

_IGNORED = -100
_TAGGING_PIECES = 4096


class _Job(NamedTuple):
    """A window of a document: its pieces, and the words that it owns."""

    document: int
    ids: IntArray
    words: IntArray  # numbers of the owned words
    places: IntArray  # of their first pieces, special tokens counted


class _Cutter:
    """Cuts documents into windows for one model."""

    def __init__(self, model: nn.Module, backbone: Backbone, o: FinetuneOptions) -> None:
        self.piecer = Piecer(load_tokenizer(backbone))
        special = len(self.piecer.before) + len(self.piecer.after)
        room = getattr(model.config, "max_position_embeddings", None) or 512
        self.window = min(o.window, room - special - 2)
        self.overlap = min(o.overlap, self.window // 2)
        self.pad = getattr(model.config, "pad_token_id", None) or 0

    def jobs(self, documents: Sequence[Document]) -> list[_Job]:
        found = []
        for number, pieces in enumerate(self.piecer([d.text for d in documents])):
            found += self._cut(number, pieces)
        return found

    def _cut(self, number: int, pieces: Pieces) -> list[_Job]:
        whole = np.flatnonzero(pieces.last > pieces.first)
        firsts = pieces.first[whole]
        cut = []
        for w in windows(pieces, self.window, self.overlap):
            own = (firsts >= w.own_begin) & (firsts < w.own_end)
            places = firsts[own] - w.begin + len(self.piecer.before)
            ids = [*self.piecer.before, *pieces.ids[w.begin : w.end].tolist(), *self.piecer.after]
            cut.append(_Job(number, np.array(ids, dtype=np.int64), whole[own], places))
        return cut

    def inputs(self, jobs: Sequence[_Job]) -> dict[str, Tensor]:
        longest = max(len(job.ids) for job in jobs)
        ids = np.full((len(jobs), longest), self.pad, dtype=np.int64)
        mask = np.zeros((len(jobs), longest), dtype=np.int64)
        for row, job in enumerate(jobs):
            ids[row, : len(job.ids)] = job.ids
            mask[row, : len(job.ids)] = 1
        return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}


def train_classifier(
    documents: Sequence[Document],
    labels: tuple[str, ...],
    backbone: Backbone,
    options: FinetuneOptions,
    seed: int,
) -> ClassifierTagger:
    """Fine-tune a copy of a backbone.

    Parameters
    ----------
    documents : sequence of Document
        The training set.
    labels : tuple of str
        Entity types, in the order of the tags.
    backbone : Backbone
        The pretrained encoder.
    options : FinetuneOptions
        Settings.
    seed : int
        Determines the head's first weights, dropout and the order of the batches. The global
        random state is left as it was.

    Returns
    -------
    ClassifierTagger
        Its status is ``"diverged"`` where the loss stopped being finite.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = load_classifier(backbone, tag_names(labels))
        cutter = _Cutter(model, backbone, options)
        finite = _fit(model, cutter, documents, labels, options, np.random.default_rng(seed))
    model.eval()
    return ClassifierTagger(model, cutter, labels, options, "ok" if finite else "diverged")


def _fit(
    model: nn.Module,
    cutter: _Cutter,
    documents: Sequence[Document],
    labels: tuple[str, ...],
    o: FinetuneOptions,
    generator: np.random.Generator,
) -> bool:
    """Train the model in place; return whether the loss stayed finite."""
    tags = [encode(document, labels) for document in documents]
    jobs = [job for job in cutter.jobs(documents) if len(job.words)]
    if not jobs:
        return True
    lengths = [len(job.ids) for job in jobs]
    steps = n_steps(o.epochs, n_batches(lengths, o.batch_pieces), o.min_steps, o.max_steps)
    optimizer = torch.optim.AdamW(_groups(model, o.weight_decay), lr=o.learning_rate, fused=True)
    stream = epoch_batches(lengths, o.batch_pieces, generator)
    mean = WeightMean(model)
    model.train()
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = o.learning_rate * rate(step, steps, o.warmup)
        batch = [jobs[i] for i in next(stream)]
        rows, places = _first_pieces(batch)
        target = torch.from_numpy(np.concatenate([tags[j.document][j.words] for j in batch]))
        with _autocast(o.number_format):
            scores = model(**cutter.inputs(batch)).logits
        loss = functional.cross_entropy(scores[rows, places].float(), target)
        if not torch.isfinite(loss):
            return False
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), o.clip)
        optimizer.step()
        if o.average and step >= steps * (1 - o.average):
            mean.update()
    mean.apply()
    return all(bool(torch.isfinite(p).all()) for p in model.parameters())


def _groups(model: nn.Module, decay: float) -> list[dict[str, Any]]:
    """Weight decay on matrices only, not on biases and norms."""
    matrices = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    return [
        {"params": matrices, "weight_decay": decay},
        {"params": others, "weight_decay": 0.0},
    ]


def _first_pieces(batch: Sequence[_Job]) -> tuple[Tensor, Tensor]:
    rows = np.repeat(np.arange(len(batch)), [len(job.places) for job in batch])
    places = np.concatenate([job.places for job in batch])
    return torch.from_numpy(rows), torch.from_numpy(places)


def _autocast(number_format: str) -> torch.autocast:
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=number_format == "bfloat16")


class ClassifierTagger(Tagger):
    """A fine-tuned token classifier.

    Parameters
    ----------
    model : torch.nn.Module
        An ordinary Hugging Face token-classification model, in evaluation mode.
    cutter : _Cutter
        Cuts texts for it.
    labels : tuple of str
        Entity types, in the order of the tags.
    options : FinetuneOptions
        Settings.
    status : str
        ``"ok"`` or ``"diverged"``; a diverged tagger finds nothing.
    """

    def __init__(
        self,
        model: nn.Module,
        cutter: _Cutter,
        labels: tuple[str, ...],
        options: FinetuneOptions,
        status: str,
    ) -> None:
        self.model = model
        self.labels = labels
        self.status = status
        self._cutter = cutter
        self._options = options

    def tag(self, documents: Sequence[Document]) -> list[list[Span]]:
        """Return the spans found in each document."""
        if self.status != "ok":
            return [[] for _ in documents]
        return [
            decode(word_offsets(document.text), path, self.labels)
            for document, path in zip(documents, best_tags(self.scores(documents)), strict=True)
        ]

    def scores(self, documents: Sequence[Document]) -> list[FloatArray]:
        """Return the log-probability of every tag for every word of each document.

        Returns
        -------
        list of ndarray of float32, shape (n_words, n_tags)
            A word without pieces is outside for certain.
        """
        n_tags = len(tag_names(self.labels))
        found = []
        for document in documents:
            certain = np.full((len(word_offsets(document.text)), n_tags), -1e4, dtype=np.float32)
            certain[:, 0] = 0
            found.append(certain)
        jobs = sorted(self._cutter.jobs(documents), key=lambda job: len(job.ids))
        begin = 0
        while begin < len(jobs):
            end = begin + 1
            while end < len(jobs) and (end - begin + 1) * len(jobs[end].ids) <= _TAGGING_PIECES:
                end += 1
            batch = jobs[begin:end]
            with torch.inference_mode(), _autocast(self._options.number_format):
                logits = self.model(**self._cutter.inputs(batch)).logits
            scores = functional.log_softmax(logits.float(), dim=-1).numpy()
            for row, job in enumerate(batch):
                found[job.document][job.words] = scores[row, job.places]
            begin = end
        return found
