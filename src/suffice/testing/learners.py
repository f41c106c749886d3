"""The suite that every learner passes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from suffice.corpus.document import Document, Span
from suffice.corpus.examples import load_example
from suffice.errors import InputError
from suffice.learners.base import Learner, Tagger


def check_learner(
    kind: type[Learner], cache: Path, *, options: Mapping[str, Any] | None = None
) -> None:
    """Train a learner a few times and check what `suffice.learners.base` asks of it.

    Parameters
    ----------
    kind : type
        The learner's class.
    cache : Path
        An empty folder.
    options : mapping, optional
        Settings that make it fast; scores are not looked at.

    Raises
    ------
    AssertionError
        It is not a learner; the message says what it lacks.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from suffice.learners.lookup import Lookup
    >>> check_learner(Lookup, Path(mkdtemp()))
    """
    learner = kind(options)
    _check_config(kind, learner)
    corpus = load_example(n=24)
    training, unseen, labels = corpus.documents[:12], corpus.documents[12:], corpus.labels
    learner.prepare(corpus.documents, cache)
    learner.prepare(corpus.documents, cache)

    tagger = learner.train(training, labels, 1)
    first = _tagged(tagger, unseen, labels)
    _check_kept(kind, tagger, first, unseen, cache / "kept")
    learner.train(unseen, labels, 2)
    again = _tagged(learner.train(training, labels, 1), unseen, labels)
    assert again == first, "the same documents, labels and seed give another tagger"

    bare = [replace(d, spans=()) for d in unseen]
    other = kind(options)
    other.prepare(bare, cache)
    found = _tagged(other.train(training, labels, 1), bare, labels)
    assert found == first, "what a tagger finds depends on the spans that are already there"

    nothing = learner.train([replace(d, spans=()) for d in training[:3]], labels, 1)
    _tagged(nothing, unseen, labels)
    _tagged(learner.train(training[:1], labels, 1), unseen, labels)
    for said in learner.caveats(corpus.documents):
        assert isinstance(said, str), "caveats are sentences"
    costs = [learner.cost(n, 25.0 * n) for n in (10, 100, 1000, 10_000)]
    assert costs[0] > 0, "a cost is positive"
    assert costs == sorted(costs), "more text cannot cost less"


def _check_config(kind: type[Learner], learner: Learner) -> None:
    config = dict(learner.config)
    assert json.loads(json.dumps(config)) == config, "the configuration does not survive JSON"
    assert dict(kind(config["options"]).config) == config, "its options give another learner"
    try:
        kind({"no such option": 1})
    except InputError:
        return
    raise AssertionError("an unknown option is accepted")


def _check_kept(
    kind: type[Learner],
    tagger: Tagger,
    found: list[list[Span]],
    documents: tuple[Document, ...],
    folder: Path,
) -> None:
    """Check that a model that is kept finds the same, if the learner keeps models."""
    if type(tagger).save is Tagger.save:
        return
    folder.mkdir()
    tagger.save(folder)
    assert tagger.tag(documents) == found, "keeping a model changes it"
    again = kind.load(folder).tag(documents)
    assert again == found, "a model that was kept and loaded finds something else"
    empty = folder / "nothing"
    empty.mkdir()
    try:
        kind.load(empty)
    except InputError:
        return
    raise AssertionError("a folder without a model is loaded")


def _tagged(
    tagger: Tagger, documents: tuple[Document, ...] | list[Document], labels: tuple[str, ...]
) -> list[list[Span]]:
    assert tagger.status in ("ok", "diverged"), f"unknown status {tagger.status!r}"
    found = tagger.tag(documents)
    assert len(found) == len(documents), "one list of spans for each document"
    for document, spans in zip(documents, found, strict=True):
        assert list(spans) == sorted(spans), "spans are not sorted"
        for span in spans:
            assert 0 <= span.start < span.end <= len(document.text), "a span lies outside the text"
            assert span.label in labels, f"the label {span.label!r} was not asked for"
    return found
