"""Every format is told from every other, by content alone."""

import json

import pytest

from suffice.corpus import write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.files import tree_of
from suffice.corpus.formats.base import Source
from suffice.corpus.formats.registry import sniff

SMALL = Corpus((Document("a", "Ann saw Acme.", (Span(0, 3, "P"),)), Document("b", "Nobody.")))
LONG = Corpus((Document("a", "Ann saw Acme. " * 9000, (Span(0, 3, "P"), Span(8, 12, "O"))),))
FORMS = ("conll", "docbin", "doccano", "hf", "jsonl", "labelstudio", "prodigy", "spacyjson")


def found(path):
    tree = tree_of(path)
    form = sniff(Source(path, tree.data(path), tree=tree))
    return form and form.name


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", ["small", "long"])
def test_what_is_written_is_recognised_whatever_its_name(tmp_path, form, size):
    path = tmp_path / "corpus.data"
    write(SMALL if size == "small" else LONG, path, form)
    assert found(path) == form


SPAN = {"start": 0, "end": 3, "label": "P"}
SHAPES = {
    "jsonl": [{"text": "Ann.", "spans": [SPAN], "label": "x"}],
    "prodigy": [{"text": "Ann.", "spans": [SPAN], "answer": "accept", "label": "P"}],
    "doccano": [{"text": "Ann.", "labels": [[0, 3, "P"]], "id": 1, "answer": 4}],
    "labelstudio": [{"text": "Ann.", "label": [{"start": 0, "end": 3, "labels": ["P"]}], "id": 1}],
    "spacyjson": [{"text": "Ann.", "ents": [SPAN], "tokens": [{"id": 0, "start": 0, "end": 4}]}],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_lines_that_look_alike(tmp_path, shape):
    path = tmp_path / "corpus.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in SHAPES[shape]))
    assert found(path) == shape
