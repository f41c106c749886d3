"""Reconciling: what passes, what is decided, by whom, and what is refused."""

from __future__ import annotations

import dataclasses
import json
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import suffice
from suffice.corpus.annotations import separate_annotators
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.read import read
from suffice.errors import CorpusError, InputError
from suffice.quality.disputes import divide, stretches
from suffice.quality.reconcile import reconcile
from suffice.quality.worklist import (
    is_worklist,
    read_decisions,
    read_judge,
    suggested,
    write_worklist,
)

TEXT = "Ann Bo met Cy Dee of Ek Fo Ltd at noon."
ANN, BO, ANNBO = Span(0, 3, "PERSON"), Span(4, 6, "PERSON"), Span(0, 6, "PERSON")
CY, CYDEE, CYORG = Span(11, 13, "PERSON"), Span(11, 17, "PERSON"), Span(11, 17, "ORG")
EK, EKLTD = Span(21, 26, "ORG"), Span(21, 30, "ORG")


def made(**own):
    return Corpus((Document("d", TEXT, annotators={a: tuple(s) for a, s in own.items()}),))


def gold(found):
    assert found.corpus is not None
    return found.corpus.documents[0].spans


spans = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 8), st.sampled_from(["ORG", "PERSON"])).map(
        lambda t: Span(t[0], t[0] + t[1], t[2])
    ),
    max_size=5,
).map(lambda found: tuple(sorted(set(found))))


@given(spans, spans, st.one_of(st.none(), spans))
def test_a_division_loses_nothing(first, second, judge):
    document = Document("d", TEXT, annotators={"A": first, "B": second})
    found = divide(document, judge)
    for name, own in document.annotators.items():
        parts = [*found.agreed, *(s for d in found.disputes for s in d.spans[name])]
        assert sorted(parts) == list(own)
    assert set(found.agreed) <= set(first) & set(second)
    places = [(d.start, d.end) for d in found.disputes]
    assert len(stretches([Span(*place, "") for place in places])) == len(places)


@settings(max_examples=50)
@given(spans, spans, spans)
def test_the_adjudicator_decides_and_no_more(first, second, third):
    both = made(A=first, B=second)
    judge = Corpus((Document("d", TEXT, third),))
    found = gold(reconcile(both, judge=judge))
    assert set(first) & set(second) & set(third) <= set(found)
    assert set(found) <= set(third) | (set(first) & set(second))
    if first == second:
        assert found == first
    agreeing = reconcile(both, judge=Corpus((Document("d", TEXT, first),)))
    assert gold(agreeing) == first


def test_majority_takes_whole_stretches_and_lists_ties():
    found = reconcile(
        made(A=[ANNBO, CYDEE, EK], B=[ANN, BO, CYORG, EK], C=[ANN, BO, CY, EK]),
        majority=True,
        undecided="list",
    )
    assert found.corpus is None
    assert found.by == {"majority": 1}
    assert [(d.start, d.end, d.kinds) for d in found.undecided] == [
        (11, 17, ("boundary", "boundary and type", "type"))
    ]
    dropped = reconcile(
        made(A=[ANNBO, CYDEE, EK], B=[ANN, BO, CYORG, EK], C=[ANN, BO, CY, EK]),
        majority=True,
        undecided="drop",
    )
    assert gold(dropped) == (ANN, BO, EK)
    assert "undecided stretches left without a span: 1" in dropped.notes


def test_a_majority_may_be_for_nothing():
    assert gold(reconcile(made(A=[CY], B=[], C=[]), majority=True)) == ()


def test_undecided_is_refused_by_default_and_named():
    with pytest.raises(InputError, match=r"2 disagreements are undecided: d:0–6, d:11–17") as error:
        reconcile(made(A=[ANNBO, CY], B=[ANN, CYDEE]))
    assert "Ann" not in str(error.value)


def test_documents_may_be_left_out():
    whole = Document("e", TEXT, annotators={"A": (EK,), "B": (EK,)})
    both = Corpus((*made(A=[CY], B=[]).documents, whole))
    found = reconcile(both, undecided="leave-out-document")
    assert [d.id for d in found.corpus] == ["e"]
    assert "documents with undecided stretches, left out: 1" in found.notes
    with pytest.raises(InputError, match="every document"):
        reconcile(made(A=[CY], B=[]), undecided="leave-out-document")


def test_the_gold_keeps_the_annotators_and_the_judge_is_no_tyrant():
    judge = Corpus((Document("d", TEXT, (CYDEE, EKLTD, ANN)),))
    found = reconcile(made(A=[CY, EK], B=[CYDEE, EK]), judge=judge)
    # The judge decides on Cy; Ek is agreed although the judge marked more; Ann nobody else marked.
    assert gold(found) == (CYDEE, EK)
    assert found.corpus.documents[0].annotators == {"A": (CY, EK), "B": (CYDEE, EK)}
    assert any(note.endswith(": 2") and "agreement is kept" in note for note in found.notes)


def test_only_those_vote_who_were_asked():
    document = Document(
        "d",
        TEXT,
        annotators={"A": (CY, EK), "B": (CY,), "C": (EKLTD,)},
        annotator_labels={"B": ("PERSON",), "C": ("ORG",)},
    )
    found = reconcile(Corpus((document,)), undecided="list")
    assert found.agreed == 1
    assert [(d.label, d.start, d.end, sorted(d.spans)) for d in found.undecided] == [
        ("ORG", 21, 30, ["A", "C"])
    ]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"majority": True}, "two annotators cannot have a majority"),
        ({"undecided": "guess"}, "cannot be 'guess'"),
        ({"judge": Corpus((Document("x", "Other.", ()),))}, "no document of corpus"),
        ({"judge": Corpus((Document("d", "Other.", ()),))}, "differs from"),
        ({"judge": Corpus((Document("d", TEXT, ()),)), "decisions": {}}, "exclude each other"),
        ({"decisions": {("d", 1, 2, ""): ()}, "undecided": "list"}, "where the annotators do not"),
    ],
)
def test_what_is_refused(options, says):
    with pytest.raises(InputError, match=says):
        reconcile(made(A=[CY], B=[]), **options)


# Work lists


@pytest.fixture
def open_(tmp_path):
    found = reconcile(made(A=[ANNBO, CY, EK], B=[ANN, CYDEE, EK]), undecided="list")
    path = tmp_path / "todo.jsonl"
    write_worklist(found, path)
    return found, path


def decide(path, *decisions):
    records = [json.loads(line) for line in path.read_text().splitlines()]
    for record, decision in zip(records, decisions, strict=True):
        record["decision"] = decision
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


def test_a_work_list_is_private_and_says_what_there_is(open_):
    found, path = open_
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert is_worklist(path)
    first = json.loads(path.read_text().splitlines()[0])
    assert first["annotators"]["A"] == [{"start": 0, "end": 6, "label": "PERSON", "text": "Ann Bo"}]
    assert first["kinds"] == ["boundary"]
    assert read_decisions(path, found) == {}


def test_decisions_come_back(open_):
    found, path = open_
    decide(path, "B", [{"start": 14, "end": 17, "label": "PERSON"}])
    both = found.joined
    decided = read_decisions(path, found)
    assert gold(reconcile(both, decisions=decided)) == (ANN, Span(14, 17, "PERSON"), EK)
    decide(path, [], None)
    decided = read_decisions(path, found)
    with pytest.raises(InputError, match="1 disagreement is undecided: d:11–17"):
        reconcile(both, decisions=decided)


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        ("C", "not the name of an annotator; write one of A, B"),
        (7, "neither a name nor a list"),
        ([{"start": 0, "end": 99, "label": "X"}], "beyond the text"),
        ([{"start": 21, "end": 26, "label": "ORG"}], "outside of the disagreement"),
        ([{"start": 0, "end": 3}], 'no "label"'),
    ],
)
def test_bad_decisions_name_their_line(open_, decision, says):
    found, path = open_
    decide(path, "A", None)
    decide(path, decision, "B")
    with pytest.raises(CorpusError, match=f"line 1: .*{says}"):
        read_decisions(path, found)


def test_decisions_on_other_files(open_):
    found, path = open_
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[0]]))
    decide(path, "A", "A")
    with pytest.raises(CorpusError, match="is decided twice"):
        read_decisions(path, found)
    for key, value in (("start", 1), ("document", ["x"]), ("document", "e")):
        record = json.loads(lines[0]) | {key: value}
        path.write_text(json.dumps(record))
        with pytest.raises(CorpusError, match="not a disagreement between these files"):
            read_decisions(path, found)


def test_through_an_annotation_tool(tmp_path):
    corpus = suffice.load_example(n=200)
    found = separate_annotators(corpus)
    left = reconcile(*found.values(), undecided="list")
    path = tmp_path / "todo.prodigy.jsonl"
    write_worklist(left, path, "prodigy")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(CorpusError, match="without any decision"):
        read_judge(path, left)
    # The third person corrects each document to the corpus's own spans.
    tasks = [json.loads(line) for line in path.read_text().splitlines()]
    assert {t["id"] for t in tasks} == {d.document for d in left.undecided}
    third = {d.id: d for d in corpus}
    for task in tasks:
        own = third[task["id"]].spans
        task["spans"] = [{"start": s.start, "end": s.end, "label": s.label} for s in own]
    path.write_text("".join(json.dumps(task) + "\n" for task in tasks))
    judge = read_judge(path, left)
    done = reconcile(*found.values(), judge=judge)
    assert not done.undecided
    assert done.by == {"the judge": len(left.undecided)}
    # What both marked alike stands even where the reconciled spans have a slip.
    direct = reconcile(*found.values(), judge=corpus)
    assert done.corpus.documents == direct.corpus.documents


def test_suggestions_are_what_most_marked():
    found = reconcile(made(A=[CY], B=[CYDEE], C=[CYDEE]), undecided="list")
    assert suggested(found).documents[0].spans == (CYDEE,)


def test_results_hold_no_text(open_):
    told = open_[0].to_json()
    assert "Ann" not in told
    assert json.loads(told)["undecided"][0]["start"] == 0
    assert "Ann" not in str(open_[0])


def test_gold_is_read_back_as_written(tmp_path):
    corpus = suffice.load_example(n=50)
    found = reconcile(*separate_annotators(corpus).values(), judge=corpus)
    suffice.write(found.corpus, tmp_path / "gold.jsonl")
    back = read(tmp_path / "gold.jsonl")
    assert back.documents == found.corpus.documents
    assert all(dataclasses.asdict(d)["annotators"] for d in back)
