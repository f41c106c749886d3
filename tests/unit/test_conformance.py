"""Our own learners and formats pass the suites that others' must pass."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from suffice.corpus.formats.base import Draft
from suffice.corpus.formats.jsonl import JsonLines
from suffice.corpus.formats.jsontext import json_lines
from suffice.corpus.formats.registry import formats
from suffice.errors import CorpusError, InputError
from suffice.learners.base import Tagger
from suffice.learners.finetuning.finetune import Finetune
from suffice.learners.lookup import Lookup, LookupTagger
from suffice.learners.probing.probe import Probe
from suffice.learners.programs.command import Command
from suffice.learners.spacy.pipeline import Spacy
from suffice.runs.executors.base import Executor, Outcome, describe_error
from suffice.runs.executors.registry import find_executor, list_executors
from suffice.runs.ledger import Ledger
from suffice.runs.store import MemoryStore
from suffice.testing import check_executor, check_format, check_learner, check_store
from tests.unit.corpus import samples

PLACES = "{evaluate} {predictions} {train}"
NOTHING = (
    "import json, sys;"
    'out = open(sys.argv[2], "w");'
    '[print(json.dumps({"id": json.loads(x)["id"], "spans": []}), file=out) '
    "for x in open(sys.argv[1])]"
)
"""A program that finds nothing."""


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (Lookup, None),
        (
            Spacy,
            {"max_steps": 3, "eval_frequency": 3, "batch_words": 200},
        ),
        (Command, {"command": f"{sys.executable} -S -c '{NOTHING}' {PLACES}"}),
        pytest.param(Probe, {"min_steps": 12, "max_steps": 12}, marks=pytest.mark.train),
        pytest.param(Finetune, {"min_steps": 4, "max_steps": 4}, marks=pytest.mark.train),
    ],
)
def test_learners(kind, options, tmp_path):
    check_learner(kind, tmp_path, options=options)


def test_every_format_says_what_it_leaves_out(tmp_path):
    assert samples.left_out(tmp_path).keys() == formats().keys()
    assert samples.words().keys() <= formats().keys()


@pytest.mark.parametrize("name", formats())
def test_formats(name, tmp_path):
    (tmp_path / "made").mkdir()
    left_out = samples.left_out(tmp_path / "made")[name]
    words = samples.words().get(name, [])
    check_format(formats()[name], tmp_path, left_out=left_out, words=words)


def bad_format(monkeypatch, **changed):
    """Put a format in the place of jsonl that differs in what it reads."""
    bad = type("Bad", (JsonLines,), changed)()
    monkeypatch.setitem(formats(), "jsonl", bad)
    return bad


def test_the_suite_finds_a_format_that_reads_what_nobody_annotated(tmp_path, monkeypatch):
    def read(self, source):
        for _, record in json_lines(source):
            if isinstance(record, CorpusError):
                yield record
            else:
                yield Draft("here", record["text"], record.get("spans", []))

    bad = bad_format(monkeypatch, read=read)
    with pytest.raises(AssertionError, match="not annotated, or in part, is read as a document"):
        check_format(bad, tmp_path, left_out=samples.left_out(tmp_path / "none")["jsonl"])


def test_the_suite_finds_a_format_that_trims_silently(tmp_path, monkeypatch):
    def read(self, source):
        for item in JsonLines().read(source):
            spans = [
                {**s, "end": s["start"] + len(item.text[s["start"] : s["end"]].rstrip())}
                for s in item.spans
            ]
            yield replace(item, spans=spans)

    with pytest.raises(AssertionError, match="white space at an edge"):
        check_format(bad_format(monkeypatch, read=read), tmp_path)


class _Peeking(Tagger):
    def tag(self, documents):
        return [list(d.spans) for d in documents]


class _Forgetful(Tagger):
    def tag(self, documents):
        return [[] for _ in documents]

    def save(self, folder):
        (folder / "model").touch()


def test_the_suite_finds_a_model_that_is_not_kept_as_it_is(tmp_path):
    class Bad(Lookup):
        def train(self, documents, labels, seed):
            return _Forgetful()

        @classmethod
        def load(cls, folder):
            return LookupTagger({"Inc": "ORG"})

    with pytest.raises(AssertionError, match="kept and loaded finds something else"):
        check_learner(Bad, tmp_path)


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


@pytest.mark.parametrize("name", list_executors())
def test_executors(name, tmp_path):
    check_executor(find_executor(name), tmp_path)


def test_an_executor_that_is_not_there_is_named():
    with pytest.raises(InputError, match="no executor named 'none such'; the installed ones are"):
        find_executor("none such")


class _InThisProcess(Executor):
    """Does tasks one by one, here: it can neither end one nor lose a worker."""

    workers = 1

    def start(self, context, *, device="cpu", at_most=None):
        self.context = context

    def map(self, work, tasks, *, seconds=None):
        for task in self.order(tasks):
            try:
                yield Outcome(task.id, work(self.context, task.content))
            except Exception as error:  # noqa: BLE001
                yield Outcome(task.id, error=self.describe(error))

    def order(self, tasks):
        return tasks

    def describe(self, error):
        return describe_error(error)

    def close(self):
        pass


@pytest.mark.parametrize(
    ("fault", "lack"),
    [
        ({"order": lambda self, tasks: list(tasks)}, "before a worker is free"),
        ({"order": lambda self, tasks: [*tasks][1:]}, "a task has no outcome"),
        (
            {"describe": lambda self, error: f"{type(error).__name__} in executors.py: {error}"},
            "text",
        ),
    ],
)
def test_the_suite_finds_what_is_no_executor(fault, lack):
    with pytest.raises(AssertionError, match=lack):
        check_executor(type("Bad", (_InThisProcess,), fault)())


def test_stores(tmp_path):
    check_store(lambda: Ledger(tmp_path / "ledger.sqlite"))
    check_store(MemoryStore, lasting=False)


@pytest.mark.parametrize(
    ("fault", "lack"),
    [
        ({"runs": lambda self: list(self._runs.values())}, "not in order"),
        ({"spent": lambda self: 0.0}, "seconds spent"),
        ({"spans": lambda self, run: None}, "spans are not kept"),
    ],
)
def test_the_suite_finds_what_is_no_store(fault, lack):
    with pytest.raises(AssertionError, match=lack):
        check_store(type("Bad", (MemoryStore,), fault), lasting=False)
