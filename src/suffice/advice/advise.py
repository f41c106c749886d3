"""From an analysis to an answer. `suffice.advice.verdicts` says which answer is given when."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from suffice.advice import target as aims
from suffice.advice import words
from suffice.advice.result import Advice, AtSize, Estimate, Required
from suffice.advice.verdicts import FAR, SURE, judge
from suffice.analysis.result import Analysis
from suffice.errors import InputError
from suffice.scoring import F1, Target
from suffice.stats import larger_evaluation_set
from suffice.stats._f1.curve import too_few_units
from suffice.stats._f1.required_size import size_settling, sizes_reaching

SECONDS_PER_SENTENCE = (10.0, 30.0)
"""Annotating takes 10–30 s a sentence (Majdik et al., JMIR AI 2024;3:e52095)."""

Seconds = tuple[float, float] | float | str

TRUSTED = 4.0
"""Nothing is said about sizes beyond this many times the largest training set studied."""

_ONE_MODEL = 0.8


def advise(
    analysis: Analysis,
    *,
    target: Target | str | None = None,
    target_f1: float | None = None,
    seconds_per_sentence: Seconds = SECONDS_PER_SENTENCE,
    hourly_rate: float | None = None,
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
    seconds_per_sentence : (float, float), float or str
        The time that annotating a sentence takes, or its range, also as ``"10-30"``.
    hourly_rate : float, optional
        What an hour of annotating costs.

    Returns
    -------
    Advice

    Raises
    ------
    InputError
        A target outside (0, 1), or of another measure than was analysed, or two of them; seconds or
        a rate that are not positive.
    """
    seconds = check(seconds_per_sentence, hourly_rate)
    wanted = _wanted(analysis, target, target_f1)
    s, curve = analysis.studied, analysis.curve
    now = _now(analysis)
    gain = curve.draws_at(2.0 * s.annotated) - curve.draws_at(float(s.annotated))
    low, middle, high = (float(q) for q in np.quantile(gain, [0.025, 0.5, 0.975]))
    doubling = Estimate(middle, low, high)
    evaluation = larger_evaluation_set(curve, float(s.annotated))
    shortage = aims.find_shortage(analysis, evaluation)
    reservations = _reservations(analysis, now)
    required = None
    if wanted is not None:
        narrowed = _share_of_documents(evaluation.parts, s.test)
        required = _required(analysis, wanted.value, narrowed, seconds, hourly_rate)
    verdict = judge(required, reservations)
    aim = aims.Aim(analysis, required, shortage, reservations, seconds)
    caveats = _caveats(analysis, reservations)
    return Advice(
        verdict=verdict,
        headline=aim.headline(verdict) or words.doubling_headline(doubling, analysis.measure),
        lines=(
            ("Studied", words.studied_line(s, analysis.gap_learner)),
            ("Now", words.now_line(analysis, now)),
            ("Doubling", words.doubling_line(doubling, analysis.measure)),
            ("Target", aim.line(verdict)),
            ("Caveat", _first_unsaid(caveats, reservations if verdict == "qualified" else ())),
        ),
        now=now,
        doubling=doubling,
        parts=evaluation.parts,
        evaluation=evaluation,
        shortage=shortage,
        reservations=reservations,
        required=required,
        seconds_per_sentence=seconds,
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
        raise InputError("there are two targets", remedy="give `target` or `target_f1`")
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


def check(seconds_per_sentence: Seconds, hourly_rate: float | None) -> tuple[float, float]:
    """Refuse what `advise` cannot use, before anything is trained for it.

    Returns
    -------
    (float, float)
        The range of seconds.

    Raises
    ------
    InputError
        No range of seconds, or seconds or a rate that are not positive.
    """
    least, most = _range(seconds_per_sentence)
    if not 0 < least <= most < float("inf"):
        raise InputError(
            f"the seconds for a sentence must be positive and rise, not {least} to {most}"
        )
    if hourly_rate is not None and not 0 < hourly_rate < float("inf"):
        raise InputError(f"the hourly rate must be positive, not {hourly_rate}")
    return least, most


def _range(seconds: Seconds) -> tuple[float, float]:
    if isinstance(seconds, int | float):
        return float(seconds), float(seconds)
    try:
        if isinstance(seconds, str):
            least, _, most = seconds.replace("–", "-").partition("-")
            return float(least), float(most or least)
        first, last = seconds
        return float(first), float(last)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"`seconds_per_sentence`: {seconds!r} is not a range of seconds",
            remedy="write for example 10-30",
        ) from error


def _now(analysis: Analysis) -> AtSize:
    """Return F1 with all annotated documents, with the caveat that it may be extrapolated."""
    s, curve = analysis.studied, analysis.curve
    mean, low, high = curve.at(float(s.annotated))
    found = AtSize(mean, low, high, documents=s.annotated, largest=round(curve.largest))
    if not found.extrapolated:
        return found
    caveat = (
        f"no model was trained on more than {words.counted(found.largest, 'document')}: "
        f"{analysis.measure.name} with {found.documents:,} is extrapolated"
    )
    return AtSize(mean, low, high, (caveat,), found.documents, found.largest)


def _reservations(analysis: Analysis, now: AtSize) -> tuple[str, ...]:
    """Return what forbids a plain yes: what the corpus is like, and how far the curve carries."""
    found = list(analysis.studied.reservations)
    if now.documents > FAR * now.largest:
        found.extend(now.caveats)
    if too_few := too_few_units(analysis.curve.evaluation_units):
        found.append(too_few)
    return tuple(found)


def _first_unsaid(caveats: tuple[str, ...], said: tuple[str, ...]) -> str:
    """Return the most important caveat that no other line holds: a qualified yes names its own."""
    return next(caveat for caveat in caveats if caveat not in said)


def _share_of_documents(parts: dict[str, float], test: int) -> float:
    """Return the share of the variance that further documents narrow; a test set stays as it is."""
    squares = {name: half**2 for name, half in parts.items()}
    whole = sum(squares.values())
    narrowed = squares["pool"] + (0.0 if test else squares["evaluation"])
    return narrowed / whole if whole > 0 else 0.0


def _required(
    analysis: Analysis,
    target: float,
    narrowed: float,
    seconds: tuple[float, float],
    hourly_rate: float | None,
) -> Required:
    """Return the distribution of the sentences that a target takes."""
    s, curve = analysis.studied, analysis.curve
    scale, present = s.sentences_per_document, float(s.annotated)
    limit = max(TRUSTED * curve.largest, present)
    sizes = sizes_reaching(curve.grid, curve.draws, target, present, limit)
    margin = float(stats.norm.ppf(_ONE_MODEL)) * curve.one_sd
    one = sizes_reaching(curve.grid, curve.draws - margin, target, present, limit)
    settling = size_settling(curve, target, present, narrowed=narrowed, limit=limit, sure=SURE)
    more = _quantiles(np.maximum(sizes - present, 0.0) * scale)
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
    return Required(
        target=target,
        reached=float(np.mean(sizes <= present)),
        beyond=float(np.mean(np.isinf(sizes))),
        sentences=_quantiles(sizes * scale),
        more=more,
        settling=(settling - present) * scale,
        one_model=_quantiles(one * scale),
        hours=hours,
        cost=cost,
        limit=limit * scale,
        present=present * scale,
    )


def _quantiles(sizes: NDArray[np.float64]) -> Estimate:
    """Return median and 95 % interval of draws that may be infinite.

    The median is at most a size exactly where at least half of the draws are.
    """
    ordered = np.sort(sizes)
    low, middle, high = (ordered[int(q * (len(ordered) - 1))] for q in (0.025, 0.5, 0.975))
    return Estimate(float(middle), float(low), float(high))


def _caveats(analysis: Analysis, reservations: tuple[str, ...]) -> tuple[str, ...]:
    """Return all caveats, the most important first: what the answer speaks about."""
    s = analysis.studied
    first = []
    if s.synthetic:
        first.append("the corpus is synthetic: the numbers say nothing about real text")
    first.extend(reservations)
    learner = f"{s.learner}{f' on {s.backbone}' if s.backbone else ''}"
    if analysis.gap is None or analysis.screening is not None:
        first.append(
            f"these results hold for the {learner}; the model that you deploy may differ from it"
        )
    else:
        first.append(
            f"these results hold for the {s.learner}; a fine-tuned model was compared with it in "
            f"{words.counted(analysis.gap.pairs, 'pair')} only"
        )
    verdict = analysis.sensitivity.verdict if analysis.sensitivity else None
    if verdict == "artefact of range":
        first.append(
            "do not use the threshold of F1 on sentences as a sample size: it moves with the "
            "largest training set studied (artefact of range)"
        )
    elif verdict == "undecided":
        first.append(
            "do not use the threshold of F1 on sentences as a sample size: whether it is one is "
            "undecided"
        )
    return tuple(dict.fromkeys((*first, *_now(analysis).caveats, *analysis.caveats)))
