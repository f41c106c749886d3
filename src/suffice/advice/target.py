"""What a target takes, in words: the headline, the Target line and the scarcest resource."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from suffice.advice.phrases import name_all_documents, name_source
from suffice.advice.result import Required, Scarce, Shortage
from suffice.analysis.result import Analysis
from suffice.stats import EvaluationEffect
from suffice.wording.numbers import about, counted, f1, hours, money, probability, span
from suffice.wording.text import capitalised
from suffice.wording.verdict import SURE, VERDICTS

_MORE_TIME = "a larger --budget or more --runs"

_SIZES_STUDIED = 0.8
"""Where no training set is larger than this share of the pool, larger ones were not run."""


def find_shortage(analysis: Analysis, evaluation: EvaluationEffect) -> Shortage:
    """Decide what there is too little of for a sure answer.

    What more time for the study brings comes first, since it takes no annotation: documents that
    are annotated and were not studied, training-set sizes that were not run, runs that scatter.

    Parameters
    ----------
    analysis : Analysis
        The study's results.
    evaluation : EvaluationEffect
        The interval of F1 with all annotated documents, by source.
    """
    s, parts = analysis.studied, evaluation.parts
    most = max(parts, key=lambda name: parts[name])
    largest = analysis.curve.largest
    of: Scarce
    if s.unused:
        were = "was" if s.unused == 1 else "were"
        budget = f"--budget {s.budget_for_all}" if s.budget_for_all else "a larger --budget"
        of = "budget"
        sentence = (
            f"run again with {budget}: {counted(s.unused, 'annotated document')} {were} not studied"
        )
    elif largest < _SIZES_STUDIED * s.pool:
        of = "budget"
        sentence = (
            f"run again with {_MORE_TIME}: no model was trained on more than "
            f"{counted(round(largest), 'document')} of the {s.pool:,} in the pool"
        )
    elif most == "runs":
        of = "runs"
        sentence = (
            f"run again with {_MORE_TIME}: the largest part of the interval comes from "
            f"{name_source(most, s)}"
        )
    else:
        sources: dict[str, Scarce] = {"evaluation": "evaluation", "pool": "pool"}
        of = sources.get(most, "form")
        sentence = f"the largest part of the interval comes from {name_source(most, s)}"
    return Shortage(of=of, sentence=sentence)


@dataclass(frozen=True)
class Aim:
    """What is needed to say what a target takes.

    Parameters
    ----------
    analysis : Analysis
        What the answer rests on.
    required : Required, optional
        What the target takes; None without one.
    shortage : Shortage
        The scarcest resource, from `find_shortage`.
    reservations : tuple of str
        What forbids a plain yes.
    seconds : (float, float)
        The range of seconds that annotating a sentence takes.
    """

    analysis: Analysis
    required: Required | None
    shortage: Shortage
    reservations: tuple[str, ...]
    seconds: tuple[float, float]

    def headline(self, verdict: str) -> str:
        """Say the verdict in one sentence; nothing without a target."""
        text = VERDICTS[verdict].headline
        if self.required is None:
            return text
        return capitalised(text.format(**self._fields(self.required)))

    def line(self, verdict: str) -> str:
        """Say what the target takes, or what would make the answer sure."""
        found, text = self.required, VERDICTS[verdict].target
        if found is None:
            return text
        said = text.format(**self._fields(found))
        match VERDICTS[verdict].next:
            case "reservations":
                return f"{said}. {capitalised('; '.join(self.reservations))}"
            case "settle":
                return f"{said}. {capitalised(self._what_settles(found))}"
            case "learn":
                return f"{said}. {capitalised(self._what_tells_more())}"
            case "missing" | "missing, then settle" as wanted:
                said += f". {capitalised(self._what_is_missing(found))}"
                if wanted != "missing" and math.isfinite(found.settling):
                    said += f"; {about(found.settling)} more should make it certain"
                if self.shortage.time:
                    said += f". But first {self.shortage.sentence}"
        return said

    def _fields(self, found: Required) -> dict[str, str]:
        s = self.analysis.studied
        return {
            "aim": f"{self.analysis.measure.name} {f1(found.target)}",
            "all": name_all_documents(s),
            "not_reached": f"is {'probably ' if found.reached > 1 - SURE else ''}not reached yet",
            "yes": probability(found.reached),
            "no": probability(1 - found.reached),
            "beyond": probability(found.beyond),
            "limit": about(found.limit),
            "reservations": "reservations" if len(self.reservations) > 1 else "a reservation",
        }

    def _what_settles(self, found: Required) -> str:
        """Say what should turn a probable yes into a certain one: time, or more sentences."""
        if self.shortage.time:
            return f"to make sure, {self.shortage.sentence}"
        if not math.isfinite(found.settling):
            return (
                f"{self.shortage.sentence}; even {about(found.limit)} sentences in all would "
                "probably not settle it"
            )
        return f"{self.shortage.sentence}; {self._settling(found)} should settle it"

    def _settling(self, found: Required) -> str:
        time = hours(found.settling * float(np.mean(self.seconds)) / 3600)
        return f"about {about(max(found.settling, 1.0))} more sentences ({time} of annotation)"

    def _what_tells_more(self) -> str:
        """Say what a study needs that can name a number of sentences."""
        if self.shortage.time:
            return f"to learn more, {self.shortage.sentence}"
        return (
            "annotate more and run again: a study can judge sizes up to four times its largest "
            "training set"
        )

    def _what_is_missing(self, found: Required) -> str:
        """Say how many sentences are missing: median with median, interval with interval."""
        present = found.present
        if about(found.sentences.value) == about(present):
            return (
                f"it takes about as many sentences as there are now, {about(present)} "
                f"({self._interval(found)})"
            )
        cost = "" if found.cost is None else f", costing {money(found.cost.value)}"
        return (
            f"it takes about {about(found.sentences.value)} sentences, "
            f"{about(found.more.value)} more than there are now: about "
            f"{hours(found.hours.value)} of annotation{cost} ({self._interval(found)})"
        )

    def _interval(self, found: Required) -> str:
        """Write the interval of the missing sentences, with hours and cost."""
        more, time, cost = found.more, found.hours, found.cost
        if not math.isfinite(more.high):
            room = found.limit - found.present
            return f"95 % interval {about(more.low)} to over {about(room)} more"
        said = f"95 % interval {span(more.low, more.high)} more, "
        said += _range(hours(time.low), hours(time.high))
        return (
            said
            if cost is None
            else f"{said}, a cost of {_range(money(cost.low), money(cost.high))}"
        )


def _range(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"
