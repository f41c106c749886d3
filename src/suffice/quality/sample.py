"""Which documents to annotate next: draws from unlabelled text, and what each does to inference."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document
from suffice.corpus.duplicates import near_duplicates
from suffice.corpus.tokens import tokens
from suffice.errors import InputError
from suffice.learners.backbone import BUNDLED
from suffice.quality.draw import k_centre, systematic, tilted
from suffice.quality.embed import embed
from suffice.quality.tagging import Tagged, tag
from suffice.results import Result, plain
from suffice.runs.progress import Listener, Progress
from suffice.wording.caveats import Caveat

Array = NDArray[np.float64]
Method = Literal["random", "density", "stratified", "diverse", "enriched"]
METHODS: tuple[str, ...] = get_args(Method)

AT_MOST = 1000
"""Pool documents that are tagged or embedded unless told otherwise; more are drawn from first."""

ENRICHED = 1.5

MEANING: dict[str, str] = {
    "random": "this is a simple random sample: every document had the same probability, and an "
    "F1(n) estimated from it holds for the pool",
    "density": "every document had the same probability, and the sample is spread evenly over the "
    "densities of the pool: an F1(n) estimated from it holds for the pool",
    "stratified": "every document had the same probability, and the sample is spread evenly over "
    "sources and lengths: an F1(n) estimated from it holds for the pool",
    "tilted": "inclusion probabilities varied with density and are recorded: averages over the "
    "pool need the weights, and an F1(n) estimated without them holds for text of this density",
    "diverse": "this is not a random sample: it has no inclusion probabilities, and rare kinds of "
    "text are overrepresented. Use it for training, and draw the evaluation documents at random; "
    "an F1(n) estimated from it does not generalise to any source",
}

ENRICHMENT = (
    "a density-enriched sample was asked for. Majdik et al. (2024) report that F1 falls beyond "
    "1.36 entities per sentence and see no benefit in enriched samples. The fall may be an "
    "artefact of composition: small samples scatter in density and score low, so that it appears "
    "also where density has no effect. Either way, that a model trained on text denser than "
    "production is better there is not known, and evaluating on such text misleads"
)


@dataclass(frozen=True)
class DocumentSample(Result):
    """Documents to annotate.

    Parameters
    ----------
    pool : str
        What they were drawn from.
    method : str
        How.
    documents : tuple of Document
        Without spans, in the order in which they should be annotated.
    probabilities : tuple of float
        The inclusion probability of each, over all that may be drawn; NaN where there is none.
    candidates : int
        Documents that could be drawn.
    repeats : int
        Documents passed over since they repeat annotated ones.
    seed : int
        Random seed.
    eps : float
        Estimated entities per sentence of the drawn; NaN where no tagger was used.
    pool_eps : float
        The same of the documents that could be drawn.
    meaning : str
        What the method does to later inference, in sentences.
    caveats : tuple of str
        What to keep in mind.
    """

    pool: str
    method: str
    documents: tuple[Document, ...]
    probabilities: tuple[float, ...]
    candidates: int
    repeats: int
    seed: int
    eps: float
    pool_eps: float
    meaning: str
    caveats: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give every field but the documents' text, which `records` has."""
        kept = {k: v for k, v in vars(self).items() if k != "documents"}
        return {"documents": [d.id for d in self.documents], **plain(kept)}

    def records(self) -> list[dict[str, Any]]:
        """Return an object a document, ready to be annotated: without ``"spans"``.

        So `suffice.read` refuses them until they are annotated, instead of taking them as texts
        without entities.
        """
        found = []
        for document, p in zip(self.documents, self.probabilities, strict=True):
            record: dict[str, Any] = {"id": document.id, "text": document.text}
            if document.sentences is not None:
                record["sentences"] = [list(pair) for pair in document.sentences]
            if document.group is not None:
                record["group"] = document.group
            known = not math.isnan(p)
            record["sampling"] = {
                "method": self.method,
                "seed": self.seed,
                "probability": p if known else None,
                "weight": 1 / p if known else None,
            }
            found.append(record)
        return found

    def lines(self) -> bytes:
        """Return `records` as JSON Lines."""
        return b"".join(
            json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in self.records()
        )


def draw(
    pool: Sequence[Document],
    n: int,
    method: str = "random",
    *,
    like: Corpus | None = None,
    annotated: Corpus | None = None,
    eps: float | None = None,
    by: Mapping[str, str] | None = None,
    name: str = "pool",
    learner: str = "probe",
    backbone: str = BUNDLED,
    at_most: int = AT_MOST,
    seed: int = 0,
    listener: Listener | None = None,
) -> DocumentSample:
    """Draw the next documents to annotate.

    Parameters
    ----------
    pool : sequence of Document
        Without annotations; spans are not looked at.
    n : int
        How many to draw.
    method : {"random", "density", "stratified", "diverse", "enriched"}
        How: at random; spread evenly over estimated densities, or towards the density `eps`;
        spread evenly over a field and lengths; far from each other (k-centre); half again as dense
        as the pool.
    like : Corpus, optional
        Annotated text to train the tagger on that estimates densities; `annotated` unless given.
    annotated : Corpus, optional
        What is annotated already: its repeats are not drawn, and ``diverse`` keeps away from it.
    eps : float, optional
        With ``density``: the entities per sentence that the sample shall have; the pool's unless
        given.
    by : mapping of str to str, optional
        With ``stratified``: what each document belongs to, by id.
    name : str
        The pool's name.
    learner, backbone : str
        The learner of the tagger, and the backbone of the embeddings.
    at_most : int
        Documents that are tagged or embedded; of a larger pool so many are drawn at random first.
    seed : int
        Random seed: the same seed gives the same draw.
    listener : callable, optional
        Told how far it is.

    Returns
    -------
    DocumentSample

    Raises
    ------
    InputError
        There is no such method, too few documents are left, or no corpus to estimate densities
        with was given, or the density asked for cannot be had.
    """
    _check(method, n, eps)
    reference = like or annotated
    if method in ("density", "enriched") and reference is None:
        raise InputError(
            f"`match` {method} needs a tagger to estimate densities with",
            remedy="name annotated text with `like`, or draw with `match` stratified",
        )
    left = _fresh(pool, annotated)
    if n > len(left):
        raise InputError(
            f"{n} documents were asked for and {len(left)} can be drawn",
            remedy="ask for fewer, or name more text",
        )
    first, second = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(2))
    candidates = left
    if method in ("density", "enriched", "diverse") and len(left) > at_most:
        if n > at_most:
            raise InputError(f"`n` {n} is more than `at_most` {at_most}", remedy="raise `at_most`")
        candidates = [left[i] for i in sorted(first.permutation(len(left))[:at_most].tolist())]
    share = len(candidates) / len(left)
    said: list[str] = []
    if share < 1:
        said.append(Caveat("drawn from some", some=len(candidates), all=len(left)))
    densities = None
    if method in ("density", "enriched"):
        assert reference is not None
        tagged = tag(reference.documents, candidates, learner=learner, seed=seed, listener=listener)
        densities = _entities(tagged), tagged.unlabelled.sentences
        said += tagged.caveats
    chosen, p, meaning = _choose(
        method, candidates, n, densities, eps, by, annotated, backbone, second, listener
    )
    if meaning == "tilted":
        said.append(Caveat("drawn by density"))
    if method == "enriched":
        said.insert(0, ENRICHMENT)
    return DocumentSample(
        name,
        method,
        tuple(candidates[i] for i in chosen),
        tuple(float(p[i]) * share for i in chosen),
        len(left),
        len(pool) - len(left),
        seed,
        _eps(densities, chosen),
        _eps(densities, np.arange(len(candidates))),
        MEANING[meaning],
        tuple(said),
    )


def _check(method: str, n: int, eps: float | None) -> None:
    if method not in METHODS:
        raise InputError(
            f"there is no way to draw called {method!r}",
            remedy=f"choose one of {', '.join(METHODS)}",
        )
    if n < 1:
        raise InputError(f"`n` must be at least 1, not {n}")
    if eps is not None and (method != "density" or not eps > 0):
        raise InputError("`eps` goes with `match` density and is greater than 0")


def _fresh(pool: Sequence[Document], annotated: Corpus | None) -> list[Document]:
    """Return the pool without repeats of what is annotated."""
    if annotated is None:
        return list(pool)
    theirs = {f"a:{d.id}": d.text for d in annotated}
    ours = {f"p:{d.id}": d.text for d in pool}
    known = {d.id for d in annotated}
    families = near_duplicates(Document(id, text) for id, text in (theirs | ours).items())
    repeated = {i for family in families if any(m in theirs for m in family) for i in family}
    return [d for d in pool if f"p:{d.id}" not in repeated and d.id not in known]


def _entities(tagged: Tagged) -> Array:
    """Return each document's estimated entities; their sum is the adjusted count."""
    true, found = tagged.true.sum(), tagged.annotated.found
    false = found[:, :, -1].sum() / tagged.annotated.tokens.sum()
    hits = found[:, :, :-1].sum()
    if not hits:
        raise InputError("the tagger finds no entities", remedy="annotate more, or draw at random")
    side = tagged.unlabelled
    return (side.found.sum(axis=1) - false * side.tokens) / (hits / true)


def _eps(densities: tuple[Array, Array] | None, chosen: NDArray[np.int_]) -> float:
    if densities is None:
        return math.nan
    below = float(densities[1][chosen].sum())
    return max(0.0, float(densities[0][chosen].sum())) / below if below else math.nan


def _choose(
    method: str,
    documents: Sequence[Document],
    n: int,
    densities: tuple[Array, Array] | None,
    eps: float | None,
    by: Mapping[str, str] | None,
    annotated: Corpus | None,
    backbone: str,
    rng: np.random.Generator,
    listener: Listener | None,
) -> tuple[NDArray[np.int_], Array, str]:
    """Return what is drawn, every document's probability, and what that means."""
    shuffled = rng.permutation(len(documents))
    equal = np.full(len(documents), n / len(documents))
    if method == "diverse":
        chosen = _diverse(documents, n, annotated, backbone, int(shuffled[0]), listener)
        return chosen, np.full(len(documents), np.nan), "diverse"
    if method == "random":
        return shuffled[:n], equal, "random"
    if method == "stratified":
        words = [len(tokens(d.text)) for d in documents]
        field = by or {}
        order = sorted(shuffled.tolist(), key=lambda i: (field.get(documents[i].id, ""), words[i]))
        return _drawn(equal, order, rng), equal, "stratified"
    assert densities is not None
    entities, length = densities[0], densities[1]
    each = entities / np.maximum(length, 1)
    order = sorted(shuffled.tolist(), key=lambda i: float(each[i]))
    target = eps
    if method == "enriched":
        target = ENRICHED * max(0.0, float(entities.sum())) / float(length.sum())
    if target is None:
        return _drawn(equal, order, rng), equal, "density"
    try:
        p = tilted(entities, length, n, target) if n < len(documents) else equal
    except ValueError:
        raise InputError(
            f"no {n} documents of this pool have {target:.3g} entities per sentence",
            remedy="ask for fewer documents, or for a density nearer to the pool's",
        ) from None
    return _drawn(p, order, rng), p, "tilted"


def _drawn(
    probabilities: Array, order: Sequence[int], rng: np.random.Generator
) -> NDArray[np.int_]:
    """Draw along the order; return in random order, so that a part of it is a sample as well."""
    return rng.permutation(systematic(probabilities, np.asarray(order, dtype=int), rng))


def _diverse(
    documents: Sequence[Document],
    n: int,
    annotated: Corpus | None,
    backbone: str,
    first: int,
    listener: Listener | None,
) -> NDArray[np.int_]:
    others = () if annotated is None else annotated.documents
    report_progress = None if listener is None else _teller(listener)
    points = embed([*documents, *others], backbone, report_progress)
    return k_centre(points[: len(documents)], n, points[len(documents) :], first)[0]


def _teller(listener: Listener) -> Callable[[int, int], None]:
    start = time.monotonic()

    def report_progress(done: int, of: int) -> None:
        listener(Progress("encoding", done, of, time.monotonic() - start, None))

    return report_progress
