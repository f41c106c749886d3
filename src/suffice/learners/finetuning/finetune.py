"""Full fine-tuning of a pretrained model for token classification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from suffice.corpus.document import Document
from suffice.learners.base import Tagger
from suffice.learners.on_backbone import BackboneLearner
from suffice.learners.options import FinetuneOptions, versions
from suffice.learners.probing.features import FeatureArray, FeatureStore, store_name

if TYPE_CHECKING:
    from suffice.learners.finetuning.freezing import FrozenPrefix
    from suffice.learners.finetuning.inputs import Cutter


class Finetune(BackboneLearner):
    """Full fine-tuning: every weight of the backbone and a linear layer over its tags.

    In an encoder a word's tag is learnt at, and read off, its first piece, as is usual for Hugging
    Face token classification; in a decoder (GPT-2, Llama), which reads from left to right, its
    last, since it has not seen the whole word before. Either way the tagger is an ordinary model of
    that kind.

    Parameters
    ----------
    options : mapping, optional
        See `FinetuneOptions`.
    """

    name: ClassVar[str] = "finetune"
    settings = FinetuneOptions
    code_version = 3
    packages = ("torch", "transformers", "tokenizers")
    options: FinetuneOptions

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        super().__init__(options)
        self._store: FeatureStore | None = None

    @property
    def settled(self) -> FinetuneOptions:
        """Return the options with what depends on the backbone filled in."""
        return self.options.settled(self.backbone.hidden_size)

    @property
    def config(self) -> Mapping[str, Any]:
        """Return all that determines what `train` learns."""
        packages = (*self.packages, "peft") if self.options.lora_rank else self.packages
        return {
            **super().config,
            "options": self.settled.model_dump(mode="json"),
            "versions": versions(*packages),
        }

    def prepare(self, documents: Sequence[Document], cache: Path) -> None:
        """Compute what frozen layers make of the texts; without frozen layers, do nothing."""
        if not self.options.frozen_layers:
            return
        store = self._store_in(cache)
        store.refresh()
        missing = [t for t in dict.fromkeys(d.text for d in documents) if t not in store]
        if missing:
            import torch

            from suffice.learners.finetuning.classifier import classifier
            from suffice.learners.finetuning.freezing import FrozenPrefix, encoded
            from suffice.learners.finetuning.tagger import autocast

            o = self.options
            with torch.random.fork_rng(devices=[]):
                model, cutter = classifier(self.backbone, ("O", "B"), o)
            prefix = FrozenPrefix(model, o.frozen_layers)
            store.add(encoded(missing, prefix, cutter, lambda: autocast(o)))

    def _store_in(self, cache: Path) -> FeatureStore:
        from suffice.learners.finetuning.freezing import PieceStore

        o = self.options
        recipe = {
            "backbone": self.backbone.digest,
            "frozen_layers": o.frozen_layers,
            "window": o.window,
            "overlap": o.overlap,
            "number_format": o.number_format,
            "device": o.device,
            **versions("transformers", "tokenizers"),
        }
        folder = cache / store_name(recipe)
        if self._store is None or self._store.folder != folder:
            self._store = PieceStore(folder)
        return self._store

    def _activations(
        self, texts: Sequence[str], prefix: FrozenPrefix, cutter: Cutter
    ) -> list[FeatureArray]:
        """Return what the frozen layers make of each text, from the cache or computed now."""
        from suffice.learners.finetuning.freezing import encoded
        from suffice.learners.finetuning.tagger import autocast

        store = self._store
        found = {t: rows for t in texts if store and (rows := store.get(t)) is not None}
        missing = list(dict.fromkeys(t for t in texts if t not in found))
        if missing:
            found |= dict(encoded(missing, prefix, cutter, lambda: autocast(self.options)))
        return [found[t] for t in texts]

    def train(self, documents: Sequence[Document], labels: Sequence[str], seed: int) -> Tagger:
        """Train a copy of the backbone on the documents."""
        from suffice.learners.finetuning.classifier import train_classifier

        return train_classifier(
            documents, tuple(labels), self.backbone, self.settled, seed, self._activations
        )

    @classmethod
    def load(cls, folder: Path) -> Tagger:
        """Return the tagger that was kept in a folder.

        Raises
        ------
        InputError
            The folder does not hold a fine-tuned model.
        """
        from suffice.learners.finetuning.tagger import load_tagger

        return load_tagger(folder)

    def cost(self, sentences: float, tokens: float) -> float:
        """Return a rough number of seconds on one core."""
        o = self.options
        pieces = 1.35 * tokens + 2 * sentences
        steps = max(o.min_steps, min(o.epochs * pieces / (0.85 * o.batch_pieces), o.max_steps))
        return 1.0 + steps * (0.025 + 3.2e-4 * min(pieces, 0.85 * o.batch_pieces))
