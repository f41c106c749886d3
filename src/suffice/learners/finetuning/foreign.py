"""Token classifiers that others trained: an ordinary Hugging Face folder as a tagger."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from torch import nn

from suffice.corpus.formats.tagging import parts, read_names
from suffice.errors import InputError
from suffice.learners.backbone import find
from suffice.learners.device import run_device
from suffice.learners.finetuning.inputs import Cutter
from suffice.learners.finetuning.loading import load_trained
from suffice.learners.finetuning.tagger import ClassifierTagger, here
from suffice.learners.options import FinetuneOptions
from suffice.learners.tags import FloatArray

_NAMELESS = re.compile(r"LABEL_\d+", re.IGNORECASE)
_PRICE_OF_BEGINNING_INSIDE = 1.0
"""In nats. The older scheme IOB1 begins spans with inside tags, and schemes without B know no
others; where a model is surer of B the price keeps what it says."""


class Scheme(NamedTuple):
    """What a model's outputs mean.

    Attributes
    ----------
    labels : tuple of str
        Entity types, in the order of their first output.
    outside : list of int
        Outputs that say that a word is in no span.
    begins, insides : list of list of int
        For each label, the outputs that say that a word begins a span, or goes on with one.
    ignored : list of int
        Outputs that say nothing of entities, as ``[CLS]``: a word that has one of them is in no
        span.
    """

    labels: tuple[str, ...]
    outside: list[int]
    begins: list[list[int]]
    insides: list[list[int]]
    ignored: list[int]


def scheme(names: Sequence[str]) -> Scheme:
    """Read a model's tag names: BIO, IO, IOB1, BILOU, BIOES or BMES, in any usual spelling.

    Parameters
    ----------
    names : sequence of str
        As the configuration's ``id2label`` has them: ``O``, ``B-PER``, ``U-LOC``; or the mere
        labels, one tag for each.

    Raises
    ------
    InputError
        The outputs have no names, there is no tag ``O``, or no label beside it.

    Examples
    --------
    >>> scheme(["O", "B-PER", "I-PER", "[SEP]"])
    Scheme(labels=('PER',), outside=[0], begins=[[1]], insides=[[2]], ignored=[3])
    """
    if any(map(_NAMELESS.fullmatch, names)):
        raise InputError(
            "the model's tags are not those of entities: some have no name but a number (LABEL_0)",
            remedy="give their names in id2label and label2id of its config.json",
        )
    known = read_names(names).tags
    read = {i: parts(known[name]) for i, name in enumerate(names) if name in known}
    outside = [i for i, (letter, _) in read.items() if letter == "O"]
    labels = tuple(dict.fromkeys(label for letter, label in read.values() if letter != "O"))
    if not outside or not labels:
        raise InputError(
            "the model's tags are not those of entities: it needs O, for words in none, and tags "
            "as B-PER and I-PER",
            remedy="if it is a model for entities, give their names in id2label and label2id of "
            "its config.json",
        )
    begins: list[list[int]] = [[] for _ in labels]
    insides: list[list[int]] = [[] for _ in labels]
    for i, (letter, label) in read.items():
        if letter != "O":
            (begins if letter in "BUS" else insides)[labels.index(label)].append(i)
    ignored = [i for i in range(len(names)) if i not in read]
    return Scheme(labels, outside, begins, insides, ignored)


class ForeignTagger(ClassifierTagger):
    """A token classifier that others trained.

    Parameters
    ----------
    model : torch.nn.Module
        The model, in evaluation mode.
    cutter : Cutter
        Cuts texts for it.
    names : sequence of str
        What its outputs are called.
    options : FinetuneOptions
        Device, number format, window and overlap.

    Raises
    ------
    InputError
        The names are not those of tags of entities.
    """

    def __init__(
        self, model: nn.Module, cutter: Cutter, names: Sequence[str], options: FinetuneOptions
    ) -> None:
        self._tags = scheme(names)
        self._ignored = dict.fromkeys((names[i] for i in self._tags.ignored), 0)
        self._names = tuple(names)
        super().__init__(model, cutter, self._tags.labels, options)

    @property
    def notes(self) -> tuple[str, ...]:
        """Say which outputs are ignored, and how many words had them so far."""
        if not self._ignored:
            return ()
        each = ", ".join(f"{name} {n:,}" for name, n in self._ignored.items())
        return (
            "outputs of the model that are not entity tags are ignored; words that got one of "
            f"them, and are in no entity: {each}",
        )

    def _by_tag(self, scores: FloatArray) -> FloatArray:
        columns = [_together(scores, self._tags.outside)]
        if self._tags.ignored:
            best = scores.argmax(axis=-1)
            for i in self._tags.ignored:
                self._ignored[self._names[i]] += int((best == i).sum())
            strongest = scores[..., self._tags.ignored].max(axis=-1)
            columns[0] = np.maximum(columns[0], strongest)
        for begins, insides in zip(self._tags.begins, self._tags.insides, strict=True):
            inside = _together(scores, insides)
            begin = np.maximum(_together(scores, begins), inside - _PRICE_OF_BEGINNING_INSIDE)
            columns += [begin, inside]
        return np.stack(columns, axis=-1)

    def save(self, folder: Path) -> None:
        """Refuse: the model is in a folder already.

        Raises
        ------
        InputError
            Always.
        """
        raise InputError("the model was not trained here: copy its own folder")


def _together(scores: FloatArray, outputs: Sequence[int]) -> FloatArray:
    """Return the log of the sum of some outputs' probabilities."""
    if not outputs:
        return np.full(scores.shape[:-1], -1e4, dtype=np.float32)
    return np.logaddexp.reduce(scores[..., list(outputs)], axis=-1)


def load_foreign(folder: Path) -> ForeignTagger:
    """Return the tagger in a Hugging Face folder that suffice did not write.

    A word's tag is read off its first piece, in decoders too, since that is how such models are
    usually trained.

    Raises
    ------
    InputError
        The folder holds no token classifier for entities.
    """
    file = folder / "config.json"
    try:
        content: Mapping[str, str] = json.loads(file.read_text(encoding="utf-8"))["id2label"]
        names = [str(content[str(i)]) for i in range(len(content))]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            "is neither a model kept by suffice nor a token classifier: its config.json has no"
            " id2label",
            where=str(folder),
        ) from error
    scheme(names)  # before the weights are loaded
    source = find(str(folder))
    o = here({})
    model = load_trained(source).to(run_device(o.device))
    return ForeignTagger(model, Cutter(model, source, o, at_last=False), names, o)
