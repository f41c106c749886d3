"""The settings of the spaCy learner, and the configuration of the pipeline that they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from suffice.errors import InputError
from suffice.learners.backbone import BUNDLED, Backbone
from suffice.learners.options import Settings

if TYPE_CHECKING:
    from spacy.language import Language

TRANSFORMER = "suffice.Transformer.v1"
"""The name of our layer in spaCy's registry of architectures."""

_BY_ARCHITECTURE: dict[str, dict[str, Any]] = {
    "tok2vec": {
        "learning_rate": 1e-3,
        "warmup": 0,
        "batch_words": 1000,
        "accumulate": 1,
    },
    "transformer": {
        "backbone": BUNDLED,
        "learning_rate": 5e-5,
        "warmup": 250,
        "batch_words": 2000,
        "accumulate": 3,
    },
}
"""What spaCy's own template has (``spacy init config``), which differs between the two."""


class SpacyOptions(Settings):
    """Settings of the spaCy learner; the defaults are those of ``spacy init config``.

    Parameters
    ----------
    architecture : {"tok2vec", "transformer"}
        Embeddings learnt from nothing and convolutions, made for a CPU; or a pretrained backbone,
        which is meant too where one is named.
    language : str
        Whose tokenizer rules cut words, as ``en``, ``de``; ``xx`` for rules of no language.
    selection : {"training", "evaluation"}
        Which documents decide when to stop and which checkpoint is kept: a part of the training
        set, or, as the paper did, the evaluation set. The latter makes F1 too good.
    held_out : float
        The share of the training documents that decides, where training documents do.
    backbone : str, optional
        The backbone of the transformer alone: the bundled one's name, a local folder, or a name on
        the Hub.
    window, overlap : int
        Word pieces that the backbone reads at once, and that neighbouring windows share.
    max_steps, patience, eval_frequency : int
        Training stops after so many steps, or after so many without a better score; it is scored
        every so many.
    dropout : float
        The dropout, in all layers of spaCy's own; the backbone keeps that of its configuration.
    learning_rate : float
        The learning rate of Adam. The greatest one, where there is a warm-up.
    warmup : int
        Steps in which the learning rate rises; afterwards it falls to zero at `max_steps`. With 0
        it stays the same.
    batch_words : int
        Words to a step. Those of tok2vec grow to this from 100 words.
    accumulate : int
        Parts that a step's documents are cut into, one after the other, so that they fit memory.
    """

    architecture: Literal["tok2vec", "transformer"] = "tok2vec"
    language: str = Field("en", pattern=r"^[a-z]{2,3}$")
    selection: Literal["training", "evaluation"] = "training"
    held_out: float = Field(0.2, gt=0, lt=1)
    backbone: str | None = None
    window: int = Field(254, ge=8)
    overlap: int = Field(64, ge=0)
    max_steps: int = Field(20_000, ge=1)
    patience: int = Field(1600, ge=1)
    eval_frequency: int = Field(200, ge=1)
    dropout: float = Field(0.1, ge=0, lt=1)
    learning_rate: float = Field(gt=0)
    warmup: int = Field(ge=0)
    batch_words: int = Field(ge=1)
    accumulate: int = Field(ge=1)

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, values: Any) -> Any:
        if isinstance(values, Mapping):
            named = values.get("backbone") is not None
            kind = str(values.get("architecture") or ("transformer" if named else "tok2vec"))
            if named and kind == "tok2vec":
                raise ValueError("tok2vec has no backbone")
            return {"architecture": kind, **_BY_ARCHITECTURE.get(kind, {}), **values}
        return values


def pipeline(options: SpacyOptions, backbone: Backbone | None) -> Language:
    """Return the untrained pipeline: spaCy's default for a CPU, or a transformer and ner only.

    Parameters
    ----------
    options : SpacyOptions
        Settings.
    backbone : Backbone, optional
        The backbone of the transformer.
    """
    from spacy.cli.init_config import init_config
    from spacy.util import load_model_from_config

    o = options
    blank(o.language)
    config = init_config(lang=o.language, pipeline=["ner"], optimize="efficiency", silent=True)
    training = config["training"]
    training["dropout"] = o.dropout
    training["accumulate_gradient"] = o.accumulate
    training["patience"] = o.patience
    training["max_steps"] = o.max_steps
    training["eval_frequency"] = o.eval_frequency
    training["optimizer"]["learn_rate"] = (
        {
            "@schedules": "warmup_linear.v1",
            "warmup_steps": o.warmup,
            "total_steps": max(o.max_steps, o.warmup + 1),
            "initial_rate": o.learning_rate,
        }
        if o.warmup
        else o.learning_rate
    )
    if backbone is None:
        size = training["batcher"]["size"]
        size["start"], size["stop"] = min(size["start"], o.batch_words), o.batch_words
    else:
        # spaCy's own template leaves out documents that are longer than a batch; ours does not.
        training["batcher"] = {
            "@batchers": "spacy.batch_by_padded.v1",
            "discard_oversize": False,
            "size": o.batch_words,
            "buffer": 256,
            "get_length": None,
        }
        config["nlp"]["pipeline"] = ["ner"]
        config["nlp"]["batch_size"] = 128
        del config["components"]["tok2vec"]
        config["components"]["ner"]["model"]["use_upper"] = False
        config["components"]["ner"]["model"]["tok2vec"] = {
            "@architectures": TRANSFORMER,
            "backbone": backbone.name,
            "width": backbone.hidden_size,
            "window": o.window,
            "overlap": o.overlap,
        }
    nlp: Language = load_model_from_config(config, auto_fill=True)
    nlp.max_length = 2**31 - 1
    return nlp


def blank(language: str) -> Language:
    """Return a pipeline that only cuts words.

    Raises
    ------
    InputError
        spaCy does not know the language, or needs another package for it.
    """
    import spacy

    try:
        nlp = spacy.blank(language)
        nlp.make_doc("a")
    except ImportError as error:
        reason = str(error).partition("\n")[0][:200]
        raise InputError(
            f"spaCy cannot cut words of the language {language!r}: {reason}",
            remedy="`options` language=xx has rules of no language",
        ) from None
    nlp.max_length = 2**31 - 1
    return nlp
