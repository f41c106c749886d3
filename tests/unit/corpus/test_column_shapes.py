"""Column files of known corpora that are not read: the error says what they are, and what helps."""

import io
import json
import re
import shutil
import subprocess
import zipfile

import pytest

from suffice.corpus import read
from suffice.errors import CorpusError, InputError

AIDA = (
    "-DOCSTART- (1 EU)\nUN\tB\tUN\t--NME--\nmet\n\n"
    "Mia\tB\tMia Roth\tMia_Roth\thttp://w/Mia_Roth\t1\t/m/1\n"
    "Roth\tI\tMia Roth\tMia_Roth\thttp://w/Mia_Roth\t1\t/m/1\nleft\n"
)
INNER = (
    "# text = Mia Roth al fin\n"
    "1\tMia\tMia\tPROPN\t_\t_\t0\troot\t_\tname=B-PER\n"
    "2\tRoth\tRoth\tPROPN\t_\t_\t1\tflat\t_\tSpaceAfter=Yes|name=I-PER\n"
    "3-4\tal\t_\t_\t_\t_\t_\t_\t_\t_\n"
    "3\ta\ta\tADP\t_\t_\t1\tx\t_\tname=O|x=y\n"
    "4\tel\tel\tDET\t_\t_\t1\tx\t_\tname=O\n"
    "5\tfin\tfin\tNOUN\t_\t_\t1\tx\t_\tname=O\n\n"
)
BRACKETS = "#begin document (a/b); part 000\n" + "".join(
    f"a/b 0 {i} {word} NN (S* - - - X {tag} *\n"
    for i, (word, tag) in enumerate([("Mia", "(PERSON*"), ("Roth", "*)"), ("left", "*")])
)


def error(path, **options):
    with pytest.raises(CorpusError) as caught:
        read(path, **options)
    return str(caught.value)


def put(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.skipif(shutil.which("awk") is None, reason="runs the commands of the messages")
@pytest.mark.parametrize(
    ("text", "new", "said", "expected"),
    [
        (AIDA, "NEW.conll", "AIDA-CoNLL", [("UN", "ENTITY"), ("Mia Roth", "ENTITY")]),
        (INNER, "NEW.conllu", "CoNLL-U whose tags stand inside", [("Mia Roth", "PER")]),
    ],
)
def test_the_command_of_the_message_converts(tmp_path, text, new, said, expected):
    message = error(put(tmp_path, "a b.conllu", text))
    assert f"this is {said}" in message
    command = re.search(r"awk .*", message)[0]
    subprocess.run(command, shell=True, check=True, cwd=tmp_path)
    (document,) = read(tmp_path / new)
    assert [(document.text[s.start : s.end], s.label) for s in document.spans] == expected


def test_brackets_are_named_with_columns_too(tmp_path):
    path = put(tmp_path, "a.v4_gold_conll", BRACKETS)
    assert "this is CoNLL-2012, whose entities stand in brackets" in error(path)
    assert "this is AIDA-CoNLL" in error(put(tmp_path, "b.tsv", AIDA), columns="word,tag,_,_")


@pytest.mark.parametrize(
    ("row", "line"),
    [("Mia\tB-PER|B-ORG\n", 2), ("Mia\tB-PER|O\n", 2), ("Mia met Bo\tB-PER O B-PER\n", 2)],
)
def test_a_row_with_several_words_or_tags_is_refused(tmp_path, row, line):
    path = put(tmp_path, "a.tsv", "ran\tO\n" + row + "far\tO\n" * 5)
    assert f"a.tsv, line {line}: the row holds several words or tags" in error(path)


def test_labels_and_words_with_spaces_are_read(tmp_path):
    text = "New York\tB-place name\nis\tO\nA|B\tB-x|y\nhepatitis B\tB-type B\nfar\tO\n"
    (document,) = read(put(tmp_path, "a.tsv", text))
    labels = [(document.text[s.start : s.end], s.label) for s in document.spans]
    assert labels == [("New York", "place name"), ("A|B", "x|y"), ("hepatitis B", "type B")]


def test_columns_are_refused_for_other_formats(tmp_path):
    path = put(tmp_path, "a.jsonl", '{"text": "Mia ran", "spans": []}\n')
    with pytest.raises(InputError, match="`columns` is for column files"):
        read(path, columns="word,tag")


def test_a_single_docstart_is_said(tmp_path):
    text = "-DOCSTART- -X- O\n\n" + "Mia -X- B-PER\nran -X- O\n\n" * 20
    corpus = read(put(tmp_path, "a.conll", text))
    assert len(corpus) == 1
    assert any("one -DOCSTART-, at the beginning, read as one document" in n for n in corpus.notes)
    twice = read(put(tmp_path, "b.conll", text + text))
    assert len(twice) == 2
    assert not any("-DOCSTART-" in n for n in twice.notes)
    named = read(put(tmp_path, "c.conll", text.replace("-DOCSTART- -X- O", "# newdoc id = a")))
    assert not any("-DOCSTART-" in n for n in named.notes)


def test_zip_archives_inside_are_named(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.jsonl", '{"text": "Mia ran", "spans": []}\n')
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as archive:
        archive.writestr("in.zip", inner.getvalue())
    assert "out.zip/in.zip: is a zip archive inside another file" in error(tmp_path / "out.zip")


def test_an_array_of_records_says_how_to_write_lines(tmp_path):
    path = put(tmp_path, "a.json", '[{"text": "Mia ran", "marks": 3}]')
    assert "write each on a line of its own: jq -c '.[]' a.json" in error(path)


def test_a_dataset_written_as_json_is_named(tmp_path):
    path = put(tmp_path, "a.jsonl", '{"id": "0", "tokens": ["Mia", "ran"], "ner_tags": [1, 0]}\n')
    assert "this is a Hugging Face dataset written as JSON; write it as Parquet" in error(path)


def test_annotations_of_label_studio_in_cloud_storage_are_named(tmp_path):
    """They have no ending, and a file each."""
    one = {"id": 5, "result": [], "completed_by": 1, "task": {"id": 1, "data": {"text": "Mia"}}}
    (tmp_path / "out").mkdir()
    put(tmp_path, "out/17", json.dumps(one))
    for path in (tmp_path / "out" / "17", tmp_path / "out"):
        assert "this is an annotation as Label Studio writes it to cloud storage" in error(path)
