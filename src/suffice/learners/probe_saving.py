"""A probe's head in a folder, and how it is loaded again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from suffice.errors import InputError
from suffice.learners import saved
from suffice.learners.backbone import Backbone
from suffice.learners.options import ProbeOptions
from suffice.learners.probe_head import Head, HeadTagger, Lookup, Vocabulary
from suffice.learners.tags import tag_names

_WEIGHTS = "head.safetensors"
_KNOWN = "vocabulary.safetensors"


def save(tagger: HeadTagger, backbone: Backbone, folder: Path) -> None:
    """Write the head's weights, its vocabulary's hashes, and which backbone it belongs to.

    Raises
    ------
    InputError
        The run diverged.
    """
    if tagger.status != "ok":
        raise InputError("the run diverged: there is no model worth keeping")
    folder.mkdir(parents=True, exist_ok=True)
    weights = {k: v.detach().cpu().numpy() for k, v in tagger.head.state_dict().items()}
    save_file(weights, folder / _WEIGHTS)
    save_file(
        {str(kind): known for kind, known in enumerate(tagger.vocabulary.known)}, folder / _KNOWN
    )
    saved.write(
        folder,
        "probe",
        labels=list(tagger.labels),
        options=tagger.options.model_dump(mode="json"),
        backbone={"name": backbone.name, "sha256": backbone.digest},
    )


def load(
    folder: Path, opened: Callable[[ProbeOptions], tuple[Backbone, Lookup, int]]
) -> HeadTagger:
    """Return the tagger that `save` wrote.

    Parameters
    ----------
    folder : Path
        Where it lies.
    opened : callable
        Returns the backbone of some options, what encodes texts with it, and the width of that.

    Raises
    ------
    InputError
        The folder is damaged, or the backbone is not the one that the head was trained on.
    """
    about = saved.read(folder)
    where = str(folder / saved.FILE)
    try:
        labels = tuple(map(str, about["labels"]))
        wanted = str(about["backbone"]["sha256"])
        options = ProbeOptions.parse("probe", about["options"])
    except (KeyError, TypeError) as error:
        raise InputError("is damaged", where=where) from error
    backbone, lookup, width = opened(options)
    if backbone.digest != wanted:
        raise InputError(
            f"the head was trained on other weights of the backbone {backbone.name!r} than those"
            " that are here now",
            remedy=f"bring back the weights whose SHA-256 begins with {wanted[:12]}",
            where=where,
        )
    try:
        known = load_file(folder / _KNOWN)
        weights = load_file(folder / _WEIGHTS)
        vocabulary = Vocabulary([known[str(kind)] for kind in range(len(known))])
        head = Head.of_weights(options, width, vocabulary.sizes, len(tag_names(labels)), weights)
    except (OSError, SafetensorError, KeyError, RuntimeError) as error:
        raise InputError("the head's weights are missing or damaged", where=str(folder)) from error
    return HeadTagger(head, vocabulary, labels, lookup, width, options, "ok", backbone)
