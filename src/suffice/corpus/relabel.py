"""Rules on labels, applied to corpora of several files: what a rule does not reach is said.

Files of two people or tools often call one thing by two names. A rule for one of the names then
leaves out every span of the other file, which would read as "nobody marked anything there".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document
from suffice.corpus.labels import LabelRules
from suffice.errors import InputError

__all__ = ["Part", "label_parts", "labels_of", "relabel_sides"]

_MOST_PARTS = 3  # named one by one; of more the number is told
_MOST_NAMES = 5


@dataclass(frozen=True)
class Part:
    """One file or folder of a corpus that was read from several.

    Parameters
    ----------
    name : str
        As it was given.
    documents : sequence of Document
    """

    name: str
    documents: Sequence[Document]


def labels_of(documents: Iterable[Document]) -> Counter[str]:
    """Count the spans of each label, all annotators' own included."""
    return Counter(
        span.label
        for d in documents
        for spans in (d.spans, *d.annotators.values())
        for span in spans
    )


def label_parts(parts: Sequence[Part], rules: LabelRules) -> tuple[str, ...]:
    """Return notes on the parts of one corpus in which rules on labels miss something.

    Parameters
    ----------
    parts : sequence of Part
    rules : LabelRules
        That name no label which none of the parts has.

    Returns
    -------
    tuple of str
        Nothing where there is one part only.
    """
    if len(parts) < 2:
        return ()
    counts = [(part.name, labels_of(part.documents)) for part in parts]
    lost = [(name, labels) for name, labels in counts if labels and not _kept(labels, rules)]
    notes = [
        f"{name}: --labels leaves out all of its spans ({_listed(labels)})"
        for name, labels in lost[:_MOST_PARTS]
    ]
    if len(lost) > _MOST_PARTS:
        together: Counter[str] = Counter()
        for _, labels in lost:
            together.update(labels)
        return (
            f"files all of whose spans --labels leaves out: {len(lost):,} of {len(parts):,} "
            f"({_listed(together)})",
        )
    if len(parts) <= _MOST_PARTS:
        notes += [
            note for name, labels in counts if _kept(labels, rules)
            for note in _unreached(name, labels, rules)
        ]  # fmt: skip
    return tuple(notes)


def relabel_sides(
    corpora: Sequence[Corpus], rules: LabelRules, names: Sequence[str]
) -> list[Corpus]:
    """Apply rules on labels to corpora that are held against each other.

    Parameters
    ----------
    corpora : sequence of Corpus
        With their own labels.
    rules : LabelRules
        A label need not be in all corpora.
    names : sequence of str
        What to call each in messages.

    Returns
    -------
    list of Corpus
        With notes on labels that one of them has not.

    Raises
    ------
    InputError
        A label is in none of the corpora; or the rules keep none of the spans of one corpus, or of
        one annotator in it.
    """
    rules.check({label for corpus in corpora for label in labels_of(corpus)})
    done = []
    for corpus, name in zip(corpora, names, strict=True):
        for who, labels in _sides(corpus, name, len(corpora) == 1):
            if labels and not _kept(labels, rules):
                raise InputError(
                    f"`labels` keeps none of the {labels.total():,} spans of {who}",
                    remedy=f"name its labels too ({_listed(labels)}), as OLD=NEW",
                )
        notes = _unreached(name, labels_of(corpus), rules) if len(corpora) > 1 else []
        new = corpus.with_labels(rules)
        done.append(replace(new, notes=(*new.notes, *notes)))
    return done


def _sides(corpus: Corpus, name: str, alone: bool) -> Iterator[tuple[str, Counter[str]]]:
    """Yield each whose spans are held against others', with the labels used."""
    if not alone:
        yield name, Counter(s.label for d in corpus for s in d.spans)
        return
    for annotator in sorted({a for d in corpus for a in d.annotators}):
        # one who was asked for some labels only is not compared on the others anyway
        free = (d for d in corpus if annotator not in d.annotator_labels)
        spans = (s for d in free for s in d.annotators.get(annotator, ()))
        yield f"annotator {annotator} in {name}", Counter(s.label for s in spans)


def _kept(labels: Iterable[str], rules: LabelRules) -> bool:
    return any(rules(label) is not None for label in labels)


def _unreached(name: str, labels: Counter[str], rules: LabelRules) -> list[str]:
    """Say which named labels are not there, where others are left out: they may be the same."""
    missing = [label for label in rules.new if label not in labels]
    left = Counter({label: n for label, n in labels.items() if rules(label) is None})
    dropped = Counter({label: n for label, n in left.items() if label not in rules.new})
    if not missing or not dropped:
        return []
    shown = ", ".join(missing[:_MOST_NAMES]) + (", …" if len(missing) > _MOST_NAMES else "")
    return [f"{name} has no {shown}, which --labels names; left out there: {_listed(dropped)}"]


def _listed(labels: Counter[str]) -> str:
    common = labels.most_common(_MOST_NAMES)
    more = ", …" if len(labels) > _MOST_NAMES else ""
    return ", ".join(f"{label} {count:,}" for label, count in common) + more
