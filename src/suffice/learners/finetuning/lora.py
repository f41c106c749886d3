"""Low-rank adapters instead of a backbone's weights (Hu et al. 2022), by the package peft."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from suffice.learners.finetuning.freezing import layers_of
from suffice.learners.options import FinetuneOptions
from suffice.optional import needs


def add_adapters(model: nn.Module, o: FinetuneOptions) -> Callable[[], None]:
    """Put adapters on every matrix of the layers that learn, and freeze the backbone.

    Parameters
    ----------
    model : torch.nn.Module
        A token classifier, changed in place; its head learns as before.
    o : FinetuneOptions
        Rank, scale, and how many layers from the bottom get none.

    Returns
    -------
    callable
        Merges the adapters into the weights: the model is an ordinary one again.

    Raises
    ------
    InputError
        peft is not installed.
    """
    with needs("the option lora_rank", extra="lora"):
        from peft import LoraConfig, LoraModel
    from transformers.pytorch_utils import Conv1D

    learning = {id(m) for layer in layers_of(model)[o.frozen_layers :] for m in layer.modules()}
    matrices = {
        name: isinstance(module, Conv1D)
        for name, module in model.named_modules()
        if id(module) in learning and isinstance(module, nn.Linear | Conv1D)
    }
    head = [p for p in model.parameters() if p.requires_grad and not _in_body(model, p)]
    adapted = LoraModel(
        model,
        LoraConfig(
            r=o.lora_rank,
            lora_alpha=o.lora_alpha or 2 * o.lora_rank,
            target_modules=sorted(matrices),
            fan_in_fan_out=any(matrices.values()),
        ),
        "default",
    )
    for parameter in head:
        parameter.requires_grad_(True)

    def merge() -> None:
        adapted.merge_and_unload()
        if hasattr(model, "peft_config"):
            del model.peft_config

    return merge


def _in_body(model: nn.Module, parameter: nn.Parameter) -> bool:
    body = getattr(model, model.base_model_prefix)
    return any(parameter is own for own in body.parameters())
