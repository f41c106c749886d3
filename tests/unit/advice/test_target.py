"""Every combination of what is known about a target, and the line that is said of it."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from suffice.advice.judge import judge
from suffice.advice.result import Estimate, Required, Shortage
from suffice.advice.target import Aim
from suffice.scoring import F1, Measure
from suffice.wording.verdict import VERDICTS

INF = math.inf
STUDY = SimpleNamespace(
    studied=SimpleNamespace(annotated=100, test=0, sentences_per_document=10.0), measure=F1
)
HELD = Shortage(of="evaluation", sentence="most of the interval comes from the 30 documents")
TIME = Shortage(of="budget", sentence="run again: 40 documents were not studied")


def required(reached, more=(0.0, 0.0, 0.0), *, beyond=0.0, settling=INF, rate=None, limit=4000.0):
    """Return what a target takes; 1,000 sentences are annotated, of at most 4,000."""
    low, value, high = more
    hours = Estimate(value / 180, low / 360, high / 120)
    cost = None
    if rate:
        cost = Estimate(rate * hours.value, rate * hours.low, rate * hours.high)
    return Required(
        target=0.8,
        reached=reached,
        beyond=beyond,
        sentences=Estimate(1000 + value, 1000 + low, 1000 + high),
        more=Estimate(value, low, high),
        settling=settling,
        one_model=Estimate(INF, INF, INF),
        hours=hours,
        cost=cost,
        limit=limit,
        present=1000.0,
    )


def said(found, *, shortage=HELD, reservations=()):
    verdict = judge(found, reservations)
    aim = Aim(STUDY, found, shortage, reservations, (10.0, 30.0))
    return verdict, aim.headline(verdict), aim.line(verdict)


@pytest.mark.parametrize(
    ("arguments", "verdict", "headline", "line"),
    [
        (
            ((0.97,), {}),
            "enough",
            "Yes, this is enough for F1 .80.",
            "F1 .80 is reached with all 100 annotated documents (probability .97)",
        ),
        (
            ((0.89,), {"settling": 300.0}),
            "probably",
            "Probably enough for F1 .80, but not certainly (probability .89).",
            "F1 .80 is probably reached with all 100 annotated documents (probability .89). Most "
            "of the interval comes from the 30 documents; about 300 more sentences (2 h of "
            "annotation) should settle it",
        ),
        (
            ((0.5, (0.0, 0.0, INF)), {}),
            "probably",
            "Probably enough for F1 .80, but not certainly (probability .50).",
            "F1 .80 is probably reached with all 100 annotated documents (probability .50). Most "
            "of the interval comes from the 30 documents; even 4,000 sentences in all would "
            "probably not settle it",
        ),
        (
            ((0.48, (0.0, 2.0, INF)), {}),
            "probably not",
            "Probably not enough yet for F1 .80 (probability .52).",
            "F1 .80 is probably not reached yet with all 100 annotated documents (probability "
            ".52). It takes about as many sentences as there are now, 1,000 (95 % interval "
            "0 to over 3,000 more)",
        ),
        (
            ((0.31, (0.0, 900.0, 1800.0)), {"rate": 20, "settling": 1500.0}),
            "probably not",
            "Probably not enough yet for F1 .80 (probability .69).",
            "F1 .80 is probably not reached yet with all 100 annotated documents (probability "
            ".69). It takes about 1,900 sentences, 900 more than there are now: about 5 h "
            "of annotation, costing 100 (95 % interval 0–1,800 more, 0 min to 15 h, a cost of 0 to "
            "300); 1,500 more should make it certain",
        ),
        (
            ((0.01, (360.0, 900.0, 1800.0)), {}),
            "not yet",
            "Not enough yet for F1 .80: more sentences are needed.",
            "F1 .80 is not reached yet with all 100 annotated documents (probability .99). It "
            "takes about 1,900 sentences, 900 more than there are now: about 5 h of "
            "annotation (95 % interval 360–1,800 more, 60 min to 15 h)",
        ),
        (
            ((0.2, (0.0, INF, INF)), {"beyond": 0.6}),
            "cannot tell",
            "Cannot tell yet how many sentences F1 .80 takes.",
            "F1 .80 is probably not reached yet with all 100 annotated documents (probability "
            ".80), and the study cannot tell how many sentences it takes: more than 4,000 with "
            "probability .60. Annotate more and run again: a study can judge sizes up to four "
            "times its largest training set",
        ),
        (
            ((0.0, (INF, INF, INF)), {"beyond": 1.0}),
            "out of reach",
            "F1 .80 is out of reach within 4,000 sentences like these.",
            "F1 .80 is not reached within 4,000 sentences like these (probability >.99), the "
            "largest number that this study can judge: another model, other labels or clearer "
            "guidelines may help more than more sentences",
        ),
    ],
)
def test_every_verdict_has_one_line(arguments, verdict, headline, line):
    values, options = arguments
    assert said(required(*values, **options)) == (verdict, headline, line)


def test_time_is_asked_for_before_annotation():
    assert said(required(0.8, settling=300.0), shortage=TIME)[2].endswith(
        "(probability .80). To make sure, run again: 40 documents were not studied"
    )
    assert said(required(0.01, (9.0, 900.0, 1800.0)), shortage=TIME)[2].endswith(
        ". But first run again: 40 documents were not studied"
    )
    cannot = required(0.2, (0.0, INF, INF), beyond=0.6)
    assert said(cannot, shortage=TIME)[2].endswith(
        ". To learn more, run again: 40 documents were not studied"
    )


def test_no_line_contradicts_itself():
    """All combinations of P, median, ends and P(beyond) that draws can give."""
    ends = (0.0, 1.0, 40.0, 900.0, 2999.0, INF)
    seen = set()
    for reached in (0.0, 0.04, 0.05, 0.06, 0.31, 0.49, 0.5, 0.69, 0.94, 0.95, 0.97, 0.98, 1.0):
        for value in ends:
            if (reached >= 0.5) != (value == 0):
                continue
            for low in (e for e in ends if e <= value and (e == 0 or reached <= 0.025)):
                for high in (e for e in ends if e >= value and (e == 0 or reached < 0.975)):
                    beyond = 1 - reached if math.isinf(value) else 0.04 * math.isinf(high)
                    verdict, headline, line = said(
                        required(reached, (low, value, high), beyond=beyond)
                    )
                    seen.add(verdict)
                    assert "inf" not in line
                    assert "nan" not in line
                    assert "about 0 " not in line
                    assert ", 0 more" not in line
                    not_there = verdict in ("probably not", "not yet", "cannot tell")
                    assert ("not reached yet" in line) == not_there
                    assert ("more than there are" in line or "as many" in line) == (
                        verdict in ("probably not", "not yet")
                    )
                    assert ("nough for" in headline) == (reached >= 0.5)
    assert seen == set(VERDICTS) - {"qualified", "no target"}


def test_what_was_studied_too_little_is_not_out_of_reach():
    """A short budget studied sets of 11 documents of 80: nothing is known of larger ones."""
    short = required(0.0, (INF, INF, INF), beyond=1.0, limit=1000.0)
    verdict, headline, line = said(short, shortage=TIME)
    assert verdict == "cannot tell"
    assert headline == "Cannot tell yet how many sentences F1 .80 takes."
    assert line.endswith(
        "more than 1,000 with probability >.99. To learn more, run again: 40 documents were not "
        "studied"
    )


def test_a_headline_begins_with_a_capital():
    """As that of a recall does not: ``recall of PER``."""
    study = SimpleNamespace(studied=STUDY.studied, measure=Measure("recall", "PER"))
    found = required(0.0, (INF, INF, INF), beyond=1.0)
    aim = Aim(study, found, HELD, (), (10.0, 30.0))
    assert aim.headline("out of reach").startswith("Recall of PER .80 is out of reach within")
