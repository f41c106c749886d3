"""Gamma: one number for boundaries and labels at once, by pygamma-agreement."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from suffice.corpus.corpus import Corpus
from suffice.optional import needs
from suffice.stats import BootstrapInterval, bootstrap
from suffice.wording.caveats import Caveat


def gamma(
    corpus: Corpus, *, n_resamples: int = 1000, level: float = 0.95, seed: int = 0
) -> BootstrapInterval:
    """Return the mean of gamma over documents.

    Parameters
    ----------
    corpus : Corpus
        Whose documents hold several annotators' spans.
    n_resamples, level, seed
        Of the bootstrap over documents, and of gamma's own chance.

    Returns
    -------
    BootstrapInterval
        Over the documents in which at least two annotators marked something; in the others gamma
        is undefined, and a caveat counts them.

    Raises
    ------
    InputError
        ``pygamma-agreement`` is not installed.

    Notes
    -----
    Mathet, Widlöcher & Métivier, Comput Linguist 2015;41:437–479, with the combined dissimilarity
    of position and category, alpha = beta = 1, delta = 1.
    """
    with needs("γ", extra="gamma"):
        from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum  # noqa: I001
        from pyannote.core import Segment
    dissimilarity = CombinedCategoricalDissimilarity(alpha=1, beta=1, delta_empty=1)
    values, groups, empty = [], [], 0
    with _seeded(seed):
        for document in corpus:
            own = {a: spans for a, spans in document.annotators.items() if spans}
            if len(document.annotators) < 2 or document.annotator_labels:
                continue
            if len(own) < 2:
                empty += any(own)
                continue
            continuum = Continuum()
            for name, spans in sorted(own.items()):
                for span in spans:
                    continuum.add(name, Segment(span.start, span.end), span.label)
            found = continuum.compute_gamma(dissimilarity)
            values.append(float(found.gamma))
            groups.append(f"d{document.id}" if document.group is None else f"g{document.group}")
    table = np.array([[value, 1.0] for value in values]).reshape(-1, 2)

    def mean(sums: np.ndarray) -> np.ndarray:
        none = np.full(len(sums), np.nan)
        return np.divide(sums[:, 0], sums[:, 1], out=none, where=sums[:, 1] > 0)

    result = bootstrap(
        table, mean, groups=np.array(groups), n_resamples=n_resamples, level=level, seed=seed
    )
    if not empty:
        return result
    caveat = Caveat("gamma undefined", documents=empty)
    return BootstrapInterval(
        result.value, result.low, result.high, result.units, level, result.method,
        (*result.caveats, caveat),
    )  # fmt: skip


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed the global generator that pygamma draws from, silence its warning on solvers, undo."""
    state = np.random.get_state()  # noqa: NPY002
    root = logging.getLogger()
    before = root.level
    np.random.seed(seed)  # noqa: NPY002
    root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002
        root.setLevel(before)
