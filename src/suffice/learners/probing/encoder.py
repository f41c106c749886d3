"""Runs the frozen backbone over texts and pools its hidden states to words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from suffice.learners.backbone import (
    Backbone,
    load_encoder,
    load_tokenizer,
    padding,
    positions,
)
from suffice.learners.probing.features import FeatureArray
from suffice.learners.words import Piecer, Pieces, Window, windows

_TEXTS_AT_ONCE = 256
# The last bits of a product depend on the matrices' shape. So every batch has the same number of
# rows, filled up with dummies, and a length that its windows alone determine: a text's vectors are
# then the same, bit for bit, whatever it is encoded with, and a cache that was lost or written in
# other portions changes no run.
_ROWS = 4
_LENGTH_STEP = 8
_LARGEST = 65504.0  # the greatest float16


class FrozenEncoder:
    """A backbone that turns texts into one vector a word.

    Parameters
    ----------
    backbone : Backbone
        The pretrained encoder.
    layers : sequence of int
        Which hidden states to keep; 0 is the embeddings' output.
    window, overlap : int
        The window and overlap, in pieces; longer texts are read in overlapping windows.
    number_format : str
        ``"float32"`` or ``"bfloat16"``.
    """

    def __init__(
        self,
        backbone: Backbone,
        layers: Sequence[int],
        window: int = 254,
        overlap: int = 64,
        number_format: str = "float32",
    ) -> None:
        self._model = load_encoder(backbone)
        self._layers = tuple(layers)
        self._piecer = Piecer(load_tokenizer(backbone))
        special = len(self._piecer.before) + len(self._piecer.after)
        # Batches are padded to a multiple of the step, which must fit the positions too.
        longest = min(window + special, positions(self._model)) // _LENGTH_STEP * _LENGTH_STEP
        self._window = max(1, longest - special)
        self._overlap = min(overlap, self._window // 2)
        self._pad = padding(self._model)
        self._autocast = number_format == "bfloat16"
        self.width = len(self._layers) * backbone.hidden_size

    def __call__(self, texts: Sequence[str]) -> Iterator[tuple[str, FeatureArray]]:
        """Yield each text with its rows, in order.

        Yields
        ------
        text : str
            As given.
        rows : ndarray of float16, shape (n_words, n_layers * hidden_size)
            Zero where a word has no pieces.
        """
        for begin in range(0, len(texts), _TEXTS_AT_ONCE):
            chunk = texts[begin : begin + _TEXTS_AT_ONCE]
            pieces = self._piecer(chunk)
            states = self._states(pieces)
            for text, cut, vectors in zip(chunk, pieces, states, strict=True):
                yield text, pool(cut, vectors)

    def _states(self, texts: Sequence[Pieces]) -> list[NDArray[np.float32]]:
        results = [np.zeros((len(t.ids), self.width), dtype=np.float32) for t in texts]
        jobs = [
            (i, w) for i, t in enumerate(texts) for w in windows(t, self._window, self._overlap)
        ]
        offset = len(self._piecer.before)
        with (
            torch.inference_mode(),
            torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._autocast),
        ):
            for length, batch in self._batches(jobs):
                hidden = self._forward([texts[i].ids[w.begin : w.end] for i, w in batch], length)
                for row, (i, w) in enumerate(batch):
                    owned = slice(offset + w.own_begin - w.begin, offset + w.own_end - w.begin)
                    results[i][w.own_begin : w.own_end] = hidden[row, owned]
        return results

    def _batches(
        self, jobs: Sequence[tuple[int, Window]]
    ) -> Iterator[tuple[int, Sequence[tuple[int, Window]]]]:
        """Yield the padded length of each batch and its windows, `_ROWS` at most."""
        special = len(self._piecer.before) + len(self._piecer.after)
        groups: dict[int, list[tuple[int, Window]]] = {}
        for job in jobs:
            length = job[1].end - job[1].begin + special
            groups.setdefault(-(-length // _LENGTH_STEP) * _LENGTH_STEP, []).append(job)
        for length, group in sorted(groups.items()):
            for begin in range(0, len(group), _ROWS):
                yield length, group[begin : begin + _ROWS]

    def _forward(self, ids: Sequence[NDArray[np.int64]], length: int) -> NDArray[np.float32]:
        batch = np.full((_ROWS, length), self._pad, dtype=np.int64)
        mask = np.zeros((_ROWS, length), dtype=np.int64)
        mask[:, 0] = 1  # a dummy row must have something to attend to
        for row, own in enumerate(ids):
            whole = [*self._piecer.before, *own.tolist(), *self._piecer.after]
            batch[row, : len(whole)] = whole
            mask[row, : len(whole)] = 1
        states = self._model(
            input_ids=torch.from_numpy(batch),
            attention_mask=torch.from_numpy(mask),
            output_hidden_states=True,
        ).hidden_states
        chosen = torch.cat([states[layer].float() for layer in self._layers], dim=-1)
        return chosen.numpy()


def pool(pieces: Pieces, vectors: NDArray[np.float32]) -> FeatureArray:
    """Return the mean of each word's pieces.

    Parameters
    ----------
    pieces : Pieces
        The pieces of one text.
    vectors : ndarray of float32, shape (n_pieces, width)
        One row a piece.

    Returns
    -------
    ndarray of float16, shape (n_words, width)
        Zero where a word has no pieces.
    """
    n = len(pieces.first)
    if n == 0:
        return np.zeros((0, vectors.shape[1]), dtype=np.float16)
    padded = np.concatenate([vectors, np.zeros((1, vectors.shape[1]), dtype=np.float32)])
    borders = np.stack([pieces.first, pieces.last], axis=1).reshape(-1)
    sums = np.add.reduceat(padded, borders, axis=0)[::2]
    counts = pieces.last - pieces.first
    sums[counts == 0] = 0
    means = sums / np.maximum(counts, 1)[:, None]
    return np.clip(means, -_LARGEST, _LARGEST).astype(np.float16)
