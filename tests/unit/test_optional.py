"""Plug-ins that need what is not installed: told in one line, and in nobody's way."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint

import pytest

import suffice
from suffice.corpus import Corpus, Document, Span, compare_splitters
from suffice.corpus.formats import registry as formats
from suffice.corpus.sentences import sentences
from suffice.corpus.splitters import registry as splitters
from suffice.corpus.splitters import spacy as spacy_splitter
from suffice.learners import registry as learners
from suffice.optional import MissingPackageError, explain, needs

ONE = Corpus((Document("a", "Ana left. Bo came.", (Span(0, 3, "P"),)),))

LATE = """
from suffice.learners.lookup import Lookup

def split(text, language):
    import {package}
    return [(0, len(text))]

class Late:
    def __init__(self):
        import {package}

class LateLearner(Lookup):
    def __init__(self, options=None):
        import {package}
"""


@pytest.fixture
def without_spacy(monkeypatch):
    """As where spaCy is not installed."""
    monkeypatch.setitem(sys.modules, "spacy", None)
    spacy_splitter._pipeline.cache_clear()
    yield
    spacy_splitter._pipeline.cache_clear()


@pytest.fixture
def plugin(monkeypatch, tmp_path):
    """Return what installs a plug-in of another package as the only one of its kind."""

    def install(registry, name, value, package="nowhere_at_all"):
        (tmp_path / "theirs.py").write_text(LATE.format(package=package), encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "theirs", raising=False)
        points = [*registry.entry_points(group=registry.GROUP)]
        points.append(EntryPoint(name, value, registry.GROUP))
        monkeypatch.setattr(registry, "entry_points", lambda group: points)
        for cached in ("_found", "_loaded"):
            if hasattr(getattr(registry, cached, None), "cache_clear"):
                getattr(registry, cached).cache_clear()

    yield install
    for registry in (splitters, formats):
        for cached in ("_found", "_loaded"):
            if hasattr(registry, cached):
                getattr(registry, cached).cache_clear()


def test_a_splitter_of_ours_that_imports_late(without_spacy):
    with pytest.raises(MissingPackageError, match=r"needs the package spacy.*'suffice\[spacy\]'"):
        sentences(ONE.documents[0], "spacy:de")
    rows = {row.name: row for row in compare_splitters(ONE).rows}
    assert rows["icu"].sentences == 2
    assert rows["spacy"].sentences is None
    assert "pip install 'suffice[spacy]'" in rows["spacy"].unavailable


@pytest.mark.parametrize("value", ["nowhere_at_all:split", "theirs:split"])
def test_a_splitter_of_others(plugin, value):
    """Whether its package is missing when it is loaded or when it is called."""
    plugin(splitters, "theirs", value)
    with pytest.raises(MissingPackageError, match="nowhere_at_all, which is not installed; see"):
        sentences(ONE.documents[0], "theirs")
    rows = {row.name: row for row in compare_splitters(ONE).rows}
    assert rows["icu"].sentences == 2
    assert "nowhere_at_all" in rows["theirs"].unavailable


@pytest.mark.parametrize("value", ["nowhere_at_all:Form", "theirs:Late"])
def test_a_format_of_others_stands_in_nobodys_way(plugin, value, tmp_path):
    plugin(formats, "theirs", value)
    suffice.write(ONE, tmp_path / "one.jsonl")
    assert len(suffice.read(tmp_path / "one.jsonl")) == 1
    with pytest.raises(MissingPackageError, match=r"the format 'theirs' needs .*nowhere_at_all"):
        suffice.read(tmp_path / "one.jsonl", format="theirs")


@pytest.mark.parametrize("value", ["nowhere_at_all:Learner", "theirs:LateLearner"])
def test_a_learner_of_others(plugin, value):
    plugin(learners, "theirs", value)
    with pytest.raises(MissingPackageError, match=r"the learner 'theirs' needs .*nowhere_at_all"):
        learners.get("theirs")
    assert learners.get("lookup").name == "lookup"


def test_what_is_ours_keeps_its_traceback():
    """A module of suffice that is missing, or a name in it, is no package to be installed."""
    with pytest.raises(ModuleNotFoundError), needs("this", extra="spacy"):
        import suffice.nowhere  # noqa: F401
    with pytest.raises(ImportError), needs("this", extra="spacy"):
        from suffice.errors import nothing  # noqa: F401
    assert explain(ModuleNotFoundError("no", name="some_other_thing")) is None


def test_a_package_that_is_installed_and_broken():
    error = ImportError("libthing.so.1: cannot open shared object file", name="spacy.tokens")
    told = explain(error, "the format 'docbin'")
    assert str(told) == (
        "the format 'docbin' needs the package spacy, which cannot be imported "
        "(libthing.so.1: cannot open shared object file); reinstall it"
    )
