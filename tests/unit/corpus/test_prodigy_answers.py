"""Several records of one text in Prodigy: votes, passes over labels, and answers given again."""

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from suffice.corpus import read
from suffice.corpus.document import Span
from suffice.errors import CorpusError

TEXT = "Ann met Bo in Oslo."
ANN, BO, OSLO = (0, 3, "PER"), (8, 10, "PER"), (14, 18, "LOC")
JOINED = "texts annotated in several passes that share no label, their spans joined: 1"
MAJORITY = "annotated by several; the spans that more than half of them marked are used: 1"
AGAIN = "records that the same annotator answered again, the last one used: 1"
UNNAMED = "records of the same input, which name no annotator, the last one used: 1"


def task(*spans, by=None, hash=5, text=TEXT, **more):
    given = [dict(zip(("start", "end", "label"), span, strict=True)) for span in spans]
    names = {} if by is None else {"_annotator_id": by, "_session_id": by}
    return {"text": text, "_input_hash": hash, "spans": given, "answer": "accept", **names, **more}


def found(tmp_path, *records):
    path = tmp_path / "p.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    corpus = read(path)
    return corpus.documents, [note.split(": ", 1)[1] for note in corpus.notes]


def spans(*given):
    return tuple(Span(*span) for span in given)


@pytest.mark.parametrize("names", [
    ("2023-02-01_10-00-00", "2023-02-03_09-11-00"), ("people-ann", "places-ann"), ("ann", "ann"),
    (None, None), (None, "ann"),
])  # fmt: skip
def test_passes_that_share_no_label_are_joined(tmp_path, names):
    first, second = names
    (document,), notes = found(tmp_path, task(ANN, BO, by=first), task(OSLO, by=second))
    assert document.spans == spans(ANN, BO, OSLO)
    assert document.annotators == {}
    assert notes == [JOINED]


def test_a_vote_within_each_of_two_passes(tmp_path):
    other = task((0, 2, "PER"), (3, 5, "LOC"), by="pl-2", text="Cy, Rom.", hash=6)
    (document, _), notes = found(
        tmp_path,
        task(ANN, BO, by="p-1"), task(ANN, by="p-2"), task(OSLO, by="l-1"), task(OSLO, by="l-2"),
        other,
    )  # fmt: skip
    assert document.spans == spans(ANN, OSLO)
    assert set(document.annotators) == {"p-1", "p-2", "l-1", "l-2"}
    assert document.annotator_labels == {
        "p-1": ("PER",), "p-2": ("PER",), "l-1": ("LOC",), "l-2": ("LOC",),
    }  # fmt: skip
    assert notes == [JOINED, MAJORITY]


def test_a_label_that_only_one_annotator_ever_uses_is_warned_of_before_the_vote(tmp_path):
    (document,), notes = found(tmp_path, task(ANN, by="a"), task(ANN, OSLO, by="b"))
    assert document.spans == spans(ANN)
    assert notes == [
        "spans lost in a vote because no other annotator of the text ever uses their label; check "
        "that all were asked for it: 1",
        MAJORITY,
    ]


def test_who_marked_nothing_at_all_still_votes(tmp_path):
    (document,), notes = found(tmp_path, task(ANN, by="a"), task(by="b"))
    assert document.spans == () and set(document.annotators) == {"a", "b"}
    assert notes[-1] == MAJORITY


@pytest.mark.parametrize(("name", "said"), [("a", AGAIN), (None, UNNAMED)])
@pytest.mark.parametrize("later", [(ANN,), (ANN, BO), ((0, 3, "ORG"),), ()])
def test_an_answer_given_again_counts_and_not_the_one_before(tmp_path, name, said, later):
    (document,), notes = found(tmp_path, task(ANN, by=name), task(*later, by=name))
    assert document.spans == spans(*later)
    assert notes == [said]


def test_in_passes_an_answer_given_again_replaces_only_its_own_pass(tmp_path):
    (document,), notes = found(
        tmp_path, task(ANN, by="a"), task(OSLO, by="a"), task(ANN, BO, by="a"), task(by="a")
    )
    assert document.spans == spans(ANN, BO, OSLO)
    assert sorted(notes) == sorted([AGAIN, JOINED])


def test_equal_texts_are_one_input_only_if_prodigy_says_so(tmp_path):
    bare = [{k: v for k, v in task(ANN).items() if k != "_input_hash"} for _ in range(2)]
    documents, notes = found(tmp_path, *bare, task(ANN, hash=1), task(OSLO, hash=2),
                             task(ANN, hash=3, id="x"), task(OSLO, hash=3, id="y"))  # fmt: skip
    assert [d.spans for d in documents] == [
        spans(span) for span in (ANN, ANN, ANN, OSLO, ANN, OSLO)
    ]
    assert notes == []


def test_a_pass_without_prodigys_hash_and_one_that_found_nothing(tmp_path):
    bare = [
        {"text": TEXT, "spans": task(span)["spans"], "answer": "accept"} for span in (ANN, OSLO)
    ]
    (document,), notes = found(tmp_path, *bare)
    assert (document.spans, notes) == (spans(ANN, OSLO), [JOINED])
    (document,), notes = found(tmp_path, task(ANN, by="a"), task(OSLO, by="b"), task(by="c"))
    assert (document.spans, document.annotators, notes) == (spans(ANN, OSLO), {}, [JOINED])


def answered(span, answer):
    return {**dict(zip(("start", "end", "label"), span, strict=True)), "answer": answer}


@pytest.mark.parametrize("view", ["ner_manual", "spans_manual", "blocks", None])
def test_a_rejected_span_is_left_out(tmp_path, view):
    given = [answered(ANN, "accept"), answered(BO, "reject"), answered(OSLO, None)]
    more = {} if view is None else {"_view_id": view, "_is_binary": False}
    (document,), notes = found(tmp_path, {**task(**more), "spans": given})
    assert document.spans == spans(ANN, OSLO)
    assert notes == ["spans that the annotator rejected, left out: 1"]


@pytest.mark.parametrize(("answers", "view", "said"), [
    (("accept", "ignore"), None, "records with spans answered with 'ignore', annotated in part"),
    (("reject", "reject"), "ner_manual", "records whose spans were all rejected, annotated in"),
    (("accept", "reject"), "ner", "yes-or-no decisions on single spans"),
])  # fmt: skip
def test_a_text_annotated_in_part_is_left_out(tmp_path, answers, view, said):
    given = [answered(span, answer) for span, answer in zip((ANN, BO), answers, strict=True)]
    documents, notes = found(
        tmp_path, {**task(_view_id=view, _is_binary=False), "spans": given}, task(OSLO, hash=6)
    )
    assert [d.spans for d in documents] == [spans(OSLO)]
    assert len(notes) == 1 and notes[0].startswith(said) and notes[0].endswith("left out: 1")


def test_a_span_with_an_unknown_answer_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="line 1: a span's answer is not accept, reject or ign"):
        found(tmp_path, {**task(), "spans": [answered(ANN, "perhaps")]})


def test_decisions_of_old_versions_are_known_by_the_score(tmp_path):
    suggested = {**answered(ANN, None), "score": 0.7, "rank": 0}
    documents, notes = found(
        tmp_path, {**task(_view_id="ner"), "spans": [suggested]}, task(OSLO, hash=6)
    )
    assert [d.spans for d in documents] == [spans(OSLO)]
    assert notes == ["yes-or-no decisions on single spans, which leave the rest open, left out: 1"]


def test_tasks_of_another_kind_and_other_parts_are_named(tmp_path):
    choice = {"text": "A.", "_input_hash": 7, "options": [{"id": "x"}], "accept": ["x"]}
    documents, notes = found(
        tmp_path,
        task(ANN, relations=[{"head": 0, "child": 2, "label": "met"}]),
        task(OSLO, hash=6, _view_id="choice"),
        {**choice, "answer": "accept"},
        {"text": "B.", "_input_hash": 8, "label": "SPORT", "answer": "accept"},
        task(BO, hash=9, _view_id="review", versions=[{"spans": [answered(ANN, None)]}] * 2),
    )
    assert [d.spans for d in documents] == [spans(ANN), spans(OSLO), spans(BO)]
    assert notes == [
        "relations passed over: 1",
        "records of the view 'choice', which marks no spans; those shown in it are read as all "
        "entities of the text: 1",
        "records of tasks that mark no spans, left out: 2",
        "annotators' versions of reviewed records, not read: 2",
    ]


def test_votes_count_those_who_were_asked_for_the_label(tmp_path):
    path = tmp_path / "own.jsonl"
    marks = {"a": [answered(ANN, None)], "b": [answered(OSLO, None)], "c": [answered(OSLO, None)]}
    record = {"text": TEXT, "annotators": marks, "annotator_labels": {"a": ["PER"], "b": ["LOC"]}}
    path.write_text(json.dumps(record))
    # PER: one of the two who were asked for it (a, c); LOC: both (b, c).
    assert read(path).documents[0].spans == spans(OSLO)
    record["annotator_labels"]["c"] = ["LOC"]
    path.write_text(json.dumps(record))
    assert read(path).documents[0].spans == spans(ANN, OSLO)


WORDS = [(0, 3), (4, 7), (8, 10), (11, 13), (14, 18)]
MARKED = st.lists(st.sampled_from(["PER", "LOC", "ORG", None]), min_size=5, max_size=5)
NAMED = st.sampled_from(["one session", "a session for each label", "one annotator", "nobody"])


@settings(max_examples=60, deadline=None)
@given(marked=st.lists(MARKED, min_size=1, max_size=4), named=NAMED)
def test_what_is_annotated_label_by_label_comes_out_as_if_annotated_at_once(
    tmp_path_factory, marked, named
):
    records, wanted = [], {}
    labels = ["PER", "LOC", "ORG"]
    for number, own in enumerate(marked):
        text = TEXT + "!" * number
        all_spans = [(*w, label) for w, label in zip(WORDS, own, strict=True) if label]
        wanted[text] = spans(*all_spans)
        for label in labels:
            name = {"one session": "s", "a session for each label": f"{label}-s",
                    "one annotator": "ann"}.get(named)  # fmt: skip
            one = [span for span in all_spans if span[2] == label]
            records.append((label, task(*one, by=name, hash=number, text=text)))
    # That records were made in passes shows only where two of them hold spans of one text.
    told = named == "a session for each label" and all(
        any(label in own for own in marked) for label in labels
    )
    assume(told or any(len({x for x in own if x}) == 3 for own in marked))
    records.sort(key=lambda record: labels.index(record[0]))
    documents, _ = found(tmp_path_factory.mktemp("p"), *(record for _, record in records))
    assert {d.text: d.spans for d in documents} == wanted


def test_dependencies_without_a_view_mark_no_spans(tmp_path):
    path = tmp_path / "a.jsonl"
    arcs = {"arcs": [{"head": 1, "child": 0, "label": "nsubj"}], "_input_hash": 1, "_task_hash": 2}
    path.write_text(json.dumps({"text": "Mia ran", "answer": "accept", **arcs}) + "\n")
    with pytest.raises(CorpusError, match="records of tasks that mark no spans, left out: 1"):
        read(path)
