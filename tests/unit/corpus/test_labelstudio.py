"""Label Studio: what its offsets count is found out; what is not annotated is not read as empty."""

import json
from collections import Counter

import pytest

from suffice.corpus import read
from suffice.corpus.document import Span
from suffice.errors import CorpusError


def put(tmp_path, *records):
    path = tmp_path / "ls.json"
    path.write_text(json.dumps(list(records), indent=1))
    return path


def notes(corpus):
    return [note.split(": ", 1)[1] for note in corpus.notes]


def mark(start, end, text, *labels, **more):
    value = {"start": start, "end": end, "labels": list(labels) or ["P"], "text": text}
    return {"value": {k: v for k, v in value.items() if v is not None} | more, "type": "labels",
            "from_name": "label", "to_name": "text"}  # fmt: skip


def made(*results, by=1, **more):
    return {"result": list(results), "completed_by": by, "was_cancelled": False, **more}


def task(id, text, *annotations, **more):
    return {"id": id, "data": {"text": text}, "annotations": list(annotations), **more}


def test_skipped_and_unannotated_tasks_are_left_out(tmp_path):
    guess = {"result": [mark(0, 2, "Di")], "score": 0.9}
    corpus = read(put(
        tmp_path,
        task(1, "Ann came.", made(mark(0, 3, "Ann"), {"value": {"choices": ["x"]}})),
        task(2, "Nobody came.", made()),
        task(3, "Bo came.", made(mark(0, 2, "Bo"), was_cancelled=True)),
        task(4, "Di came.", predictions=[guess]),
        task(5, "Ed came.", made(mark(0, 2, "Ed")), made(was_cancelled=True, by=2)),
        {"id": 6, "data": {"text": "Flo came."}, "completions": [{"result": [mark(0, 3, "Flo")]}]},
    ))  # fmt: skip
    assert [(d.id, [s.end for s in d.spans]) for d in corpus] == [
        ("1", [3]), ("2", []), ("5", [2]), ("6", [3]),
    ]  # fmt: skip
    assert all(d.annotators == {} for d in corpus)
    assert sorted(notes(corpus)) == [
        "annotations that were skipped, of tasks that have others: 1",
        "results that mark no spans (choices), passed over: 1",
        "tasks that their annotators skipped, left out: 1",
        "tasks with a model's predictions only, left out: 1",
    ]


def test_several_annotators_and_ground_truth(tmp_path):
    ann, bo = mark(0, 3, "Ann"), mark(8, 10, "Bo")
    corpus = read(put(
        tmp_path,
        task(1, "Ann met Bo.", made(ann), made(ann, bo, by={"id": 2, "email": "b@x.org"})),
        task(2, "Ann met Bo.", made(ann), made(bo, by=2, ground_truth=True)),
    ))  # fmt: skip
    first, second = corpus
    assert first.spans == (Span(0, 3, "P"),)
    assert first.annotators == {
        "1": (Span(0, 3, "P"),), "b@x.org": (Span(0, 3, "P"), Span(8, 10, "P")),
    }  # fmt: skip
    assert second.spans == (Span(8, 10, "P"),)
    assert set(second.annotators) == {"1", "2"}
    assert any("the annotation marked as ground truth is used: 1" in note for note in corpus.notes)


SMILE = "\U0001f600 Ann met Bo."


@pytest.mark.parametrize(
    ("text", "marks", "said"),
    [
        (SMILE, [(3, 6, "Ann"), (11, 13, "Bo")], "count UTF-16 units (as JavaScript does)"),
        ("Hm.\r\nAnn\r\nBo", [(4, 7, "Ann"), (8, 10, "Bo")], r"count \r\n as one character"),
        ("  Ann met Bo.", [(0, 3, "Ann"), (8, 10, "Bo")], "leave out white space at the beginning"),
        ("Ann met Bo.", [(0, 2, "Ann"), (8, 9, "Bo")], "name the last character"),
        ("\xc4nne met Bo.", [(0, 5, "\xc4nne"), (10, 12, "Bo")], "count bytes"),
        (SMILE + "\r\nCy", [(3, 6, "Ann"), (15, 17, "Cy")], r"count UTF-16 units, and \r\n as one"),
    ],
)  # fmt: skip
def test_what_offsets_count_is_found_out(tmp_path, text, marks, said):
    plain = task(9, "Cy saw Di.", made(mark(0, 2, "Cy")) if "last" not in said else made())
    path = put(tmp_path, task(1, text, made(*(mark(*m) for m in marks))), plain)
    corpus = read(path)
    found = [text[s.start : s.end] for s in corpus.documents[0].spans]
    assert found == [m[2] for m in marks]
    (note,) = notes(corpus)
    assert note.startswith(f"spans whose offsets {said}") and ", set right: " in note


def test_one_rule_for_a_file_never_one_for_each_span(tmp_path):
    good = [task(i, SMILE, made(mark(2, 5, "Ann"))) for i in range(3)]
    path = put(tmp_path, *good, task(7, SMILE, made(mark(3, 6, "Ann"))))
    with pytest.raises(CorpusError, match=r"record 4: span 1: .* the offsets count UTF-16 units"):
        read(path)
    assert len(read(path, lenient=True)) == 3
    with pytest.raises(CorpusError, match=r"record 1: span 1: .*; check the offsets"):
        read(put(tmp_path, task(1, "Ann met Bo.", made(mark(0, 3, "Eve")))))


def test_white_space_in_a_spans_own_text(tmp_path):
    path = put(tmp_path, task(1, "Ann\nLee came", made(mark(0, 7, "Ann\\nLee"))))
    assert read(path).documents[0].spans == (Span(0, 7, "P"),)


def test_several_labels_html_and_spans_without_text(tmp_path):
    html = {"start": "/div[1]/text()[1]", "end": "/div[1]/text()[1]", "startOffset": 0,
            "endOffset": 3, "globalOffsets": {"start": 0, "end": 3}, "hypertextlabels": ["H"],
            "text": "Ann"}  # fmt: skip
    results = [mark(0, 3, "Ann", "A", "B"), {"type": "hypertextlabels", "value": html},
               mark(8, 10, None)]  # fmt: skip
    corpus = read(put(tmp_path, task(1, "Ann met Bo\u00e9.", made(*results))))
    assert [(s.start, s.label) for s in corpus.documents[0].spans] == [
        (0, "A"), (0, "B"), (0, "H"), (8, "P"),
    ]  # fmt: skip
    assert notes(corpus) == [
        "spans without a text of their own, whose offsets are taken to count characters: 1"
    ]


def test_the_text_is_found_among_other_fields(tmp_path):
    data = {"title": "A very long title of a text that says nothing", "body": "Ann met Bo."}
    corpus = read(put(tmp_path, {"id": 1, "data": data, "annotations": [made(mark(0, 3, "Ann"))]}))
    assert corpus.documents[0].text == "Ann met Bo."


def test_json_min(tmp_path):
    def row(id, text, *spans, by=1, **more):
        found = [{"start": s, "end": e, "text": text[s:e], "labels": ["P"]} for s, e in spans]
        return {"utterance": text, "id": id, "label": found, "annotator": by, "annotation_id": id,
                "created_at": "2024", "updated_at": "2024", "lead_time": 1.5, **more}  # fmt: skip

    bare = row(3, "Nobody.")
    del bare["label"]
    open_ = {"utterance": "Cy.", "id": 4, "annotator": None, "created_at": "", "updated_at": ""}
    corpus = read(put(tmp_path, row(1, "Ann met Bo.", (0, 3)), row(2, "Ann met Bo.", (0, 3)),
                      row(2, "Ann met Bo.", (0, 3), (8, 10), by=7), bare, open_))  # fmt: skip
    assert [(d.id, len(d.spans)) for d in corpus] == [("1", 1), ("2", 1), ("3", 0)]
    assert set(corpus.documents[1].annotators) == {"1", "7"}
    assert "tasks that nobody annotated, left out: 1" in notes(corpus)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[{"id": 1, "data": {"text": "x"}, "annotations": [1', "this is no JSON: "),
        ('[{"id": 1, "data": {}, "annotations": [{"result": []}]}]', "the task has no text"),
        ("[" * 90_000, "brackets are nested too deeply"),
        ('[{"data": {"text": "x"}, "annotations": ' + "9" * 9_999, "has too many digits"),
        ('[{"data": {"text": "x"}, "annotations": [{"result": []}]}] 7', "something follows the"),
    ],
)
def test_bad_files(tmp_path, content, message):
    path = tmp_path / "ls.json"
    path.write_text(content)
    with pytest.raises(CorpusError) as caught:
        read(path, format="labelstudio")
    assert message in str(caught.value)


@pytest.mark.shared
def test_a_file_with_two_annotators(shared):
    path = shared / "corpora" / "raw" / "label_studio" / "constructed_btc_two_annotators.json"
    corpus = read(path)
    assert len(corpus) == 40 and all(len(d.annotators) == 2 for d in corpus)
    wanted = Counter(
        (r["value"]["text"], label)
        for t in json.loads(path.read_text("utf-8"))
        for a in t["annotations"]
        for r in a["result"]
        for label in r["value"]["labels"]
    )
    found = Counter(
        (d.text[s.start : s.end], s.label)
        for d in corpus
        for spans in d.annotators.values()
        for s in spans
    )
    assert found == wanted
