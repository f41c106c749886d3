"""From an analysis to an answer; `suffice.advice.judge` says which answer is given when."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

from suffice.advice import phrases
from suffice.advice import target as aims
from suffice.advice.judge import FAR, judge
from suffice.advice.result import Advice, AtSize, Estimate, Required
from suffice.analysis.result import Analysis
from suffice.errors import InputError
from suffice.scoring import F1, Target
from suffice.stats import larger_evaluation_set
from suffice.stats._f1.curve import warn_of_few_units
from suffice.stats._f1.required_size import size_settling, sizes_reaching
from suffice.wording.caveats import Caveat, unique
from suffice.wording.verdict import SURE

SECONDS_PER_SENTENCE = (10.0, 30.0)
"""Annotating takes 10–30 s a sentence (Majdik et al., JMIR AI 2024;3:e52095)."""

Seconds = tuple[float, float] | float | str

TRUSTED = 4.0
"""There are no answers for sizes beyond this many times the largest training set studied."""

_ONE_MODEL = 0.8


def advise(
    analysis: Analysis,
    *,
    target: Target | str | None = None,
    target_f1: float | None = None,
    seconds_per_sentence: Seconds = SECONDS_PER_SENTENCE,
    hourly_rate: float | None = None,
) -> Advice:
    """Say whether a corpus is enough, what doubling it would add, and what the target takes.

    Parameters
    ----------
    analysis : Analysis
        The study's results.
    target : Target or str, optional
        The score to reach, in the measure that was analysed, e.g. ``"recall:PERSON=.95"``.
    target_f1 : float, optional
        The F1 wanted, in (0, 1): short for ``target="f1=..."``.
    seconds_per_sentence : (float, float), float or str
        How long annotating a sentence takes, or a range, which may be written ``"10-30"``.
    hourly_rate : float, optional
        The cost of an hour of annotation.

    Returns
    -------
    Advice

    Raises
    ------
    InputError
        A target outside (0, 1), or of another measure than was analysed, or two of them; seconds or
        a rate that are not positive.
    """
    seconds = check_costs(seconds_per_sentence, hourly_rate)
    wanted = _read_target(analysis, target, target_f1)
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
        headline=aim.headline(verdict)
        or phrases.headline_without_target(doubling, analysis.measure),
        lines=(
            ("Studied", phrases.describe_study(s, analysis.gap_learner)),
            ("Now", phrases.describe_now(analysis, now)),
            ("Doubling", phrases.describe_doubling(doubling, analysis.measure)),
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


def choose_target(target: Target | str | None, target_f1: float | None) -> Target | None:
    """Return the target, which may be given in one of two ways.

    Raises
    ------
    InputError
        It is given in both ways, or cannot be read.
    """
    if target is not None and target_f1 is not None:
        raise InputError("there are two targets", remedy="give `target` or `target_f1`")
    if target_f1 is not None:
        return Target(F1, target_f1)
    return Target.parse(target) if isinstance(target, str) else target


def _read_target(
    analysis: Analysis, target: Target | str | None, target_f1: float | None
) -> Target | None:
    wanted = choose_target(target, target_f1)
    if wanted is not None and wanted.measure != analysis.measure:
        raise InputError(
            f"the target is a {wanted.measure.name}, but {analysis.measure.name} was analysed",
            remedy=f"analyse with measure={str(wanted.measure)!r}",
        )
    return wanted


def check_costs(seconds_per_sentence: Seconds, hourly_rate: float | None) -> tuple[float, float]:
    """Refuse what `advise` cannot use, before anything is trained.

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
            f"`seconds_per_sentence` must be positive and in ascending order, not {least} to {most}"
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
    caveat = Caveat(
        "extrapolated",
        largest=found.largest,
        measure=analysis.measure.name,
        documents=found.documents,
    )
    return AtSize(mean, low, high, (caveat,), found.documents, found.largest)


def _reservations(analysis: Analysis, now: AtSize) -> tuple[str, ...]:
    """Return what forbids a plain yes: faults of the corpus, and limits of the curve."""
    found = list(analysis.studied.reservations)
    if now.documents > FAR * now.largest:
        found.extend(now.caveats)
    if too_few := warn_of_few_units(analysis.curve.evaluation_units):
        found.append(too_few)
    return tuple(found)


def _first_unsaid(caveats: tuple[str, ...], said: tuple[str, ...]) -> str:
    """Return the most important caveat that no other line gives: a qualified yes names its own."""
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
    margin = float(scipy.stats.norm.ppf(_ONE_MODEL)) * curve.one_sd
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
    """Return all caveats, the most important first: what the answer holds for."""
    s = analysis.studied
    first: list[str] = []
    if s.synthetic:
        first.append(Caveat("synthetic"))
    first.extend(reservations)
    learner = f"{s.learner}{f' on {s.backbone}' if s.backbone else ''}"
    if analysis.gap is None or analysis.screening is not None:
        first.append(Caveat("this learner", learner=learner))
    else:
        first.append(Caveat("few pairs", learner=s.learner, pairs=analysis.gap.pairs))
    verdict = analysis.sensitivity.verdict if analysis.sensitivity else None
    if verdict == "artefact of range":
        first.append(Caveat("threshold is an artefact"))
    elif verdict == "undecided":
        first.append(Caveat("threshold undecided"))
    return unique((*first, *_now(analysis).caveats, *analysis.caveats))
