"""Exported projects: the curator's spans are the gold, whatever the format of the files."""

import pytest

from suffice.corpus import read, write
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.texts import read_texts
from suffice.errors import CorpusError
from tests.unit.corpus.inception import CURATOR, TEXT, archive, document, files_of, folder

ANN, BOB = [(0, 3, "PER"), (20, 24, "LOC")], [(0, 3, "PER")]
GOLD = [(0, 3, "PER"), (9, 16, "CHEM")]


def spans(given):
    return tuple(Span(*one) for one in given)


def project(**more):
    """Return a project of two documents, of which one was curated."""
    users = {"INITIAL_CAS": [], "ann": ANN, "bob": BOB}
    made = {user: document(user, given) for user, given in users.items()}
    curated = {**made, CURATOR: document(CURATOR, GOLD)}
    return files_of({"a.txt": curated, "b.txt": made}, **more)


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("form", ["zip", "json"])
@pytest.mark.parametrize("place", [archive, folder])
def test_the_curators_spans_are_the_gold(tmp_path, form, place, old):
    if old and form == "json":
        pytest.skip("only archives say inside of them who made them")
    corpus = read(place(tmp_path / "p.zip", project(form=form, old=old)))
    first, second = corpus
    assert (first.id, first.text, first.spans) == ("a.txt", TEXT, spans(GOLD))
    assert (second.id, second.spans) == ("b.txt", spans(BOB))  # what more than half marked
    for each in corpus:
        assert each.annotators == {"ann": spans(ANN), "bob": spans(BOB)}
    said = " ".join(corpus.notes)
    assert "documents as they were imported (INITIAL_CAS), left out: 2" in said
    assert "passed over" not in said  # what is known to be no annotation is not worth a word


def conll(given):
    """Return the text in columns, as INCEpTION exports CoNLL 2003."""
    lines, place = [], 0
    for word in TEXT.split(" "):
        tag = next((f"B-{label}" for start, _, label in given if start == place), "O")
        lines.append(f"{word} _ _ {tag}\n")
        place += len(word) + 1
    return "".join(lines).encode()


def bioc(tmp_path, given):
    write(Corpus((Document("x", TEXT, spans(given)),)), tmp_path / "x.xml", "bioc")
    return (tmp_path / "x.xml").read_bytes()


@pytest.mark.parametrize("form", ["conll", "xml"])
def test_the_curator_decides_in_every_format(tmp_path, form):
    made = conll if form == "conll" else lambda given: bioc(tmp_path, given)
    users = {"ann": made(ANN), "bob": made(BOB), CURATOR: made(GOLD)}
    (found,) = read(archive(tmp_path / "p.zip", files_of({"a.txt": users}, form=form)))
    assert (found.id, found.spans) == ("a.txt", spans(GOLD))
    assert found.annotators == {"ann": spans(ANN), "bob": spans(BOB)}


def test_the_curation_beside_the_folder_that_was_named(tmp_path):
    folder(tmp_path / "p", project())
    corpus = read(tmp_path / "p" / "annotation")
    assert [d.spans for d in corpus] == [spans(GOLD), spans(BOB)]
    assert any(
        "curated version, outside the folder that was named, is used: 1" in n for n in corpus.notes
    )
    (curated,) = read(tmp_path / "p" / "curation")
    assert (curated.id, curated.spans, curated.annotators) == ("a.txt", spans(GOLD), {})


def test_single_files_are_called_by_their_documents(tmp_path):
    folder(tmp_path, project())
    areas = ("annotation/b.txt/ann.zip", "curation/a.txt/CURATION_USER.zip")
    corpus = read([tmp_path / path for path in areas])
    assert [(d.id, d.spans) for d in corpus] == [("b.txt", spans(ANN)), ("a.txt", spans(GOLD))]


def test_folders_that_only_have_the_name(tmp_path):
    """A corpus of someone's own that lies in a folder called annotation."""
    documents = tuple(Document(f"d{i}", f"Ann {i}", (Span(0, 3, "P"),)) for i in range(3))
    (tmp_path / "annotation").mkdir()
    write(Corpus(documents), tmp_path / "annotation" / "train", "brat")
    corpus = read(tmp_path)
    assert [d.text for d in corpus] == ["Ann 0", "Ann 1", "Ann 2"]


def test_two_files_of_one_annotator(tmp_path):
    files = project()
    files["annotation/a.txt/ann.json"] = document("ann", ANN).to_json().encode()
    with pytest.raises(CorpusError, match="two files of one document are by 'ann'"):
        read(archive(tmp_path / "p.zip", files))
    corpus = read(archive(tmp_path / "p.zip", files), lenient=True)
    assert [d.id for d in corpus] == ["b.txt"] and len(corpus.problems) == 1


def test_texts_of_a_project_come_once(tmp_path):
    texts = read_texts(archive(tmp_path / "p.zip", project()))
    assert [(d.id, d.text, d.spans) for d in texts] == [("a.txt", TEXT, ()), ("b.txt", TEXT, ())]
