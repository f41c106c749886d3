"""What limits an answer: labels of which a fold holds too little, and what no longer does."""

from __future__ import annotations

from dataclasses import replace

import pytest

import suffice
from suffice.analysis.caveats import find_rare_labels, find_study_caveats
from suffice.analysis.result import Studied
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Studied:
    """Return what is studied of 40 documents, ORG renamed in 3 of them."""
    path = tmp_path_factory.mktemp("corpus") / "made.jsonl"
    made = [
        suffice.Document(
            d.id,
            d.text,
            tuple(suffice.Span(s.start, s.end, "RARE" if i < 3 else s.label) for s in d.spans),
        )
        for i, d in enumerate(suffice.load_example(n=40))
    ]
    suffice.write(suffice.Corpus(tuple(made)), path)
    spec = StudySpec(
        corpus=CorpusSpec(paths=(str(path),)),
        learner=LearnerSpec(name="lookup"),
        confirm=None,
        budget=None,
        runs=14,
    )
    with suffice.Study.create(path.parent / "s", spec) as study:
        suffice.run(study)
        return suffice.analyse(study).studied


def test_labels_that_a_fold_holds_few_of_are_named(studied: Studied) -> None:
    few = studied.labels["RARE"]
    assert 0 < few < 50
    rest = {name: n for name, n in studied.labels.items() if n >= 50}
    (said,) = [c for c in studied.caveats if c.startswith("few entities of")]
    assert f"RARE ({few})" in said
    assert "scored on fewer than 10 of them" in said
    assert "annotate more documents that contain" in said
    assert not any(name in said for name in rest)


def test_ten_a_fold_are_enough(studied: Studied) -> None:
    at = replace(studied, labels={"A": 500, "B": 50, "C": 49})
    assert find_rare_labels(at).startswith("few entities of C (49): ")
    assert find_rare_labels(replace(at, folds=4)) is None
    many = {"A": 500} | {f"L{i}": 9 - i for i in range(7)}
    said = find_rare_labels(replace(at, labels=many))
    assert said.startswith("few entities of L0 (9), L1 (8), L2 (7), L3 (6), L4 (5) and 2 more: ")
    assert "each of these labels" in said


def test_nothing_is_said_of_one_label_or_without_folds_that_rotate(studied: Studied) -> None:
    assert find_rare_labels(replace(studied, labels={"A": 30})) is None
    assert (
        find_rare_labels(replace(studied, folds=0, rotating=False, labels={"A": 300, "B": 3}))
        is None
    )


def test_a_small_corpus_is_no_caveat_by_itself(studied: Studied) -> None:
    assert not any("200 documents" in c or "wider than" in c for c in studied.caveats)
    old = find_study_caveats(replace(studied, rotating=False), {}, (), 1000)
    assert any("each of its runs trains 5 models" in c for c in old)
