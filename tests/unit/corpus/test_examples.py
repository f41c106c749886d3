"""The bundled corpus as it is loaded."""

import hashlib
import json
import time

import numpy as np
import pytest

from suffice.corpus.corpus import Corpus
from suffice.corpus.examples import available, load_example
from suffice.errors import InputError
from tools.disclosures.generate import disclosures

PINNED = "5a30da3b82a9cc267ad250c9da71ade319bdfbc09652fb7ef9cae90454417178"


def digest(corpus: Corpus) -> str:
    content = [
        [
            d.id,
            d.text,
            [[s.start, s.end, s.label] for s in d.spans],
            {a: [[s.start, s.end, s.label] for s in own] for a, own in d.annotators.items()},
        ]
        for d in corpus
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def test_it_says_that_it_is_synthetic() -> None:
    corpus = load_example(n=3)
    assert corpus.synthetic
    assert corpus.name == "disclosures"
    assert corpus.labels == ("ORG", "PERSON")
    assert [d.id for d in corpus] == ["disclosure-0001", "disclosure-0002", "disclosure-0003"]


def test_available_names_load() -> None:
    assert available() == ("disclosures",)
    assert load_example("disclosures", n=2) == load_example(n=2)
    with pytest.raises(InputError, match="no example 'abstracts'; choose one of: disclosures"):
        load_example("abstracts")


@pytest.mark.parametrize("n", [-1, 491])
def test_only_as_many_documents_as_there_are(n: int) -> None:
    assert len(load_example(n=0)) == 0
    assert len(load_example(n=490)) == len(load_example()) == 490
    with pytest.raises(InputError, match=f"the example 'disclosures' has 490 documents, not {n}"):
        load_example(n=n)


def test_490_statements_take_well_under_a_second() -> None:
    begun = time.process_time()
    assert len(load_example()) == 490
    assert time.process_time() - begun < 1.0


def test_the_corpus_never_changes() -> None:
    """Runs are keyed by content: another corpus under the same name would mislead everybody."""
    assert digest(load_example()) == PINNED


@pytest.mark.parametrize("n", [1, 7, 60, 263, 490])
def test_it_is_what_the_generator_makes(n: int) -> None:
    """The annotators of a part, too, who are others than those of the whole."""
    assert load_example(n=n) == disclosures(n)


def test_a_smaller_corpus_is_the_start_of_a_larger_one() -> None:
    few, many = load_example(n=40), load_example(n=120)
    assert [d.key for d in few] == [d.key for d in many.documents[:40]]


def test_200_of_490_are_annotated_twice() -> None:
    assert sum(bool(d.annotators) for d in load_example()) == 200
    assert all(set(d.annotators) <= {"A", "B"} for d in load_example())


def test_numpy_global_state_is_left_alone() -> None:
    np.random.seed(1)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    load_example(n=20)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002
