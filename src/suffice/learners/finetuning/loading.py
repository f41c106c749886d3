"""A pretrained model with a fresh token-classification head on it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from suffice.errors import InputError
from suffice.learners.backbone import Backbone, quiet


def load_classifier(backbone: Backbone, tags: tuple[str, ...], **config: Any) -> nn.Module:
    """Return the backbone with a fresh token-classification head, in float32.

    The head is drawn from torch's global generator: seed it first. A head that the checkpoint may
    have is never used.

    Parameters
    ----------
    backbone : Backbone
        The pretrained encoder or decoder.
    tags : tuple of str
        The tags' names, in the order of the head's outputs.
    **config
        Settings of the model's configuration, as ``classifier_dropout``.

    Raises
    ------
    InputError
        transformers has no token classifier for this architecture, the checkpoint needs code of
        its own, or it lacks weights of the backbone.
    """
    model, info = _loaded(
        backbone,
        num_labels=len(tags),
        id2label=dict(enumerate(tags)),
        label2id={tag: i for i, tag in enumerate(tags)},
        ignore_mismatched_sizes=True,
        **config,
    )
    missing = {*info["missing_keys"], *(key for key, *_ in info["mismatched_keys"])}
    lost = sorted(key for key in missing if _in_body(model, key))
    if lost:
        raise InputError(
            f"{len(lost)} of the backbone's weights are missing or of another shape, the first of"
            f" them {lost[0]}",
            remedy="save the checkpoint anew, with the configuration that belongs to it",
            where=str(backbone.folder),
        )
    for name, module in model.named_children():
        own = [f"{name}.{key}" for key, _ in module.named_parameters()]
        if not _in_body(model, f"{name}.") and own and not missing & set(own):
            for part in module.modules():
                if isinstance(part, nn.Linear):
                    nn.init.normal_(part.weight, std=0.02)
                    if part.bias is not None:
                        nn.init.zeros_(part.bias)
    return _ready(model)


@torch.no_grad()
def begin_with(model: nn.Module, bias: Tensor) -> None:
    """Set the bias of a token classifier's head, shape (n_tags,); a head without one is left."""
    for name, module in model.named_modules():
        out = isinstance(module, nn.Linear) and module.out_features == len(bias)
        if out and module.bias is not None and not _in_body(model, name):
            module.bias.copy_(bias)


def load_trained(backbone: Backbone) -> nn.Module:
    """Return a token classifier as it was saved, in float32, in evaluation mode.

    Raises
    ------
    InputError
        As `load_classifier` does, or its head is missing.
    """
    model, info = _loaded(backbone)
    if info["missing_keys"]:
        raise InputError(
            f"the weights of the token classifier are incomplete: {min(info['missing_keys'])} is"
            " missing",
            where=str(backbone.folder),
        )
    return _ready(model).eval()


def _loaded(backbone: Backbone, **settings: Any) -> tuple[nn.Module, dict[str, Any]]:
    from transformers import AutoModelForTokenClassification

    try:
        with quiet():
            return AutoModelForTokenClassification.from_pretrained(
                str(backbone.folder),
                local_files_only=True,
                use_safetensors=True,
                trust_remote_code=False,
                output_loading_info=True,
                **settings,
            )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        if isinstance(error, torch.OutOfMemoryError):
            raise
        reason = " ".join(str(error).split())
        if "remote code" in reason or "custom code" in reason:
            reason = "it needs code of its own, which is never run"
        elif "Unrecognized configuration class" in reason:
            reason = "transformers has no token classifier for this architecture"
        raise InputError(
            f"the backbone {backbone.name!r} cannot be loaded: {reason[:200]}",
            where=str(backbone.folder),
        ) from error


def _in_body(model: nn.Module, key: str) -> bool:
    return key.startswith(f"{model.base_model_prefix}.")


def _ready(model: nn.Module) -> nn.Module:
    model = model.float()
    if getattr(model.config, "use_cache", False):
        model.config.use_cache = False  # a decoder would keep what only generation needs
    return model


@torch.no_grad()
def reads_left_to_right(model: nn.Module, pieces: tuple[int, int, int]) -> bool:
    """Tell a decoder from an encoder: in one, the last piece does not change the first's state.

    Parameters
    ----------
    model : torch.nn.Module
        A token classifier, on any device; its mode is restored.
    pieces : tuple of int
        Three different vocabulary numbers.
    """
    training = model.training
    model.eval()
    first, other, last = pieces
    device = next(model.parameters()).device
    ids = torch.tensor([[first, other, last], [first, other, other]], device=device)
    body = getattr(model, model.base_model_prefix)
    states = body(input_ids=ids, attention_mask=torch.ones_like(ids))[0].float()
    model.train(training)
    change = (states[0, 0] - states[1, 0]).abs().max()
    return bool(change <= 1e-6 * states.abs().max())
