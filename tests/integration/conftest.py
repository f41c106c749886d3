"""The corpus of most studies."""

import pytest

import suffice


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    path = tmp_path_factory.mktemp("corpus") / "made.jsonl"
    suffice.write(suffice.load_example(n=260), path)
    return path
