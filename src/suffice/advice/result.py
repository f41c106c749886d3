"""The answer to "is this enough?", with its interval, cost and caveats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from suffice.analysis.result import Analysis
from suffice.stats.evaluation import EvaluationEffect
from suffice.stats.result import Result

Verdict = Literal["enough", "perhaps", "more", "cannot tell", "out of reach", "no target"]


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
class Required(Result):
    """How many annotated sentences a target takes.

    Sizes are sets, possibly unbounded: quantiles and the probability of never, no means. All count
    every sentence to be annotated, the evaluation set's share included.

    Parameters
    ----------
    target : float
        Of F1, or of the measure analysed.
    reached : float
        Probability that F1(n) is at least the target with the present pool.
    never : float
        Probability that it is not reached within `limit`.
    sentences : Estimate
        Sentences in all, for F1(n): median, and 2.5 % and 97.5 % quantiles; infinite where
        unbounded.
    more : Estimate
        Sentences beyond those annotated by now.
    one_model : Estimate
        Sentences in all at which one trained model reaches the target with probability .8.
    hours : Estimate
        Hours for `more`; the ends combine the sizes' ends with the seconds' ends.
    cost : Estimate, optional
        The same in money.
    limit : float
        Sentences beyond which nothing is said.
    caveats : tuple of str
        What to keep in mind.
    """

    target: float
    reached: float
    never: float
    sentences: Estimate
    more: Estimate
    one_model: Estimate
    hours: Estimate
    cost: Estimate | None
    limit: float
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Advice(Result):
    """The answer.

    Parameters
    ----------
    verdict : str
        ``enough``, ``perhaps``, ``more``, ``cannot tell``, ``out of reach``, or ``no target``.
    headline : str
        One sentence.
    lines : tuple of (str, str)
        The lines of the terminal: what they are about, and what they say. Five, and one more
        where the corpus holds the spans of several annotators.
    now : Estimate
        F1(n) at the size of the pool.
    all_data : Estimate
        F1(n) at the size of the whole corpus.
    doubling : Estimate
        F1 at twice the pool less F1 at the pool.
    parts : mapping of str to float
        Half-widths of the interval of `now` by source, in F1.
    evaluation : EvaluationEffect
        The interval of `now` taken apart, and what more evaluation documents would make of it.
    next_sentences : int
        How many more to annotate before asking again, where the answer is "cannot tell".
    required : Required, optional
        None without a target.
    seconds_per_sentence : (float, float)
        What annotating one sentence is taken to need.
    analysis : Analysis
        What it rests on.
    caveats : tuple of str
        What to keep in mind, the most important first.
    """

    verdict: Verdict
    headline: str
    lines: tuple[tuple[str, str], ...]
    now: Estimate
    all_data: Estimate
    doubling: Estimate
    parts: dict[str, float]
    evaluation: EvaluationEffect
    next_sentences: int
    required: Required | None
    seconds_per_sentence: tuple[float, float]
    analysis: Analysis
    caveats: tuple[str, ...] = ()
