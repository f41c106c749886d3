"""A spaCy layer around any Hugging Face encoder: ``suffice.Transformer.v1``.

spacy-transformers 1.4 wants transformers below 4.53; spacy-curated-transformers 2 wants thinc 9,
which spaCy 3.8 does not go with, and 0.3 knows four encoders, through weights of transformers.
This layer needs what the extra `train` installs, loads whatever `AutoModel` loads from safetensors,
and is saved whole within the pipeline: loading it needs neither the backbone nor a network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from thinc.api import ArgsKwargs, Model, PyTorchShim, torch2xp, xp2torch
from thinc.types import Floats2d

from suffice.learners.backbone import find

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from suffice.learners.spacy.encoder import Encoder


def transformer(
    backbone: str, width: int, window: int = 254, overlap: int = 64
) -> Model[list[Doc], list[Floats2d]]:
    """Return the layer, without weights until it is initialised or loaded.

    Parameters
    ----------
    backbone : str
        As `suffice.learners.backbone.find` takes it; looked for only when initialised.
    width : int
        The backbone's hidden size.
    window, overlap : int
        Word pieces that the backbone reads at once, and that neighbouring windows share.
    """
    shim = PyTorchShim(None, serialize_model=_to_bytes, deserialize_model=_from_bytes)
    return Model(
        "suffice-transformer",
        _forward,
        init=_init,
        shims=[shim],
        dims={"nO": width},
        attrs={"backbone": backbone, "window": window, "overlap": overlap},
    )


def _init(model: Model[list[Doc], list[Floats2d]], X: Any = None, Y: Any = None) -> None:
    from suffice.learners.spacy.encoder import Encoder

    shim = model.shims[0]
    if shim._model is None:
        a = model.attrs
        encoder = Encoder.of(find(a["backbone"]), a["window"], a["overlap"])
        shim._model = encoder.to(_device())


def _device() -> Any:
    """Return the torch device that goes with where spaCy computes."""
    from thinc.util import get_torch_default_device

    return get_torch_default_device()


def _forward(
    model: Model[list[Doc], list[Floats2d]], docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Any]:
    found, backward = model.shims[0](ArgsKwargs((docs,), {}), is_train)
    vectors = [cast(Floats2d, torch2xp(own)) for own in found]

    def backprop(gradients: list[Floats2d]) -> list[Doc]:
        pairs = [(y, xp2torch(d)) for y, d in zip(found, gradients, strict=True) if y.requires_grad]
        if pairs:
            outputs, given = zip(*pairs, strict=True)
            backward(ArgsKwargs((outputs,), {"grad_tensors": list(given)}))
        return []

    return vectors, backprop


def _to_bytes(encoder: Encoder) -> bytes:
    return encoder.to_bytes()


def _from_bytes(_: Any, data: bytes, device: Any) -> Encoder:
    from suffice.learners.spacy.encoder import Encoder

    return Encoder.from_bytes(data).to(device)
