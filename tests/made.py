"""Results of a made-up study, for what is said of them."""

from __future__ import annotations

from typing import Any

from suffice.analysis.result import Studied, TrainingDensity
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec


def studied(**changes: Any) -> Studied:
    """Return a study of 500 documents of 5 sentences, 350 of them to train on."""
    fields: dict[str, Any] = {
        "name": "made",
        "synthetic": False,
        "documents": 500,
        "studied": 500,
        "sentences": 2500,
        "entities": 4000,
        "labels": {"A": 4000},
        "pool": 350,
        "evaluation": 150,
        "evaluation_units": 150,
        "folds": 0,
        "sentences_per_document": 5.0,
        "learner": "probe",
        "backbone": "b",
        "runs": 48,
        "failed": {},
        "repeated": 0,
        "invalid": 0,
        "pairs": 0,
        "spent": 60.0,
        "stopped": "runs",
    }
    return Studied(**{**fields, **changes})


def density(eps: float) -> TrainingDensity:
    """Return the densities of training sets that are, on average, as dense as what is tested."""
    return TrainingDensity(
        evaluation=eps,
        evaluation_low=eps - 0.1,
        evaluation_high=eps + 0.1,
        training_mean=eps,
        training_sd=0.1,
        training_least=eps - 0.2,
        training_most=eps + 0.2,
        difference_low=-0.1,
        difference_high=0.1,
    )


def lookup_spec(path: object, **changes: Any) -> StudySpec:
    """Specify a study of a corpus by the learner that needs no torch."""
    fields: dict[str, Any] = {
        "corpus": CorpusSpec(paths=(str(path),)),
        "learner": LearnerSpec(name="lookup"),
        "confirm": None,
        "budget": None,
    }
    return StudySpec(**{**fields, **changes})
