"""The tagger that comes of a probe's training: it tags, is kept, and is loaded again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from torch.nn import functional

from suffice.corpus.document import Document, Span
from suffice.errors import InputError
from suffice.learners import saved
from suffice.learners.backbone import Backbone
from suffice.learners.base import Tagger
from suffice.learners.options import ProbeOptions
from suffice.learners.probing.network import (
    DocumentArrays,
    Head,
    Lookup,
    Vocabulary,
    autocast,
)
from suffice.learners.probing.segments import segments
from suffice.learners.tags import FloatArray, best_tags, decode, tag_names
from suffice.learners.words import word_offsets

_TAGGING_WORDS = 4096
_WEIGHTS = "head.safetensors"
_KNOWN = "vocabulary.safetensors"


class HeadTagger(Tagger):
    """A trained head on frozen features.

    Parameters
    ----------
    head : Head
        The head, in evaluation mode.
    vocabulary : Vocabulary
        The vocabulary of the training set.
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
        material = DocumentArrays(documents, self._lookup, self._width)
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
            with torch.inference_mode(), autocast(self.options.number_format):
                logits = self.head(material.batch(chosen, numbers)).float()
            scores = functional.log_softmax(logits, dim=-1).numpy()
            for i, s in enumerate(chosen):
                own = scores[i, s.core_begin - s.begin : s.core_end - s.begin]
                found[s.document][s.core_begin : s.core_end] = own
            begin = end
        return found

    def save(self, folder: Path) -> None:
        """Write the head's weights, its vocabulary's hashes, and which backbone it belongs to."""
        if self.status != "ok":
            raise InputError("the run diverged: there is no model worth keeping")
        folder.mkdir(parents=True, exist_ok=True)
        weights = {k: v.detach().cpu().numpy() for k, v in self.head.state_dict().items()}
        save_file(weights, folder / _WEIGHTS)
        known = {str(kind): hashes for kind, hashes in enumerate(self.vocabulary.known)}
        save_file(known, folder / _KNOWN)
        saved.write(
            folder,
            "probe",
            labels=list(self.labels),
            options=self.options.model_dump(mode="json"),
            backbone={"name": self._backbone.name, "sha256": self._backbone.digest},
        )


def load(
    folder: Path, opened: Callable[[ProbeOptions], tuple[Backbone, Lookup, int]]
) -> HeadTagger:
    """Return the tagger that `HeadTagger.save` wrote.

    Parameters
    ----------
    folder : Path
        Where it lies.
    opened : callable
        Returns the backbone of some options, what encodes texts with it, and the width of that.

    Raises
    ------
    InputError
        The folder is damaged, or the backbone is not the one that the head was trained on.
    """
    about = saved.read(folder)
    where = str(folder / saved.FILE)
    try:
        labels = tuple(map(str, about["labels"]))
        wanted = str(about["backbone"]["sha256"])
        options = ProbeOptions.parse("probe", about["options"])
    except (KeyError, TypeError) as error:
        raise InputError("is damaged", where=where) from error
    backbone, lookup, width = opened(options)
    if backbone.digest != wanted:
        raise InputError(
            f"the head was trained on other weights of the backbone {backbone.name!r} than those"
            " that are here now",
            remedy=f"bring back the weights whose SHA-256 begins with {wanted[:12]}",
            where=where,
        )
    try:
        known = load_file(folder / _KNOWN)
        weights = load_file(folder / _WEIGHTS)
        vocabulary = Vocabulary([known[str(kind)] for kind in range(len(known))])
        head = Head.of_weights(options, width, vocabulary.sizes, len(tag_names(labels)), weights)
    except (OSError, SafetensorError, KeyError, RuntimeError) as error:
        raise InputError("the head's weights are missing or damaged", where=str(folder)) from error
    return HeadTagger(head, vocabulary, labels, lookup, width, options, "ok", backbone)
