"""Jobs: what the engine is asked to train, and how a run is known again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from suffice.learners.base import Learner
from suffice.learners.registry import get

Output = Literal["counts", "tags", "model"]


def digest(content: Any) -> str:
    """Return a hash of anything that JSON can hold: 32 hexadecimal digits."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class LearnerSetup:
    """A learner with its options.

    Parameters
    ----------
    id : str
        Hash of its name and of all that determines what it learns; a store knows it by this.
    name : str
        The learner's name.
    options : mapping
        Settings that differ from its defaults.
    learner : Learner
        The learner itself.
    """

    id: str
    name: str
    options: Mapping[str, Any]
    learner: Learner

    @classmethod
    def of(cls, name: str, options: Mapping[str, Any] | None = None) -> LearnerSetup:
        """Make the learner of this name.

        Raises
        ------
        InputError
            There is no such learner, or an option is wrong.
        """
        learner = get(name, options)
        return cls(digest([name, dict(learner.config)]), name, dict(options or {}), learner)


class Position(NamedTuple):
    """Where a job stands in the design that asks for it: kept with its run, no part of its id.

    Parameters
    ----------
    size : int
        Training documents that were asked for.
    replicate : int
        The number of the training set among those of its size.
    repeat : int
        The number of the seed on that training set.
    part : int
        The fold that scores it; -1 where there is one evaluation set.
    pool : str
        Hash of the documents that training sets are drawn from.
    """

    size: int
    replicate: int = 0
    repeat: int = 0
    part: int = -1
    pool: str = ""


@dataclass(frozen=True)
class Job:
    """One model to train.

    Parameters
    ----------
    id : str
        Hash of all that determines its result, from `identify`.
    learner : str
        The id of its `LearnerSetup`.
    training, evaluation : tuple of str
        Ids of the documents that train it and of those that score it. Where none scores, the
        training documents show whether anything was learnt.
    seed : int
        Random seed of the training.
    position : Position
        Its place in a design.
    output : {"counts", "tags", "model"}
        What is wanted: correct, spurious and missed spans of each evaluation document; also the
        spans themselves; also the model, in a folder.
    unlabelled : tuple of str
        Ids of documents that are tagged and not scored.
    """

    id: str
    learner: str
    training: tuple[str, ...]
    evaluation: tuple[str, ...]
    seed: int
    position: Position
    output: Output = "counts"
    unlabelled: tuple[str, ...] = ()


def identify(
    learner: str,
    contents: Sequence[Sequence[str]],
    labels: Sequence[str],
    seed: int,
    also: Sequence[Any] = (),
) -> str:
    """Return the id of a job.

    Parameters
    ----------
    learner : str
        The id of its learner.
    contents : sequence of sequence of str
        Content hashes (`Document.key`) of the training documents; and of the others that
        determine the result, where it is kept for these alone. Counts that are kept for each
        evaluation document do not depend on which others were scored.
    labels : sequence of str
        The labels to learn and score.
    seed : int
        Random seed of the training.
    also : sequence
        What else determines the result, as JSON.
    """
    return digest([learner, *map(list, contents), list(labels), seed, *also])
