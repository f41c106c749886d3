"""How far annotators agree: every coefficient with its interval, and the list of disagreements."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.annotations import has_own_gold
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document
from suffice.errors import CorpusError
from suffice.quality.agreement_caveats import (
    NO_SAME_BOUNDARIES,
    NOT_BY_THREE,
    NOT_IN_FULL,
    NOTHING_MARKED,
    ONE_CODE,
    ONE_LABEL,
    caveats_of,
)
from suffice.quality.agreement_result import (
    Agreement,
    DocumentAgreement,
    GoldAgreement,
    LabelAgreement,
    PairAgreement,
)
from suffice.quality.gamma import gamma as gamma_of
from suffice.quality.joining import Match, join
from suffice.quality.tables import (
    JointCounts,
    Tables,
    boundary_share,
    exact_f1,
    partial_f1,
    share,
    tables,
    together,
    token_kappa,
    type_share,
)
from suffice.scoring import CORRECT
from suffice.stats import (
    BootstrapInterval,
    FleissKappa,
    IntraclassCorrelations,
    Kappa,
    bootstrap,
    cohen_kappa,
    fleiss_kappa,
    icc,
)
from suffice.stats._agreement.alpha import alpha_of
from suffice.wording.caveats import Caveat

Array = NDArray[np.float64]

_GOLD = "\0gold"
_MOST_PAIRS = 200
"""With more pairs of annotators their mean is not resampled."""


def agreement(
    *corpora: Corpus,
    names: Sequence[str] | None = None,
    match: Match = "id",
    gamma: bool = False,
    n_resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Agreement:
    """Compare annotators.

    Parameters
    ----------
    *corpora : Corpus
        One for each annotator, or a single one whose documents hold several annotators' spans. Each
        two annotators are compared on the documents that both annotated, and on the labels that
        both were asked for.
    names : sequence of str, optional
        What to call the annotators, or which of a single corpus to compare.
    match : {"id", "text"}
        How documents of several corpora are matched; see `suffice.quality.joining.join`.
    gamma : bool
        Compute γ as well (needs the extra ``gamma``; may take minutes).
    n_resamples, level, seed
        Of the bootstrap over documents, or groups where the documents name some.

    Returns
    -------
    Agreement

    Raises
    ------
    CorpusError
        Texts of one id differ, or nothing was annotated by two.
    InputError
        Names that do not fit, or γ is asked for and cannot be computed.

    Examples
    --------
    >>> import suffice
    >>> found = suffice.agreement(suffice.load_example("disclosures", n=40))
    >>> found.annotators, found.compared
    (('A', 'B'), 16)
    """
    joined = join(corpora, names=names, match=match)
    corpus = joined.corpus
    annotators = tuple(sorted({name for d in corpus for name in d.annotators}))
    used = {s.label for d in corpus for spans in d.annotators.values() for s in spans}
    asked = {label for d in corpus for labels in d.annotator_labels.values() for label in labels}
    labels = tuple(sorted(used | asked))
    found = tables(corpus, labels)
    if not found.names:
        raise CorpusError(
            f"no two annotators of {corpus.name} were asked for the same label",
            remedy="check annotator_labels in the file, or `labels`",
        )
    everyone = together(corpus, labels)
    units = _units(corpus)
    resample: Resample = partial(
        bootstrap, n_resamples=n_resamples, level=level, seed=seed, undefined=NOTHING_MARKED
    )
    rows = units[found.document]
    pairs = tuple(
        _pair(found, number, corpus, units, resample, level) for number in range(len(found.names))
    )
    several = len(annotators) > 2
    # Documents without two who were asked for everything add nothing, and are not resampled.
    resampled = everyone.coincidences.any(axis=(1, 2))
    return Agreement(
        name=corpus.name,
        annotators=annotators,
        documents=len(corpus),
        compared=len(np.unique(found.document)),
        labels=labels,
        exact=resample(found.exact, exact_f1, groups=rows),
        partial=_partial(found, slice(None), slice(None), rows, resample),
        mean_pairs=_mean_of_pairs(found, units, resample) if several else None,
        boundaries=resample(found.units, boundary_share, groups=rows),
        types=resample(found.types, type_share, groups=rows, undefined=NO_SAME_BOUNDARIES),
        token_kappa=None if several else pairs[0].token_kappa,
        token_alpha=resample(
            everyone.coincidences[resampled],
            alpha_of,
            groups=units[resampled],
            undefined=ONE_CODE if resampled.any() else NOT_IN_FULL,
        ),
        fleiss_types=_fleiss(everyone.type_counts, everyone, ONE_LABEL) if several else None,
        fleiss_tokens=_fleiss(everyone.token_counts, everyone, ONE_CODE) if several else None,
        icc=_icc_of_all(corpus, annotators, level),
        gamma=gamma_of(corpus, n_resamples=n_resamples, level=level, seed=seed) if gamma else None,
        pairs=pairs,
        by_label=_by_label(found, rows, resample),
        by_document=_by_document(found, corpus),
        confusion=_confusion(found, several),
        disagreements=found.disagreements,
        gold=_gold(corpus, annotators, labels, units, resample),
        outside=everyone.outside / everyone.tokens if everyone.tokens else float("nan"),
        synthetic=corpus.synthetic,
        notes=(*joined.notes, *corpus.notes),
        caveats=caveats_of(corpus, everyone, found, several),
    )


Resample = Callable[..., BootstrapInterval]


def _units(corpus: Corpus) -> NDArray[np.int64]:
    """Return what is resampled together: the group of each document, or itself."""
    # A group may be named as a document is called; the prefix keeps the two apart.
    keys = [f"d{d.id}" if d.group is None else f"g{d.group}" for d in corpus]
    place = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    return np.array([place[key] for key in keys], dtype=int)


def _partial(
    found: Tables,
    rows: NDArray[np.bool_] | slice,
    labels: slice | list[int],
    groups: NDArray[np.int64],
    resample: Resample,
) -> BootstrapInterval:
    """Return partial F1, which needs the exact counts and the halves."""
    both = np.concatenate([found.exact, found.halves[..., None]], axis=2)[rows][:, labels]
    return resample(both, lambda sums: partial_f1(sums[..., :3], sums[..., 3]), groups=groups)


def _pair(
    found: Tables,
    number: int,
    corpus: Corpus,
    units: NDArray[np.int64],
    resample: Resample,
    level: float,
) -> PairAgreement:
    own = found.pair == number
    groups = units[found.document[own]]
    first, second = found.names[number]
    return PairAgreement(
        first=first,
        second=second,
        documents=int(own.sum()),
        exact=resample(found.exact[own], exact_f1, groups=groups),
        partial=_partial(found, own, slice(None), groups, resample),
        boundaries=resample(found.units[own], boundary_share, groups=groups),
        types=resample(found.types[own], type_share, groups=groups, undefined=NO_SAME_BOUNDARIES),
        type_kappa=_type_kappa(found.types[own].sum(axis=0), level),
        token_kappa=resample(found.tokens[own], token_kappa, groups=groups, undefined=ONE_CODE),
        icc=icc(found.counts[own], level=level),
    )


def _type_kappa(counts: Array, level: float) -> Kappa:
    """Return Cohen's kappa of the labels of identically bounded spans."""
    found = cohen_kappa(counts, level=level)
    if not found.n:
        return replace(found, caveats=(Caveat("undefined", why=NO_SAME_BOUNDARIES),))
    if math.isnan(found.value):
        return replace(found, caveats=(Caveat("undefined", why=ONE_LABEL),))
    return found


def _mean_of_pairs(
    found: Tables, units: NDArray[np.int64], resample: Resample
) -> BootstrapInterval:
    n = len(found.names)
    counts = found.exact.sum(axis=1)
    if n > _MOST_PAIRS:
        sums = np.zeros((n, 3))
        np.add.at(sums, found.pair, counts)
        nan = float("nan")
        caveat = Caveat("mean of many pairs", pairs=n)
        value = float(np.nanmean(exact_f1(sums[:, None])))
        return BootstrapInterval(value, nan, nan, 0, caveats=(caveat,))
    table = np.zeros((len(units) * n, 3))
    np.add.at(table, found.document * n + found.pair, counts)

    def mean(sums: Array) -> Array:
        each = exact_f1(sums)
        known = np.isfinite(each)
        return share(np.where(known, each, 0).sum(axis=-1), known.sum(axis=-1).astype(float))

    return resample(table.reshape(len(units), n, 1, 3), mean, groups=units)


def _fleiss(counts: Array, everyone: JointCounts, undefined: str) -> FleissKappa:
    found = fleiss_kappa(counts)
    if not everyone.raters:
        return replace(found, caveats=(Caveat("undefined", why=NOT_BY_THREE),))
    if math.isnan(found.value):
        why = undefined if len(counts) else NO_SAME_BOUNDARIES
        found = replace(found, caveats=(Caveat("undefined", why=why),))
    caveat = Caveat("annotated in full", documents=everyone.documents, raters=everyone.raters)
    return replace(found, caveats=(*found.caveats, caveat))


def _icc_of_all(corpus: Corpus, annotators: Sequence[str], level: float) -> IntraclassCorrelations:
    whole = [
        [len(d.annotators[a]) for a in annotators]
        for d in corpus
        if not d.annotator_labels and len(d.annotators) == len(annotators)
    ]
    found = icc(np.array(whole).reshape(-1, len(annotators)), level=level)
    missing = sum(len(d.annotators) > 1 for d in corpus) - len(whole)
    if not missing:
        return found
    caveat = Caveat("not annotated in full", documents=missing)
    return replace(found, caveats=(*found.caveats, caveat))


def _by_label(
    found: Tables, rows: NDArray[np.int64], resample: Resample
) -> tuple[LabelAgreement, ...]:
    sums = found.exact.sum(axis=0)
    spans = [int(2 * row[CORRECT] + row[1] + row[2]) for row in sums]
    order = sorted(range(len(spans)), key=lambda i: (-spans[i], found.labels[i]))
    return tuple(
        LabelAgreement(
            label=found.labels[i],
            spans=spans[i],
            exact=resample(found.exact[:, [i]], exact_f1, groups=rows),
            partial=_partial(found, slice(None), [i], rows, resample),
        )
        for i in order
    )


def _by_document(found: Tables, corpus: Corpus) -> tuple[DocumentAgreement, ...]:
    n = len(corpus)
    exact, units = np.zeros((n, *found.exact.shape[1:])), np.zeros((n, 2))
    np.add.at(exact, found.document, found.exact)
    np.add.at(units, found.document, found.units)
    f1 = exact_f1(exact)
    return tuple(
        DocumentAgreement(
            id=corpus.documents[i].id,
            annotators=len(corpus.documents[i].annotators),
            units=int(units[i, 1]),
            identical=int(units[i, 0]),
            exact=float(f1[i]),
            counts={a: len(s) for a, s in sorted(corpus.documents[i].annotators.items())},
        )
        for i in np.unique(found.document)
    )


def _confusion(found: Tables, several: bool) -> NDArray[np.int64]:
    whole = found.aligned.sum(axis=0)
    if several:
        whole = whole + whole.T
        whole[np.diag_indices_from(whole)] //= 2
    return whole.astype(np.int64)


def _gold(
    corpus: Corpus,
    annotators: Sequence[str],
    labels: Sequence[str],
    units: NDArray[np.int64],
    resample: Resample,
) -> tuple[GoldAgreement, ...]:
    """Hold each annotator against the documents' own spans."""
    if not has_own_gold(corpus):
        return ()
    every = tuple(sorted({*labels, *corpus.labels}))
    found = []
    for name in annotators:
        own = [i for i, d in enumerate(corpus) if name in d.annotators]
        both = tuple(_against_gold(corpus.documents[i], name) for i in own)
        compared = tables(replace(corpus, documents=both), every)
        groups = units[own][compared.document]
        found.append(
            GoldAgreement(
                name=name,
                documents=len(compared.document),
                exact=resample(compared.exact, exact_f1, groups=groups),
                partial=_partial(compared, slice(None), slice(None), groups, resample),
            )
        )
    return tuple(found)


def _against_gold(document: Document, name: str) -> Document:
    asked = document.annotator_labels
    return replace(
        document,
        annotators={name: document.annotators[name], _GOLD: document.spans},
        annotator_labels={name: asked[name]} if name in asked else {},
    )
