"""The verdicts as people see them: one table, which everything that shows a verdict reads.

`suffice.advice.judge` says when each is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SURE = 0.95
"""The probability from which on an answer is given without a doubt."""

Next = Literal["nothing", "reservations", "settle", "missing", "missing, then settle", "learn"]
"""What the Target line says after its first clause: nothing more; the reservations; what should
settle the question; how many sentences are missing, and (then) what should settle it; what a study
needs that can name a number of sentences."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A verdict, as people see it.

    Parameters
    ----------
    headline : str
        One sentence, with ``{aim}`` (F1 .85), ``{yes}`` and ``{no}`` (the probability that the
        target is reached and that it is not), ``{limit}`` (sentences) and ``{reservations}`` (the
        word alone, in the singular or plural).
    target : str
        The beginning of the Target line, with the same fields, ``{all}`` (all 792 annotated
        documents), ``{not_reached}`` (is probably not reached yet) and ``{beyond}``: the
        probability that the target is not reached within the limit.
    next : Next
        How the Target line goes on.
    colour : str
        The colour in the terminal.
    sign, word, kind : str
        On the page: a sign and a word, since colour is never the only mark, and the class.
    """

    headline: str
    target: str
    next: Next = "nothing"
    colour: str
    sign: str
    word: str
    kind: Literal["good", "more", "open", "bad"]


VERDICTS = {
    "enough": Verdict(
        headline="Yes, this is enough for {aim}.",
        target="{aim} is reached with {all} (probability {yes})",
        colour="green",
        sign="✓",
        word="Enough",
        kind="good",
    ),
    "qualified": Verdict(
        headline="A qualified yes: this should be enough for {aim}, with {reservations}.",
        target="{aim} should be reached with {all} (probability {yes}), but with {reservations}",
        next="reservations",
        colour="yellow",
        sign="≈",
        word="A qualified yes",
        kind="open",
    ),
    "probably": Verdict(
        headline="Probably enough for {aim}, but not certainly (probability {yes}).",
        target="{aim} is probably reached with {all} (probability {yes})",
        next="settle",
        colour="yellow",
        sign="≈",
        word="Probably enough",
        kind="open",
    ),
    "probably not": Verdict(
        headline="Probably not enough yet for {aim} (probability {no}).",
        target="{aim} {not_reached} with {all} (probability {no})",
        next="missing, then settle",
        colour="yellow",
        sign="+",
        word="Probably not yet",
        kind="more",
    ),
    "not yet": Verdict(
        headline="Not enough yet for {aim}: more sentences are needed.",
        target="{aim} {not_reached} with {all} (probability {no})",
        next="missing",
        colour="yellow",
        sign="+",
        word="Not yet",
        kind="more",
    ),
    "cannot tell": Verdict(
        headline="Cannot tell yet how many sentences {aim} takes.",
        target=(
            "{aim} {not_reached} with {all} (probability {no}), and the study cannot tell how many "
            "sentences it takes: more than {limit} with probability {beyond}"
        ),
        next="learn",
        colour="yellow",
        sign="?",
        word="Cannot tell yet",
        kind="open",
    ),
    "out of reach": Verdict(
        headline="{aim} is out of reach within {limit} sentences like these.",
        target=(
            "{aim} is not reached within {limit} sentences like these (probability {beyond}), the "
            "largest number that this study can judge: another model, other labels or clearer "
            "guidelines may help more than more sentences"
        ),
        colour="red",
        sign="×",
        word="Out of reach",
        kind="bad",
    ),
    "no target": Verdict(
        headline="",
        target="none given: name one with --target-f1 to learn how many sentences it takes",
        colour="cyan",
        sign="–",
        word="No target given",
        kind="open",
    ),
}
