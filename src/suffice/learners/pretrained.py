"""A model as it is, trained on none of the training sets: where F1 stands with no annotation."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from suffice.corpus.document import Document, Span
from suffice.errors import InputError
from suffice.learners import kept, saved
from suffice.learners.base import Learner, Tagger
from suffice.learners.options import Settings, versions

_SAMPLE = 100
_PACKAGES = {"spacy": ("spacy",), "gliner": ("gliner", "torch"), "kept": ()}


class PretrainedOptions(Settings):
    """Settings of a model that is used as it is.

    Parameters
    ----------
    model : str
        An installed spaCy pipeline, the folder of one, a folder of a model that suffice kept or of
        a Hugging Face token classification model, or GLiNER's folder or name on the Hub.
    kind : {"auto", "spacy", "kept", "gliner"}
        What it is; found out unless given.
    labels : mapping of str to str
        What the model's labels are called in the corpus. For GLiNER the keys are what it is asked
        for, in words. Labels that are the corpus's own need not be named; others are dropped.
    threshold : float
        How sure GLiNER must be.
    """

    model: str = Field(min_length=1)
    kind: Literal["auto", "spacy", "kept", "gliner"] = "auto"
    labels: dict[str, str] = Field(default_factory=dict)
    threshold: float = Field(0.5, ge=0, le=1)

    @field_validator("model")
    @classmethod
    def _absolute(cls, value: str) -> str:
        folder = Path(value).expanduser()
        return str(folder.resolve()) if folder.is_dir() else value


class MappedTagger(Tagger):
    """A tagger whose labels are renamed to those of the corpus; others are dropped.

    Parameters
    ----------
    tagger : Tagger
        The model.
    names : mapping of str to str
        Its labels' names in the corpus.
    labels : sequence of str
        The corpus's labels.
    """

    def __init__(self, tagger: Tagger, names: Mapping[str, str], labels: Sequence[str]) -> None:
        self._tagger = tagger
        self._names = {**{label: label for label in labels}, **names}
        self._labels = frozenset(labels)
        self.status = tagger.status

    def tag(self, documents: Sequence[Document]) -> list[list[Span]]:
        """Return what the model finds, in the corpus's labels."""
        return [
            sorted(
                Span(span.start, span.end, name)
                for span in spans
                if (name := self._names.get(span.label)) in self._labels and name is not None
            )
            for spans in self._tagger.tag(documents)
        ]


class Pretrained(Learner):
    """A model that is used as it is, whatever the training set.

    Parameters
    ----------
    options : mapping
        See `PretrainedOptions`.
    """

    name: ClassVar[str] = "pretrained"

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        self.options = PretrainedOptions.parse(self.name, options)
        self._model: tuple[tuple[str, ...], Tagger] | None = None

    @property
    def config(self) -> Mapping[str, Any]:
        """Return the settings and a hash of the model's files."""
        kind = _kind(self.options)
        return {
            "learner": self.name,
            "code": 1,
            "options": {**self.options.model_dump(mode="json"), "kind": kind},
            "model": _digest(_folder(self.options.model, kind)),
            "versions": versions(*_PACKAGES[kind], extra=kind),
        }

    def prepare(self, documents: Sequence[Document], cache: Path) -> None:
        """Do nothing."""

    def caveats(self, documents: Sequence[Document]) -> tuple[str, ...]:
        """Say what the model is, and what of its findings has no label in the corpus."""
        said = [
            "the model is used as it is: its F1 is that of no annotated sentences, and the size of "
            "a training set changes nothing"
        ]
        own = sorted({span.label for document in documents for span in document.spans})
        names = {**{label: label for label in own}, **self.options.labels}
        sample = list(documents)[:: max(1, len(documents) // _SAMPLE)][:_SAMPLE]
        tagger = self._tagger(own)
        found = Counter(s.label for spans in tagger.tag(sample) for s in spans)
        said += tagger.notes
        dropped = {label: n for label, n in found.items() if names.get(label) not in own}
        if dropped:
            said.append(
                f"in {len(sample):,} documents, {sum(dropped.values()):,} of {found.total():,} "
                "spans that the model found have labels without a counterpart in the corpus and "
                f"were dropped: {', '.join(sorted(dropped))}"
            )
        never = [label for label in own if label not in {names.get(label) for label in found}]
        if never:
            said.append(f"the model found none of: {', '.join(never)}")
        return tuple(said)

    def train(self, documents: Sequence[Document], labels: Sequence[str], seed: int) -> Tagger:
        """Return the model; the documents are not looked at."""
        return MappedTagger(self._tagger(labels), self.options.labels, labels)

    def cost(self, sentences: float, tokens: float) -> float:
        """Return next to nothing."""
        return 0.01

    def _tagger(self, labels: Sequence[str]) -> Tagger:
        """Return the model, loaded once for the same labels."""
        asked = tuple(labels)
        if self._model is None or self._model[0] != asked:
            self._model = (asked, self._load(asked))
        return self._model[1]

    def _load(self, labels: tuple[str, ...]) -> Tagger:
        o = self.options
        kind = _kind(o)
        if kind == "spacy":
            from suffice.learners.spacy.pipeline import SpacyTagger, load_pipeline

            return SpacyTagger(load_pipeline(o.model))
        if kind == "gliner":
            from suffice.learners.gliner import GlinerTagger

            named = set(o.labels.values())
            asked = [*o.labels, *(label for label in labels if label not in named)]
            return GlinerTagger(_folder(o.model, kind), asked, o.threshold)
        return kept.load(Path(o.model))


def _kind(o: PretrainedOptions) -> Literal["spacy", "kept", "gliner"]:
    if o.kind != "auto":
        return o.kind
    folder = Path(o.model)
    if not folder.is_dir():
        if o.model.isidentifier() and find_spec(o.model) is not None:
            return "spacy"
        if "gliner" in o.model.lower():
            return "gliner"
        raise InputError(
            f"the model {o.model!r} is neither a folder nor an installed spaCy pipeline",
            remedy="install it, as with pip install en_core_web_sm, or name a folder; "
            "for GLiNER from the Hub add `options` kind=gliner",
        )
    if (folder / saved.FILE).is_file():
        return "kept"
    if (folder / "config.cfg").is_file():
        return "spacy"
    return "gliner" if (folder / "gliner_config.json").is_file() else "kept"


def _folder(model: str, kind: str) -> Path:
    folder = Path(model)
    if folder.is_dir():
        return folder
    if kind == "gliner":
        from suffice.learners.backbone import find

        return find(model).folder
    spec = find_spec(model) if model.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        raise InputError(
            f"there is no installed spaCy pipeline {model!r}",
            remedy=f"pip install {model}, or name its folder",
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _digest(folder: Path) -> str:
    """Return a hash of the names and contents of a folder's files."""
    whole = hashlib.sha256()
    for file in sorted(f for f in folder.rglob("*") if f.is_file() and f.suffix != ".pyc"):
        with file.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        whole.update(f"{file.relative_to(folder).as_posix()}\0{content}\n".encode())
    return whole.hexdigest()
