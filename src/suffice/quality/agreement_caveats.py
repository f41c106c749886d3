"""What to keep in mind about agreement, and the words for what is undefined."""

from __future__ import annotations

import numpy as np

from suffice.corpus.corpus import Corpus
from suffice.quality.tables import JointCounts, Tables
from suffice.wording.caveats import Caveat

NOTHING_MARKED = "nobody marked anything"
NO_SAME_BOUNDARIES = "no two annotators' spans have the same boundaries"
ONE_LABEL = "all of these spans have one label, so that chance agrees as often as the annotators"
ONE_CODE = "all tokens have one code (one label, or none), so that chance agrees as often"
NOT_IN_FULL = "no document was annotated in full by two"
NOT_BY_THREE = "no document was annotated in full by three or more"

LEAST_DIFFERING = 10
"""With fewer documents that hold a disagreement intervals are too narrow (docs/measurements.md)."""


def caveats_of(
    corpus: Corpus, everyone: JointCounts, found: Tables, several: bool
) -> tuple[str, ...]:
    """Return what to keep in mind about all coefficients.

    Parameters
    ----------
    corpus : Corpus
        The documents with the spans of all annotators.
    everyone, found
        The counts.
    several : bool
        Whether there are more than two annotators.
    """
    said: list[str] = []
    compared = len(np.unique(found.document))
    differ = len({d.document for d in found.disagreements})
    if not found.counts.any():
        said.append(Caveat("nothing to agree on", why=NOTHING_MARKED))
    elif not differ:
        most = 1 - 0.05 ** (1 / compared)
        said.append(Caveat("no disagreement", compared=compared, most=most))
    elif differ < LEAST_DIFFERING:
        only = "1 document contains" if differ == 1 else f"{differ} documents contain"
        said.append(Caveat("few disagreements", documents=only))
    if corpus.synthetic:
        said.append(Caveat("synthetic annotators"))
    said.append(Caveat("no bound"))
    if everyone.tokens:
        said.append(Caveat("outside spans", share=everyone.outside / everyone.tokens))
    if everyone.covered:
        said.append(Caveat("tokens in several spans", tokens=everyone.covered))
    if everyone.partly:
        said.append(Caveat("not asked for all labels", documents=everyone.partly))
    alone = sum(len(d.annotators) < 2 for d in corpus)
    if alone:
        said.append(Caveat("annotated by one", documents=alone))
    if all(d.group is None for d in corpus):
        said.append(Caveat("no groups"))
    if several:
        said.append(Caveat("pairs weighted"))
    return tuple(said)
