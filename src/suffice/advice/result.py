"""The answer to "is this enough?", with its interval, cost and caveats."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any, Literal

from suffice.analysis.result import Analysis
from suffice.results import Result
from suffice.stats import EvaluationEffect

_WIDTH = 80

Scarce = Literal["budget", "evaluation", "pool", "runs", "form"]


@dataclass(frozen=True)
class Estimate(Result):
    """A number with its 95 % interval.

    Parameters
    ----------
    value, low, high : float
        The estimate and the ends.
    caveats : tuple of str
        What to keep in mind.
    """

    value: float
    low: float
    high: float
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class AtSize(Estimate):
    """F1(n) at one size, and whether models of that size were trained.

    Parameters
    ----------
    documents : int
        The size.
    largest : int
        The largest training set studied: a greater size is extrapolated.
    """

    documents: int = 0
    largest: int = 0

    @property
    def extrapolated(self) -> bool:
        """Return whether no model was trained on as many documents."""
        return self.documents > self.largest


@dataclass(frozen=True, kw_only=True)
class Shortage(Result):
    """What there is too little of for a sure answer.

    Parameters
    ----------
    of : {"budget", "evaluation", "pool", "runs", "form"}
        ``budget`` where annotated documents or training-set sizes were left out of the study, else
        the source that makes most of the interval.
    sentence : str
        The same in words.
    caveats : tuple of str
        What to keep in mind.
    """

    of: Scarce
    sentence: str
    caveats: tuple[str, ...] = ()

    @property
    def time(self) -> bool:
        """Return whether more time for the study helps, without any annotation."""
        return self.of in ("budget", "runs")


@dataclass(frozen=True, kw_only=True)
class Required(Result):
    """How many annotated sentences a target takes.

    Sizes are sets, possibly unbounded: quantiles and probabilities, no means. A model that is put
    to use is trained on all annotated documents, and sizes count these.

    Parameters
    ----------
    target : float
        The target of F1, or of the measure analysed.
    reached : float
        Probability that F1(n) is at least the target with all annotated documents.
    beyond : float
        Probability that it is not reached within `limit`.
    sentences : Estimate
        Sentences in all: median, and 2.5 % and 97.5 % quantiles; infinite where they lie beyond
        `limit`.
    more : Estimate
        Sentences beyond those annotated by now; its median is 0 exactly where `reached` is at
        least .5.
    settling : float
        Further sentences with which a new study should find the target reached with probability
        .95, if the curve stays where it is; infinite where no number within `limit` should.
    one_model : Estimate
        Sentences in all at which one trained model reaches the target with probability .8.
    hours : Estimate
        Hours for `more`; the ends combine the sizes' ends with the seconds' ends.
    cost : Estimate, optional
        The same in money.
    limit : float
        Sentences beyond which nothing is said.
    present : float
        Sentences annotated by now.
    caveats : tuple of str
        What to keep in mind.
    """

    target: float
    reached: float
    beyond: float
    sentences: Estimate
    more: Estimate
    settling: float
    one_model: Estimate
    hours: Estimate
    cost: Estimate | None
    limit: float
    present: float
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Advice(Result):
    """The answer.

    Parameters
    ----------
    verdict : str
        One of `suffice.wording.verdict.VERDICTS`; `suffice.advice.judge` says when each is given.
    headline : str
        One sentence.
    lines : tuple of (str, str)
        The five lines of the terminal: what they are about, and what they say.
    now : AtSize
        F1(n) with all annotated documents.
    doubling : Estimate
        F1 with twice as many documents less `now`.
    parts : mapping of str to float
        Half-widths of the interval of `now` by source, in F1; their squares add up to the square
        of its half-width.
    evaluation : EvaluationEffect
        The interval of `now` taken apart, and what more evaluation documents would make of it.
    shortage : Shortage
        What there is too little of for a sure answer.
    reservations : tuple of str
        What forbids a plain yes.
    required : Required, optional
        None without a target.
    seconds_per_sentence : (float, float)
        What annotating one sentence is taken to need.
    analysis : Analysis
        What it rests on.
    caveats : tuple of str
        What to keep in mind, the most important first.
    """

    verdict: str
    headline: str
    lines: tuple[tuple[str, str], ...]
    now: AtSize
    doubling: Estimate
    parts: dict[str, float]
    evaluation: EvaluationEffect
    shortage: Shortage
    reservations: tuple[str, ...]
    required: Required | None
    seconds_per_sentence: tuple[float, float]
    analysis: Analysis
    caveats: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say the answer and its five lines, as the command line does."""
        width = max(len(name) for name, _ in self.lines) + 2
        blank = " " * width
        return "\n".join(
            (
                *textwrap.wrap(self.headline, _WIDTH),
                *(
                    textwrap.fill(f"{name:{width}}{line}", _WIDTH, subsequent_indent=blank)
                    for name, line in self.lines
                ),
            )
        )

    def __repr__(self) -> str:
        """Show the answer, as `print` does."""
        return str(self)

    def _title(self) -> str:
        return self.headline

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        return ("", ""), list(self.lines)

    def _caveats(self) -> tuple[str, ...]:
        return ()  # the most important one is a line
