"""Whether a classifier tells synthetic documents from real ones, and by what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from suffice.applications.synthetic.corpora import CorpusPair
from suffice.applications.synthetic.statistics.auc import Auc, auc, from_error
from suffice.corpus.document import Document
from suffice.corpus.tokens import tokens
from suffice.design.split import split
from suffice.optional import needs
from suffice.results import Result

Floats = NDArray[np.float64]
View = Literal["whole text", "entities masked", "entities alone"]

VIEWS: tuple[View, ...] = ("whole text", "entities masked", "entities alone")
AT_MOST = 1000
"""Greatest number of documents of each kind for the classifier."""
_REPEATS = 3
_FOLDS = 5
_WORDS = 12
_STRENGTH = 10.0
"""Weight of the data against the penalty, as scikit-learn's C; usual for texts as unit vectors."""


@dataclass(frozen=True)
class Separability(Result):
    """How well a classifier distinguishes synthetic from real documents.

    Parameters
    ----------
    view : {"whole text", "entities masked", "entities alone"}
        What the classifier reads; a masked entity is its label.
    documents : int
        Number of documents of each kind.
    synthetic : Auc
        Synthetic from real documents.
    reference : Auc
        Real documents from other real ones, in the same numbers: .5 but for chance.
    """

    view: View
    documents: int
    synthetic: Auc
    reference: Auc


def classify_source(both: CorpusPair, *, seed: int = 0) -> tuple[Separability, ...]:
    """Tell synthetic from real documents by their words, and real ones from real ones.

    Parameters
    ----------
    both : CorpusPair
    seed : int
        Random seed.

    Returns
    -------
    tuple of Separability
        For each of `VIEWS`. A logistic regression with a ridge penalty on words and pairs of words
        (logarithm of counts, inverse document frequency, unit length), five folds; twins and groups
        share a fold. The mean over three draws of halves of the real documents, with the interval
        of one.
    """
    seeds = np.random.SeedSequence(seed)
    draws = [_draw(both, np.random.default_rng(s)) for s in seeds.spawn(_REPEATS)]
    found = []
    for view in VIEWS:
        bags = {id: bag(document, view) for id, document in both.documents.items()}
        each = [
            [_one(both, positive, first, bags, f"tell {seed} {k}") for positive in (made, second)]
            for k, (first, second, made) in enumerate(draws)
        ]
        against, among = (_mean([pair[i] for pair in each]) for i in (0, 1))
        found.append(Separability(view, len(draws[0][0]), against, among))
    return tuple(found)


def _draw(both: CorpusPair, rng: np.random.Generator) -> tuple[list[str], list[str], list[str]]:
    """Return two disjoint halves of the real documents and as many synthetic ones."""
    many = min(len(both.real) // 2, len(both.synthetic), AT_MOST)
    real = _in_random_order(both, both.real, rng)
    first = _take(real, many)
    second = _take(real[len(first) :], many)
    made = _take(_in_random_order(both, both.synthetic, rng), many)
    return _flat(first), _flat(second), _flat(made)


def _flat(units: Sequence[list[str]]) -> list[str]:
    return [id for unit in units for id in unit]


def _in_random_order(
    both: CorpusPair, documents: Sequence[Document], rng: np.random.Generator
) -> list[list[str]]:
    units: dict[str, list[str]] = {}
    for document, unit in zip(documents, both.units(documents), strict=True):
        units.setdefault(unit, []).append(document.id)
    listed = list(units.values())
    return [listed[i] for i in rng.permutation(len(listed))]


def _take(units: Sequence[list[str]], many: int) -> list[list[str]]:
    taken: list[list[str]] = []
    for unit in units:
        if sum(map(len, taken)) >= many:
            break
        taken.append(unit)
    return taken


def _one(
    both: CorpusPair,
    positive: Sequence[str],
    negative: Sequence[str],
    bags: Mapping[str, Counter[str]],
    salt: str,
) -> Auc:
    ids = [*negative, *positive]
    documents = [both.documents[id] for id in ids]
    present = set(ids)
    twins = [
        kept for family in both.families if len(kept := [i for i in family if i in present]) > 1
    ]
    division = split(documents, twins, salt=salt, folds=_FOLDS)
    fold = np.array([division.sides[id] for id in ids])
    names = {unit: i for i, unit in enumerate(dict.fromkeys(division.units[id] for id in ids))}
    cluster = np.array([names[division.units[id]] for id in ids])
    kind = np.arange(len(ids)) >= len(negative)
    features, _ = weighted([bags[id] for id in ids])
    return auc(out_of_fold(features, kind, fold), kind, fold, cluster)


def _mean(found: Sequence[Auc]) -> Auc:
    """Return the mean over draws, with the standard error of one of them."""
    value = float(np.mean([f.value for f in found]))
    error = float(np.sqrt(np.mean([f.error**2 for f in found])))
    return from_error(value, error, found[0].positives, found[0].negatives)


def find_distinguishing_words(
    both: CorpusPair, view: View = "entities masked"
) -> tuple[list[str], list[str]]:
    """Return the words and pairs that speak most for real and for synthetic text.

    They are text of the documents: not to be shown unless asked for.
    """
    documents = [*both.real[:AT_MOST], *both.synthetic[:AT_MOST]]
    kind = np.array([d.id.startswith("s:") for d in documents])
    features, words = weighted([bag(d, view) for d in documents])
    order = np.argsort(fit_logistic(features, kind).coef_[0])
    return [words[i] for i in order[:_WORDS]], [words[i] for i in order[::-1][:_WORDS]]


def bag(document: Document, view: View) -> Counter[str]:
    """Return the words and pairs of words that a classifier reads, with their counts."""
    words = list(_words(document, view))
    return Counter(words) + Counter(f"{a} {b}" for a, b in pairwise(words))


def _words(document: Document, view: View) -> Iterator[str]:
    text = document.text
    if view == "whole text":
        yield from (text[a:b].casefold() for a, b in tokens(text))
        return
    end = 0
    for start, stop, label in _joined(document):
        if view == "entities masked":
            yield from _pieces(text, end, start)
            yield f"<{label}>"
        else:
            yield from _pieces(text, start, stop)
            yield "<>"
        end = stop
    if view == "entities masked":
        yield from _pieces(text, end, len(text))


def _joined(document: Document) -> list[tuple[int, int, str]]:
    """Return stretches of overlapping spans, each with the label of its longest first span."""
    found: list[tuple[int, int, str]] = []
    for span in sorted(document.spans, key=lambda s: (s.start, -s.end)):
        if found and span.start < found[-1][1]:
            start, stop, label = found[-1]
            found[-1] = (start, max(stop, span.end), label)
        else:
            found.append((span.start, span.end, span.label))
    return found


def _pieces(text: str, start: int, end: int) -> Iterator[str]:
    part = text[start:end]
    return (part[a:b].casefold() for a, b in tokens(part))


def weighted(bags: Sequence[Counter[str]]) -> tuple[Any, list[str]]:
    """Return documents as unit vectors of weighted words, and the words.

    Parameters
    ----------
    bags : sequence of Counter
        The words of each document.

    Returns
    -------
    features : sparse array, shape (documents, words)
        ``(1 + log count) · (log((1 + n) / (1 + df)) + 1)``, rows of length 1.
    words : list of str
    """
    with needs("telling synthetic from real text"):
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.feature_extraction.text import TfidfTransformer

    listed = DictVectorizer(sort=False)
    features = TfidfTransformer(sublinear_tf=True).fit_transform(listed.fit_transform(bags))
    return features, list(listed.feature_names_)


def fit_logistic(features: Any, positive: NDArray[np.bool_]) -> Any:
    """Return a logistic regression with a ridge penalty, fitted.

    Parameters
    ----------
    features : sparse array, shape (rows, features)
    positive : ndarray of bool, shape (rows,)

    Raises
    ------
    ValueError
        One of the two classes is missing.
    """
    with needs("telling synthetic from real text"):
        from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=_STRENGTH, tol=1e-6, max_iter=500).fit(features, positive)


def out_of_fold(features: Any, positive: NDArray[np.bool_], fold: NDArray[np.int_]) -> Floats:
    """Return each row's log odds by the model that was trained without its fold.

    Parameters
    ----------
    features : sparse array, shape (rows, features)
    positive : ndarray of bool, shape (rows,)
    fold : ndarray of int, shape (rows,)

    Returns
    -------
    ndarray, shape (rows,)
        Those of different folds come of different models.

    Raises
    ------
    ValueError
        Without some fold one of the two classes is missing.
    """
    scores = np.zeros(len(positive))
    for number in np.unique(fold):
        held = fold == number
        model = fit_logistic(features[~held], positive[~held])
        scores[held] = model.decision_function(features[held])
    return scores
