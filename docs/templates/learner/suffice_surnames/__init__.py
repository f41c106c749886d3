"""A learner for suffice: replace what `train` and `tag` do by your own system."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from suffice.corpus.document import Document, Span
from suffice.errors import InputError
from suffice.learners import saved
from suffice.learners.base import Learner, Tagger

CAPITALISED = re.compile(r"\b[A-Z]\w*")


class SurnamesTagger(Tagger):
    """Gives a capitalised word the label that it had most often."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.known = dict(known)

    def tag(self, documents: Sequence[Document]) -> list[list[Span]]:
        """Return spans in character offsets, sorted; the documents' own are not looked at."""
        return [
            [
                Span(word.start(), word.end(), self.known[word.group()])
                for word in CAPITALISED.finditer(document.text)
                if word.group() in self.known
            ]
            for document in documents
        ]

    def save(self, folder: Path) -> None:
        """Write all that tagging needs."""
        (folder / "known.json").write_text(json.dumps(self.known), encoding="utf-8")
        saved.write(folder, Surnames.name)


class Surnames(Learner):
    """Remembers capitalised words."""

    name: ClassVar[str] = "surnames"

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        self.options = {"least": 1, **(options or {})}
        if set(self.options) != {"least"} or self.options["least"] < 1:
            raise InputError("the learner 'surnames' has one option, least, from 1")

    @property
    def config(self) -> Mapping[str, Any]:
        """Return all that determines what is learnt; it is part of each run's identity."""
        return {"options": self.options, "version": "0.1.0"}

    def prepare(self, documents: Sequence[Document], cache: Path) -> None:
        """Do work that all runs share, such as encoding; here there is none."""

    def train(self, documents: Sequence[Document], labels: Sequence[str], seed: int) -> Tagger:
        """Learn from these documents, and from nothing else; draw only from the seed."""
        seen: dict[str, Counter[str]] = {}
        for document in documents:
            for span in document.spans:
                if span.label in labels:
                    for word in CAPITALISED.findall(document.text[span.start : span.end]):
                        seen.setdefault(word, Counter())[span.label] += 1
        least = self.options["least"]
        return SurnamesTagger(
            {word: c.most_common(1)[0][0] for word, c in seen.items() if c.total() >= least}
        )

    @classmethod
    def load(cls, folder: Path) -> Tagger:
        """Return the tagger that `SurnamesTagger.save` wrote."""
        saved.read(folder)
        return SurnamesTagger(json.loads((folder / "known.json").read_text(encoding="utf-8")))

    def cost(self, sentences: float, tokens: float) -> float:
        """Return roughly how many seconds training takes."""
        return 0.01 + 1e-6 * tokens
