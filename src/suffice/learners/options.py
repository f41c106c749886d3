"""The options of a learner, checked: an unknown name or a wrong value is the user's to mend."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from suffice.errors import InputError
from suffice.learners.backbone import BUNDLED, number_format

NumberFormat = Literal["bfloat16", "float32"]


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
            name = ".".join(map(str, first["loc"])) or "options"
            if first["type"] == "extra_forbidden":
                raise InputError(
                    f"the learner {learner!r} has no option {name!r}",
                    remedy=f"it has: {', '.join(sorted(cls.model_fields))}",
                ) from None
            raise InputError(
                f"the option {name!r} of the learner {learner!r} is wrong: {first['msg']}"
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

    @classmethod
    def parse(cls, learner: str, options: Mapping[str, Any] | None) -> Self:
        """Return checked options, with the number format decided for this machine.

        Raises
        ------
        InputError
            A name is unknown or a value is not allowed.
        """
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
            raise InputError(
                f"the learner needs the package {package}", remedy=f"pip install 'suffice[{extra}]'"
            ) from None
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
        Of the LSTM's input and output; the same units for all words of a segment.
    learning_rate, weight_decay : float
        Of AdamW.
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
    projection: int = Field(256, ge=1)
    hidden: int = Field(192, ge=1)
    embedding: int = Field(64, ge=1)
    dropout: float = Field(0.5, ge=0, lt=1)
    learning_rate: float = Field(2e-3, gt=0)
    weight_decay: float = Field(0.01, ge=0)
    warmup: float = Field(0.1, ge=0, le=1)
    epochs: int = Field(16, ge=1)
    min_steps: int = Field(250, ge=1)
    max_steps: int = Field(2000, ge=1)
    batch_words: int = Field(600, ge=1)
    average: float = Field(0.4, ge=0, le=1)
    core: int = Field(32, ge=4)
    halo: int = Field(8, ge=0)

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
    learning_rate, weight_decay : float
        Of AdamW, with bias correction.
    warmup : float
        The share of the steps in which the learning rate rises; afterwards it falls to zero.
    epochs, min_steps, max_steps : int
        Steps are ``epochs`` passes, but never fewer than the one nor more than the other number:
        small samples need as many steps as larger ones.
    batch_pieces : int
        Word pieces to a step, padding included.
    clip : float
        The greatest norm of a gradient.
    average : float
        The share of the steps, at the end, whose weights are averaged.
    """

    learning_rate: float = Field(3e-4, gt=0)
    weight_decay: float = Field(0.01, ge=0)
    warmup: float = Field(0.1, ge=0, le=1)
    epochs: int = Field(14, ge=1)
    min_steps: int = Field(150, ge=1)
    max_steps: int = Field(3000, ge=1)
    batch_pieces: int = Field(800, ge=1)
    clip: float = Field(1.0, gt=0)
    average: float = Field(0.2, ge=0, le=1)
