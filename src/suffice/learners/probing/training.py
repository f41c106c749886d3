"""The loop that trains the probe's head."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from suffice.corpus.document import Document
from suffice.learners.averaging import WeightMean
from suffice.learners.backbone import Backbone
from suffice.learners.batching import epoch_batches, n_batches, n_steps, rate
from suffice.learners.options import ProbeOptions
from suffice.learners.probing.lexicon import KINDS
from suffice.learners.probing.network import (
    DocumentArrays,
    Head,
    Lookup,
    Vocabulary,
    autocast,
)
from suffice.learners.probing.segments import Segment, segments
from suffice.learners.probing.tagger import HeadTagger
from suffice.learners.tags import encode, log_shares, tag_names
from suffice.learners.words import IntArray

_IGNORED = -100


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
    documents, labels
        The training set, and entity types in the order of the tags.
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
    material = DocumentArrays(documents, lookup, width)
    vocabulary = Vocabulary.of(
        np.concatenate([np.zeros((0, len(KINDS)), np.uint32), *(h for h, _ in material.lexical)])
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        head = Head(options, width, vocabulary.sizes, len(tag_names(labels)))
        tags = [encode(document, labels) for document in documents]
        with torch.no_grad():
            head.out.bias.copy_(torch.from_numpy(log_shares(tags, labels)))
        numbers = [vocabulary(hashes) for hashes, _ in material.lexical]
        cut = segments(documents, options.core, options.halo)
        finite = _fit(head, material, cut, numbers, tags, options, np.random.default_rng(seed))
    head.eval()
    status = "ok" if finite else "diverged"
    return HeadTagger(head, vocabulary, labels, lookup, width, options, status, backbone)


def _fit(
    head: Head,
    material: DocumentArrays,
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
        with autocast(o.number_format):
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
