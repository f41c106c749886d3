"""From an analysis to an answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from suffice.advice import words
from suffice.advice.result import Advice, Estimate, Required, Verdict
from suffice.analysis.result import Analysis
from suffice.corpus.check import LONE_SENTENCES
from suffice.errors import InputError
from suffice.scoring import F1, Target
from suffice.stats.evaluation import larger_evaluation_set
from suffice.stats.uncertainty import LearningCurve

SECONDS_PER_SENTENCE = (10.0, 30.0)
"""Annotating takes 10–30 s a sentence (Majdik et al., JMIR AI 2024;3:e52095)."""

TRUSTED = 4.0
"""Extrapolation beyond this many times the largest size studied is no answer, only a direction."""

_ONE_MODEL = 0.8
_SURE = 0.95
_DOUBT = 0.25
"""With a greater probability of never, no number of sentences is named."""


def advise(
    analysis: Analysis,
    *,
    target: Target | str | None = None,
    target_f1: float | None = None,
    seconds_per_sentence: tuple[float, float] = SECONDS_PER_SENTENCE,
    hourly_rate: float | None = None,
    evaluation_share: float = 0.3,
) -> Advice:
    """Answer whether it is enough, what doubling would bring, and what the target takes.

    Parameters
    ----------
    analysis : Analysis
        Of a study.
    target : Target or str, optional
        What is wanted of the measure that was analysed, as ``"recall:PERSON=.95"``.
    target_f1 : float, optional
        The F1 wanted, in (0, 1): short for ``target="f1=..."``.
    seconds_per_sentence : (float, float)
        Range of the time that annotating a sentence takes.
    hourly_rate : float, optional
        What an hour of annotating costs.
    evaluation_share : float
        The part of new documents that goes to the evaluation set.

    Returns
    -------
    Advice

    Raises
    ------
    InputError
        A target outside (0, 1), or of another measure than was analysed, or two of them; seconds or
        a rate that are not positive.
    """
    check(seconds_per_sentence, hourly_rate)
    wanted = _wanted(analysis, target, target_f1)
    s, curve = analysis.studied, analysis.curve
    now = _estimate(curve, s.pool)
    all_data = _estimate(curve, s.studied)
    gain = curve.draws_at(2 * s.pool) - curve.draws_at(s.pool)
    low, middle, high = (float(q) for q in np.quantile(gain, [0.025, 0.5, 0.975]))
    doubling = Estimate(middle, low, high)
    share = 1 / s.folds if s.folds else evaluation_share
    required = None
    verdict: Verdict = "no target"
    if wanted is not None:
        required = _required(analysis, wanted.value, share, seconds_per_sentence, hourly_rate)
        verdict = _verdict(analysis, required, share)
    # Sentences of one text on both sides make F1 too high: that is no plain yes.
    doubted = verdict == "enough" and s.lone_sentences
    if doubted:
        verdict = "perhaps"
    next_sentences = round(s.studied * s.sentences_per_document)
    caveats = _caveats(analysis)
    evaluation = larger_evaluation_set(curve, s.pool)
    lines = (
        ("Studied", words.studied_line(s, analysis.gap_learner)),
        ("Now", words.now_line(analysis, now, all_data, evaluation)),
        ("Doubling", words.doubling_line(doubling, analysis.measure)),
        (
            "Target",
            words.doubted_target_line(required, analysis.measure)
            if doubted and required is not None
            else words.target_line(verdict, required, next_sentences, analysis.measure, s),
        ),
        ("Caveat", caveats[0]),
    )
    return Advice(
        verdict=verdict,
        headline=words.DOUBTED_HEADLINE
        if doubted
        else words.headline(verdict, required, doubling, analysis.measure),
        lines=lines,
        now=now,
        all_data=all_data,
        doubling=doubling,
        parts=evaluation.parts,
        evaluation=evaluation,
        next_sentences=next_sentences,
        required=required,
        seconds_per_sentence=seconds_per_sentence,
        analysis=analysis,
        caveats=caveats,
    )


def one_target(target: Target | str | None, target_f1: float | None) -> Target | None:
    """Return the target, which may be given in one of two ways.

    Raises
    ------
    InputError
        It is given in both, or is none.
    """
    if target is not None and target_f1 is not None:
        raise InputError("there are two targets", remedy="give --target or --target-f1")
    if target_f1 is not None:
        return Target(F1, target_f1)
    return Target.parse(target) if isinstance(target, str) else target


def _wanted(
    analysis: Analysis, target: Target | str | None, target_f1: float | None
) -> Target | None:
    wanted = one_target(target, target_f1)
    if wanted is not None and wanted.measure != analysis.measure:
        raise InputError(
            f"the target is {wanted.measure.name}, but {analysis.measure.name} was analysed",
            remedy=f"analyse with measure={str(wanted.measure)!r}",
        )
    return wanted


def check(seconds_per_sentence: tuple[float, float], hourly_rate: float | None) -> None:
    """Refuse what `advise` cannot use, before anything is trained for it.

    Raises
    ------
    InputError
        Seconds or a rate that are not positive.
    """
    least, most = seconds_per_sentence
    if not 0 < least <= most < float("inf"):
        raise InputError(
            f"the seconds for a sentence must be positive and rise, not {least} to {most}"
        )
    if hourly_rate is not None and not 0 < hourly_rate < float("inf"):
        raise InputError(f"the hourly rate must be positive, not {hourly_rate}")


def _estimate(curve: LearningCurve, n: float) -> Estimate:
    mean, low, high = curve.at(n)
    return Estimate(mean, low, high)


def _required(
    analysis: Analysis,
    target: float,
    share: float,
    seconds: tuple[float, float],
    hourly_rate: float | None,
) -> Required:
    """Return the distribution of the sentences that a target takes."""
    s, curve = analysis.studied, analysis.curve
    annotated = s.studied * s.sentences_per_document
    limit = float(curve.grid[-1])

    def in_all(n: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn training documents into annotated sentences, the evaluation share included."""
        return n * s.sentences_per_document / (1 - share)

    sizes = _smallest(curve.grid, curve.draws, target)
    never = float(np.mean(~np.isfinite(sizes)))
    margin = float(stats.norm.ppf(_ONE_MODEL)) * curve.one_sd
    one = _smallest(curve.grid, curve.draws - margin, target)
    sentences = _quantiles(in_all(sizes))
    # Compared with what the same rule asks for the present pool: no more where it is reached.
    present = float(in_all(np.array([float(s.pool)]))[0])
    more = Estimate(
        max(0.0, sentences.value - present),
        max(0.0, sentences.low - present),
        max(0.0, sentences.high - present),
    )
    hours = Estimate(
        more.value * float(np.mean(seconds)) / 3600,
        more.low * seconds[0] / 3600,
        more.high * seconds[1] / 3600,
    )
    cost = None
    if hourly_rate is not None:
        cost = Estimate(
            hours.value * hourly_rate, hours.low * hourly_rate, hours.high * hourly_rate
        )
    caveats: tuple[str, ...] = ()
    if sentences.high > TRUSTED * annotated:
        caveats = (
            f"sizes beyond {words.about(TRUSTED * annotated)} sentences lie more than "
            f"{TRUSTED:.0f} times beyond what was studied",
        )
    return Required(
        target=target,
        reached=float(np.mean(curve.draws_at(s.pool) >= target)),
        never=never,
        sentences=sentences,
        more=more,
        one_model=_quantiles(in_all(one)),
        hours=hours,
        cost=cost,
        limit=float(in_all(np.array([limit]))[0]),
        caveats=caveats,
    )


def _smallest(
    grid: NDArray[np.float64], draws: NDArray[np.float64], target: float
) -> NDArray[np.float64]:
    """Return the smallest n at which each draw reaches the target; infinite where it never does.

    Sizes below the smallest one studied are not told apart from it.
    """
    above = draws >= target
    first = above.argmax(axis=1)
    found = grid[first].astype(float)
    inside = (first > 0) & above.any(axis=1)
    rows = np.flatnonzero(inside)
    if len(rows):
        upper = first[rows]
        y0, y1 = draws[rows, upper - 1], draws[rows, upper]
        part = np.where(y1 > y0, (target - y0) / np.where(y1 > y0, y1 - y0, 1.0), 1.0)
        log0, log1 = np.log(grid[upper - 1]), np.log(grid[upper])
        found[rows] = np.exp(log0 + np.clip(part, 0, 1) * (log1 - log0))
    return np.where(above.any(axis=1), found, np.inf)


def _quantiles(sizes: NDArray[np.float64]) -> Estimate:
    """Return median and 95 % interval of draws that may be infinite."""
    ordered = np.sort(sizes)
    low, middle, high = (ordered[int(q * (len(ordered) - 1))] for q in (0.025, 0.5, 0.975))
    return Estimate(float(middle), float(low), float(high))


def _verdict(analysis: Analysis, required: Required, share: float) -> Verdict:
    if required.reached >= _SURE:
        return "enough"
    if required.never >= _SURE:
        return "out of reach"
    if required.reached >= 0.5:
        return "perhaps"
    s = analysis.studied
    largest = analysis.curve.largest * s.sentences_per_document / (1 - share)
    if not required.sentences.value <= TRUSTED * largest:
        return "cannot tell"
    return "more" if required.never <= _DOUBT else "cannot tell"


def _caveats(analysis: Analysis) -> tuple[str, ...]:
    """Return all caveats, the most important first: what the answer speaks about."""
    s = analysis.studied
    first = []
    if s.synthetic:
        first.append("the corpus is synthetic: the numbers say nothing about real text")
    if s.lone_sentences:
        first.append(LONE_SENTENCES)
    if analysis.gap is None or analysis.screening is not None:
        first.append(
            f"this speaks about the {s.learner}{f' on {s.backbone}' if s.backbone else ''}, not "
            "about another model that you may deploy"
        )
    else:
        first.append(
            f"this speaks about the {s.learner}; a fine-tuned model was compared with it in "
            f"{words.counted(analysis.gap.pairs, 'pair')} only"
        )
    verdict = analysis.sensitivity.verdict if analysis.sensitivity else None
    if verdict == "artefact of range":
        first.append(
            "the threshold of F1 on sentences is no sample size to recommend: it moves with the "
            "largest training set (artefact of range)"
        )
    elif verdict == "undecided":
        first.append(
            "the threshold of F1 on sentences is no sample size to recommend: whether it is one "
            "is undecided"
        )
    required = [c for c in analysis.caveats if c not in first]
    return tuple(first + required)
