"""A fine-tuned token classifier as a tagger, and how it is kept in a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from suffice.corpus.document import Document, Span
from suffice.errors import InputError
from suffice.learners import saved
from suffice.learners.backbone import find, quiet
from suffice.learners.base import Tagger
from suffice.learners.batching import packed
from suffice.learners.device import kind_here, run_device
from suffice.learners.finetuning.inputs import Cutter
from suffice.learners.finetuning.loading import load_trained
from suffice.learners.options import FinetuneOptions
from suffice.learners.tags import FloatArray, best_tags, decode, tag_names
from suffice.learners.words import word_offsets

_TAGGING_PIECES = 4096


def autocast(o: FinetuneOptions) -> torch.autocast:
    """Return the context in which the model computes in the options' number format."""
    return torch.autocast(
        o.device,
        dtype=torch.float16 if o.number_format == "float16" else torch.bfloat16,
        enabled=o.number_format != "float32",
    )


class ClassifierTagger(Tagger):
    """A fine-tuned token classifier.

    Parameters
    ----------
    model : torch.nn.Module
        An ordinary Hugging Face token-classification model, in evaluation mode.
    cutter : Cutter
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
        cutter: Cutter,
        labels: tuple[str, ...],
        options: FinetuneOptions,
        status: str = "ok",
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
        jobs = self._cutter.jobs(documents)
        lengths = [len(job.ids) for job in jobs]
        order = sorted(range(len(jobs)), key=lengths.__getitem__)
        device = next(self.model.parameters()).device
        for chosen in packed(order, lengths, _TAGGING_PIECES):
            batch = [jobs[i] for i in chosen]
            with torch.inference_mode(), autocast(self._options):
                logits = self.model(**self._cutter.inputs(batch, device)).logits
            scores = functional.log_softmax(logits.float(), dim=-1).cpu().numpy()
            for row, job in enumerate(batch):
                found[job.document][job.words] = self._by_tag(scores[row, job.places])
        return found

    def _by_tag(self, scores: FloatArray) -> FloatArray:
        """Return words' log-probabilities, shape (..., n_tags), in the order of `tag_names`."""
        return scores

    def save(self, folder: Path) -> None:
        """Write an ordinary Hugging Face folder: configuration, safetensors, tokenizer.

        ``AutoModelForTokenClassification`` and ``AutoTokenizer`` load it; `Finetune.load` gives a
        tagger that finds the same spans.

        Raises
        ------
        InputError
            The run diverged.
        """
        if self.status != "ok":
            raise InputError("the run diverged: there is no model worth keeping")
        folder.mkdir(parents=True, exist_ok=True)
        with quiet():
            self.model.save_pretrained(folder)
        self._cutter.save_tokenizer(folder)
        saved.write(
            folder,
            "finetune",
            labels=list(self.labels),
            options=self._options.model_dump(mode="json"),
            tag_at="last piece" if self._cutter.at_last else "first piece",
        )


def load_tagger(folder: Path) -> ClassifierTagger:
    """Return the tagger that `ClassifierTagger.save` wrote, on the best device of this machine.

    Raises
    ------
    InputError
        The folder does not hold one, or it is damaged.
    """
    about = saved.read(folder)
    try:
        labels = tuple(map(str, about["labels"]))
        at_last = about["tag_at"] == "last piece"
        options = dict(about["options"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("is damaged", where=str(folder / saved.FILE)) from error
    kept = find(str(folder))
    o = here(options)
    model = load_trained(kept)
    if model.config.num_labels != len(tag_names(labels)):
        raise InputError(
            f"the model has {model.config.num_labels} tags, but {len(labels)} labels need"
            f" {len(tag_names(labels))}",
            where=str(folder),
        )
    model.to(run_device(o.device))
    return ClassifierTagger(model, Cutter(model, kept, o, at_last), labels, o)


def here(options: Mapping[str, Any]) -> FinetuneOptions:
    """Return options for tagging on this machine, whatever the model was trained on."""
    kind = kind_here()
    elsewhere = options.get("device", kind) != kind
    return FinetuneOptions.parse(
        "finetune",
        {**options, "device": kind, **({"number_format": "auto"} if elsewhere else {})},
    )
