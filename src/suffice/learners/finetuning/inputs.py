"""Documents as windows of word pieces, and batches of them, for one token classifier."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from suffice.atomic import replace
from suffice.corpus.document import Document
from suffice.errors import InputError
from suffice.learners.backbone import Backbone, load_tokenizer, padding, positions
from suffice.learners.options import FinetuneOptions
from suffice.learners.words import IntArray, Piecer, Pieces, windows

_SETTINGS = "tokenizer_config.json"
_SPECIAL = "special_tokens_map.json"


class InputWindow(NamedTuple):
    """A window of a document: its pieces, and the words that it owns.

    Attributes
    ----------
    document : int
        The document's place among those that were cut.
    ids : ndarray of int, shape (n_pieces,)
        Vocabulary numbers, special tokens included.
    words : ndarray of int, shape (n_words,)
        Numbers of the owned words.
    places : ndarray of int, shape (n_words,)
        Positions of the pieces that carry their tags, special tokens counted.
    start : int
        How many pieces the document's earlier windows have.
    """

    document: int
    ids: IntArray
    words: IntArray
    places: IntArray
    start: int


class Cutter:
    """Cuts documents into windows for one model.

    Parameters
    ----------
    model : torch.nn.Module
        Its configuration says how much it can read at once.
    backbone : Backbone
        Where its tokenizer lies.
    o : FinetuneOptions
        Window and overlap.
    at_last : bool
        Whether a word's last piece bears its tag, as it must in a decoder, which has not seen the
        rest of the word before; else its first.

    Attributes
    ----------
    longest : int
        The most pieces that the model reads at once, special tokens counted.

    Raises
    ------
    InputError
        The model cannot read three pieces at once.
    """

    def __init__(
        self, model: nn.Module, backbone: Backbone, o: FinetuneOptions, at_last: bool
    ) -> None:
        self.at_last = at_last
        self._folder = backbone.folder
        self._tokenizer = load_tokenizer(backbone)
        self._piecer = Piecer(self._tokenizer)
        self._before, self._after = self._piecer.before, self._piecer.after
        room = positions(model) - len(self._before) - len(self._after)
        if room < 3:
            raise InputError(f"the backbone reads no more than {positions(model)} pieces at once")
        self.longest = positions(model)
        self._window = min(o.window, room)
        self._overlap = min(o.overlap, self._window // 2)
        self._pad = padding(model)

    @property
    def recipe(self) -> dict[str, Any]:
        """Return what determines which windows a text is cut into, given the tokenizer."""
        return {"window": self._window, "overlap": self._overlap, "at_last": self.at_last}

    def jobs(self, documents: Sequence[Document]) -> list[InputWindow]:
        """Return the windows of the documents, in order."""
        found: list[InputWindow] = []
        for number, pieces in enumerate(self._piecer([d.text for d in documents])):
            found += self._cut(number, pieces)
        return found

    def numbers(self, jobs: Sequence[InputWindow]) -> IntArray:
        """Return the vocabulary numbers that `inputs` can hold for these windows, sorted."""
        return np.unique(np.concatenate([[self._pad], *(job.ids for job in jobs)]))

    def _cut(self, number: int, pieces: Pieces) -> Iterator[InputWindow]:
        whole = np.flatnonzero(pieces.last > pieces.first)
        bearing = pieces.last[whole] - 1 if self.at_last else pieces.first[whole]
        start = 0
        for w in windows(pieces, self._window, self._overlap, left_to_right=self.at_last):
            own = (bearing >= w.own_begin) & (bearing < w.own_end)
            places = bearing[own] - w.begin + len(self._before)
            ids = [*self._before, *pieces.ids[w.begin : w.end].tolist(), *self._after]
            yield InputWindow(number, np.array(ids, dtype=np.int64), whole[own], places, start)
            start += len(ids)

    def inputs(
        self, jobs: Sequence[InputWindow], device: torch.device, rows: int = 0, length: int = 0
    ) -> dict[str, Tensor]:
        """Return the model's inputs for a batch, padded on the right.

        Parameters
        ----------
        jobs : sequence of InputWindow
            The windows.
        device : torch.device
            Where the model is.
        rows, length : int
            The least size of the batch; what is too much is padding.
        """
        length = max(length, *(len(job.ids) for job in jobs))
        ids = np.full((max(rows, len(jobs)), length), self._pad, dtype=np.int64)
        mask = np.zeros_like(ids)
        mask[len(jobs) :, 0] = 1  # an empty row must have something to attend to
        for row, job in enumerate(jobs):
            ids[row, : len(job.ids)] = job.ids
            mask[row, : len(job.ids)] = 1
        return {
            "input_ids": torch.from_numpy(ids).to(device),
            "attention_mask": torch.from_numpy(mask).to(device),
        }

    def save_tokenizer(self, folder: Path) -> None:
        """Write the tokenizer's files, so that transformers loads the same one from there."""
        self._tokenizer.save(str(folder / "tokenizer.json"))
        settings = self._folder / _SETTINGS
        about = json.loads(settings.read_text(encoding="utf-8")) if settings.is_file() else {}
        about.pop("auto_map", None)
        # transformers' own classes would put their pipeline in the place of the file's.
        about["tokenizer_class"] = "PreTrainedTokenizerFast"
        about.setdefault("pad_token", self._tokenizer.id_to_token(self._pad))
        replace(folder / _SETTINGS, json.dumps(about, indent=1, ensure_ascii=False).encode())
        names = self._folder / _SPECIAL
        if names.is_file():
            shutil.copyfile(names, folder / _SPECIAL)


def bearers(batch: Sequence[InputWindow], device: torch.device) -> tuple[Tensor, Tensor]:
    """Return the rows and places of the pieces that bear the tags of a batch's words."""
    rows = np.repeat(np.arange(len(batch)), [len(job.places) for job in batch])
    places = np.concatenate([job.places for job in batch])
    return torch.from_numpy(rows).to(device), torch.from_numpy(places).to(device)
