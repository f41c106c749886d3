"""GLiNER, which finds entities by the names of their labels, without training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from suffice.corpus.document import Document, Span
from suffice.corpus.sentences import sentences
from suffice.errors import InputError
from suffice.learners.base import Tagger
from suffice.optional import needs


class GlinerTagger(Tagger):
    """A GLiNER model, asked for some labels.

    Parameters
    ----------
    folder : Path
        With ``gliner_config.json`` and safetensors weights; pickled ones are refused.
    labels : sequence of str
        What it is asked for.
    threshold : float
        How sure it must be, in [0, 1].

    Raises
    ------
    InputError
        GLiNER is not installed, or the weights are pickled.
    """

    def __init__(self, folder: Path, labels: Sequence[str], threshold: float) -> None:
        with needs("this model", extra="gliner"):
            from gliner import GLiNER
        if not (folder / "model.safetensors").is_file():
            raise InputError(
                "has no model.safetensors (pickled weights are never loaded)",
                remedy="where you trust them, convert them with GLiNER: "
                "model.save_pretrained(folder, safe_serialization=True)",
                where=str(folder),
            )
        self._model = GLiNER.from_pretrained(str(folder), local_files_only=True)
        self._model.eval()
        self._labels = list(labels)
        self._threshold = threshold

    def tag(self, documents: Sequence[Document]) -> list[list[Span]]:
        """Return what it finds, sentence by sentence: it cuts off text beyond some 384 words."""
        found = []
        for document in documents:
            own = []
            for start, end in sentences(document):
                text = document.text[start:end].encode("utf-8", "replace").decode()
                if not text.strip():
                    continue
                for e in self._model.predict_entities(
                    text, self._labels, threshold=self._threshold
                ):
                    own.append(Span(start + e["start"], start + e["end"], e["label"]))
            found.append(sorted(set(own)))
        return found
