"""What the runs of a study say: results with their caveats, before any advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from suffice.analysis.versus import Versus
from suffice.results import Result
from suffice.scoring import F1, Measure
from suffice.stats import (
    Composition,
    F1Curve,
    MarginalReturn,
    PairedDifference,
    RangeSensitivity,
    Regression,
    Screening,
    Smooth,
    Threshold,
)
from suffice.wording.numbers import counted

_MOST_CAVEATS = 3
"""More are not shown unless they are asked for."""


@dataclass(frozen=True, kw_only=True)
class Studied(Result):
    """What was studied.

    Parameters
    ----------
    name : str
        The corpus's.
    synthetic : bool
        Whether it is made up.
    documents, studied : int
        Numbers of documents in the corpus, and of these in the study: a small budget takes a
        random part.
    left_out : int
        Documents of the corpus that neither train nor evaluate (they link both sides of the split).
    sentences, entities : int
        Numbers of sentences and entities in the documents studied.
    labels : mapping of str to int
        Entities of each label, in the documents studied.
    pool, evaluation : int
        Documents that training sets are drawn from (in the smallest fold), and that models are
        scored on (in all folds).
    evaluation_units : int
        Documents or groups that are resampled.
    folds : int
        0 for a single split.
    rotating : bool
        Whether each model was scored on one fold, another one from model to model.
    sentences_per_document : float
        Mean.
    learner, backbone : str
        The learner whose curve this is, and its encoder.
    runs, repeated, invalid : int
        Runs of the learner whose training worked; that share their training set with another; and
        runs in the ledger that the corpus has outgrown.
    failed : dict of str to int
        Runs of the learner and of the confirming one that are left out: with an error
        (``"failed"``), and in spite of a second try with another seed with a loss that was not
        finite (``"diverged"``) or with nothing learnt where there was something to learn
        (``"degenerate"``).
    pairs : int
        Runs of the confirming learner.
    spent : float
        Seconds.
    stopped : str, optional
        Why the study stopped; None while it runs or where it was cut off.
    screen : str
        The cheap learner that was trained on the whole design, or "".
    screen_runs : int
        Its runs.
    screen_frame : int
        Training sets of each size that those of `learner` were chosen from.
    reservations : tuple of str
        What about the corpus forbids a plain yes, whatever the numbers; each is a caveat, too.
    largest : int
        Documents in the largest training set whose training worked; beyond it the curve is
        extrapolated.
    test : int
        Documents of a test set of the user's own, which train no model; 0 without one.
    budget_for_all : str
        What takes all annotated documents in, as ``--budget`` takes it: ``"5m"``; "" where all
        are studied.
    caveats : tuple of str
        What to keep in mind.
    """

    name: str
    synthetic: bool
    documents: int
    studied: int
    sentences: int
    entities: int
    labels: dict[str, int]
    pool: int
    evaluation: int
    evaluation_units: int
    folds: int
    rotating: bool = False
    sentences_per_document: float
    learner: str
    backbone: str
    runs: int
    failed: dict[str, int]
    repeated: int
    invalid: int
    pairs: int
    spent: float
    stopped: str | None
    screen: str = ""
    screen_runs: int = 0
    screen_frame: int = 0
    left_out: int = 0
    reservations: tuple[str, ...] = ()
    largest: int = 0
    test: int = 0
    budget_for_all: str = ""
    caveats: tuple[str, ...] = ()

    @property
    def annotated(self) -> int:
        """Return how many documents a model that is put to use can be trained on."""
        return max(self.documents - self.left_out, self.studied) - self.test

    @property
    def unused(self) -> int:
        """Return how many annotated documents the budget was too short for."""
        return self.annotated + self.test - self.studied

    @property
    def failures(self) -> str:
        """Return how trainings failed, in words: ``"2 with an error, 1 diverged twice"``."""
        return failures(self.failed)


def failures(failed: Mapping[str, int]) -> str:
    """Say how trainings failed: numbers by status, in words."""
    words = {
        "failed": "with an error or out of time",
        "diverged": "diverged twice",
        "degenerate": "learnt nothing twice",
    }
    return ", ".join(f"{n} {words[status]}" for status, n in sorted(failed.items()))


@dataclass(frozen=True, kw_only=True)
class TrainingDensity(Result):
    """Entities per sentence (EPS) of the training sets and of the evaluation set.

    Parameters
    ----------
    evaluation, evaluation_low, evaluation_high : float
        EPS of the evaluation set, and its 95 % interval over documents.
    training_mean, training_sd, training_least, training_most : float
        Over the training sets.
    difference_low, difference_high : float
        95 % interval of pool EPS less evaluation EPS, over documents.
    caveats : tuple of str
        What to keep in mind.
    """

    evaluation: float
    evaluation_low: float
    evaluation_high: float
    training_mean: float
    training_sd: float
    training_least: float
    training_most: float
    difference_low: float
    difference_high: float
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LabelScore(Result):
    """F1 (or precision, or recall) of one label, trained on all annotated documents.

    Parameters
    ----------
    label : str
        The label.
    entities : int
        Gold spans in the evaluation set.
    value, low, high : float
        What is expected with all annotated documents, with its 95 % interval.
    caveats : tuple of str
        What to keep in mind.
    """

    label: str
    entities: int
    value: float
    low: float
    high: float
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Annotators(Result):
    """How far annotators agree, in the measure that models are scored by: exact span micro-F1.

    It is something to hold a model's F1 against, and no bound on it: measured against reconciled
    annotation a model may score higher than annotators agree with each other.

    Parameters
    ----------
    annotators, documents : int
        How many there are, and documents that two or more annotated.
    between : (float, float, float)
        Annotator against annotator, all pairs together: value and 95 % interval over documents.
    gold : tuple of (float, float, float)
        Each annotator against the corpus's own spans; empty where these are not reconciled.
    marked, dropped : int
        Where they are not: how many spans some annotator marked, and how many of these count as no
        entity, since no more than half of the document's annotators marked them.
    caveats : tuple of str
        What to keep in mind.
    """

    annotators: int
    documents: int
    between: tuple[float, float, float]
    gold: tuple[tuple[float, float, float], ...]
    marked: int = 0
    dropped: int = 0
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Analysis(Result):
    """Everything that the runs of a study say.

    Parameters
    ----------
    studied : Studied
        What was studied.
    curve : F1Curve
        F1(n), or another measure, n in documents.
    one_learner : str
        The learner of the curve.
    labels : tuple of LabelScore
        Scores by label, the most frequent label first.
    gap : PairedDifference, optional
        The confirming learner less the studied one, on the same training sets; None without pairs.
    gap_learner : str
        Its name, or "".
    screening : Screening, optional
        What the runs of a cheap learner add to the curve; None without one.
    regression : Regression, optional
        The paper's: F1 on standardised sentences and EPS; None where it cannot be fitted.
    threshold : Threshold, optional
        The threshold of F1 on sentences: slope, then flat (upper hinge).
    printed_hinge : Threshold, optional
        The same with the form that the paper prints: flat, then slope.
    sensitivity : RangeSensitivity, optional
        The sensitivity of the threshold to the largest training sets.
    density : TrainingDensity
        EPS of training sets and evaluation set.
    not_fitted : mapping of str to str
        Why a part is None.
    annotators : Annotators, optional
        How far annotators agree; None where the corpus does not hold the spans of several.
    composition : Composition, optional
        Whether the effect of EPS is one of sentences.
    smooth : Smooth, optional
        The smooth curve of F1 on sentences, or their logarithm.
    marginal : tuple of MarginalReturn
        The size from which a hundred more sentences add less than a given number of points.
    measure : Measure
        What curve, labels, gap and versus are about; everything else is about exact micro-F1.
    versus : Versus, optional
        All learners on the training sets that they share; None where no two share enough.
    caveats : tuple of str
        What to keep in mind, the most important first.
    """

    studied: Studied
    curve: F1Curve
    one_learner: str
    labels: tuple[LabelScore, ...]
    gap: PairedDifference | None
    gap_learner: str
    regression: Regression | None
    threshold: Threshold | None
    printed_hinge: Threshold | None
    sensitivity: RangeSensitivity | None
    density: TrainingDensity
    not_fitted: dict[str, str]
    screening: Screening | None = None
    annotators: Annotators | None = None
    composition: Composition | None = None
    smooth: Smooth | None = None
    marginal: tuple[MarginalReturn, ...] = ()
    measure: Measure = F1
    versus: Versus | None = None
    caveats: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Show what it says in short, as `print` does."""
        return str(self)

    def _title(self) -> str:
        s = self.studied
        runs = counted(s.runs, f"{s.learner} run")
        return f"Analysis of {runs} on {counted(s.studied, 'document')} of {s.name}"

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        name, n = self.measure.name, self.studied.annotated
        rows = [(f"{name} with {k * n:,} documents", *self.curve.at(float(k * n))) for k in (1, 2)]
        rows += [(score.label, score.value, score.low, score.high) for score in self.labels]
        if self.gap is not None:
            gap = (self.gap.mean, self.gap.low, self.gap.high)
            rows.append((f"{self.gap_learner} less {self.one_learner}", *gap))
        return ("", "value", "low", "high"), rows

    def _caveats(self) -> tuple[str, ...]:
        more = len(self.caveats) - _MOST_CAVEATS
        rest = (f"and {more} more, in its caveats",) if more > 0 else ()
        return (*self.caveats[:_MOST_CAVEATS], *rest)
