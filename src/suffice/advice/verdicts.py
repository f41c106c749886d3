"""The verdicts: what each is called, when it is given, and how it looks. One table, one place.

All follow from one question, *is the target reached by a model that is trained on all N annotated
documents*, and two probabilities: P that F1(N) is at least the target, and the probability that
the target is not reached within `limit`, the largest size that anything is said about.

==================  =======================================  ===================================
verdict             is given where                           what is asked for
==================  =======================================  ===================================
enough              P >= .95                                 nothing
qualified           P >= .95, but there are reservations     what the reservations say
probably            .5 <= P < .95                            what is short, and how much of it
                                                             should settle the question
probably not        .05 < P < .5                             the median number of sentences that
                                                             are missing, and its interval
not yet             P <= .05                                 the same
cannot tell         P < .5, and the median number of         what is short
                    sentences lies beyond the limit
out of reach        not within the limit: probability >=     another model, other labels or
                    .95, and the limit is at least twice     another guideline
                    what is annotated
no target           no target is given                       a target
==================  =======================================  ===================================

P falls as the target rises and the median rises, so that verdicts come in this order as the target
rises, and the numbers asked for never fall. The median of what is missing is 0 exactly where P is
at least .5: no verdict that says "reached" comes with sentences that are missing, nor the reverse.

To add or change a verdict, change `VERDICTS` and `judge`; everything that shows a verdict reads
them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from suffice.advice.result import Required

SURE = 0.95
"""The probability from which on an answer is said without a doubt."""

FAR = 2.0
"""An F1 for more than this many times the largest training set studied is no plain yes; nor is
there a plain no where less than this many times what is annotated can be judged."""


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
    colour : str
        In the terminal.
    sign, word, kind : str
        On the page: a sign and a word, since colour is never the only mark, and the class.
    """

    headline: str
    target: str
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
        colour="yellow",
        sign="≈",
        word="A qualified yes",
        kind="open",
    ),
    "probably": Verdict(
        headline="Probably enough for {aim}, but this is not sure (probability {yes}).",
        target="{aim} is probably reached with {all} (probability {yes})",
        colour="yellow",
        sign="≈",
        word="Probably enough",
        kind="open",
    ),
    "probably not": Verdict(
        headline="Probably not enough yet for {aim} (probability {no} that it is not).",
        target="{aim} {not_reached} with {all} (probability {no} that it is not)",
        colour="yellow",
        sign="+",
        word="Probably not yet",
        kind="more",
    ),
    "not yet": Verdict(
        headline="Not enough yet for {aim}: more sentences are needed.",
        target="{aim} {not_reached} with {all} (probability {no} that it is not)",
        colour="yellow",
        sign="+",
        word="Not yet",
        kind="more",
    ),
    "cannot tell": Verdict(
        headline="Cannot tell yet how many sentences {aim} takes.",
        target=(
            "{aim} {not_reached} with {all} (probability {no} that it is not), and how many "
            "sentences it takes cannot be told: with probability {beyond} more than {limit}"
        ),
        colour="yellow",
        sign="?",
        word="Cannot tell yet",
        kind="open",
    ),
    "out of reach": Verdict(
        headline="{aim} is not reached within {limit} sentences like these.",
        target=(
            "{aim} is not reached within {limit} sentences like these (probability {beyond}), the "
            "most that this study can judge: another model, other labels or a clearer "
            "guideline may do more than more sentences"
        ),
        colour="red",
        sign="×",
        word="Not within reach",
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


def judge(required: Required | None, reservations: Sequence[str]) -> str:
    """Return the name of the verdict.

    Parameters
    ----------
    required : Required, optional
        None without a target.
    reservations : sequence of str
        What forbids a plain yes.
    """
    if required is None:
        return "no target"
    if required.reached >= SURE:
        return "qualified" if reservations else "enough"
    if required.beyond >= SURE and required.limit >= FAR * required.present:
        return "out of reach"
    if required.reached >= 0.5:
        return "probably"
    if not math.isfinite(required.sentences.value):
        return "cannot tell"
    return "probably not" if required.reached > 1 - SURE else "not yet"
