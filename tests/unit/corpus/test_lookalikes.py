"""What is not understood never becomes "no entities here", in any reader of JSON."""

import json

import pytest

from suffice.corpus import read
from suffice.corpus.document import Span
from suffice.corpus.formats.lookalikes import lookalikes
from suffice.errors import CorpusError

TEXT = "Ann Lee works at Acme."
OFFSETS = {"start": 0, "end": 7}
SHAPES = [
    [{**OFFSETS, "label": "PER"}],
    {"Person": [{"indices": [0, 7]}]},
    {"PER": [[0, 7]]},
    [{"start_offset": 0, "end_offset": 7, "label": "PER"}],
    [{"startOffset": 0, "endOffset": 7, "displayName": "PER"}],
    [{"BeginOffset": 0, "EndOffset": 7, "Type": "PER"}],
    [{"start_char": "0", "end_char": "7", "entity_type": "PER"}],
    [{"offset": 0, "length": 7, "category": "PER"}],
    [{"span": {"begin": 0, "end": 7}, "obj": "PER"}],
    [{"label": ["PER"], "points": [{**OFFSETS, "text": "Ann Lee"}]}],
    [{"text_extraction": {"text_segment": OFFSETS}, "display_name": "PER"}],
    [{"infons": {"type": "PER"}, "locations": [{"offset": 0, "length": 7}]}],
    [{"text": "Ann Lee", "label": "PER"}],
    [{"word": "Ann Lee", "entity_group": "PER", "score": 0.9}],
    [[0, 7, "PER"]],
    [["PER", 0, 7]],
    [["T1", "PER", [[0, 7]]]],
    [[[0, 7], "PER"]],
    [[0, 7, "PER", 0.9]],
    [[{**OFFSETS, "label": "PER"}], []],
    {"T1": {**OFFSETS, "label": "PER"}},
    {"ner": {"annotations": {"entities": [{**OFFSETS, "label": "PER"}]}}},
    {"Person": [{"indices": [0, 7], "type": "PER"}]},
    {"PER": ["Ann Lee"]},
    {"Ann Lee": "PER"},
    ["B-PER", "I-PER", "O", "O", "O"],
    ["S-PER", "O"],
    json.dumps([{**OFFSETS, "label": "PER"}]),
    repr([{**OFFSETS, "label": "PER"}]),
    repr([(0, 7, "PER")]),
]
OTHERS = [
    [],
    {},
    ["Ann Lee", "works"],
    [1, 2, 3],
    [[0, 22]],
    [[0, 3], [4, 7]],
    [0.1, 0.2],
    [{"id": 1, "title": "x"}],
    [{"head": 0, "child": 2, "label": "met"}],
    [{"from_id": 1, "to_id": 2, "type": "met"}],
    {"topic": "press", "year": 2024},
    [["R1", "met", [["Arg1", "T1"], ["Arg2", "T2"]]]],
    ["O", "O", "O"],
    "[1] a note",
    "[" * 9_000,
    "[" + "-" * 90_000 + "1]",
    r"['\d']",
]


def put(tmp_path, name, *records, array=False):
    path = tmp_path / name
    lines = "".join(json.dumps(record) + "\n" for record in records)
    path.write_text(json.dumps(records) if array else lines)
    return path


def message(path, **options):
    with pytest.raises(CorpusError) as caught:
        read(path, **options)
    text = str(caught.value)
    assert "\n" not in text and "Ann Lee" not in text
    return text.removeprefix(path.as_posix())


@pytest.mark.parametrize("value", SHAPES)
def test_what_looks_like_annotations(value):
    # A key that says what it holds, since bare strings alone say too little.
    ((key, count),) = lookalikes({"text": TEXT, "entities": value}, ("text",))
    assert key.split(".")[0] == "entities" and count >= 1
    assert list(lookalikes({"text": TEXT, "entities": value}, ("text", "entities"))) == []


@pytest.mark.parametrize("value", OTHERS)
def test_what_does_not(value):
    assert list(lookalikes({"text": TEXT, "entities": value}, ("text",))) == []


def test_the_place_of_a_text_in_a_longer_one_is_no_annotation():
    place = {"start": 20, "end": 90, "type": "abstract"}
    assert list(lookalikes({"text": TEXT, "meta": place, "part": {"of": place}}, ())) == []
    assert list(lookalikes({"text": TEXT, "meta": {"spans": {"a": place}}}, ())) == [
        ("meta.spans.a", 1)
    ]


@pytest.mark.parametrize("key", ["tokens", "words", "sentences", "sents"])
def test_words_and_sentences_have_places_and_are_no_annotations(key):
    words = [{"id": 0, "start": 0, "end": 3, "tag": "NNP", "text": "Ann"}]
    assert list(lookalikes({"text": TEXT, key: words}, ())) == []
    assert list(lookalikes({"text": TEXT, key: [{"text": "Ann", "ner": "O"}]}, ())) == []
    tagged = [{"text": "Ann", "ner": "B-PER"}, {"text": "Lee", "ner": "I-PER"}]
    assert list(lookalikes({"text": TEXT, key: tagged}, ())) == [(key, 2)]


@pytest.mark.parametrize("value", SHAPES)
@pytest.mark.parametrize("given", [{}, {"spans": None}])
def test_the_advice_never_is_to_write_no_spans_where_there_are_some(tmp_path, value, given):
    path = put(tmp_path, "a.jsonl", {"text": TEXT, "entities": value, **given})
    said = message(path, format="jsonl")
    named = "line 1: this is " in said  # the shapes that tools are known by
    assert named or said.startswith(', line 1: the record has no "spans", but what looks like ')
    assert named or 'rename "entities' in said
    assert '"spans": []' not in said
    bare = put(tmp_path, "b.jsonl", {"text": TEXT, "note": "x"})
    assert 'write "spans": [] where a text has no entities' in message(bare)


MARK = {"start": 0, "end": 7, "label": "PER"}
DOC = {"id": "1", "infons": {}, "passages": [
    {"infons": {}, "offset": 0, "text": TEXT, "annotations": [], "relations": []}]}  # fmt: skip


def bioc(place):
    record = json.loads(json.dumps(DOC))
    where = record if place == "document" else record["passages"][0]
    where["mentions"] = [{"infons": {"type": "PER"}, "locations": [{"offset": 0, "length": 7}]}]
    return {"source": "", "date": "", "key": "", "infons": {}, "documents": [record]}


EMPTY = {
    "jsonl": ("spans", "a.jsonl", {"text": TEXT, "spans": [], "mentions": [MARK]}),
    "doccano": ("label", "a.jsonl", {"text": TEXT, "label": [], "mentions": [MARK]}),
    "doccano, none": ("label", "a.jsonl", {"text": TEXT, "label": None, "mentions": [MARK]}),
    "prodigy": ("spans", "a.jsonl", {"text": TEXT, "answer": "accept", "mentions": [MARK]}),
    "prodigy, empty": (
        "spans", "a.jsonl", {"text": TEXT, "spans": [], "answer": "accept", "mentions": [MARK]}),
    "spacyjson": ("ents", "a.json", {"text": TEXT, "ents": [], "tokens": [], "mentions": [MARK]}),
    "spacyjson, pair": ("ents", "a.json", [TEXT, {"entities": [], "mentions": [[0, 7, "PER"]]}]),
    "spacyjson, untagged": ("ents", "a.json", {"id": 1, "paragraphs": [
        {"raw": "Bo", "mentions": [[0, 2, "PER"]], "sentences": [{"tokens": [
            {"orth": "Bo", "ner": "O"}]}]}]}),
    "spacyjson, old": ("ents", "a.json", {"id": 1, "paragraphs": [
        {"raw": TEXT, "sentences": [], "mentions": [[0, 7, "PER"]]}]}),
    "biocjson": ("annotations", "a.json", bioc("document")),
    "biocjson, passage": ("annotations", "a.json", bioc("passage")),
}  # fmt: skip


@pytest.mark.parametrize("case", EMPTY)
def test_annotations_under_another_key_are_refused(tmp_path, case):
    own, name, record = EMPTY[case]
    form = case.split(",")[0]
    array = form == "spacyjson"
    said = message(put(tmp_path, name, record, array=array), format=form)
    assert f': "{own}" is empty, but "mentions" holds what looks like annotations; ' in said


def test_a_record_of_the_others_is_skipped_in_lenient_reading(tmp_path):
    good = {"text": "Bo ran.", "spans": [{"start": 0, "end": 2, "label": "PER"}]}
    corpus = read(put(tmp_path, "a.jsonl", good, EMPTY["jsonl"][2]), lenient=True)
    assert [d.text for d in corpus] == ["Bo ran."] and len(corpus.problems) == 1


def test_beside_spans_another_layer_is_counted_in_every_record(tmp_path):
    layer = [{"start": 0, "end": 3, "type": "TIME"}] * 2
    path = put(
        tmp_path,
        "a.jsonl",
        {"text": TEXT, "spans": [], "timex": layer},
        {"text": TEXT, "spans": [MARK], "timex": layer, "meta": {"n": 1}},
    )
    corpus = read(path)
    assert [d.spans for d in corpus] == [(), (Span(0, 7, "PER"),)]
    assert corpus.notes == (f'{path}: what looks like annotations under "timex", not read: 4',)


def test_names_in_messages_are_names_of_keys_not_text(tmp_path):
    path = put(tmp_path, "a.jsonl", {"text": TEXT, "spans": [], "marks": {"Ann Lee": MARK}})
    assert '"marks" holds what looks like annotations' in message(path)
    path = put(tmp_path, "a.jsonl", {"text": TEXT, "spans": [], "meta": {"ents": [MARK]}})
    assert '"meta.ents" holds what looks like annotations' in message(path)


def test_a_cas_annotation_without_its_text_is_refused(tmp_path):
    named = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
    cas = {"%TYPES": {}, "%FEATURE_STRUCTURES": [
        {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaID": "_InitialView", "sofaString": TEXT},
        {"%ID": 2, "%TYPE": named, "begin": 0, "end": 7, "value": "PER"},
    ], "%VIEWS": {}}  # fmt: skip
    path = tmp_path / "a.json"
    path.write_text(json.dumps(cas))
    assert 'an annotation of NamedEntity does not say in which text it is ("@sofa")' in message(
        path
    )
