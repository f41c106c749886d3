"""What a worker does: encode documents, or train one model, score it, and tag with it."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suffice.atomic import new_folder
from suffice.corpus.document import Document, Span
from suffice.errors import InputError
from suffice.learners.base import Learner, Tagger
from suffice.learners.lookup import Lookup
from suffice.learners.registry import get
from suffice.runs.folder import make_private
from suffice.runs.job import Job
from suffice.scoring import Counts, count

NOTHING_LEARNT = 0.02
"""F1 of a training that has failed."""

SOMETHING_TO_LEARN = 0.1
"""F1 of a dictionary of the training set's entities, from which a model must learn something."""


@dataclass(frozen=True)
class WorkContext:
    """What every task needs; sent to each worker once.

    Parameters
    ----------
    documents : mapping of str to Document
        All documents that train, score or are tagged, by id.
    labels : tuple of str
        Labels to learn and score.
    learners : mapping of str to (str, mapping)
        Name and options of each learner, by its id.
    cache : Path
        Where learners keep what runs share, on the worker's machine.
    models : Path, optional
        Where models are kept, in a folder that the engine sees too.
    """

    documents: Mapping[str, Document]
    labels: tuple[str, ...]
    learners: Mapping[str, tuple[str, Mapping[str, Any]]]
    cache: Path
    models: Path | None = None


@dataclass(frozen=True)
class Encode:
    """Prepare these documents for a learner."""

    learner: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Trained:
    """What a job gives back.

    Parameters
    ----------
    status : {"ok", "diverged", "degenerate"}
        The status of the second try, where the first was not ``"ok"``.
    counts : ndarray of int32, shape (documents, labels, 3)
        Correct, spurious and missed spans of each evaluation document.
    train_seconds, tag_seconds : float
        Wall-clock time of all tries.
    spans : list of list of Span, optional
        Those found in the evaluation documents, then in the unlabelled ones, where asked for.
    """

    status: str
    counts: NDArray[np.int32]
    train_seconds: float
    tag_seconds: float
    spans: list[list[Span]] | None = None


_learners: dict[str, Learner] = {}


def work(context: WorkContext, content: Encode | Job) -> Trained | None:
    """Encode documents or do a job; learners are made once in each process."""
    learner = _learners.get(content.learner)
    if learner is None:
        learner = _learners[content.learner] = get(*context.learners[content.learner])
    make_private(context.cache)
    if isinstance(content, Encode):
        learner.prepare([context.documents[d] for d in content.documents], context.cache)
        return None
    material = _JobDocuments(
        [context.documents[d] for d in content.training],
        [context.documents[d] for d in content.evaluation],
        [context.documents[d] for d in content.unlabelled],
        context.labels,
    )
    learner.prepare([*material.training, *material.evaluation, *material.unlabelled], context.cache)
    first = _train(learner, material, content, content.seed, context.models)
    if first.status == "ok":
        return first
    second = _train(learner, material, content, other_seed(content.seed), context.models)
    return replace(
        second,
        train_seconds=first.train_seconds + second.train_seconds,
        tag_seconds=first.tag_seconds + second.tag_seconds,
    )


def other_seed(seed: int) -> int:
    """Return the seed of the second try."""
    return int(np.random.SeedSequence([seed, 1]).generate_state(1)[0])


@dataclass(frozen=True)
class _JobDocuments:
    """The documents of a job."""

    training: list[Document]
    evaluation: list[Document]
    unlabelled: list[Document]
    labels: tuple[str, ...]


def _train(
    learner: Learner, material: _JobDocuments, job: Job, seed: int, models: Path | None
) -> Trained:
    training, labels = material.training, material.labels
    # A model that no document is left to score shows on its own documents whether it learnt.
    judging = material.evaluation or training
    start = time.perf_counter()
    if learner.looks_at_evaluation:
        tagger = learner.train_selecting(training, labels, seed, material.evaluation)
    else:
        tagger = learner.train(training, labels, seed)
    trained = time.perf_counter()
    found = tagger.tag(judging)
    others = tagger.tag(material.unlabelled) if material.unlabelled else []
    tagged = time.perf_counter()
    validate_predictions(judging, found, labels)
    validate_predictions(material.unlabelled, others, labels)
    counts = count(judging, found, labels)
    status = tagger.status
    if status == "ok" and _is_degenerate(counts, training, judging, labels):
        status = "degenerate"
    if job.output == "model" and status == "ok":
        _keep(tagger, models, job.id)
    scored = len(material.evaluation)
    return Trained(
        status,
        counts.table[:scored],
        trained - start,
        tagged - trained,
        [*found[:scored], *others] if job.output != "counts" else None,
    )


def _keep(tagger: Tagger, models: Path | None, name: str) -> None:
    """Write a model into the folder of its job, whole or not at all."""
    if models is None:
        raise InputError("this work keeps no models")
    make_private(models)
    if (models / name).exists():  # of a worker that was lost after it had written it
        shutil.rmtree(models / name)
    with new_folder(models / name) as folder:
        folder.chmod(0o700)
        tagger.save(folder)


def validate_predictions(
    documents: Sequence[Document], found: Sequence[Sequence[Span]], labels: Sequence[str]
) -> None:
    """Refuse what no tagger may return.

    Raises
    ------
    InputError
        The lists are not one for each document, or a span lies outside its document or has a label
        that was not to be learnt.
    """
    known = frozenset(labels)
    if len(found) != len(documents):
        raise InputError(
            f"the learner returned {len(found)} lists of spans for {len(documents)} documents"
        )
    for document, spans in zip(documents, found, strict=True):
        for span in spans:
            if not 0 <= span.start < span.end <= len(document.text):
                raise InputError("the learner returned spans outside their document")
            if span.label not in known:
                raise InputError("the learner returned a label that it was not asked to learn")


def _is_degenerate(
    counts: Counts,
    training: Sequence[Document],
    evaluation: Sequence[Document],
    labels: Sequence[str],
) -> bool:
    """Return whether training failed: nothing learnt where remembering strings gets somewhere.

    Fine-tuning of large models fails so now and then (Mosbach et al. 2021, "On the stability of
    fine-tuning BERT"); where a dictionary finds nothing either, there was nothing to learn.
    """
    if counts.f1() >= NOTHING_LEARNT or math.isnan(counts.f1()):
        return False
    remembered = Lookup().train(training, labels, 0).tag(evaluation)
    return count(evaluation, remembered, labels).f1() >= SOMETHING_TO_LEARN
