"""Exports of tools that are not read are told by name; Argilla's with a command that converts."""

import json
import shutil
import subprocess

import pytest

from suffice.corpus import read
from suffice.corpus.document import Span
from suffice.errors import CorpusError

T1, T2 = "Ann Lee works at Acme.", "Bo Ray left Oslo."
PER = {"start": 0, "end": 6, "label": "PER"}
ORG = {"start": 17, "end": 21, "label": "ORG"}


def error(path):
    with pytest.raises(CorpusError) as caught:
        read(path)
    message = str(caught.value)
    assert message.startswith(f"{path.as_posix()}: this is ") and "\n" not in message
    return message.removeprefix(f"{path.as_posix()}: this is ")


def put(tmp_path, name, *records):
    path = tmp_path / name
    if name.endswith(".json"):
        path.write_text(json.dumps(records if len(records) > 1 else records[0], indent=1))
    else:
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def records_1(shape):
    made = {"prediction": None, "prediction_agent": None, "annotation_agent": "a", "metrics": {}}
    given = [[T1, [PER, ORG]], [T2, [PER]], [T1 + " Twice.", []], ["Not yet.", None]]
    return [
        {"id": str(i), "text": text, "tokens": text.split(), "status": "Validated", **made,
         "annotation": spans and [shape(span) for span in spans]}
        for i, (text, spans) in enumerate(given)
    ]  # fmt: skip


def as_pair(span):
    return [span["label"], span["start"], span["end"]]


def feedback(text, *answers):
    responses = [{"user_id": user, "status": status, "values": {"ner": {"value": spans}}}
                 for user, status, spans in answers]  # fmt: skip
    return {"fields": {"text": text}, "responses": responses, "suggestions": [], "metadata": {}}


def record_2(id, text, *answers):
    responses = {"ner": [{"value": spans, "user_id": user} for user, spans in answers]}
    return {"id": id, "status": "completed", "fields": {"text": text}, "suggestions": {},
            "responses": responses if answers else {}, "vectors": {}}  # fmt: skip


def flat_2(id, text, *answers):
    users, values = [user for user, _ in answers], [spans for _, spans in answers]
    return {"id": id, "status": "completed", "text": text, "ner.responses": values or None,
            "ner.responses.users": users or None, "ner.suggestion": None}  # fmt: skip


def hub_1(text, *answers):
    given = [{"user_id": u, "status": status, "value": spans} for u, status, spans in answers]
    return {"text": text, "ner": given, "ner-suggestion": None,
            "ner-suggestion-metadata": {"type": None}, "external_id": None}  # fmt: skip


BOTH = {T1: {"u": [PER, ORG]}, T2: {"u": [PER], "v": [PER, {**ORG, "start": 12, "end": 16}]}}
SUBMITTED = [
    (T1, [("u", "submitted", BOTH[T1]["u"]), ("w", "discarded", None)]),
    (T2, [(user, "submitted", spans) for user, spans in BOTH[T2].items()]),
    ("Not yet.", []),
]
DONE = [(T1, BOTH[T1].items()), (T2, BOTH[T2].items()), ("Not yet.", [])]
ARGILLA = {
    "Argilla 1 (token classification); ": [records_1(dict), records_1(as_pair)],
    "Argilla 1 (feedback); ": [
        [feedback(text, *own) for text, own in SUBMITTED],
        [hub_1(text, *own) for text, own in SUBMITTED],
    ],
    "Argilla 2; ": [
        [record_2(str(i), text, *own) for i, (text, own) in enumerate(DONE)],
        [flat_2(str(i), text, *own) for i, (text, own) in enumerate(DONE)],
    ],
}
CASES = [(name, shape) for name, shapes in ARGILLA.items() for shape in shapes]


@pytest.mark.parametrize(("name", "records"), CASES, ids=range(len(CASES)))
@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_argilla_is_told_by_name_and_converted(tmp_path, name, records, ending):
    said = error(put(tmp_path, f"it is.{ending}", *records))
    assert said.startswith(f"an export of {name}convert it: jq -c '")
    if shutil.which("jq") is None:
        pytest.skip("jq is not installed")
    command = said.partition("convert it: ")[2]
    subprocess.run(command, shell=True, check=True, cwd=tmp_path)
    corpus = read(tmp_path / "NEW.jsonl")
    found = {d.text: d.spans for d in corpus}
    assert found.pop(T1) == (Span(0, 6, "PER"), Span(17, 21, "ORG"))
    assert found.pop(T2) == (Span(0, 6, "PER"),)
    if "token" in name:  # a record with an empty annotation is one, without annotation none
        assert found == {T1 + " Twice.": ()}
    else:
        assert found == {} and set(corpus.documents[1].annotators) == {"u", "v"}


def rows(name):
    mark = {"start": 0, "end": 7}
    return {
        "LightTag": [{"examples": [{"example_id": "1", "content": T1, "annotations": [
            {**mark, "tag": "PER", "value": "Ann Lee"}]}], "schema": {}}],
        "tagtog": [{"annotatable": {"parts": ["s1p1"]}, "anncomplete": True, "entities": [
            {"classId": "e_1", "part": "s1p1", "offsets": [{"start": 0, "text": "Ann"}]}]}],
        "UBIAI": [{"documentName": "d", "document": T1, "tokens": [
            {"text": "Ann Lee", **mark, "entityLabel": "PER"}], "relations": []}],
        "Vertex AI": [{"textContent": T1, "textSegmentAnnotations": [
            {"startOffset": 0, "endOffset": 7, "displayName": "PER"}]}],
        "AutoML": [{"annotations": [{"text_extraction": {"text_segment": {
            "start_offset": 0, "end_offset": 7}}, "display_name": "PER"}],
            "text_snippet": {"content": T1}}],
        "Azure": [{"projectFileVersion": "1", "stringIndexType": "Utf16CodeUnit", "metadata": {
            "projectKind": "CustomEntityRecognition"}, "assets": {"documents": []}}],
        "brat": [{"text": T1, "entities": [["T1", "PER", [[0, 7]]]], "relations": []}],
        "doccano": [{"id": 1, "text": T1, "annotations": [
            {"label": 2, "start_offset": 0, "end_offset": 7, "user": 1}], "meta": {}}],
        "Dataturks": [{"content": T1, "annotation": [
            {"label": ["PER"], "points": [{"start": 0, "end": 6, "text": "Ann Lee"}]}]}],
        "PubAnnotation": [{"text": T1, "denotations": [
            {"id": "T1", "span": {"begin": 0, "end": 7}, "obj": "PER"}]}],
        "UIMA CAS": [{"_context": {}, "_views": {"_InitialView": {}}, "_referenced_fss": {}}],
        "Kili": [{"id": "1", "content": T1, "labels": [{"jsonResponse": {"J": {}}}]}],
        "Labelbox": [{"data_row": {"id": "1"}, "projects": {}}],
        "Rasa": [{"rasa_nlu_data": {"common_examples": []}}],
        "GATE": [{"text": T1, "entities": {"Person": [{"indices": [0, 7]}]}}],
        "GLiNER": [{"tokenized_text": ["Ann"], "ner": [[0, 0, "person"]]}],
        "DyGIE": [{"doc_key": "d", "sentences": [["Ann"]], "ner": [[[0, 0, "PER"]]]}],
        "Comprehend": [{"Entities": [{"BeginOffset": 0, "EndOffset": 7, "Type": "P"}], "Line": 0}],
        "Ground Truth": [{"source": T1, "ner": {"annotations": {"entities": [
            {"startOffset": 0, "endOffset": 7, "label": "PER"}]}}}],
        "Watson": [{"id": "1", "text": T1, "tokens": [], "sentences": [], "mentions": [
            {"id": "m", "type": "PER", "begin": 0, "end": 7}]}],
    }[name]  # fmt: skip


@pytest.mark.parametrize("name", [
    "LightTag", "tagtog", "UBIAI", "Vertex AI", "AutoML", "Azure", "brat", "doccano", "Dataturks",
    "PubAnnotation", "UIMA CAS", "Kili", "Labelbox", "Rasa", "GATE", "GLiNER", "DyGIE",
    "Comprehend", "Ground Truth", "Watson",
])  # fmt: skip
def test_other_tools_are_told_by_name(tmp_path, name):
    for ending in ("json", "jsonl"):
        said = error(put(tmp_path, f"a.{ending}", *rows(name)))
        assert name in said.partition(";")[0]
    one = json.dumps(rows(name)[0])[:-1] + ', "last": "' + "x" * 5_000_000 + '"}'
    path = tmp_path / "long.json"
    path.write_text(one)  # longer than what is looked at, so that it cannot be parsed there
    if name not in ("brat", "GATE"):  # known by more than their keys
        assert name in error(path).partition(";")[0]


def test_tables_and_source(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("File,Line,Begin Offset,End Offset,Type\nd.txt,0,0,7,PER\n")
    assert error(path).startswith("an annotation list of Amazon Comprehend; its texts are in other")
    for mark in ",\t":
        path.write_text(mark.join(["text", "id", "label", "annotator", "annotation_id",
                                   "created_at", "lead_time"]) + "\nx\n")  # fmt: skip
        assert error(path).startswith("a CSV or TSV export of Label Studio; export the project as")
    path = tmp_path / "train.py"
    path.write_text('TRAIN_DATA = [\n    ("Ann ran.", {"entities": [(0, 3, "PER")]}),\n]\n')
    assert error(path).startswith("Python source that holds training data of spaCy 2; write the")


def test_keys_inside_of_text_and_files_that_are_read_say_nothing(tmp_path):
    quoted = json.dumps(rows("LightTag")[0]) + " " + json.dumps(record_2("1", T1, ("u", [PER])))
    path = put(tmp_path, "a.jsonl", {"text": quoted, "spans": [{**PER, "label": "X"}]})
    assert len(read(path).documents[0].spans) == 1
    more = {"annotation_agent": "a", "annotation": None, "prediction": None}
    path = put(tmp_path, "b.jsonl", {"text": T1, "spans": [PER], **more})
    assert read(path).documents[0].spans == (Span(0, 6, "PER"),)


def test_a_folder_of_them_is_told_by_name(tmp_path):
    put(tmp_path, "a.json", *rows("tagtog"))
    (tmp_path / "a.html").write_text("<p>Ann</p>")
    with pytest.raises(CorpusError) as caught:
        read(tmp_path)
    assert "a.json: this is an ann.json of tagtog; " in str(caught.value)
