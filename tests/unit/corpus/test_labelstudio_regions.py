"""Label Studio projects that label something else than text with offsets: never "no entities"."""

import json

import pytest

from suffice.corpus import read
from suffice.corpus.document import Span
from suffice.errors import CorpusError

TEXT = "Judge Oda Krul heard it."
PAGE = "<div><p>Judge Oda Krul heard it.</p></div>"
ODA = Span(6, 14, "J")


def put(tmp_path, *records):
    path = tmp_path / "ls.json"
    path.write_text(json.dumps(list(records), indent=1))
    return path


def result(type, value, target="text", **more):
    return {"id": "r", "type": type, "from_name": "x", "to_name": target, "value": value, **more}


def task(*results, id=1, predictions=(), **data):
    made = [{"result": list(results), "completed_by": 1}]
    return {"id": id, "data": data or {"text": TEXT}, "annotations": made,
            "predictions": list(predictions)}  # fmt: skip


def said(tmp_path, *records):
    corpus = read(put(tmp_path, *records))
    notes = [note.split(": ", 1)[1] for note in corpus.notes]
    return [(d.text, d.spans) for d in corpus], notes


def refused(tmp_path, *records, **options):
    with pytest.raises(CorpusError) as caught:
        read(put(tmp_path, *records), **options)
    return str(caught.value).split("ls.json", 1)[1]


LABELS = result("labels", {"start": 6, "end": 14, "text": "Oda Krul", "labels": ["J"]})
NODE = "/div[1]/p[1]/text()[1]"


def html(key="hypertextlabels", start=6, end=14, over=None, node=NODE):
    value = {"start": node, "end": node, "startOffset": start, "endOffset": end,
             "text": "Oda Krul", key: ["J"]}  # fmt: skip
    if over is not None:
        value["globalOffsets"] = dict(zip(("start", "end"), over, strict=True))
    return result("hypertextlabels", value)


@pytest.mark.parametrize("key", ["hypertextlabels", "htmllabels"])
@pytest.mark.parametrize("over", [None, (6, 14)])
def test_marks_on_a_page_are_refused_or_read_where_there_is_no_markup(tmp_path, key, over):
    message = refused(tmp_path, task(html(key, over=over), text=PAGE))
    assert message.startswith(f': spans under "{key}" are placed by the elements of a web page')
    assert said(tmp_path, task(html(key, over=over)))[0] == [(TEXT, (ODA,))]
    mixed = refused(tmp_path, task(LABELS), task(html(key, over=over), id=2, text=PAGE))
    assert mixed.startswith(f', record 2: spans under "{key}" are placed by the elements')


def test_offsets_of_a_page_that_fit_its_source_are_read(tmp_path):
    assert said(tmp_path, task(html(over=(14, 22)), text=PAGE))[0] == [(PAGE, (Span(14, 22, "J"),))]


@pytest.mark.parametrize("rest", [{"title": "Call no. 1"}, {"text": "Call no. 1"}])
def test_marks_in_a_dialogue_are_refused(tmp_path, rest):
    talk = [{"author": "A", "text": "Ring Tove Lind."}]
    value = {"start": "0", "end": "0", "startOffset": 5, "endOffset": 14, "text": "Tove Lind",
             "paragraphlabels": ["PER"], "globalOffsets": {"start": 5, "end": 14}}  # fmt: skip
    marked = task(result("paragraphlabels", value, "dialogue"), dialogue=talk, **rest)
    unmarked = task(id=2, dialogue=talk, **rest)
    message = ': spans under "paragraphlabels" count within the paragraphs of a list'
    assert refused(tmp_path, unmarked, marked).startswith(message)
    assert refused(tmp_path, unmarked, marked, lenient=True).startswith(message)
    minimal = {"id": 1, "dialogue": talk, "label": [value], "annotation_id": 1, **rest}
    assert refused(tmp_path, minimal, format="labelstudio").startswith(message)


BOX = {"x": 1, "y": 2, "width": 3, "height": 4, "rotation": 0}
SOUND = {"start": 3.1, "end": 8.2, "channel": 0, "labels": ["Speech"]}
MEDIA = [
    ("rectanglelabels", {**BOX, "rectanglelabels": ["Name"]}),
    ("polygonlabels", {"points": [[1, 2]], "polygonlabels": ["Name"]}),
    ("brushlabels", {"format": "rle", "rle": [1, 2], "brushlabels": ["Name"]}),
    ("timeserieslabels", {"start": 3, "end": 9, "timeserieslabels": ["Run"]}),
    ("labels", SOUND),
    ("labels", {"start": 3, "end": 8, "channel": 0, "labels": ["Speech"]}),
]


@pytest.mark.parametrize(("type", "value"), MEDIA)
@pytest.mark.parametrize("data", [{"image": "/data/upload/1/p.png"}, {"caption": TEXT}])
def test_a_project_that_labels_no_text_is_refused(tmp_path, type, value, data):
    marked, unmarked = task(result(type, value, "image"), **data), task(id=2, **data)
    assert refused(tmp_path, unmarked, marked).startswith(f": what is labelled is not text ({type}")
    minimal = {"id": 1, **data, "box": [value], "annotation_id": 1, "annotator": 1}
    message = refused(tmp_path, minimal, format="labelstudio")
    assert message.startswith(f": what is labelled is not text ({type}")


@pytest.mark.parametrize(("type", "value"), MEDIA)
def test_beside_marks_on_text_other_regions_are_counted_by_their_name(tmp_path, type, value):
    both = task(LABELS, result(type, value, "image"), text=TEXT, image="/data/upload/1/p.png")
    documents, notes = said(tmp_path, both)
    assert documents == [(TEXT, (ODA,))]
    assert notes == [f"regions that mark no text ({type}), passed over: 1"]


def test_a_project_of_choices_is_not_read_as_texts_without_entities(tmp_path):
    choice = result("choices", {"choices": ["good"]})
    with pytest.raises(CorpusError, match="no document is left") as caught:
        read(put(tmp_path, task(choice), task(id=2)))
    note = "tasks of a file whose results mark no spans (choices), left out: 2"
    assert note in str(caught.value)
    documents, notes = said(tmp_path, task(choice), task(LABELS, id=2))
    assert documents == [(TEXT, ()), (TEXT, (ODA,))]
    assert notes == ["results that mark no spans (choices), passed over: 1"]


def test_results_that_mark_no_spans_are_counted_by_their_type(tmp_path):
    more = [
        {"type": "relation", "from_id": "r", "to_id": "s", "direction": "right"},
        result("textarea", {"start": 6, "end": 14, "text": ["a note"]}),
        result("choices", {"start": 6, "end": 14, "text": "Oda Krul", "choices": ["sure"]}),
        result("number", {"number": 3}, id="n"),
    ]
    documents, notes = said(tmp_path, task(LABELS, *more))
    assert documents == [(TEXT, (ODA,))]
    assert notes == [
        f"results that mark no spans ({type}), passed over: 1"
        for type in ("relation", "textarea", "choices", "number")
    ]


def test_spans_that_a_taxonomy_names_are_refused(tmp_path):
    value = {"start": 6, "end": 14, "text": "Oda Krul", "taxonomy": [["Person", "Judge"]]}
    alone = task(result("taxonomy", value, id="t"), id=2)
    assert refused(tmp_path, alone).startswith(': spans under "taxonomy" are not read')
    assert refused(tmp_path, task(LABELS), alone).startswith(', record 2: spans under "taxonomy"')
    # With a label of its own the region is read, and the taxonomy says more about it.
    assert said(tmp_path, task(LABELS, result("taxonomy", value)))[0] == [(TEXT, (ODA,))]


def test_a_span_without_a_label_is_refused(tmp_path):
    bare = result("labels", {"start": 6, "end": 14, "text": "Oda Krul"})
    assert 'record 1: span 1 has no "label"' in refused(tmp_path, task(bare))


def marks(*offsets, text=None):
    given = [{"start": a, "end": b, "labels": ["J"]} for a, b in offsets]
    return [result("labels", v if text is None else v | {"text": text}) for v in given]


@pytest.mark.parametrize("address", [
    "/data/upload/1/4ab-book.txt", "https://example.org/a.txt", "s3://bucket/a.txt", "book.txt",
    "/data/local-files/?d=my books/a.txt", "../texts/a",
])  # fmt: skip
def test_a_text_given_by_its_address_is_refused(tmp_path, address):
    for spans in ((5, 7), (5, 4_000)), ():
        message = refused(tmp_path, task(*marks(*spans), text=address))
        assert message.startswith(", record 1: the task holds the address of its text")
    given = {"text": address, "id": 1, "annotation_id": 1, "label": []}
    message = refused(tmp_path, given, format="labelstudio")
    assert message.startswith(", record 1: the task holds the address of its text")
    mixed = refused(tmp_path, task(LABELS), task(*marks((2, 4)), id=2, text=address))
    assert mixed.startswith(", record 2: the task holds the address of its text")


def test_an_address_that_is_itself_the_text_is_read(tmp_path):
    link = "https://example.org/a"
    documents, _ = said(
        tmp_path,
        task(LABELS),
        task(id=2, text=link),
        task(*marks((8, 19), text="example.org"), id=3, text=link),
    )
    assert documents == [(TEXT, (ODA,)), (link, ()), (link, (Span(8, 19, "J"),))]


def test_of_several_texts_the_one_most_labelled_is_read_and_the_rest_counted(tmp_path):
    data = {"title": "Oda Krul and the press, a long title", "body": TEXT}
    in_title = result(
        "labels", {"start": 0, "end": 8, "text": "Oda Krul", "labels": ["J"]}, "title"
    )
    in_body = LABELS | {"to_name": "body"}
    documents, notes = said(tmp_path, task(in_body, in_title, **data), task(in_body, id=2, **data))
    assert documents == [(TEXT, (ODA,))] * 2
    assert notes == ["spans of 'title' passed over, as the text is 'body': 1"]


def test_a_longer_field_does_not_win_over_the_one_that_is_labelled(tmp_path):
    data = {"prompt": "A longer text than the other one, not labelled.", "text": TEXT}
    bare = result("labels", {"start": 6, "end": 14, "labels": ["J"]})
    assert said(tmp_path, task(bare, **data))[0] == [(TEXT, (ODA,))]
    named = {"prompt": data["prompt"], "body": TEXT}
    assert said(tmp_path, task(bare | {"to_name": "body"}, **named))[0] == [(TEXT, (ODA,))]


def test_drafts_and_predictions_are_no_annotations(tmp_path):
    guess = {"result": [LABELS], "score": 0.9}
    drafted = {"id": 2, "data": {"text": "x"}, "annotations": [], "drafts": [{"result": [LABELS]}]}
    guessed = {"id": 3, "data": {"text": "x"}, "annotations": [], "predictions": [guess]}
    documents, notes = said(tmp_path, task(LABELS, predictions=[guess]), drafted, guessed)
    assert documents == [(TEXT, (ODA,))]
    assert notes == [
        "tasks with drafts only, which nobody submitted, left out: 1",
        "tasks with a model's predictions only, left out: 1",
    ]


def test_entities_in_the_data_of_a_task_that_nobody_marked_are_refused(tmp_path):
    given = [{"start": 6, "end": 14, "label": "J"}]
    message = refused(tmp_path, task(text=TEXT, entities=given))
    assert message.startswith(', record 1: "annotations" is empty, but "entities" holds what looks')
    both, none = task(LABELS, text=TEXT, entities=given), task(id=2, text=TEXT, entities=given)
    documents, notes = said(tmp_path, none, both)
    assert documents == [(TEXT, ()), (TEXT, (ODA,))]
    assert notes == ['what looks like annotations under "entities", not read: 2']
    minimal = {"id": 1, "text": TEXT, "annotation_id": 1, "entities": given}
    assert '"entities" holds what looks like' in refused(tmp_path, minimal, format="labelstudio")


@pytest.mark.parametrize(("target", "data"), [
    ("sound", {"sound": "/data/upload/1/a.wav"}),
    ("player", {"sound": "/data/upload/1/a.wav"}),
    ("sound", {"sound": "https://example.org/a.mp3?x=1", "text": TEXT}),
])  # fmt: skip
def test_labels_of_a_sound_are_known_by_its_address(tmp_path, target, data):
    marked = task(result("labels", {"start": 3, "end": 8, "labels": ["Speech"]}, target), **data)
    assert refused(tmp_path, marked).startswith(": what is labelled is not text (labels)")
    if "text" in data:
        assert said(tmp_path, marked, task(LABELS, id=2)) == (
            [(TEXT, ()), (TEXT, (ODA,))], ["regions that mark no text (labels), passed over: 1"],
        )  # fmt: skip


def test_json_min_without_any_span_says_not_what_its_tasks_were_for(tmp_path):
    rows = [{"text": TEXT, "id": i, "annotation_id": i, "annotator": 1, "lead_time": 1.0,
             "sentiment": "good"} for i in (1, 2)]  # fmt: skip
    with pytest.raises(CorpusError, match="no document is left") as caught:
        read(put(tmp_path, *rows))
    assert "whose results mark no spans (none in JSON-MIN), left out: 2" in str(caught.value)


@pytest.mark.parametrize("annotation", [
    7, {"id": 3}, {"result": json.dumps([LABELS])}, {"result": ["r"]}, {"result": None},
])  # fmt: skip
def test_an_annotation_whose_results_are_not_there_is_refused(tmp_path, annotation):
    record = {"id": 1, "data": {"text": TEXT}, "annotations": [annotation]}
    assert refused(tmp_path, record).startswith(", record 1: an annotation has no list of results")
