"""Any model in a folder, whoever wrote it, as a tagger."""

from __future__ import annotations

from pathlib import Path

from suffice.learners import registry
from suffice.learners.base import Tagger
from suffice.learners.saved import FILE, read
from suffice.optional import needs


def load(folder: Path) -> Tagger:
    """Return the tagger that `Tagger.save` wrote, or of a plain folder of Hugging Face or spaCy.

    Raises
    ------
    InputError
        It is neither, or its learner is not installed.
    """
    if not (folder / FILE).is_file() and (folder / "config.cfg").is_file():
        return registry.kind("spacy").load(folder)
    if not (folder / FILE).is_file() and (folder / "config.json").is_file():
        with needs("a Hugging Face model", extra="train"):
            from suffice.learners.finetuning.foreign import load_foreign

        return load_foreign(folder)
    return registry.kind(str(read(folder)["learner"])).load(folder)
