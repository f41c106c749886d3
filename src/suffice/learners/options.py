"""The options of a learner, checked: an unknown name or a wrong value is the user's to mend."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from suffice.errors import InputError
from suffice.learners.backbone import BUNDLED, number_format
from suffice.learners.device import Kind, gpu_number_format, kind_here
from suffice.optional import missing

NumberFormat = Literal["bfloat16", "float32", "float16"]


class Settings(BaseModel):
    """A learner's options, checked."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def parse(cls, learner: str, options: Mapping[str, Any] | None) -> Self:
        """Return checked options.

        Raises
        ------
        InputError
            A name is unknown or a value is not allowed.
        """
        try:
            return cls.model_validate(dict(options or {}))
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False)[0]
            name = ".".join(map(str, first["loc"]))
            reason = first["msg"].removeprefix("Value error, ")
            if first["type"] == "extra_forbidden":
                raise InputError(
                    f"the learner {learner!r} has no option {name!r}",
                    remedy=f"it has: {', '.join(sorted(cls.model_fields))}",
                ) from None
            if not name:
                raise InputError(f"the learner {learner!r} cannot do this: {reason}") from None
            raise InputError(
                f"the option {name!r} of the learner {learner!r} is wrong: {reason}"
            ) from None


class Options(Settings):
    """What all learners on a backbone share.

    Parameters
    ----------
    backbone : str
        The bundled one's name, a local folder, or a name on the Hugging Face Hub.
    number_format : {"auto", "bfloat16", "float32"}
        In which to compute; ``"auto"`` becomes what this machine is fastest in, and stays so.
    window, overlap : int
        Word pieces that the backbone reads at once, and that neighbouring windows share.
    """

    backbone: str = BUNDLED
    number_format: NumberFormat = "float32"
    window: int = 254
    overlap: int = 64

    @field_validator("number_format", mode="before")
    @classmethod
    def _decided(cls, value: Any) -> Any:
        return number_format() if value == "auto" else value

    @field_validator("number_format")
    @classmethod
    def _fast_enough(cls, value: NumberFormat) -> NumberFormat:
        if value == "float16":
            raise ValueError("processors emulate float16, far too slowly")
        return value

    @classmethod
    def parse(cls, learner: str, options: Mapping[str, Any] | None) -> Self:
        """Return checked options, with the number format decided for this machine."""
        return super().parse(learner, {"number_format": "auto", **(options or {})})


def versions(*packages: str, extra: str = "train") -> dict[str, str]:
    """Return the versions of installed packages, and of the Unicode tables that words rest on.

    Parameters
    ----------
    *packages : str
        Their names on the package index.
    extra : str
        The extra of suffice that installs them.

    Raises
    ------
    InputError
        One of them is not installed.
    """
    found = {"unicode": unicodedata.unidata_version}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            raise missing("the learner", package, extra) from None
    return found


class ProbeOptions(Options):
    """Settings of the probe.

    Parameters
    ----------
    layers : tuple of int
        Which hidden states of the backbone are kept; 0 is the embeddings' output.
    projection, hidden, embedding : int
        Widths of the learnt projection of the hidden states, of the LSTM in each direction, and
        of each lexical embedding.
    dropout : float
        The dropout of the LSTM's input and output; the same units for all words of a segment.
    learning_rate, weight_decay : float
        The learning rate and weight decay of AdamW.
    warmup : float
        The share of the steps in which the learning rate rises; afterwards it falls to zero.
    epochs, min_steps, max_steps : int
        Steps are ``epochs`` passes, but never fewer than the one nor more than the other number:
        small samples need as many steps as larger ones.
    batch_words : int
        Words to a step, padding included.
    average : float
        The share of the steps, at the end, whose weights are averaged.
    core, halo : int
        Words that a segment is learnt from, and of context on each side.
    """

    layers: tuple[int, ...] = (0, 2, 4, 6)
    projection: int = Field(192, ge=1)
    hidden: int = Field(128, ge=1)
    embedding: int = Field(64, ge=1)
    dropout: float = Field(0.5, ge=0, lt=1)
    learning_rate: float = Field(7e-3, gt=0)
    weight_decay: float = Field(0.01, ge=0)
    warmup: float = Field(0.1, ge=0, le=1)
    epochs: int = Field(8, ge=1)
    min_steps: int = Field(150, ge=1)
    max_steps: int = Field(4000, ge=1)
    batch_words: int = Field(300, ge=1)
    average: float = Field(0.4, ge=0, le=1)
    core: int = Field(32, ge=4)
    halo: int = Field(4, ge=0)

    @field_validator("layers")
    @classmethod
    def _some_layers(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if not value or min(value) < 0 or len(set(value)) < len(value):
            raise ValueError("give different layer numbers, from 0")
        return value


class FinetuneOptions(Options):
    """Settings of the fine-tune.

    Parameters
    ----------
    device : {"auto", "cpu", "cuda", "mps"}
        What to train on; ``"auto"`` becomes the best that this machine has, and stays so. Which of
        several GPUs is not an option but the environment's to say (`suffice.learners.device`).
    number_format : {"auto", "bfloat16", "float32", "float16"}
        As for all; on a GPU it is that of mixed precision, and float16 is for CUDA alone.
    learning_rate : float, optional
        The highest, of AdamW with bias correction; by `default_learning_rate` unless given.
    weight_decay : float
        The weight decay of AdamW, on matrices only.
    warmup : float
        The share of the steps in which the learning rate rises; afterwards it falls to zero.
    epochs, min_steps, max_steps : int
        Steps are ``epochs`` passes, but never fewer than the one nor more than the other number:
        small samples need as many steps as larger ones.
    batch_pieces : int
        Word pieces to a step, padding included.
    micro_pieces : int
        Word pieces that go through the model at once; the gradients of a step's parts are added
        up. 0 is all at once; a GPU whose memory is full halves it by itself.
    clip : float
        The greatest norm of a gradient.
    average : float
        The share of the steps, at the end, whose weights are averaged. Not with early stopping.
    patience : int
        Early stopping: how many checks may pass without a better F1 on the part of the training
        set that is held out for it. 0 means that all steps are made and nothing is held out.
    held_out : float
        The share of the training set's documents (whole groups) that is held out then.
    frozen_layers : int
        The embeddings and so many layers from the bottom keep their pretrained weights; what they
        compute is kept on disk for all runs.
    lora_rank : int
        Above 0, low-rank adapters of this rank are trained instead of the backbone's weights
        (Hu et al. 2022), and merged into them at the end.
    lora_alpha : int
        The adapters' scale; 0 is twice the rank.
    """

    device: Kind = "cpu"
    learning_rate: float | None = Field(None, gt=0)
    weight_decay: float = Field(0.01, ge=0)
    warmup: float = Field(0.1, ge=0, le=1)
    epochs: int = Field(10, ge=1)
    min_steps: int = Field(150, ge=1)
    max_steps: int = Field(9000, ge=1)
    batch_pieces: int = Field(256, ge=1)
    micro_pieces: int = Field(0, ge=0)
    clip: float = Field(1.0, gt=0)
    average: float = Field(0.2, ge=0, le=1)
    patience: int = Field(0, ge=0)
    held_out: float = Field(0.2, gt=0, lt=1)
    frozen_layers: int = Field(0, ge=0)
    lora_rank: int = Field(0, ge=0)
    lora_alpha: int = Field(0, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _on_this_machine(cls, values: Any) -> Any:
        """Decide on the device first: the number format depends on it."""
        if not isinstance(values, dict):
            return values
        kind = values.get("device", "auto")
        if kind == "auto":
            kind = kind_here()
        formats = values.get("number_format", "float32")
        if formats == "auto" and kind == "cuda":
            formats = gpu_number_format()
        elif formats == "auto" and kind == "mps":
            formats = "float32"
        return {**values, "device": kind, "number_format": formats}

    @field_validator("number_format")
    @classmethod
    def _fast_enough(cls, value: NumberFormat) -> NumberFormat:
        return value  # judged with the device, below

    @model_validator(mode="after")
    def _fits_the_device(self) -> Self:
        if self.number_format == "float16" and self.device != "cuda":
            raise ValueError("'number_format' float16 is for CUDA GPUs; others emulate it, slowly")
        return self

    def settled(self, hidden_size: int) -> Self:
        """Return the options with the learning rate filled in, for a backbone of this width."""
        if self.learning_rate is not None:
            return self
        chosen = default_learning_rate(hidden_size, lora=self.lora_rank > 0)
        return self.model_copy(update={"learning_rate": chosen})


_RATES = ((512, 3e-4, 1e-3), (800, 5e-5, 5e-4), (1100, 2e-5, 3e-4))


def default_learning_rate(hidden_size: int, *, lora: bool = False) -> float:
    """Return the learning rate for a backbone of this width.

    Wider backbones want smaller steps. Up to 512 wide (MiniLM, ELECTRA-small): 3e-4, as Turc et al.
    (2019) and Clark et al. (2020) have it for small models, and as was measured here for MiniLM. Up
    to 800 (the *base* models): 5e-5, the upper end of Devlin et al. (2019). Up to 1,100 (*large*):
    2e-5, as Mosbach et al. (2021) recommend; wider still: 1e-5. Adapters take larger steps, by
    Hu et al. (2022): 1e-3, 5e-4, 3e-4 and 2e-4.

    Parameters
    ----------
    hidden_size : int
        The hidden size of the backbone's hidden states.
    lora : bool
        Whether low-rank adapters are trained instead of the weights.

    Examples
    --------
    >>> [default_learning_rate(width) for width in (384, 768, 1024, 2560)]
    [0.0003, 5e-05, 2e-05, 1e-05]
    """
    for width, full, adapters in _RATES:
        if hidden_size <= width:
            return adapters if lora else full
    return 2e-4 if lora else 1e-5
