"""spaCy's pipelines, trained as spaCy trains them: the loop that the paper used."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from suffice import atomic
from suffice.corpus.document import Document, Span
from suffice.errors import InputError
from suffice.learners import saved
from suffice.learners.backbone import Backbone, find
from suffice.learners.base import Learner, Tagger
from suffice.learners.caveats import lost_spans
from suffice.learners.options import versions
from suffice.learners.spacy.config import SpacyOptions, blank, pipeline
from suffice.learners.spacy.training import clean, divide, examples, fit, laid, seeded
from suffice.learners.tags import Unlearnable
from suffice.optional import needs

if TYPE_CHECKING:
    from spacy.language import Language


class SpacyTagger(Tagger):
    """A spaCy pipeline that finds entities.

    Parameters
    ----------
    nlp : Language
        The pipeline.
    labels : sequence of str, optional
        Labels to keep; all unless given.
    about : mapping, optional
        What is written beside a kept model.
    status : str
        ``"ok"`` or ``"diverged"``.
    """

    def __init__(
        self,
        nlp: Language,
        labels: Sequence[str] | None = None,
        about: Mapping[str, Any] | None = None,
        status: str = "ok",
    ) -> None:
        self.nlp = nlp
        self.labels = None if labels is None else tuple(labels)
        self.status = status
        self._about = dict(about or {})

    def tag(self, documents: Sequence[Document]) -> list[list[Span]]:
        """Return the pipeline's entities."""
        if self.status != "ok":
            return [[] for _ in documents]
        docs = self.nlp.pipe(clean(document.text) for document in documents)
        return [
            [
                Span(ent.start_char, ent.end_char, ent.label_)
                for ent in doc.ents
                if self.labels is None or ent.label_ in self.labels
            ]
            for doc in docs
        ]

    def save(self, folder: Path) -> None:
        """Write a folder that `spacy.load` loads too, where suffice is installed.

        spaCy would write every word that it ever read beside the weights; of a pipeline trained
        here only the labels are written, since its layers need hashes and no strings.
        """
        self.nlp.to_disk(folder)
        if self.labels is not None:
            strings = json.dumps(sorted(self.labels)).encode()
            atomic.replace(folder / "vocab" / "strings.json", strings)
        saved.write(folder, Spacy.name, labels=self.labels, status=self.status, **self._about)


class Spacy(Learner):
    """A spaCy pipeline: embeddings of its own for a CPU, or a transformer; and `ner`.

    Parameters
    ----------
    options : mapping, optional
        See `SpacyOptions`.
    """

    name: ClassVar[str] = "spacy"
    code_version: ClassVar[int] = 1

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        self.options = SpacyOptions.parse(self.name, options)
        self._backbone: Backbone | None = None

    @property
    def backbone(self) -> Backbone | None:
        """Return the transformer's files; None for tok2vec, which has none."""
        if self.options.backbone is not None and self._backbone is None:
            self._backbone = find(self.options.backbone)
        return self._backbone

    @property
    def config(self) -> Mapping[str, Any]:
        """Return all that determines what `train` learns."""
        found = versions("spacy", "thinc", extra="spacy")
        if self.backbone is not None:
            found |= versions("torch", "transformers", "tokenizers")
        return {
            "learner": self.name,
            "code": self.code_version,
            "options": self.options.model_dump(mode="json", exclude_none=True),
            "backbone": self.backbone.digest if self.backbone else None,
            "number_format": "float32",
            "versions": found,
        }

    def prepare(self, documents: Sequence[Document], cache: Path) -> None:
        """Do nothing: every weight changes, so runs share no work."""

    def caveats(self, documents: Sequence[Document]) -> tuple[str, ...]:
        """Say which spans are lost, and whether the evaluation set chose the model."""
        nlp = blank(self.options.language)
        lost = Unlearnable()
        for document in documents:
            lost += laid(nlp, document, {s.label for s in document.spans})[1]
        said = lost_spans(lost)
        if self.looks_at_evaluation:
            said = (
                "the evaluation set decided when training stopped and which checkpoint was kept, "
                "as in the paper: every F1 is too good, and small evaluation sets make it worse; "
                "selection = 'training' has no such error",
                *said,
            )
        return said

    @property
    def looks_at_evaluation(self) -> bool:
        """Whether the evaluation set chooses the checkpoint."""
        return self.options.selection == "evaluation"

    def train(self, documents: Sequence[Document], labels: Sequence[str], seed: int) -> Tagger:
        """Train; a part of the documents decides when to stop and which checkpoint is kept.

        Raises
        ------
        InputError
            The evaluation set shall decide, and is not given.
        """
        if self.looks_at_evaluation:
            raise InputError(
                "selection = 'evaluation' needs the evaluation set, which only a study has",
                remedy="use selection = 'training'",
            )
        learnt, held = divide(documents, self.options.held_out, np.random.default_rng(seed))
        return self._train(learnt, held, labels, seed)

    def train_selecting(
        self,
        documents: Sequence[Document],
        labels: Sequence[str],
        seed: int,
        evaluation: Sequence[Document],
    ) -> Tagger:
        """Train; the evaluation set decides, as in the paper. Its F1 is then too good."""
        return self._train(documents, evaluation, labels, seed)

    def _train(
        self,
        learnt: Sequence[Document],
        deciding: Sequence[Document],
        labels: Sequence[str],
        seed: int,
    ) -> SpacyTagger:
        with seeded(seed):
            nlp = pipeline(self.options, self.backbone)
            finite = fit(
                nlp, examples(nlp, learnt, labels), examples(nlp, deciding, labels), labels
            )
        about = {"options": self.options.model_dump(mode="json", exclude_none=True)}
        return SpacyTagger(nlp, labels, about, "ok" if finite else "diverged")

    @classmethod
    def load(cls, folder: Path) -> Tagger:
        """Return the tagger that was kept, or that of any spaCy pipeline's folder.

        Raises
        ------
        InputError
            It is not one, or it finds no entities.
        """
        about = saved.read(folder) if (folder / saved.FILE).exists() else {}
        nlp = load_pipeline(str(folder))
        rest = {"options": about["options"]} if "options" in about else {}
        return SpacyTagger(nlp, about.get("labels"), rest, about.get("status", "ok"))

    def cost(self, sentences: float, tokens: float) -> float:
        """Return a rough number of seconds on one core."""
        o = self.options
        words = min(tokens, o.batch_words)
        steps = min(o.max_steps, o.patience + o.eval_frequency + tokens / 40)
        scored = steps / o.eval_frequency * o.held_out * tokens
        if o.architecture == "tok2vec":
            return 2.0 + steps * (0.02 + 1.2e-4 * words) + 5e-5 * scored
        return 3.0 + steps * (0.2 + 9e-4 * words) + 3e-4 * scored


def load_pipeline(name: str) -> Language:
    """Return an installed spaCy pipeline or one in a folder.

    Raises
    ------
    InputError
        It is not there, needs something that is not installed, or finds no entities.
    """
    with needs("a spaCy pipeline", extra="spacy"):
        import spacy
    try:
        nlp = spacy.load(name)
    except (OSError, ValueError, ImportError, KeyError) as error:
        reason = str(error).strip().partition("\n")[0][:200]
        raise InputError(
            f"is not a spaCy pipeline that can be loaded here: {reason}", where=name
        ) from error
    if not any("doc.ents" in nlp.get_pipe_meta(pipe).assigns for pipe in nlp.pipe_names):
        raise InputError("this pipeline finds no entities", where=name)
    nlp.max_length = 2**31 - 1
    return nlp
