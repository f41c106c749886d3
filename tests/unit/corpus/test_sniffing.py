"""Each format's files are known for what they are, and for nothing else."""

import pytest

from suffice.corpus import write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.files import tree_of
from suffice.corpus.formats.base import Source
from suffice.corpus.formats.registry import formats, sniff

OURS = ("webanno", "xmi", "casjson", "pubtator", "bioc", "biocjson")
OTHERS = ("jsonl", "prodigy", "conll", "docbin")
CORPORA = {
    "plain": Corpus((
        Document("1", "Ann met Bo.", (Span(0, 3, "PER"),), ((0, 11),)), Document("2", "None.")
    )),
    "odd": Corpus((
        Document("#FORMAT=", "<x> 1|t|a {\"text\":\n#Text=O\tB-X", (Span(0, 3, "O"),)),
    )),
}  # fmt: skip


@pytest.mark.parametrize("form", [*OURS, *OTHERS])
@pytest.mark.parametrize("corpus", CORPORA)
def test_confusion(tmp_path, form, corpus):
    write(CORPORA[corpus], tmp_path / "out", form)
    tree = tree_of(tmp_path / "out")
    names = frozenset(file.name for file in tree.files)
    for file in tree.files:
        source = Source(tmp_path / "neutral", tree.data(file))
        if formats()[form].companion(file.name, names):
            continue
        scores = {name: formats()[name].sniff(source.head, source.path) for name in formats()}
        assert sniff(source) is formats()[form]
        best = scores.pop(form)
        assert best >= 0.8 or form == "conll"
        if form in OURS:
            assert max(scores.values()) < best - 0.2
        assert all(scores[name] == 0 for name in OURS if name != form)


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
