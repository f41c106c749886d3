"""Our own learners and formats pass the suites that others' must pass."""

from __future__ import annotations

import pytest

from suffice.corpus.formats.registry import formats
from suffice.learners.base import Tagger
from suffice.learners.finetune import Finetune
from suffice.learners.lookup import Lookup, LookupTagger
from suffice.learners.probe import Probe
from suffice.testing import check_format, check_learner


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (Lookup, None),
        pytest.param(Probe, {"min_steps": 12, "max_steps": 12}, marks=pytest.mark.train),
        pytest.param(Finetune, {"min_steps": 4, "max_steps": 4}, marks=pytest.mark.train),
    ],
)
def test_learners(kind, options, tmp_path):
    check_learner(kind, tmp_path, options=options)


FORMATS = (
    "brat", "conll", "docbin", "doccano", "hf", "jsonl", "labelstudio", "prodigy", "spacyjson",
)  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_formats(name, tmp_path):
    check_format(formats()[name], tmp_path)


class _Peeking(Tagger):
    def tag(self, documents):
        return [list(d.spans) for d in documents]


class _Outside(LookupTagger):
    def tag(self, documents):
        return [[type(d.spans[0])(0, 10**6, "ORG")] if d.spans else [] for d in documents]


@pytest.mark.parametrize(
    ("tagger", "lack"), [(_Peeking(), "already there"), (_Outside({}), "outside")]
)
def test_the_suite_finds_what_is_no_learner(tagger, lack, tmp_path):
    class Bad(Lookup):
        def train(self, documents, labels, seed):
            return tagger

    with pytest.raises(AssertionError, match=lack):
        check_learner(Bad, tmp_path)
