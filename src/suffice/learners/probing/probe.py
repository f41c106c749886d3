"""The probe: a frozen backbone, encoded once, and a small sequence head trained on top.

Made to screen: it shows the shape of the learning curve at a fraction of a fine-tune's cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from suffice.corpus.document import Document
from suffice.learners.base import Tagger
from suffice.learners.on_backbone import BackboneLearner
from suffice.learners.options import ProbeOptions, versions
from suffice.learners.probing.features import FeatureArray, FeatureStore, store_name

if TYPE_CHECKING:
    from suffice.learners.backbone import Backbone
    from suffice.learners.probing.encoder import FrozenEncoder
    from suffice.learners.probing.network import Lookup

_MEMORY_BYTES = 256 * 1024 * 1024


class Probe(BackboneLearner):
    """The screening learner: frozen features, lexical features, a BiLSTM, valid BIO decoding.

    Parameters
    ----------
    options : mapping, optional
        See `ProbeOptions`.
    """

    name: ClassVar[str] = "probe"
    settings = ProbeOptions
    code_version = 3
    packages = ("torch", "transformers", "tokenizers", "icu4py")
    options: ProbeOptions

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        super().__init__(options)
        self._encoder: FrozenEncoder | None = None
        self._store: FeatureStore | None = None
        self._memory: dict[str, FeatureArray] = {}

    def prepare(self, documents: Sequence[Document], cache: Path) -> None:
        """Encode what has not been encoded yet, and remember where it lies."""
        store = self._store_in(cache)
        store.refresh()
        missing = [t for t in dict.fromkeys(d.text for d in documents) if t not in store]
        if missing:
            store.add(self._encode(missing))

    def _store_in(self, cache: Path) -> FeatureStore:
        o = self.options
        recipe = {
            "backbone": self.backbone.digest,
            "layers": o.layers,
            "window": o.window,
            "overlap": o.overlap,
            "number_format": o.number_format,
            **versions("transformers", "tokenizers"),
        }
        folder = cache / store_name(recipe)
        if self._store is None or self._store.folder != folder:
            self._store = FeatureStore(folder)
        return self._store

    def _encode(self, texts: Sequence[str]) -> Any:
        if self._encoder is None:
            from suffice.learners.probing.encoder import FrozenEncoder

            o = self.options
            self._encoder = FrozenEncoder(
                self.backbone, o.layers, o.window, o.overlap, o.number_format
            )
        return self._encoder(texts)

    def _rows(self, texts: Sequence[str]) -> list[FeatureArray]:
        """Return the rows of each text, from the cache or encoded now."""
        found: list[FeatureArray | None] = [None] * len(texts)
        if self._store is not None:
            found = [self._store.get(t) for t in texts]
        missing = {t for t, rows in zip(texts, found, strict=True) if rows is None}
        unknown = sorted(missing - self._memory.keys())
        if unknown:
            if sum(rows.nbytes for rows in self._memory.values()) > _MEMORY_BYTES:
                self._memory.clear()
                unknown = sorted(missing)
            self._memory |= dict(self._encode(unknown))
        return [
            self._memory[t] if rows is None else rows for t, rows in zip(texts, found, strict=True)
        ]

    def train(self, documents: Sequence[Document], labels: Sequence[str], seed: int) -> Tagger:
        """Train a head on the documents; they are encoded now unless `prepare` has done so."""
        from suffice.learners.probing.training import train_head

        width = self.backbone.hidden_size * len(self.options.layers)
        return train_head(
            documents, tuple(labels), self._rows, width, self.options, seed, self.backbone
        )

    @classmethod
    def load(cls, folder: Path) -> Tagger:
        """Return the tagger that was kept in a folder.

        Raises
        ------
        InputError
            The folder does not hold a probe, or its backbone is not here or has changed.
        """
        from suffice.learners.probing.tagger import load

        def opened(options: ProbeOptions) -> tuple[Backbone, Lookup, int]:
            probe = cls(options.model_dump(mode="json"))
            return probe.backbone, probe._rows, probe.backbone.hidden_size * len(options.layers)

        return load(folder, opened)

    def cost(self, sentences: float, tokens: float) -> float:
        """Return a rough number of seconds on one core."""
        o = self.options
        steps = min(max(o.min_steps, o.epochs * tokens / (0.85 * o.batch_words)), o.max_steps)
        return 0.3 + steps * (0.006 + 4.5e-5 * min(tokens, o.batch_words))
