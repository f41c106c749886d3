"""A Hugging Face encoder that gives one vector to each token of spaCy documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import srsly
import torch
from safetensors.torch import load as load_weights
from safetensors.torch import save as save_weights
from tokenizers import Tokenizer
from torch import Tensor, nn

from suffice.learners.backbone import Backbone, load_encoder, load_tokenizer, quiet
from suffice.learners.words import IntArray, Piecer, Pieces, Window, windows

if TYPE_CHECKING:
    from spacy.tokens import Doc

_PADDED_PIECES = 8192
"""Pieces, padding included, that go through the backbone at once."""


class Encoder(nn.Module):
    """A backbone, its tokenizer, and how long texts are cut.

    Parameters
    ----------
    model : nn.Module
        The model of `transformers`, without a head.
    tokenizer : tokenizers.Tokenizer
        The backbone's.
    window, overlap : int
        The window and overlap, in pieces.
    """

    def __init__(self, model: nn.Module, tokenizer: Any, window: int, overlap: int) -> None:
        super().__init__()
        self.model = model
        self._tokenizer = tokenizer
        self._piecer = Piecer(tokenizer)
        self._asked = (window, overlap)
        special = len(self._piecer.before) + len(self._piecer.after)
        room = getattr(model.config, "max_position_embeddings", None) or 512
        # RoBERTa's kind keeps two of the positions for itself.
        self._window = max(1, min(window, room - special - 2))
        self._overlap = min(overlap, self._window // 2)
        self._pad = getattr(model.config, "pad_token_id", None) or 0

    @classmethod
    def of(cls, backbone: Backbone, window: int, overlap: int) -> Encoder:
        """Load the pretrained weights."""
        return cls(load_encoder(backbone), load_tokenizer(backbone), window, overlap)

    def forward(self, docs: Sequence[Doc]) -> list[Tensor]:
        """Return the vectors of each document's tokens.

        Returns
        -------
        list of Tensor, shape (n_tokens, width), float32
            Each the mean of its token's pieces; zero where a token has none.
        """
        words = [
            np.array([(t.idx, t.idx + len(t)) for t in doc], dtype=np.int64).reshape(-1, 2)
            for doc in docs
        ]
        cut = self._piecer([doc.text for doc in docs], words)
        jobs = [(i, w) for i, p in enumerate(cut) for w in windows(p, self._window, self._overlap)]
        parts: list[dict[int, Tensor]] = [{} for _ in docs]
        for batch in self._batches(jobs):
            hidden = self._states([cut[i].ids[w.begin : w.end] for i, w in batch])
            for row, (i, w) in enumerate(batch):
                begin = len(self._piecer.before) - w.begin
                parts[i][w.own_begin] = hidden[row, begin + w.own_begin : begin + w.own_end]
        width = int(self.model.config.hidden_size)
        return [
            _means(p, [own[begin] for begin in sorted(own)], width)
            for p, own in zip(cut, parts, strict=True)
        ]

    def _batches(
        self, jobs: Sequence[tuple[int, Window]]
    ) -> Iterator[Sequence[tuple[int, Window]]]:
        """Yield windows of similar length together."""
        jobs = sorted(jobs, key=lambda job: job[1].end - job[1].begin)
        begin = 0
        for end in range(1, len(jobs) + 1):
            last = end == len(jobs)
            longest = 0 if last else jobs[end][1].end - jobs[end][1].begin
            if last or (end + 1 - begin) * longest > _PADDED_PIECES:
                yield jobs[begin:end]
                begin = end

    def _states(self, ids: Sequence[IntArray]) -> Tensor:
        whole = [[*self._piecer.before, *own.tolist(), *self._piecer.after] for own in ids]
        longest = max(map(len, whole))
        device = next(self.model.parameters()).device
        batch = torch.full((len(whole), longest), self._pad, dtype=torch.long)
        mask = torch.zeros_like(batch)
        for row, own in enumerate(whole):
            batch[row, : len(own)] = torch.tensor(own)
            mask[row, : len(own)] = 1
        found = self.model(input_ids=batch.to(device), attention_mask=mask.to(device))
        return found.last_hidden_state.float()

    def to_bytes(self) -> bytes:
        """Return weights (as safetensors), configuration and tokenizer."""
        weights = {k: v.detach().cpu().clone() for k, v in self.model.state_dict().items()}
        content = {
            "config": self.model.config.to_json_string(use_diff=False),
            "tokenizer": self._tokenizer.to_str(),
            "cutting": list(self._asked),
            "weights": save_weights(weights),
        }
        return bytes(srsly.msgpack_dumps(content))

    @classmethod
    def from_bytes(cls, data: bytes) -> Encoder:
        """Return the encoder that `to_bytes` wrote; needs nothing else."""
        from transformers import AutoConfig, AutoModel

        content = srsly.msgpack_loads(data)
        config = json.loads(content["config"])
        with quiet(), torch.random.fork_rng(devices=[]):
            model = AutoModel.from_config(AutoConfig.for_model(**config))
        model.load_state_dict(load_weights(content["weights"]))
        tokenizer = Tokenizer.from_str(content["tokenizer"])
        return cls(model.float().eval(), tokenizer, *content["cutting"])


def _means(pieces: Pieces, parts: Sequence[Tensor], width: int) -> Tensor:
    """Return the mean of each token's pieces."""
    counts = pieces.last - pieces.first
    if not parts:
        return torch.zeros((len(counts), width))
    vectors = torch.cat(list(parts))
    token = torch.from_numpy(np.repeat(np.arange(len(counts)), counts)).to(vectors.device)
    ranges = [np.arange(a, b) for a, b in zip(pieces.first, pieces.last, strict=True)]
    piece = torch.from_numpy(np.concatenate(ranges)).to(vectors.device)
    sums = vectors.new_zeros((len(counts), width)).index_add(0, token, vectors[piece])
    return sums / torch.from_numpy(np.maximum(counts, 1)).to(sums)[:, None]
