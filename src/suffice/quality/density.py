"""Density: entities per sentence of a corpus, and whether it matches that of production text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from suffice.corpus.check import with_interval
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document
from suffice.corpus.sentences import sentences
from suffice.corpus.summary import Ratio, Spread, label_counts, ratio, spread
from suffice.errors import InputError
from suffice.quality.tagging import FOLDS, Tagged, tag
from suffice.results import Result
from suffice.runs.progress import Listener
from suffice.stats import Quantity, RatioMatch, compare_ratios, quantify
from suffice.stats._density.match import MARGIN, judge
from suffice.wording.caveats import Caveat
from suffice.wording.numbers import format_number

AT_MOST = 500
"""Production documents that are tagged unless told otherwise: the error of the correction comes
from the annotated documents, and hundreds of others are soon no part of it."""

_STRANGE = 1.25

Verdict = Literal["match", "sample is denser", "sample is sparser", "cannot tell"]
_VERDICTS: dict[str, Verdict] = {
    "match": "match",
    "higher": "sample is denser",
    "lower": "sample is sparser",
    "cannot tell": "cannot tell",
}


@dataclass(frozen=True)
class ProductionDensity(Result):
    """The density of unlabelled text, and how the sample compares with it.

    Parameters
    ----------
    name : str
        What was read.
    documents, tagged : int
        How many there are, and how many were tagged, drawn at random.
    learner : str
        The tagger.
    models : int
        How many of them, each trained without one fold of the annotated documents.
    every : Quantity
        All labels together.
    labels : tuple of Quantity
        Each label.
    verdict : str
        ``"match"``, ``"sample is denser"``, ``"sample is sparser"``, or ``"cannot tell"``.
    label_verdicts : mapping of str to str
        The same for each label.
    margin : float
        Ratios between 1 / (1 + margin) and 1 + margin count as a match.
    within : float
        The least margin with which the verdict would be a match; NaN if there is no conclusion.
    matches : tuple of RatioMatch
        Lengths and unknown words on both sides.
    caveats : tuple of str
        What to keep in mind.
    """

    name: str
    documents: int
    tagged: int
    learner: str
    models: int
    every: Quantity
    labels: tuple[Quantity, ...]
    verdict: Verdict
    label_verdicts: dict[str, Verdict]
    margin: float
    within: float
    matches: tuple[RatioMatch, ...]
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Density(Result):
    """Entities per sentence of an annotated corpus.

    Parameters
    ----------
    name : str
        The corpus's name.
    documents, sentences, entities : int
        Number of each.
    eps : Ratio
        Entities per sentence, with an interval over documents or groups.
    labels : mapping of str to Ratio
        The same for each label, most entities first.
    by_document : Spread
        How it is spread over documents.
    per_document : Spread
        Entities per document, which longer documents have more of at equal EPS.
    production : ProductionDensity, optional
        The unlabelled text it is compared with.
    caveats : tuple of str
        What to keep in mind.
    """

    name: str
    documents: int
    sentences: int
    entities: int
    eps: Ratio
    labels: dict[str, Ratio]
    by_document: Spread
    per_document: Spread
    production: ProductionDensity | None = None
    caveats: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"Density of {self.name}"

    def _summary(self) -> tuple[str, ...]:
        return () if self.production is None else (headline(self.production),)

    def _table(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        rows: list[tuple[Any, ...]] = [("entities per sentence", with_interval(self.eps))]
        rows += [(f"label {name}", with_interval(r)) for name, r in self.labels.items()]
        if self.production is not None:
            rows.append(("in production, estimated", between(self.production.every)))
        return ("", "value"), rows

    def _caveats(self) -> tuple[str, ...]:
        return self.caveats + (() if self.production is None else self.production.caveats)


def between(quantity: Quantity) -> str:
    """Return a density and its interval in words."""
    if math.isnan(quantity.corrected):
        return "cannot be told"
    return (
        f"{format_number(quantity.corrected, 3)} ({format_number(quantity.low, 3)} to "
        f"{format_number(quantity.high, 3)})"
    )


def headline(production: ProductionDensity) -> str:
    """Return the verdict in a sentence."""
    every = production.every
    said = {
        "match": "Match: the sample is as dense as production text",
        "sample is denser": "The sample is denser than production text",
        "sample is sparser": "The sample is sparser than production text",
        "cannot tell": "Cannot tell whether the sample is as dense as production text",
    }[production.verdict]
    if every.unknown:
        return f"{said}: {every.unknown}."
    ratio_, low, high = (
        format_number(value, 3) for value in (every.ratio, every.ratio_low, every.ratio_high)
    )
    margin = f"margin {production.margin:.0%}"
    if math.isinf(every.ratio):
        found = "nothing was found" if every.found == 0 else "no more than false spans were found"
        return f"{said}: at least {low} times ({found} in production text; {margin})."
    if math.isinf(every.ratio_high):
        return f"{said}: {ratio_} times (at least {low}, with no upper end; {margin})."
    return f"{said}: {ratio_} times ({low} to {high}; {margin})."


def density(corpus: Corpus, splitter: str = "auto") -> Density:
    """Return a corpus's density by label and document.

    Parameters
    ----------
    corpus : Corpus
        Annotated.
    splitter : str
        How sentences are found.

    Raises
    ------
    InputError
        There is no splitter of this name.
    """
    documents = corpus.documents
    length = [len(sentences(d, splitter)) for d in documents]
    grouped = any(d.group is not None for d in documents)
    of = "groups" if grouped else "documents"
    clusters = [f"d{d.id}" if d.group is None else f"g{d.group}" for d in documents]
    entities = [len(d.spans) for d in documents]
    labels = {
        label: replace(
            ratio(
                [sum(s.label == label for s in d.spans) for d in documents], length, clusters, of=of
            ),
            caveats=(),
        )
        for label in label_counts(documents)
    }
    eps = ratio(entities, length, clusters, of=of)
    caveats = list(eps.caveats)
    if corpus.synthetic:
        caveats.insert(0, Caveat("synthetic"))
    return Density(
        corpus.name,
        len(documents),
        sum(length),
        sum(entities),
        eps,
        labels,
        spread([e / s for e, s in zip(entities, length, strict=True) if s]),
        spread(entities),
        caveats=tuple(caveats),
    )


def against(
    corpus: Corpus,
    production: Sequence[Document],
    *,
    name: str = "production",
    learner: str = "probe",
    at_most: int = AT_MOST,
    margin: float = MARGIN,
    folds: int = FOLDS,
    seed: int = 0,
    listener: Listener | None = None,
) -> Density:
    """Compare a corpus's density with that of unlabelled text, with a verdict.

    Parameters
    ----------
    corpus : Corpus
        Annotated: what the tagger is trained on and its error is measured on, by folds.
    production : sequence of Document
        Text without annotations; their spans are not looked at.
    name : str
        What to call it.
    learner : str
        The tagger's learner.
    at_most : int
        Production documents that are tagged; more are drawn from at random.
    margin : float
        Ratios of densities between 1 / (1 + margin) and 1 + margin count as a match.
    folds : int
        Number of models.
    seed : int
        Random seed.
    listener : callable, optional
        Told how far it is.

    Returns
    -------
    Density
        With `Density.production`.

    Raises
    ------
    InputError
        The margin is not positive, or there are fewer than two production documents.
    TooSmallError
        The corpus is too small.
    """
    if not 0 < margin < 1:
        raise InputError(f"`margin` must lie between 0 and 1, not {margin}")
    if len(production) < 2 or at_most < 2:
        raise InputError(
            "a density needs at least two production documents",
            remedy="name more text with `production`, or raise `at_most`",
        )
    if folds < 2:
        raise InputError(
            f"{folds} folds leave nothing to measure the error on", remedy="use 2 or more"
        )
    seeds = np.random.SeedSequence(seed)
    chosen = production
    if len(production) > at_most:
        drawn = np.random.default_rng(seeds).permutation(len(production))[:at_most]
        chosen = [production[i] for i in sorted(drawn.tolist())]
    tagged = tag(
        corpus.documents, chosen, learner=learner, folds=folds, seed=seed, listener=listener
    )
    every, *labels = quantify(tagged.calibration(), tagged.production(), tagged.labels, seed=seed)
    matches = _matches(tagged, margin)
    found = ProductionDensity(
        name=name,
        documents=len(production),
        tagged=len(chosen),
        learner=learner,
        models=tagged.folds,
        every=every,
        labels=tuple(sorted(labels, key=lambda q: -q.sample)),
        verdict=_verdict(every, margin),
        label_verdicts={q.label: _verdict(q, margin) for q in labels},
        margin=margin,
        within=_least_margin(every.ratio_90),
        matches=matches,
        caveats=_caveats(tagged, every, labels, matches, len(production), len(chosen), margin),
    )
    return replace(density(corpus), production=found)


def _least_margin(inner: tuple[float, float]) -> float:
    """Return the least margin with which a ratio of that 90 % interval would be a match."""
    low, high = inner
    return max(1 / low if low > 0 else math.inf, high) - 1


def _verdict(quantity: Quantity, margin: float) -> Verdict:
    return _VERDICTS[judge(quantity.ratio_low, quantity.ratio_high, quantity.ratio_90, margin)]


def _matches(tagged: Tagged, margin: float) -> tuple[RatioMatch, ...]:
    a, p = tagged.annotated, tagged.unlabelled
    documents = np.ones(len(a.units)), np.ones(len(p.units))
    compared = {
        "tokens per sentence": ((a.tokens, a.sentences), (p.tokens, p.sentences)),
        "sentences per document": ((a.sentences, documents[0]), (p.sentences, documents[1])),
        "unknown words per word": ((a.unknown, a.words), (p.unknown, p.words)),
    }
    return tuple(
        compare_ratios(
            what,
            (a.by_unit(above), a.by_unit(below)),
            (p.by_unit(other), p.by_unit(under)),
            margin=margin,
        )
        for what, ((above, below), (other, under)) in compared.items()
    )


def _caveats(
    tagged: Tagged,
    every: Quantity,
    labels: Sequence[Quantity],
    matches: Sequence[RatioMatch],
    documents: int,
    chosen: int,
    margin: float,
) -> tuple[str, ...]:
    said = list(every.caveats)
    if chosen < documents:
        said.append(Caveat("tagged sample", tagged=chosen, documents=documents))
    strange = next(m for m in matches if m.what == "unknown words per word")
    if strange.high < 1 / _STRANGE:
        said.append(Caveat("unknown words", ratio=1 / strange.ratio))
    parts = [q.corrected for q in labels if not math.isnan(q.corrected)]
    if len(parts) == len(labels) and abs(sum(parts) - every.corrected) > margin * every.corrected:
        said.append(Caveat("densities do not add up", sum=sum(parts), whole=every.corrected))
    lost = [q.label for q in labels if math.isnan(q.corrected)]
    if lost:
        said.append(Caveat("densities unknown", labels=len(lost)))
    if tagged.shared:
        said.append(Caveat("repeats tagged apart", documents=tagged.shared))
    return (*said, *tagged.caveats)
