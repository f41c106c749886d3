"""spaCy's own training loop, with the documents that decide when it stops."""

from __future__ import annotations

import random
import warnings
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from suffice.corpus.document import Document
from suffice.learners.tags import Unlearnable, flatten

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.training import Example


def clean(text: str) -> str:
    """Return a text that spaCy can hold: a lone surrogate becomes "?", which is as long."""
    return text.encode("utf-8", "replace").decode()


def laid(nlp: Language, document: Document, labels: Collection[str]) -> tuple[Doc, Unlearnable]:
    """Lay a document's spans on spaCy's tokens.

    Of spans that share a token the longest is kept, then the earliest; one that begins or ends
    within a token is widened to whole ones; spaces at its ends are left out, since spaCy's `ner`
    cannot learn them.

    Returns
    -------
    doc : Doc
        With its entities; all other tokens are known to be outside.
    lost : Unlearnable
        What was dropped or widened.
    """
    from spacy.tokens import Span

    doc = nlp.make_doc(clean(document.text))
    words = [t for t in doc if not t.is_space]
    offsets = np.array([(t.idx, t.idx + len(t)) for t in words], dtype=np.int64).reshape(-1, 2)
    kept, lost = flatten(offsets, [s for s in document.spans if s.label in labels])
    doc.set_ents(
        [Span(doc, words[a].i, words[b - 1].i + 1, label=label) for a, b, label in kept],
        default="outside",
    )
    return doc, lost


def examples(nlp: Language, documents: Sequence[Document], labels: Sequence[str]) -> list[Example]:
    """Return what spaCy learns from; documents without tokens are left out."""
    from spacy.training import Example

    gold = [laid(nlp, document, labels)[0] for document in documents]
    return [Example(nlp.make_doc(doc.text), doc) for doc in gold if len(doc)]


def divide(
    documents: Sequence[Document], share: float, generator: np.random.Generator
) -> tuple[list[Document], list[Document]]:
    """Hold out a random part of a training set: whole documents, and whole groups of them.

    Parameters
    ----------
    documents : sequence of Document
        The training set.
    share : float
        The share of documents to hold out, in (0, 1).
    generator : Generator
        Draws them.

    Returns
    -------
    learnt, held_out : list of Document
        Both sides have entities where at least two groups have. A single group is on both: there
        is nothing to hold out, and the fit to the training set decides.
    """
    groups: dict[str, list[Document]] = {}
    for document in documents:
        groups.setdefault(document.group or f"\0{document.id}", []).append(document)
    if len(groups) < 2:
        return list(documents), list(documents)
    order = list(groups.values())
    order = [order[i] for i in generator.permutation(len(order)).tolist()]
    # The last group is learnt and the first is held out: both with entities, if two have them.
    order.sort(key=_has_entities)
    order.pop()
    first = order.pop() if _has_entities(order[-1]) else order.pop(0)
    rest = [order[i] for i in generator.permutation(len(order)).tolist()]
    held = list(first)
    for group in rest:
        if len(held) + len(group) <= share * len(documents):
            held += group
    chosen = {d.id for d in held}
    return [d for d in documents if d.id not in chosen], held


def _has_entities(group: Sequence[Document]) -> bool:
    return any(document.spans for document in group)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed all that spaCy draws from, and leave the global random states as they were."""
    from spacy.util import fix_random_seed
    from thinc.compat import has_torch, torch

    ours, numpys = random.getstate(), np.random.get_state()  # noqa: NPY002 - thinc draws from it
    torchs = torch.get_rng_state() if has_torch else None
    fix_random_seed(int(np.random.SeedSequence(seed).generate_state(1)[0]))
    try:
        yield
    finally:
        random.setstate(ours)
        np.random.set_state(numpys)  # noqa: NPY002
        if torchs is not None:
            torch.set_rng_state(torchs)


def fit(
    nlp: Language, learnt: Sequence[Example], deciding: Sequence[Example], labels: Sequence[str]
) -> bool:
    """Train a pipeline in place by spaCy's loop, and keep its best checkpoint.

    Parameters
    ----------
    nlp : Language
        Untrained, with its training configuration.
    learnt, deciding : sequence of Example
        What is learnt from, and what decides when to stop and which checkpoint is kept.
    labels : sequence of str
        The labels, in the order in which they become actions.

    Returns
    -------
    bool
        Whether the loss stayed finite.
    """
    from spacy.schemas import ConfigSchemaTraining
    from spacy.training import loop
    from spacy.util import registry

    ner = nlp.get_pipe("ner")
    for label in labels:
        ner.add_label(label)
    start = learnt or examples(nlp, [Document("nothing", ".")], labels)
    nlp.initialize(lambda: start)
    if not learnt:
        return True
    settings = registry.resolve(nlp.config.interpolate()["training"], schema=ConfigSchemaTraining)
    steps = loop.train_while_improving(
        nlp,
        settings["optimizer"],
        loop.create_train_batches(nlp, lambda _: learnt, settings["batcher"], 0),
        loop.create_evaluation_callback(nlp, lambda _: deciding, settings["score_weights"]),
        dropout=settings["dropout"],
        eval_frequency=settings["eval_frequency"],
        accumulate_gradient=settings["accumulate_gradient"],
        patience=settings["patience"],
        max_steps=settings["max_steps"],
        exclude=[],
        annotating_components=[],
        before_update=None,
    )
    best: dict[str, bytes] = {}
    # Weights that overflow are found by their loss, not by warnings.
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for _, info, is_best in steps:
            if not all(np.isfinite(loss) for loss in info["losses"].values()):
                return False
            if is_best:
                best = _weights(nlp)
    for name, weights in best.items():
        nlp.get_pipe(name).model.from_bytes(weights)
    return True


def _weights(nlp: Language) -> dict[str, bytes]:
    pipes: list[tuple[str, Any]] = list(nlp.pipeline)
    return {name: pipe.model.to_bytes() for name, pipe in pipes}
