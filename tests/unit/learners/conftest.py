"""A toy task that a learner masters in seconds, and one torch thread."""

from __future__ import annotations

import random
from collections.abc import Iterator
from types import ModuleType

import pytest

from suffice.corpus.document import Document, Span

FIRST = ["Northern", "Rivers", "Maple", "Orlex", "Silver", "Harbour", "Quill", "Tamsin"]
JOINTS = ("\t", "\r\n", " 🙂 ", "  𝒳 ", " é ")
LAST = ["Foundation", "Trust", "Institute", "Council"]
FILLER = ["we", "saw", "that", "many", "of", "these", "were", "then", "given", "to", "some", "who"]


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> Iterator[None]:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def entity(dice: random.Random) -> str:
    """Return a four-word name."""
    return " ".join([*dice.sample(FIRST, 3), dice.choice(LAST)])


def sentence(dice: random.Random, joint: str = " ") -> Document:
    """Return one sentence with one or two names in it."""
    parts: list[str] = []
    spans = []
    for _ in range(dice.randint(1, 2)):
        parts += dice.choices(FILLER, k=dice.randint(3, 8))
        name = entity(dice)
        start = len(joint.join([*parts, ""]))
        spans.append(Span(start, start + len(name), "ORG"))
        parts.append(name)
    text = joint.join([*parts, "today."])
    return Document(f"{dice.random()}", text, tuple(spans))


@pytest.fixture(scope="session")
def tiny() -> ModuleType:
    """Return the module beside this one that makes tiny checkpoints."""
    from tests.unit.learners import tiny

    return tiny


@pytest.fixture(scope="session")
def tiny_bert(tiny: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the folder of a tiny BERT with random weights."""
    return str(tiny.checkpoint("bert", tmp_path_factory.mktemp("bert")))


@pytest.fixture(scope="session")
def toy() -> list[Document]:
    """Return 24 sentences to learn from, among them odd ones as in `toy_odd`."""
    dice = random.Random(1)
    return [sentence(dice, joint) for joint in (" ", *JOINTS) for _ in range(4)]


@pytest.fixture(scope="session")
def toy_odd() -> list[Document]:
    """Return sentences whose offsets are easily got wrong: astral signs, CRLF, tabs."""
    dice = random.Random(2)
    return [sentence(dice, joint) for joint in JOINTS * 3]


@pytest.fixture(scope="session")
def long_document() -> Document:
    """Return one text without full stops whose names lie across segment borders and far in."""
    dice = random.Random(3)
    words = dice.choices(FILLER, k=900)
    spans = []
    for place in (30, 62, 510, 640, 880):
        words[place : place + 4] = entity(dice).split()
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word) + 1)
    for place in (30, 62, 510, 640, 880):
        spans.append(Span(starts[place], starts[place + 4] - 1, "ORG"))
    return Document("long", " ".join(words), tuple(spans))
