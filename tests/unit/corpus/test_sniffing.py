"""Each format's files are known for what they are, by content alone, and for nothing else."""

import json
from pathlib import Path

import pytest

from suffice.corpus import write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.files import tree_of
from suffice.corpus.formats.base import Source
from suffice.corpus.formats.registry import format_by_extension, formats, sniff

# Whose files say in their first line what they are; JSON and columns are many tools'.
OURS = ("webanno", "xmi", "casjson", "pubtator", "bioc", "biocjson")
CORPORA = {
    "plain": Corpus((
        Document("1", "Ann met Bo.", (Span(0, 3, "PER"),), ((0, 11),)), Document("2", "None.")
    )),
    "odd": Corpus((
        Document("#FORMAT=", "<x> 1|t|a {\"text\":\n#Text=O\tB-X", (Span(0, 3, "O"),)),
    )),
    "long": Corpus((
        Document("a", "Ann saw Acme. " * 9000, (Span(0, 3, "P"), Span(8, 12, "O"))),
    )),
}  # fmt: skip


@pytest.mark.parametrize("form", formats())
@pytest.mark.parametrize("corpus", CORPORA)
def test_what_is_written_is_recognised_whatever_its_name(tmp_path, form, corpus):
    write(CORPORA[corpus], tmp_path / "out", form)
    tree = tree_of(tmp_path / "out")
    names = frozenset(file.name for file in tree.files)
    for file in tree.files:
        if formats()[form].companion(file.name, names):
            continue
        # brat's annotations are known by their name: they are nothing without a text beside them.
        name = file if form == "brat" else tmp_path / "neutral"
        source = Source(name, tree.data(file), tree=tree)
        scores = {name: formats()[name].sniff(source.head, source.path) for name in formats()}
        assert sniff(source) is formats()[form]
        best = scores.pop(form)
        if form in OURS:
            assert max(scores.values()) < best
        assert all(scores[name] == 0 for name in OURS if name != form)


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
    assert sniff(Source(path, path.read_bytes())) is formats()[shape]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("folder", "form"),
    [("webanno_tsv", "webanno"), ("uima_cas_json", "casjson"), ("pubtator", "pubtator"),
     ("bioc_xml", "bioc"), ("xmi", "xmi")],
)  # fmt: skip
def test_real_files(shared, folder, form):
    raw = shared / "corpora" / "raw"
    for path in sorted(file for file in raw.rglob("*") if file.is_file()):
        source = Source(path, path.read_bytes())
        own = path.is_relative_to(raw / folder) and "types" not in path.name
        if form == "xmi" and path.suffix == ".xmi":
            own = True
        elif form == "webanno" and path.suffix != ".tsv":
            own = False
        score = formats()[form].sniff(source.head, path)
        assert (score > 0.8) == own and (own or score == 0)
        assert not own or sniff(source) is formats()[form]


def test_the_longest_ending_decides():
    """``.prodigy.jsonl`` ends in ``.jsonl``, and ``.webanno.tsv`` in ``.tsv``, as well."""
    for form in formats().values():
        for ending in form.extensions:
            for name in (f"a{ending}", f"a{ending.upper()}.gz"):
                assert format_by_extension(Path(name)) is form
