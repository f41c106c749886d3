"""What to keep in mind about agreement, and the words for what is undefined."""

from __future__ import annotations

import numpy as np

from suffice.corpus.corpus import Corpus
from suffice.quality.agreement_result import NEVER_A_BOUND
from suffice.quality.tables import Tables, Together

NOTHING_MARKED = "nobody marked anything"
NO_SAME_BOUNDARIES = "no two annotators' spans have the same boundaries"
ONE_LABEL = "all of these spans have one label, so that chance agrees as often as the annotators"
ONE_CODE = "all tokens have one code (one label, or none), so that chance agrees as often"
NOT_IN_FULL = "no document was annotated in full by two"
NOT_BY_THREE = "no document was annotated in full by three or more"

LEAST_DIFFERING = 10
"""With fewer documents that hold a disagreement intervals are too narrow (docs/measurements.md)."""


def caveats_of(corpus: Corpus, everyone: Together, found: Tables, several: bool) -> tuple[str, ...]:
    """Return what to keep in mind about all coefficients.

    Parameters
    ----------
    corpus : Corpus
        Of all annotators.
    everyone, found
        What was counted.
    several : bool
        Whether there are more than two annotators.
    """
    said: list[str] = []
    compared = len(np.unique(found.document))
    differ = len({d.document for d in found.disagreements})
    if not found.counts.any():
        said.append(f"nothing to agree or disagree on: {NOTHING_MARKED}")
    elif not differ:
        most = 1 - 0.05 ** (1 / compared)
        said.append(
            f"no compared document holds a disagreement, so that resampling gives no interval; "
            f"from {compared:,} such documents, up to {most:.0%} of further ones may hold one "
            "(95 % confidence)"
        )
    elif differ < LEAST_DIFFERING:
        only = "1 document holds" if differ == 1 else f"{differ} documents hold"
        said.append(f"only {only} a disagreement: intervals that rest on so few are too narrow")
    if corpus.synthetic:
        said.append("the corpus is synthetic: its annotators are simulated")
    said.append(NEVER_A_BOUND)
    if everyone.tokens:
        said.append(
            f"{everyone.outside / everyone.tokens:.0%} of the tokens lie outside of every span: "
            "coefficients on tokens are mostly agreement on what nobody marks, and depend on how "
            "much of that there is"
        )
    if everyone.covered:
        said.append(
            f"tokens in several spans of one annotator, counted for the longest: "
            f"{everyone.covered:,}"
        )
    if everyone.partly:
        said.append(
            "annotators are compared only on labels that both were asked for; documents with "
            f"annotators who were not asked for all: {everyone.partly:,} (coefficients on tokens "
            "leave these annotators out)"
        )
    alone = sum(len(d.annotators) < 2 for d in corpus)
    if alone:
        said.append(f"documents that fewer than two annotated, not compared: {alone:,}")
    if all(d.group is None for d in corpus):
        said.append(
            "no groups are named (--group): documents are taken as independent of each other"
        )
    if several:
        said.append(
            "F1 over all pairs weighs annotators by how much they annotated; the mean of pairs "
            "weighs each pair alike"
        )
    return tuple(said)
