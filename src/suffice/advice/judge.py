"""Which verdict is given when; `suffice.wording.verdict` says how each is worded and looks.

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

To add a verdict, change `VERDICTS` there and `judge` here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from suffice.advice.result import Required
from suffice.wording.verdict import SURE

FAR = 2.0
"""An F1 for more than this many times the largest training set studied is no plain yes; nor is
there a plain no where less than this many times what is annotated can be judged."""


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
