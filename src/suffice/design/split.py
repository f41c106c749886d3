"""Which documents train and which evaluate: decided once, by a salted hash, and stored.

Near-duplicates and groups stay together. With folds the hashes are ranked and dealt out, so that
folds are of equal size and every document evaluates; in a single split a document's side depends on
its own id (or its group's) and the study's salt alone, unless the evaluation set must have an exact
number of documents, as the paper's: then these hashes are ranked, too. Where they are, a side
depends on the other documents as well, and its being stored keeps it when some are added.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from suffice.corpus.document import Document

POOL, EVALUATION, LEFT_OUT = -1, -2, -3
"""Sides of a single split. A side of 0 or more is the fold in which the document evaluates."""


@dataclass(frozen=True)
class Split:
    """The side of every document.

    Parameters
    ----------
    sides : mapping of str to int
        Document id to `POOL`, `EVALUATION`, `LEFT_OUT`, or the number of its fold.
    folds : int
        0 for a single split.
    units : mapping of str to str
        Document id to the name of what it is kept together with: its group, its twins, or itself.
    """

    sides: Mapping[str, int]
    folds: int
    units: Mapping[str, str]

    @property
    def parts(self) -> tuple[int, ...]:
        """Return the number of each fold; ``(0,)`` for a single split."""
        return tuple(range(max(1, self.folds)))

    def pool(self, part: int = 0) -> list[str]:
        """Return the ids from which this part's training sets are drawn."""
        if self.folds:
            return [d for d, side in self.sides.items() if side >= 0 and side != part]
        return [d for d, side in self.sides.items() if side == POOL]

    def evaluation(self, part: int = 0) -> list[str]:
        """Return the ids on which this part's models are scored."""
        return [d for d, side in self.sides.items() if side == (part if self.folds else EVALUATION)]

    @property
    def left_out(self) -> int:
        """Return how many documents neither train nor evaluate, since they link both sides."""
        return sum(side == LEFT_OUT for side in self.sides.values())


def uniform(salt: str, name: str) -> float:
    """Return a number in [0, 1) that depends on the salt and the name alone."""
    digest = hashlib.blake2b(f"{salt}\x00{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def split(
    documents: Sequence[Document],
    twins: Iterable[Sequence[str]] = (),
    *,
    salt: str,
    share: float = 0.3,
    exact: bool = False,
    folds: int = 0,
    stored: Mapping[str, int] | None = None,
) -> Split:
    """Assign every document to the pool or the evaluation set, or to a fold.

    Parameters
    ----------
    documents : sequence of Document
        Documents of one `group` are kept together.
    twins : iterable of sequences of str
        Ids of near-duplicates, kept together too.
    salt : str
        The study's own; another salt gives another split.
    share : float
        The evaluation set's share, in (0, 1). Ignored with folds.
    exact : bool
        Give the evaluation set ``round(share * documents)`` documents, the units of the least
        hashes that fit, instead of all whose hash is below the share. Groups may leave it short of
        that by less than the smallest of those that do not fit. Ignored with folds.
    folds : int
        0 for a single split, 2 or more for folds. Ignored where `stored` decides.
    stored : mapping of str to int, optional
        Sides given earlier. They never change: a newcomer joins its group's or twin's side, and
        one that links two sides is left out.

    Returns
    -------
    Split

    Raises
    ------
    ValueError
        Where `share` or `folds` is out of range.
    """
    if not 0 < share < 1:
        raise ValueError(f"the evaluation share must lie between 0 and 1, not {share}")
    units = _units(documents, twins)
    members: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        members[units[document.id]].append(document.id)
    old = {d: side for d, side in (stored or {}).items() if d in units}
    if old:
        kept = [side for side in old.values() if side >= 0]
        folds = (max(kept) + 1) if kept else 0
    if folds < 0 or folds == 1:
        raise ValueError(f"folds must be 0 or at least 2, not {folds}")

    if exact and not folds:
        fresh = _exact_sides(members, old, salt=salt, share=share)
    else:
        fresh = _fresh_sides(sorted(members), salt=salt, share=share, folds=folds, balanced=not old)
    sides: dict[str, int] = {}
    for name, ids in members.items():
        known = {old[d] for d in ids if d in old} - {LEFT_OUT}
        for document_id in ids:
            if document_id in old:
                sides[document_id] = old[document_id]
            elif len(known) > 1:
                sides[document_id] = LEFT_OUT
            else:
                sides[document_id] = next(iter(known), fresh[name])
    return Split({d.id: sides[d.id] for d in documents}, folds, units)


def split_by_hand(
    documents: Sequence[Document],
    twins: Iterable[Sequence[str]],
    evaluation: Collection[str],
    stored: Mapping[str, int],
) -> Split:
    """Return the split in which the documents evaluate that the user chose for it.

    Parameters
    ----------
    documents : sequence of Document
    twins : iterable of sequences of str
        Ids of near-duplicates.
    evaluation : collection of str
        Ids of the documents that evaluate; all others are the pool's, but for those that are kept
        together with one that evaluates: they are left out.
    stored : mapping of str to int
        Sides given earlier: what was left out stays so.
    """
    units = _units(documents, twins)
    held = {units[d] for d in evaluation}
    sides = {}
    for d in (document.id for document in documents):
        if d in evaluation:
            sides[d] = EVALUATION
        else:
            out = units[d] in held or stored.get(d) == LEFT_OUT
            sides[d] = LEFT_OUT if out else POOL
    return Split(sides, 0, units)


def _fresh_sides(
    names: Sequence[str], *, salt: str, share: float, folds: int, balanced: bool
) -> dict[str, int]:
    """Return the side of each unit that has none yet."""
    if not folds:
        return {n: EVALUATION if uniform(salt, n) < share else POOL for n in names}
    if balanced:
        ranked = sorted(names, key=lambda n: (uniform(salt, n), n))
        return {n: rank % folds for rank, n in enumerate(ranked)}
    return {n: int(uniform(salt, n) * folds) for n in names}


def _exact_sides(
    members: Mapping[str, Sequence[str]], old: Mapping[str, int], *, salt: str, share: float
) -> dict[str, int]:
    """Return the side of each unit without one, so that the evaluation set has its exact size.

    Newcomers of a unit that has a side already get that one elsewhere; they are no candidates.
    """
    sides = dict.fromkeys(members, POOL)
    room = round(share * sum(len(ids) for ids in members.values()))
    candidates = []
    for name, ids in members.items():
        known = {old[d] for d in ids if d in old} - {LEFT_OUT}
        if not known:
            candidates.append(name)
        elif known == {EVALUATION}:
            room -= len(ids)
        else:
            room -= sum(old.get(d) == EVALUATION for d in ids)
    for name in sorted(candidates, key=lambda n: (uniform(salt, n), n)):
        if len(members[name]) <= room:
            sides[name] = EVALUATION
            room -= len(members[name])
    return sides


def _units(documents: Sequence[Document], twins: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return what each document is kept together with: connected groups and twins, by name."""
    parent = {d.id: d.id for d in documents}

    def root(d: str) -> str:
        while parent[d] != d:
            parent[d] = parent[parent[d]]
            d = parent[d]
        return d

    def join(a: str, b: str) -> None:
        first, second = sorted((root(a), root(b)))
        parent[second] = first

    first_of_group: dict[str, str] = {}
    for document in documents:
        if document.group is not None:
            join(document.id, first_of_group.setdefault(document.group, document.id))
    for family in twins:
        for other in family[1:]:
            join(family[0], other)
    # A group's documents share the group's own name as far as no twin links it to another.
    group_of = {d.id: d.group for d in documents}
    roots = {d: root(d) for d in parent}
    sizes = Counter(roots.values())
    names: dict[str, str] = {}
    for d, r in roots.items():
        group = group_of[r]
        names[d] = f"group:{group}" if group is not None else (f"twins:{r}" if sizes[r] > 1 else r)
    return names
