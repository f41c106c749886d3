"""Frozen lower layers: what they compute, once for all runs, and training on top of it.

The model itself is left whole. While it learns, its frozen layers pass on whatever they are given,
and what enters the first layer that learns is replaced by what was computed before: so embeddings,
masks and positions stay the architecture's own affair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from suffice.corpus.document import Document
from suffice.errors import InputError
from suffice.learners.finetuning.inputs import Cutter, InputWindow
from suffice.learners.probing.features import FeatureArray, FeatureStore

# As in the probe's encoder: batches of one number of rows, and lengths that the windows alone
# determine, so that a text's activations are the same bit for bit whatever it is computed with.
_ROWS = 4
_LENGTH_STEP = 8
_LARGEST = 65504.0  # the greatest float16

Lookup = Callable[[Sequence[str]], Sequence[FeatureArray]]


class PieceStore(FeatureStore):
    """Activations on disk: the rows of a text are the pieces of its windows, one after another."""

    def _fits(self, text: str, rows: int) -> bool:
        return rows > 0 or not text.strip()


def layers_of(model: nn.Module) -> nn.ModuleList:
    """Return the backbone's layers, from the bottom.

    Raises
    ------
    InputError
        They cannot be told, as in ALBERT, whose layers share their weights.
    """
    body = getattr(model, model.base_model_prefix)
    wanted = model.config.get_text_config().num_hidden_layers
    for module in body.modules():
        if isinstance(module, nn.ModuleList) and len(module) == wanted:
            return module
    raise InputError(
        f"the layers of {type(model).__name__} cannot be distinguished",
        remedy="leave the options frozen_layers and lora_rank at 0",
    )


class _Reached(Exception):
    """What enters the first layer that learns has been taken."""


class FrozenPrefix:
    """The frozen part of a model: everything but the layers above it and the head.

    Parameters
    ----------
    model : torch.nn.Module
        A token classifier; the frozen weights no longer ask for gradients.
    count : int
        How many layers are frozen, with the embeddings below them.

    Attributes
    ----------
    width : int
        Numbers per piece.

    Raises
    ------
    InputError
        The backbone has no layer left to learn.
    """

    def __init__(self, model: nn.Module, count: int) -> None:
        layers = layers_of(model)
        if count >= len(layers):
            raise InputError(
                f"the backbone has {len(layers)} layers, so that frozen_layers may be at most"
                f" {len(layers) - 1}, not {count}",
                remedy="the learner probe is for a backbone that stays as it is",
            )
        self._model = model
        self.width = int(model.config.get_text_config().hidden_size)
        self._frozen = list(layers[:count])
        self._next = layers[count]
        getattr(model, model.base_model_prefix).requires_grad_(False)
        for layer in layers[count:]:
            layer.requires_grad_(True)
        self._tuples: dict[int, int] = {}
        self._given: Tensor | None = None

    def activations(
        self, jobs: Sequence[InputWindow], cutter: Cutter, autocast: Callable[[], torch.autocast]
    ) -> Iterator[tuple[int, FeatureArray]]:
        """Yield each job's place and what enters the first layer that learns.

        Yields
        ------
        place : int
            Among the jobs, in any order.
        rows : ndarray of float16, shape (n_pieces, width)
            Special tokens included.
        """
        groups: dict[int, list[int]] = {}
        for place, job in enumerate(jobs):
            length = -(-len(job.ids) // _LENGTH_STEP) * _LENGTH_STEP
            groups.setdefault(min(length, cutter.longest), []).append(place)
        training = self._model.training
        self._model.eval()
        for length, group in sorted(groups.items()):
            for begin in range(0, len(group), _ROWS):
                chosen = group[begin : begin + _ROWS]
                with torch.inference_mode(), autocast():
                    states = self._run(cutter, [jobs[i] for i in chosen], length)
                rows = states.float().clamp(-_LARGEST, _LARGEST).half().cpu().numpy()
                for row, place in enumerate(chosen):
                    yield place, rows[row, : len(jobs[place].ids)]
        self._model.train(training)

    def _run(self, cutter: Cutter, jobs: Sequence[InputWindow], length: int) -> Tensor:
        device = next(self._model.parameters()).device
        taken: list[Tensor] = []

        def take(_: nn.Module, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
            taken.append(args[0] if args else kwargs["hidden_states"])
            raise _Reached

        def note(layer: nn.Module, _: Any, output: Any) -> None:
            self._tuples[id(layer)] = len(output) if isinstance(output, tuple) else 0

        hooks = [self._next.register_forward_pre_hook(take, with_kwargs=True)]
        hooks += [layer.register_forward_hook(note) for layer in self._frozen]
        try:
            self._model(**cutter.inputs(jobs, device, rows=_ROWS, length=length))
        except _Reached:
            return taken[0]
        finally:
            for hook in hooks:
                hook.remove()
        raise AssertionError("the layer was not reached")

    @contextmanager
    def replaying(self) -> Iterator[None]:
        """Let the frozen layers do nothing, and give what `give` is told in their stead."""

        def replace(
            _: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]
        ) -> tuple[tuple[Any, ...], dict[str, Any]]:
            if args:
                return (self._given, *args[1:]), kwargs
            return args, {**kwargs, "hidden_states": self._given}

        hook = self._next.register_forward_pre_hook(replace, with_kwargs=True)
        for layer in self._frozen:
            layer.forward = _passing_on(self._tuples.get(id(layer), 0))
        try:
            yield
        finally:
            hook.remove()
            self._given = None
            for layer in self._frozen:
                del layer.forward

    def give(self, rows: Sequence[FeatureArray], device: torch.device) -> None:
        """Set what enters the first layer that learns, for the next batch."""
        longest = max(len(r) for r in rows)
        batch = np.zeros((len(rows), longest, rows[0].shape[1]), dtype=np.float32)
        for i, own in enumerate(rows):
            batch[i, : len(own)] = own
        self._given = torch.from_numpy(batch).to(device)


def _passing_on(width: int) -> Callable[..., Any]:
    def forward(*args: Any, **kwargs: Any) -> Any:
        hidden = args[0] if args else kwargs["hidden_states"]
        return (hidden, *[None] * (width - 1)) if width else hidden

    return forward


def encoded(
    texts: Sequence[str],
    prefix: FrozenPrefix,
    cutter: Cutter,
    autocast: Callable[[], torch.autocast],
) -> Iterator[tuple[str, FeatureArray]]:
    """Yield each text with the activations of all its windows, one after another."""
    for begin in range(0, len(texts), 64):
        chunk = texts[begin : begin + 64]
        jobs = cutter.jobs([Document(str(i), text) for i, text in enumerate(chunk)])
        found = dict(prefix.activations(jobs, cutter, autocast))
        for number, text in enumerate(chunk):
            own = [found[i] for i, job in enumerate(jobs) if job.document == number]
            none = np.zeros((0, prefix.width), dtype=np.float16)
            yield text, np.concatenate([none, *own])
