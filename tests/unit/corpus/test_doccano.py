"""doccano: both shapes; what nobody approved, or looked at, is not read as empty in silence."""

import json

import pytest

from suffice.corpus import read
from suffice.corpus.document import Span
from suffice.errors import CorpusError


def put(tmp_path, *records, name="d.jsonl"):
    path = tmp_path / name
    path.write_text("".join(json.dumps(r) + "\n" for r in records))
    return path


def notes(corpus):
    return [note.split(": ", 1)[1] for note in corpus.notes]


def test_both_shapes_and_the_old_one(tmp_path):
    path = put(
        tmp_path,
        {"id": 3, "text": "Ann came.", "label": [[0, 3, "P"]], "Comments": [], "patient": "x"},
        {"id": 4, "data": "Bo left.", "labels": [[0, 2, "P"]], "meta": {"group": "g", "n": 1}},
        {
            "text": "Cy met Di.",
            "entities": [
                {"id": 9, "label": "P", "start_offset": 7, "end_offset": 9},
                {"id": 8, "label": "P", "start_offset": 0, "end_offset": 2},
            ],
            "relations": [{"id": 1, "from_id": 8, "to_id": 9, "type": "met"}],
        },
    )
    corpus = read(path, group="patient")
    assert [(d.text, d.spans) for d in corpus] == [
        ("Ann came.", (Span(0, 3, "P"),)),
        ("Bo left.", (Span(0, 2, "P"),)),
        ("Cy met Di.", (Span(0, 2, "P"), Span(7, 9, "P"))),
    ]
    assert [d.id for d in corpus][:2] == ["3", "4"]
    assert [d.group for d in corpus] == ["x", None, None]
    assert notes(corpus)[0] == "relations passed over: 1"
    assert [d.group for d in read(path)] == [None, "g", None]


def test_where_some_are_approved_the_others_are_left_out(tmp_path):
    def record(text, approver, *labels):
        return {"text": text, "label": list(labels), "annotation_approver": approver}

    path = put(
        tmp_path,
        record("Ann came.", "chief", [0, 3, "P"]),
        record("Nobody came.", "chief"),
        record("Bo came.", None, [0, 2, "P"]),
        record("Cy came.", None),
    )
    corpus = read(path)
    assert [d.text for d in corpus] == ["Ann came.", "Nobody came."]
    assert notes(corpus) == ["records that nobody approved, where others are approved, left out: 2"]


def test_where_none_is_approved_texts_without_labels_are_counted(tmp_path):
    bare = [{"text": f"Text {i}.", "label": []} for i in range(4)]
    path = put(tmp_path, bare[0], {"text": "Ann.", "label": [[0, 3, "P"]]}, *bare[1:],
               {"text": "Bo.", "label": None})  # fmt: skip
    corpus = read(path)
    assert len(corpus) == 5
    first, second, third = notes(corpus)
    assert first == "records whose labels are missing, not annotated, left out: 1"
    assert second.startswith("records without labels, which may be texts not annotated yet")
    assert second.endswith(": 4")
    assert third == "of these, at the end of the file after all that have labels: 3"


def test_offsets_that_count_something_else_are_doubted(tmp_path):
    text = "\U0001f600\U0001f600 Ann met Bo."
    right, units = [[3, 6, "P"]], [[5, 8, "P"]]
    assert read(put(tmp_path, {"text": text, "label": right})).notes == ()
    (note,) = notes(read(put(tmp_path, {"text": text, "label": units})))
    assert "fewer if the offsets count UTF-16 units (as JavaScript does)" in note
    clusters = [[3, 6, "P"]]
    (note,) = notes(read(put(tmp_path, {"text": "e\u0301e\u0301 Ann met Bo.", "label": clusters})))
    assert "fewer if the offsets count grapheme clusters" in note


CRLF = "Rota\r\n\r\nMira Holm joined Four Pines.\r\nThen she left.\r\n"


@pytest.mark.parametrize("text", [CRLF, CRLF.replace("Mira", "Míra"), "\U0001f600 " + CRLF])
def test_line_ends_counted_as_one_are_doubted_in_any_text(tmp_path, text):
    words = ("Holm", "Four", "Pines", "Then")
    real = [[text.index(word), text.index(word) + len(word), "X"] for word in words]
    clusters = [
        [start - text[:start].count("\r"), end - text[:end].count("\r"), label]
        for start, end, label in real
    ]
    (note,) = notes(read(put(tmp_path, {"text": text, "label": clusters})))
    assert note.startswith("edges of labels that cut words or lie outside, fewer if the offsets ")
    assert "count \\r\\n as one character (as grapheme clusters do)" in note
    # The offsets are two or three characters too early: "Holm" becomes "a Ho".
    shifted = sum(
        0 < edge < len(text) and text[edge - 1].isalnum() and text[edge].isalnum()
        for start, end, _ in clusters
        for edge in (start, end)
    )
    assert note.endswith(f": {shifted}") and shifted >= 5
    assert read(put(tmp_path, {"text": text, "label": real})).notes == ()


@pytest.mark.parametrize("text", [
    "\U0001f600！清河大学的人很多", "\U0001f600！東京のラーメン屋に行く", "\U0001f600 กรุงเทพมหานคร",
    "\U0001f600\r\n清河大学的人很多",
])  # fmt: skip
def test_where_words_are_not_written_apart_no_edge_cuts_one(tmp_path, text):
    labels = [[3, 5, "X"], [6, 8, "X"]]
    assert read(put(tmp_path, {"text": text, "label": labels})).notes == ()


def test_offsets_beyond_the_text_say_what_they_may_count(tmp_path):
    path = put(tmp_path, {"text": "\U0001f600\U0001f600 Bo", "label": [[5, 7, "P"]]})
    with pytest.raises(CorpusError) as caught:
        read(path)
    assert str(caught.value).endswith(
        "line 1: span 1: end 7 lies beyond the text, which has 5 characters; offsets may count its "
        "7 UTF-16 units, as JavaScript and Java do; they have to count characters (Unicode code "
        "points)"
    )
    with pytest.raises(CorpusError, match=r"offsets may count its 5 bytes; they have to count ch"):
        read(put(tmp_path, {"text": "\xfc Bo", "label": [[3, 5, "P"]]}))
    with pytest.raises(CorpusError, match=r"not bytes or UTF-16 units$"):
        read(put(tmp_path, {"text": "Bo", "label": [[0, 3, "P"]]}))


def test_labels_as_plain_objects(tmp_path):
    label = {"start": 0, "end": 3, "label": "P"}
    corpus = read(put(tmp_path, {"text": "Ann came.", "entities": [label]}))
    assert corpus.documents[0].spans == (Span(0, 3, "P"),)
    with pytest.raises(CorpusError, match=r"a label that is an object needs"):
        read(put(tmp_path, {"text": "Ann came.", "entities": [{"start": 0, "end": 3}]}))


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("😊！石川大学的人", 2),
        ("👍。在ミナミ工房で", 3),
        ("😀 ที่ธนาคารดาวครับ", 5),
        ("🎉到iPhone了", 2),
    ],
)
def test_right_offsets_in_text_without_spaces_are_not_doubted(tmp_path, text, start):
    length = {"石": 4, "ミ": 5, "ธ": 9, "i": 6}[text[start]]
    corpus = read(put(tmp_path, {"text": text, "label": [[start, start + length, "ORG"]]}))
    assert not any("cut words" in note for note in corpus.notes)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"text": "x", "label": ["good"]}, "line 1: a label names the text as a whole"),
        ({"text": "x", "label": [[0, 1]]}, "line 1: a label is not [start, end, label]"),
        ({"text": "x", "label": "P"}, "line 1: the labels are no list"),
        ({"text": "x", "label": [[0, 4, "P"]]}, "line 1: span 1: end 4 lies beyond the text"),
        ({"label": [[0, 4, "P"]]}, 'line 1: the record has no "text"'),
        ([["x"]], "record 1: the record is no JSON object"),
    ],
)
def test_bad_records(tmp_path, record, message):
    with pytest.raises(CorpusError) as caught:
        read(put(tmp_path, record), format="doccano")
    assert message in str(caught.value)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "documents", "entities"),
    [
        ("export_sequence_labeling_example", 3, 4),
        ("relation_extraction_example", 1, 4),
        ("sequence_labeling_example_overlapping", 1, 1),
        ("sequence_labeling_example", 2, 1),
    ],
)
def test_files_of_others(shared, name, documents, entities):
    path = shared / "corpora" / "raw" / "doccano" / f"{name}.jsonl"
    corpus = read(path, lenient=True)
    assert (len(corpus), sum(len(d.spans) for d in corpus)) == (documents, entities)
    if name == "sequence_labeling_example":
        assert [str(p).split(": ")[1] for p in corpus.problems] == [
            'the record has no "text"; export the project again'
        ]


def test_an_edge_inside_an_emoji_is_doubtful(tmp_path):
    """Three joined emoji count as one cluster; by characters the label is "👩‍👧 Mira "."""
    text = "👨\u200d👩\u200d👧 Mira Holm ran"
    clusters = put(tmp_path, {"id": 1, "text": text, "label": [[2, 11, "P"]]})
    assert any("fewer if the offsets count grapheme clusters" in n for n in notes(read(clusters)))
    start = text.index("Mira")
    characters = {"id": 1, "text": text, "label": [[start, start + 9, "P"]]}
    assert notes(read(put(tmp_path, characters))) == []
