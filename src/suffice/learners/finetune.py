"""Full fine-tuning of a pretrained encoder for token classification."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from suffice.corpus.document import Document
from suffice.learners.base import Tagger
from suffice.learners.on_backbone import BackboneLearner
from suffice.learners.options import FinetuneOptions


class Finetune(BackboneLearner):
    """Full fine-tuning: every weight of the backbone and a linear layer over its tags.

    A word's tag is learnt at, and read off, its first piece, as is usual for Hugging Face token
    classification, so that the tagger is an ordinary model of that kind.

    Parameters
    ----------
    options : mapping, optional
        See `FinetuneOptions`.
    """

    name: ClassVar[str] = "finetune"
    settings = FinetuneOptions
    code_version = 1
    packages = ("torch", "transformers", "tokenizers")
    options: FinetuneOptions

    def prepare(self, documents: Sequence[Document], cache: Path) -> None:
        """Do nothing: every weight changes, so runs share no work."""

    def train(self, documents: Sequence[Document], labels: Sequence[str], seed: int) -> Tagger:
        """Train a copy of the backbone on the documents."""
        from suffice.learners.classifier import train_classifier

        return train_classifier(documents, tuple(labels), self.backbone, self.options, seed)

    def cost(self, sentences: float, tokens: float) -> float:
        """Return a rough number of seconds on one core."""
        o = self.options
        pieces = 1.35 * tokens + 2 * sentences
        steps = max(o.min_steps, min(o.epochs * pieces / (0.85 * o.batch_pieces), o.max_steps))
        return 1.0 + steps * (0.04 + 4.7e-4 * min(pieces, o.batch_pieces))
