"""The parts of an interval of F1(n): the name of each source of uncertainty, and its remedy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class UncertaintySource:
    """A source of uncertainty, as people see it.

    Parameters
    ----------
    label : str
        The label, in figures.
    phrase : str
        The phrase, in sentences, with ``{evaluation}`` (120 evaluation documents), ``{pool}`` (280
        documents) and ``{runs}`` (48 runs).
    remedy : str
        What narrows its part of the interval, with ``{kind}`` (documents, or evaluation documents
        where these are documents of their own).
    """

    label: str
    phrase: str
    remedy: str


SOURCES = {
    "evaluation": UncertaintySource(
        label="evaluation documents",
        phrase="the {evaluation}",
        remedy="more annotated {kind} narrow it; more runs do not",
    ),
    "pool": UncertaintySource(
        label="pool documents",
        phrase="the {pool} that training sets are drawn from",
        remedy="only more annotated documents narrow it; more runs on the same ones do not",
    ),
    "runs": UncertaintySource(
        label="number of runs",
        phrase="the scatter of the {runs}",
        remedy="a larger --budget narrows it without further annotation",
    ),
    "form": UncertaintySource(
        label="form of the curve",
        phrase="the unknown form of the curve",
        remedy="larger training sets and more sizes narrow it",
    ),
}
