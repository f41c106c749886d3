"""Agreement of annotators: published figures, properties, odd corpora."""

from __future__ import annotations

import dataclasses
import doctest
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

import suffice
from suffice.corpus.annotations import separate_annotators
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.tokens import tokens
from suffice.errors import CorpusError, InputError
from suffice.quality.agreement import agreement
from suffice.quality.compare import align
from suffice.quality.joining import join
from suffice.scoring import count
from suffice.study.annotators import annotator_f1

TEXT = "Ann Bo met Cy Dee of Ek Fo Ltd at noon."
LABELS = ("ORG", "PERSON")
EDGES = [0, 3, 4, 6, 7, 10, 11, 13, 14, 17, 18, 20, 21, 23, 24, 26, 27, 30]

spans = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 2), st.sampled_from(LABELS)).map(
        lambda t: Span(EDGES[2 * t[0]], EDGES[min(17, 2 * (t[0] + t[1]) + 1)], t[2])
    ),
    max_size=5,
).map(lambda found: tuple(sorted(set(found))))
documents = st.lists(st.tuples(spans, spans, spans), min_size=1, max_size=5)


def made(rows, names="AB"):
    return Corpus(
        tuple(
            Document(f"d{i}", TEXT, annotators=dict(zip(names, row, strict=False)))
            for i, row in enumerate(rows)
        )
    )


def estimates(found):
    values = {name: value for name, value, _ in found.rows() if "ICC" not in name}
    values |= {row.label: row.exact.value for row in found.by_label}
    return values


def test_the_docs_are_true():
    path = Path(__file__).parents[3] / "docs" / "agreement.md"
    failed, tried = doctest.testfile(str(path), module_relative=False)
    assert tried >= 12
    assert not failed


# Against others' numbers


@pytest.mark.shared
def test_crowd_workers_as_the_corpus_readme_says(shared):
    corpus = suffice.read(shared / "corpora" / "btc_crowd.jsonl.gz")
    for section, expected in {"a": 0.73, "b": 0.44, "e": 0.35}.items():
        part = corpus.select(d.id for d in corpus if d.id.startswith(f"btc-{section}-"))
        value, low, high = annotator_f1(part)["between"]
        assert round(value, 2) == expected
        assert low < value < high
        if section != "e":  # some 700 pairs of workers
            found = agreement(part, n_resamples=50)
            assert found.exact.value == pytest.approx(value, abs=1e-12)


def test_the_bundled_annotators_agree_about_as_the_papers_did():
    found = agreement(suffice.load_example(), n_resamples=200)
    assert found.annotators == ("A", "B")
    assert found.compared == 200
    assert found.boundaries.value == pytest.approx(0.983, abs=0.01)
    assert found.types.value == pytest.approx(0.996, abs=0.004)
    assert found.pairs[0].type_kappa.value == pytest.approx(0.989, abs=0.008)
    assert found.synthetic
    # Both are nearer to the gold than to each other, as independent slips have it.
    assert all(gold.exact.value > found.exact.value for gold in found.gold)
    kept = annotator_f1(suffice.load_example())
    assert kept["between"][0] == pytest.approx(found.exact.value)
    assert [g[0] for g in kept["gold"]] == pytest.approx([g.exact.value for g in found.gold])


def test_f1_is_that_of_scoring_and_kappa_that_of_sklearn():
    corpus = suffice.load_example(n=60)
    found = agreement(corpus, n_resamples=20)
    both = [d for d in corpus if len(d.annotators) > 1]
    gold = [dataclasses.replace(d, spans=d.annotators["A"]) for d in both]
    scored = count(gold, [d.annotators["B"] for d in both], LABELS)
    assert found.exact.value == pytest.approx(scored.f1(), abs=1e-12)
    for row in found.by_label:
        assert row.exact.value == pytest.approx(scored.f1(row.label), abs=1e-12)

    codes: dict[str, list[str]] = {"A": [], "B": []}
    for d in both:
        cuts = {edge for own in d.annotators.values() for s in own for edge in (s.start, s.end)}
        for start, end in tokens(d.text):
            pieces = sorted({start, end, *(c for c in cuts if start < c < end)})
            for at in pieces[:-1]:
                for name, own in d.annotators.items():
                    inside = [s.label for s in own if s.start <= at < s.end]
                    codes[name].append(inside[0] if inside else "O")
    oracle = cohen_kappa_score(codes["A"], codes["B"])
    assert found.token_kappa.value == pytest.approx(oracle, abs=1e-12)


# Properties


@given(spans, spans)
def test_alignment_is_symmetric_and_leaves_nothing_out(first, second):
    units, turned = align(first, second), align(second, first)
    assert sorted((u.kind, repr(u.first), repr(u.second)) for u in units) == sorted(
        (u.kind, repr(u.second), repr(u.first)) for u in turned
    )
    assert sorted(u.first for u in units if u.first) == sorted(first)
    assert sorted(u.second for u in units if u.second) == sorted(second)
    same = set(first) & set(second)
    assert {u.first for u in units if u.kind == "same"} == same


@settings(max_examples=40)
@given(documents)
def test_who_is_first_does_not_matter(rows):
    one = agreement(made([row[:2] for row in rows]), n_resamples=2)
    other = agreement(made([row[1::-1] for row in rows]), n_resamples=2)
    assert estimates(one) == pytest.approx(estimates(other), nan_ok=True)
    assert (one.confusion == other.confusion.T).all()
    assert one.kinds() == other.kinds()


@settings(max_examples=30)
@given(documents)
def test_order_does_not_matter_and_twins_change_no_estimate(rows):
    one = agreement(made(rows, "ABC"), n_resamples=2)
    turned = agreement(made(rows[::-1], "CAB"), n_resamples=2)
    assert estimates(one) == pytest.approx(estimates(turned), nan_ok=True)
    twice = agreement(made(rows + rows, "ABC"), n_resamples=2)
    apart = {"labels of tokens, Krippendorff α"}  # corrects for the number of tokens
    for name, value in estimates(one).items():
        if name not in apart:
            assert estimates(twice)[name] == pytest.approx(value, nan_ok=True), name


@settings(max_examples=40)
@given(documents)
def test_partial_is_never_below_exact_and_one_means_the_same(rows):
    found = agreement(made([row[:2] for row in rows]), n_resamples=2)
    if np.isfinite(found.exact.value):
        assert found.partial.value >= found.exact.value
        alike = all(set(row[0]) == set(row[1]) for row in rows)
        assert (found.exact.value == 1) == alike == (not found.disagreements)
    json.loads(found.to_json())


# Matching


def corpus(name, **texts):
    return Corpus(
        tuple(
            Document(i, text, (Span(0, 3, "PERSON"),) if own else ())
            for i, (text, own) in texts.items()
        ),
        name,
    )


def test_matching_by_id_and_by_text():
    one = corpus("A", x=(TEXT, True), y=("Bea Hop came.", True), z=("Only here.", False))
    other = corpus("B", x=(TEXT, True), q=("Bea Hop came.", False), w=("Only there.", True))
    found = join([one, other])
    assert (found.by_id, found.by_text) == (1, 1)
    assert [d.id for d in found.corpus] == ["x", "y", "z", "w"]
    result = agreement(one, other)
    assert (result.compared, result.documents) == (2, 4)
    assert "documents in A only: 1" in result.notes
    assert any("not compared: 2" in caveat for caveat in result.caveats)


def test_another_text_under_the_same_id_is_an_error_that_names_it():
    one, other = corpus("A", x=("Bea Hop came.", True)), corpus("B", x=("Bea  Hop came.", True))
    with pytest.raises(CorpusError, match=r"'x' in B is not that in A.* character 4") as error:
        agreement(one, other)
    assert "Hop" not in str(error.value)


def test_ids_that_are_only_numbers():
    one = corpus("A", **{"1": ("Bea Hop came.", True), "2": ("Cy left.", True)})
    other = corpus("B", **{"1": ("Cy left.", True), "2": ("Bea Hop came.", True)})
    with pytest.raises(CorpusError, match="add `match` text"):
        agreement(one, other)
    assert agreement(one, other, match="text").exact.value == 1


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: agreement(), "no corpus"),
        (lambda: agreement(corpus("A", x=("Bea came.", True))), "two annotators"),
        (
            lambda: agreement(corpus("A", x=("Bea.", True)), corpus("B", y=("Cy.", True))),
            "no document of A",
        ),
        (lambda: agreement(suffice.load_example(n=5), names=["A", "Z"]), "called 'Z'"),
        (
            lambda: agreement(
                corpus("A", x=("Bea.", True)), corpus("B", x=("Bea.", True)), names=["A"]
            ),
            "2 files",
        ),
    ],
)
def test_what_cannot_be_compared(call, says):
    with pytest.raises(InputError, match=says):
        call()


# Odd corpora: undefined is NaN with a reason


def test_nobody_marked_anything():
    found = agreement(made([((), ()), ((), ())]))
    for result in (found.exact, found.boundaries, found.types, found.token_alpha):
        assert np.isnan(result.value)
        assert result.caveats
    assert found.icc.caveats
    assert str(found)
    json.loads(found.to_json())


def test_one_label_everywhere_gives_no_kappa_of_types():
    own = (Span(0, 3, "PERSON"),)
    found = agreement(made([(own, own)] * 3))
    assert found.exact.value == 1
    assert np.isnan(found.pairs[0].type_kappa.value)
    assert found.pairs[0].type_kappa.caveats


def test_annotators_who_were_asked_for_other_labels():
    person, org = Span(0, 6, "PERSON"), Span(21, 30, "ORG")
    document = Document(
        "d",
        TEXT,
        annotators={"A": (person, org), "B": (person,), "C": (org,)},
        annotator_labels={"B": ("PERSON",), "C": ("ORG",)},
    )
    found = agreement(Corpus((document,)))
    assert {(p.first, p.second): p.exact.value for p in found.pairs} == {
        ("A", "B"): 1.0,
        ("A", "C"): 1.0,
    }
    assert not found.disagreements
    assert np.isnan(found.token_alpha.value)


def test_three_annotators_some_of_whom_saw_less():
    a, b = (Span(0, 6, "PERSON"),), (Span(0, 6, "ORG"),)
    rows = [
        Document("1", TEXT, annotators={"A": a, "B": a, "C": a}),
        Document("2", TEXT, annotators={"A": a, "B": b, "C": a}),
        Document("3", TEXT, annotators={"A": a, "B": a}),
        Document("4", TEXT, annotators={"C": b}),
    ]
    found = agreement(Corpus(tuple(rows)))
    assert {(p.first, p.second): p.documents for p in found.pairs} == {
        ("A", "B"): 3, ("A", "C"): 2, ("B", "C"): 2,
    }  # fmt: skip
    # Pairs: AB 2 of 3, AC 2 of 2, BC 1 of 2.
    assert found.exact.value == pytest.approx(5 / 7)
    assert found.mean_pairs.value == pytest.approx((2 / 3 + 1 + 1 / 2) / 3)
    # Units that all three drew: PPP and POP. Shares 5/6 and 1/6; 2 of 3 pairs of one unit differ.
    assert found.fleiss_types.value == pytest.approx(1 - (2 / 6) / (2 * 5 / 36))
    assert any("2 documents" in c for c in found.fleiss_types.caveats)


def test_groups_are_resampled_whole():
    found = separate_annotators(suffice.load_example(n=120))
    alone = agreement(found["A"], found["B"])
    joined = [
        dataclasses.replace(
            c,
            documents=tuple(dataclasses.replace(d, group=f"g{int(d.id[-4:]) // 20}") for d in c),
        )
        for c in found.values()
    ]
    grouped = agreement(*joined)
    assert grouped.exact.value == alone.exact.value
    assert grouped.exact.units < alone.exact.units


def test_no_text_leaves_it():
    rows = [((Span(0, 6, "PERSON"),), ()), ((Span(11, 17, "PERSON"),),) * 2]
    told = agreement(made(rows)).to_json()
    assert "Ann" not in told
    assert "Dee" not in told
    assert '"start": 0' in told


def test_gamma():
    pytest.importorskip("pygamma_agreement")
    own = (Span(0, 6, "PERSON"), Span(21, 30, "ORG"))
    rows = [(own, own), (own, ()), (own, (Span(0, 6, "ORG"), Span(21, 30, "ORG")))]
    found = agreement(made(rows), gamma=True, seed=1).gamma
    assert found.units == 2
    assert 0 < found.value < 1
    assert any("1 document left out" in caveat for caveat in found.caveats)
