"""Twins: what a comparison of all pairs finds, in near-linear time."""

import random
import time

from suffice.corpus.document import Document
from suffice.corpus.duplicates import exact_duplicates, folded, near_duplicates
from suffice.corpus.tokens import tokens


def documents(*texts: str) -> list[Document]:
    return [Document(f"d{i}", text) for i, text in enumerate(texts)]


def shingles(text: str) -> set[tuple[str, ...]]:
    plain = folded(text)
    words = [plain[a:b] for a, b in tokens(plain)]
    if len(words) < 8:
        return set()
    return {tuple(words[i : i + 3]) for i in range(len(words) - 2)}


def by_all_pairs(listed: list[Document], similar: float = 0.8) -> list[tuple[str, ...]]:
    """Return groups as `near_duplicates` should: components of the relation, pair by pair."""
    group = {d.id: {d.id} for d in listed}
    sets = [shingles(d.text) for d in listed]
    for i, a in enumerate(listed):
        for j in range(i):
            b = listed[j]
            common, union = len(sets[i] & sets[j]), len(sets[i] | sets[j])
            same = folded(a.text) == folded(b.text)
            if same or (union and common / union >= similar):
                merged = group[a.id] | group[b.id]
                for member in merged:
                    group[member] = merged
    order = [d.id for d in listed]
    found = {tuple(i for i in order if i in members) for members in group.values()}
    return sorted((g for g in found if len(g) > 1), key=lambda g: order.index(g[0]))


def mutated(seed: int, n: int) -> list[Document]:
    """Return texts of which many are others with a few words changed, added or taken away."""
    rng = random.Random(seed)
    vocabulary = [f"w{i}" for i in range(40)]
    texts = [[rng.choice(vocabulary) for _ in range(rng.randint(3, 60))] for _ in range(n // 3)]
    while len(texts) < n:
        copy = list(rng.choice(texts))
        for _ in range(rng.randint(0, 3)):
            place = rng.randrange(len(copy))
            copy[place : place + rng.randint(0, 1)] = [rng.choice(vocabulary)]
        texts.append(copy)
    return documents(*(" ".join(words) for words in texts))


def test_equal_to_all_pairs():
    for seed in range(6):
        listed = mutated(seed, 240)
        assert near_duplicates(listed) == by_all_pairs(listed)


def test_order_of_documents_does_not_matter():
    listed = mutated(11, 300)
    groups = {frozenset(g) for g in near_duplicates(listed)}
    random.Random(1).shuffle(listed)
    assert {frozenset(g) for g in near_duplicates(listed)} == groups


def test_case_and_white_space_are_folded_and_short_texts_need_equality():
    listed = documents(
        "No conflicts of interest.",
        "no  CONFLICTS\nof interest.",
        "No conflict of interest.",
        "The author has none.",
    )
    assert exact_duplicates(listed) == [("d0", "d1")]
    assert near_duplicates(listed) == [("d0", "d1")]


def test_groups_are_in_the_order_of_the_documents():
    base = " ".join(f"word{i}" for i in range(50))
    listed = documents("alone here", "x y", base, "X  Y", base + " more", base.upper())
    assert near_duplicates(listed) == [("d1", "d3"), ("d2", "d4", "d5")]


def test_nothing_to_compare():
    assert near_duplicates([]) == []
    assert near_duplicates(documents("one")) == []


def test_thousands_of_texts_from_one_template_take_seconds():
    rng = random.Random(3)
    frame = "on day {} the patient {} came to ward {} with cough and left on day {} without any"
    texts = [
        frame.format(*(rng.randint(0, 9999) for _ in range(4))) + f" code {i}" for i in range(4000)
    ]
    start = time.perf_counter()
    near_duplicates(documents(*texts))
    assert time.perf_counter() - start < 8
