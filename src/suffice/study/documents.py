"""The documents of a study: read, checked, divided, and stored as hashes and counts."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from suffice.corpus.check import are_lone_sentences, inspect
from suffice.corpus.corpus import Corpus
from suffice.corpus.duplicates import near_duplicates
from suffice.corpus.sentences import sentences
from suffice.corpus.tokens import tokens
from suffice.design.split import EVALUATION, LEFT_OUT, Split, split, split_by_hand, uniform
from suffice.errors import StudyError, TooSmallError
from suffice.runs.job import digest
from suffice.runs.ledger import DocumentRow, Ledger
from suffice.study import annotators
from suffice.study.spec import CorpusSpec, StudySpec
from suffice.study.table import is_valid

LEAST_DOCUMENTS = 20
LEAST_ENTITIES = 20

_SIDES = ("the evaluation set", "the pool")


def read_corpus(spec: CorpusSpec) -> Corpus:
    """Read the corpus that a specification names.

    Raises
    ------
    StudyError
        It names none: the documents were given in memory.
    InputError
        As by `suffice.read`.
    """
    if not spec.paths:
        raise StudyError(
            "this study was made from documents in memory, not from files",
            remedy="give the documents again in Python: load_study(folder, corpus)",
        )
    return spec.read().with_sentences(spec.sentences)


def name_of(document_id: str) -> str:
    """Return the hash under which the ledger knows a document's id."""
    return digest(["document", document_id])


def check_size(corpus: Corpus) -> None:
    """Refuse a corpus that is too small to study.

    Raises
    ------
    TooSmallError
        It has no entities, or too few, or too few documents.
    """
    entities = sum(len(d.spans) for d in corpus)
    if not entities:
        raise TooSmallError(
            f"{corpus.name} has no annotated spans",
            remedy="a study needs documents with entities; check `labels` and the format",
        )
    if len(corpus) < LEAST_DOCUMENTS:
        raise TooSmallError(
            f"too small: {corpus.name} has {len(corpus)} "
            f"document{'s' if len(corpus) != 1 else ''}; needs at least {LEAST_DOCUMENTS}",
            remedy="annotate more, or split long documents where a new text begins",
        )
    if entities < LEAST_ENTITIES:
        raise TooSmallError(
            f"too small: {corpus.name} has {entities} entities; needs at least {LEAST_ENTITIES}",
            remedy="annotate more documents",
        )


def divide(corpus: Corpus, spec: StudySpec, ledger: Ledger, test: Collection[str] = ()) -> Split:
    """Return the side of every document: the stored one, or that of the user's own test set.

    Parameters
    ----------
    corpus : Corpus
        All documents.
    spec : StudySpec
        How they are divided.
    ledger : Ledger
        Holds the sides given earlier.
    test : collection of str
        Ids of the documents of the user's own test set.
    """
    stored_by_name = ledger.stored_sides()
    stored = {
        d.id: stored_by_name[name] for d in corpus if (name := name_of(d.id)) in stored_by_name
    }
    twins = near_duplicates(corpus.documents)
    if test:
        return split_by_hand(corpus.documents, twins, test, stored)
    return split(
        corpus.documents,
        twins,
        salt=spec.salt,
        share=spec.evaluation_share,
        exact=spec.split == "exact",
        folds=spec.folds or 0,  # None in studies of earlier versions: what is stored decides
        stored=stored,
    )


def check_split(corpus: Corpus, division: Split) -> None:
    """Refuse a split that leaves a side with nothing to learn or to find.

    Raises
    ------
    TooSmallError
        Too few units, or a side without entities.
    """
    units = len(set(division.units.values()))
    if units < LEAST_DOCUMENTS // 2:
        raise TooSmallError(
            f"too small: {corpus.name} has only {units} documents (or groups) that are not "
            f"near-duplicates of each other; needs at least {LEAST_DOCUMENTS // 2}",
            remedy="annotate more that differ",
        )
    spans = {d.id: len(d.spans) for d in corpus}
    held, pool = ("one fold", "the other folds") if division.folds else _SIDES
    where = "in every fold" if division.folds else "on both sides of the split"
    fewer = " or fewer `folds`" if division.folds > 2 else ""
    for part in division.parts:
        sides = {held: division.evaluation(part), pool: division.pool(part)}
        for side, ids in sides.items():
            if not sum(spans[d] for d in ids):
                raise TooSmallError(
                    f"too small: all {len(ids)} documents of {side} are without entities; "
                    f"needs entities {where}",
                    remedy=f"annotate more documents, or try another `seed`{fewer}",
                )


@dataclass(frozen=True)
class Described:
    """What the ledger is to keep of a study's documents: hashes and counts, no text.

    Parameters
    ----------
    rows : tuple of DocumentRow
        Every document of the corpus.
    studied : frozenset of str
        Ids of those that are studied.
    meta : mapping of str to object
        Values that the ledger keeps, by name.
    """

    rows: tuple[DocumentRow, ...]
    studied: frozenset[str]
    meta: Mapping[str, object]


def describe(
    corpus: Corpus, spec: StudySpec, division: Split, seen: Collection[str] = ()
) -> Described:
    """Return what the ledger is to keep of the documents; nothing is written yet.

    Parameters
    ----------
    corpus : Corpus
        All documents.
    spec : StudySpec
        Its limit of tokens decides how many are studied.
    division : Split
        The side of every document.
    seen : collection of str
        Keys of documents that are studied whatever the limit, from `keys_of_runs`.
    """
    lengths = {d.id: len(tokens(d.text)) for d in corpus}
    studied = studied_of(corpus, spec, division, lengths, seen)
    own = {d.id: len(sentences(d)) for d in corpus}
    grouped = any(d.group is not None for d in corpus)
    rows = tuple(
        DocumentRow(
            name=name_of(d.id),
            key=d.key,
            unit=digest(["unit", division.units[d.id]]),
            side=division.sides[d.id],
            sentences=own[d.id],
            tokens=lengths[d.id],
            entities=dict(sorted(Counter(s.label for s in d.spans).items())),
            studied=d.id in studied,
        )
        for d in corpus
    )
    design = {
        "name": corpus.name,
        "synthetic": corpus.synthetic,
        "labels": list(corpus.labels),
        "left_out": division.left_out,
        "documents": len(corpus),
        "studied": len(studied),
        "tokens": sum(n for d, n in lengths.items() if division.sides[d] != LEFT_OUT),
        "skipped": len(corpus.problems),
        "notes": list(corpus.notes),
        "grouped": grouped,
        "rotating": spec.rotate,
        **_of_test_set(corpus, spec, division),
        "lone_sentences": are_lone_sentences(
            list(own.values()).count(1), len(own), grouped=grouped
        ),
    }
    meta = {
        "corpus": _summary(corpus),
        annotators.META: annotators.annotator_f1(corpus),
        "design": design,
    }
    return Described(rows, frozenset(studied), meta)


def _of_test_set(corpus: Corpus, spec: StudySpec, division: Split) -> dict[str, object]:
    """Return what is kept of a test set of the user's own: its size, and what it has alone."""
    if not spec.evaluation:
        return {}
    test, pool = (_entities(corpus, ids) for ids in (division.evaluation(), division.pool()))
    return {
        "test": len(division.evaluation()),
        "test_labels": {label: n for label, n in sorted(test.items()) if label not in pool},
    }


def _entities(corpus: Corpus, ids: Collection[str]) -> Counter[str]:
    wanted = set(ids)
    return Counter(s.label for d in corpus if d.id in wanted for s in d.spans)


def store(found: Described, ledger: Ledger) -> None:
    """Write what `describe` found into the ledger."""
    ledger.set_documents(found.rows)
    for name, value in found.meta.items():
        ledger.set_meta(name, value)


def keys_of_runs(corpus: Corpus, division: Split, ledger: Ledger) -> set[str]:
    """Return the keys of the documents that runs have seen which are valid for this corpus.

    They are studied again whatever the budget: a study never becomes smaller than it was.
    """
    side = {d.key: division.sides[d.id] for d in corpus}
    sets = ledger.evaluation_sets()
    seen: set[str] = set()
    for run in ledger.runs():
        if run.status == "ok" and is_valid(run, side):
            seen.update(run.training_keys)
            seen.update(sets[run.evaluation_set])
    return seen


def _summary(corpus: Corpus) -> dict[str, object]:
    """Return what `inspect` says of the corpus, without ids and places."""
    found = inspect(corpus)
    kept = found.to_dict()
    for name in ("exact_twins", "near_twins", "findings", "skipped", "notes"):
        kept.pop(name)
    twins = sum(len(group) - 1 for group in found.near_twins)
    return {**kept, "twins": twins, "problems": found.problem_counts()}


def units_in_order(corpus: Corpus, spec: StudySpec, division: Split) -> list[list[str]]:
    """Return the documents that can be studied, unit by unit, in a random order of the units."""
    units: dict[str, list[str]] = {}
    for d in corpus:
        if division.sides[d.id] != LEFT_OUT:
            units.setdefault(division.units[d.id], []).append(d.id)
    names = sorted(units, key=lambda n: (uniform(f"{spec.salt} order", n), n))
    if spec.evaluation:
        names = _both_sides(names, units, division, spec.evaluation_share)
    return [units[n] for n in names]


def _both_sides(
    names: Sequence[str], units: Mapping[str, Sequence[str]], division: Split, share: float
) -> list[str]:
    """Return units in an order whose beginnings hold that share of evaluation documents.

    Where one side has no more, the others follow. So a budget takes in enough of a pool and of a
    test set, however much larger one of them is.
    """
    test = deque(n for n in names if division.sides[units[n][0]] == EVALUATION)
    pool = deque(n for n in names if division.sides[units[n][0]] != EVALUATION)
    order: list[str] = []
    evaluating = total = 0
    while test or pool:
        from_test = bool(test) and (not pool or evaluating <= share * total)
        name = (test if from_test else pool).popleft()
        order.append(name)
        total += len(units[name])
        evaluating += len(units[name]) if from_test else 0
    return order


def studied_of(
    corpus: Corpus,
    spec: StudySpec,
    division: Split,
    lengths: Mapping[str, int],
    seen: Collection[str] = (),
) -> set[str]:
    """Return the documents that are studied: all, or as many whole units as the limit allows.

    Units with a document whose key is among those seen are studied in any case, and so are those
    before them in the random order. Every side (or fold) has entities among what is studied.
    """
    keys = {d.id: d.key for d in corpus}
    side = {d.id: division.sides[d.id] for d in corpus if d.spans}
    lacking = set(side.values()) - {LEFT_OUT}
    order = units_in_order(corpus, spec, division)
    last = max(
        (i for i, unit in enumerate(order) if any(keys[d] in seen for d in unit)), default=-1
    )
    studied: set[str] = set()
    total = 0
    for number, unit in enumerate(order):
        total += sum(lengths[d] for d in unit)
        full = spec.tokens is not None and total > spec.tokens
        if full and number > last and len(studied) >= 2 * LEAST_DOCUMENTS and not lacking:
            break
        studied.update(unit)
        lacking.difference_update(side[d] for d in unit if d in side)
    return studied
