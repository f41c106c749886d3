"""The loop that fine-tunes a token classifier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from suffice.corpus.document import Document
from suffice.errors import InputError
from suffice.learners.averaging import WeightMean
from suffice.learners.backbone import Backbone
from suffice.learners.batching import epoch_batches, n_batches, n_steps, packed, rate
from suffice.learners.device import run_device
from suffice.learners.finetuning.dropout import cheapen
from suffice.learners.finetuning.freezing import FrozenPrefix
from suffice.learners.finetuning.inputs import Cutter, InputWindow, bearers
from suffice.learners.finetuning.loading import (
    begin_with,
    load_classifier,
    reads_left_to_right,
)
from suffice.learners.finetuning.pieces import only
from suffice.learners.finetuning.stopping import BestWeights, divided
from suffice.learners.finetuning.tagger import ClassifierTagger, autocast
from suffice.learners.options import FinetuneOptions
from suffice.learners.probing.features import FeatureArray
from suffice.learners.tags import encode, log_shares, tag_names
from suffice.learners.words import IntArray
from suffice.scoring import count

_CHECKS = 20
"""How often the model is judged while it learns, with early stopping."""

Activations = Callable[[Sequence[str], FrozenPrefix, Cutter], Sequence[FeatureArray]]


def train_classifier(
    documents: Sequence[Document],
    labels: tuple[str, ...],
    backbone: Backbone,
    options: FinetuneOptions,
    seed: int,
    activations: Activations,
) -> ClassifierTagger:
    """Fine-tune a copy of a backbone.

    AdamW with bias correction, a warm-up, and a floor under the number of steps, since small
    samples otherwise give unstable or undertrained models (Mosbach et al. 2021, "On the stability
    of fine-tuning BERT"; Zhang et al. 2021, "Revisiting few-sample BERT fine-tuning").

    Parameters
    ----------
    documents : sequence of Document
        The training set.
    labels : tuple of str
        Entity types, in the order of the tags.
    backbone : Backbone
        The pretrained encoder or decoder.
    options : FinetuneOptions
        Settings, the learning rate among them.
    seed : int
        Determines the head's first weights, dropout, the order of the batches and what early
        stopping holds out. The global random state is left as it was.
    activations : callable
        Returns what the frozen layers make of texts; asked only where some are frozen.

    Returns
    -------
    ClassifierTagger
        Its status is ``"diverged"`` where the loss stopped being finite.

    Raises
    ------
    InputError
        The backbone cannot be used so, or a single window does not fit the GPU's memory.
    """
    device = run_device(options.device)
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        model, cutter = classifier(backbone, tag_names(labels), options)
        prefix = FrozenPrefix(model, options.frozen_layers) if options.frozen_layers else None
        merge = None
        if options.lora_rank:
            from suffice.learners.finetuning.lora import add_adapters

            merge = add_adapters(model, options)
        tagger = ClassifierTagger(model, cutter, labels, options)
        learning: list[Document] = list(documents)
        held_out: list[Document] = []
        if options.patience:
            learning, held_out = divided(documents, options.held_out, seed)
        judge = _judge(tagger, held_out, labels) if held_out else None
        tags = [encode(document, labels) for document in learning]
        begin_with(model, torch.from_numpy(log_shares(tags, labels)))
        step = _Step(model, cutter, learning, tags, options)
        if prefix and step.jobs:
            step.prefix = prefix
            step.rows = activations([d.text for d in learning], prefix, cutter)
        with only(model, cutter.numbers([*step.jobs, *cutter.jobs(held_out)])):
            finite = _fit(step, options, np.random.default_rng(seed), judge)
        if merge:
            merge()
    model.requires_grad_(True).eval()
    tagger.status = "ok" if finite else "diverged"
    return tagger


def classifier(
    backbone: Backbone, tags: tuple[str, ...], o: FinetuneOptions
) -> tuple[nn.Module, Cutter]:
    """Return a model that has yet to learn, on its device, and what cuts texts for it."""
    model = load_classifier(backbone, tags)
    cheapen(model)
    middle = model.config.get_text_config().vocab_size // 2
    at_last = reads_left_to_right(model, (middle - 1, middle, middle + 1))
    return model.to(run_device(o.device)), Cutter(model, backbone, o, at_last)


def _judge(
    tagger: ClassifierTagger, documents: Sequence[Document], labels: tuple[str, ...]
) -> Callable[[], tuple[float, float]]:
    tags = [encode(document, labels) for document in documents]

    def judge() -> tuple[float, float]:
        tagger.model.eval()
        f1 = count(documents, tagger.tag(documents), labels).f1()
        scores = tagger.scores(documents)
        likely = [float(s[np.arange(len(t)), t].sum()) for s, t in zip(scores, tags, strict=True)]
        tagger.model.train()
        return (float(np.nan_to_num(f1)), sum(likely))

    return judge


class _Step:
    """Gradients of one step, in parts that fit the memory.

    A GPU whose memory is full halves the parts and goes on: what a step learns from is the same.
    """

    def __init__(
        self,
        model: nn.Module,
        cutter: Cutter,
        documents: Sequence[Document],
        tags: Sequence[IntArray],
        o: FinetuneOptions,
    ) -> None:
        self.model = model
        self.device = next(model.parameters()).device
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=o.number_format == "float16")
        self.jobs = [job for job in cutter.jobs(documents) if len(job.words)]
        self.prefix: FrozenPrefix | None = None
        self.rows: Sequence[FeatureArray] = ()
        self._cutter = cutter
        self._tags = tags
        self._o = o
        self._limit = o.micro_pieces

    def __call__(self, batch: Sequence[InputWindow]) -> bool:
        """Add up the gradients of a batch; return whether its loss is finite."""
        while True:
            self.model.zero_grad()
            parts = self._parts(batch)
            try:
                words = sum(len(job.words) for job in batch)
                losses = [self._backward(part, words) for part in parts]
                return bool(torch.isfinite(torch.stack(losses).sum()))
            except RuntimeError as error:
                if not _memory_is_full(error):
                    raise
            self._halve(parts)

    def _parts(self, batch: Sequence[InputWindow]) -> list[list[InputWindow]]:
        if not self._limit:
            return [list(batch)]
        lengths = [len(job.ids) for job in batch]
        return [[batch[i] for i in p] for p in packed(range(len(batch)), lengths, self._limit)]

    def _backward(self, part: Sequence[InputWindow], words: int) -> Tensor:
        rows, places = bearers(part, self.device)
        target = np.concatenate([self._tags[job.document][job.words] for job in part])
        if self.prefix:
            own = [self.rows[j.document][j.start : j.start + len(j.ids)] for j in part]
            self.prefix.give(own, self.device)
        with autocast(self._o):
            scores = self.model(**self._cutter.inputs(part, self.device)).logits
        loss = functional.cross_entropy(
            scores[rows, places].float(), torch.from_numpy(target).to(self.device), reduction="sum"
        )
        loss = loss / words
        self.scaler.scale(loss).backward()
        return loss.detach()

    def _halve(self, parts: Sequence[Sequence[InputWindow]]) -> None:
        self.model.zero_grad()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        if max(map(len, parts)) == 1:
            raise InputError(
                "the GPU's memory does not hold the model and a single window of text",
                remedy="try the options lora_rank=8, frozen_layers or a smaller window",
            )
        self._limit = max(len(part) * max(len(job.ids) for job in part) for part in parts) // 2


def _memory_is_full(error: RuntimeError) -> bool:
    return isinstance(error, torch.OutOfMemoryError) or "MPS backend out of memory" in str(error)


def _fit(
    step: _Step,
    o: FinetuneOptions,
    generator: np.random.Generator,
    judge: Callable[[], tuple[float, float]] | None,
) -> bool:
    """Train the model in place; return whether the loss stayed finite."""
    if not step.jobs:
        return True
    model, scaler = step.model, step.scaler
    lengths = [len(job.ids) for job in step.jobs]
    steps = n_steps(o.epochs, n_batches(lengths, o.batch_pieces), o.min_steps, o.max_steps)
    learning = [p for p in model.parameters() if p.requires_grad]
    highest = o.learning_rate or 0.0
    optimizer = torch.optim.AdamW(
        _groups(learning, o.weight_decay), lr=highest, fused=step.device.type != "mps"
    )
    stream = epoch_batches(lengths, o.batch_pieces, generator)
    mean = WeightMean(model)
    best = BestWeights(model, judge, o.patience) if judge else None
    every = max(1, steps // _CHECKS)
    model.train()
    for number in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = highest * rate(number, steps, o.warmup)
        with step.prefix.replaying() if step.prefix else nullcontext():
            if not step([step.jobs[i] for i in next(stream)]):
                return False
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(learning, o.clip)
        scaler.step(optimizer)
        scaler.update()
        if best:
            if ((number + 1) % every == 0 or number + 1 == steps) and best.enough():
                break
        elif o.average and number >= steps * (1 - o.average):
            mean.update()
    if best:
        best.restore()
    else:
        mean.apply()
    return all(bool(torch.isfinite(p).all()) for p in learning)


def _groups(parameters: Sequence[nn.Parameter], decay: float) -> list[dict[str, Any]]:
    """Weight decay on matrices only, not on biases and norms."""
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
