"""A test set of the user's own: read beside the corpus, told apart, never trained on."""

from __future__ import annotations

import json

import pytest

import suffice
from suffice import Study
from suffice.design.split import EVALUATION, LEFT_OUT, POOL
from suffice.errors import CorpusError, InputError, StudyError, TooSmallError
from suffice.study.documents import studied_of, units_in_order
from suffice.study.evaluation import with_test_set
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec

N, M = 60, 20


def records(n, start=0):
    """Return documents numbered from 0 that share no three words in a row."""
    made = []
    for i in range(n):
        words = [f"w{start + i}x{k}" for k in range(9)]
        text = f"Bo{start + i} " + " ".join(words)
        made.append({"id": i, "text": text, "spans": [{"start": 0, "end": 3, "label": "PER"}]})
    return made


def write(path, made):
    path.write_text("".join(json.dumps(record) + "\n" for record in made))
    return path


@pytest.fixture
def files(tmp_path):
    """Return a corpus and a test set that both number their documents from 0."""
    train = write(tmp_path / "train.jsonl", records(N))
    return train, write(tmp_path / "test.jsonl", records(M, start=1000))


def spec(train, *tests, reading=None, **changes):
    settings = {
        "corpus": CorpusSpec(paths=(str(train),), **(reading or {})),
        "evaluation": tuple(map(str, tests)),
        "learner": LearnerSpec(name="lookup"),
        "confirm": None,
        "budget": None,
        "runs": 8,
        **changes,
    }
    return StudySpec(**settings)


def sides(folder, wanted):
    with Study.create(folder, wanted) as study:
        return dict(study.division.sides)


def test_the_file_says_the_side_though_ids_are_the_same(files, tmp_path):
    found = sides(tmp_path / "s", spec(*files))
    assert found == {
        **{str(i): POOL for i in range(N)},
        **{f"evaluation/{i}": EVALUATION for i in range(M)},
    }


def test_a_study_made_with_one_keeps_it_in_its_file_and_has_no_folds(files, tmp_path):
    sides(tmp_path / "s", spec(*files))
    kept = StudySpec.load(tmp_path / "s")
    assert (kept.evaluation, kept.folds) == ((str(files[1]),), 0)
    with Study.open(tmp_path / "s") as study:
        assert len(study.corpus) == N + M


def test_near_duplicates_and_group_members_of_test_documents_are_left_out(files, tmp_path):
    train, test = records(N), records(M, start=1000)
    train[3]["text"] = test[5]["text"].upper()
    train[7]["group"] = test[9]["group"] = "one patient"
    write(files[0], train)
    write(files[1], test)
    found = sides(tmp_path / "s", spec(*files))
    assert {d for d, side in found.items() if side == LEFT_OUT} == {"3", "7"}
    assert sum(side == EVALUATION for side in found.values()) == M


def test_documents_may_be_added_to_either_side(files, tmp_path):
    before = sides(tmp_path / "s", spec(*files))
    write(files[0], records(N + 15))
    more = write(tmp_path / "more.jsonl", [{**r, "id": f"m{r['id']}"} for r in records(4, 2000)])
    after = sides(tmp_path / "s", spec(*files, more))
    assert {d: after[d] for d in before} == before
    assert len(after) == len(before) + 15 + 4
    # What the new test documents are twins of does not train any more.
    twin = {**records(1, start=4)[0], "id": "twin"}
    added = write(tmp_path / "twin.jsonl", [twin])
    found = sides(tmp_path / "s", spec(*files, more, added))
    assert {d: side for d, side in found.items() if after.get(d, side) != side} == {"4": LEFT_OUT}


def test_a_study_goes_on_with_its_test_set_where_none_is_named(files, tmp_path):
    before = sides(tmp_path / "s", spec(*files))
    assert sides(tmp_path / "s", spec(files[0])) == before
    assert StudySpec.load(tmp_path / "s").evaluation == (str(files[1]),)


def test_another_test_set_is_refused_and_nothing_is_changed(files, tmp_path):
    other = write(tmp_path / "other", records(M - 1, start=1000))
    sides(tmp_path / "s", spec(*files))
    before = (tmp_path / "s" / "study.toml").read_bytes()
    with pytest.raises(StudyError, match="made with another test set: of"):
        Study.create(tmp_path / "s", spec(files[0], other, reading={"format": "jsonl"}))
    assert (tmp_path / "s" / "study.toml").read_bytes() == before


def test_a_study_without_one_takes_none(files, tmp_path):
    sides(tmp_path / "s", spec(files[0]))
    with pytest.raises(StudyError, match=r"made without a test set .*, not with one"):
        Study.create(tmp_path / "s", spec(*files))


@pytest.mark.parametrize(
    ("changes", "option"),
    [({"folds": 4}, "`folds` 4"), ({"evaluation_share": 0.2}, "`evaluation_share`")],
)
def test_what_divides_the_corpus_does_not_go_with_it(files, changes, option, tmp_path):
    with pytest.raises(StudyError, match=f"`evaluation` does not go with {option}"):
        Study.create(tmp_path / "s", spec(*files, **changes))
    assert not (tmp_path / "s").exists()


def test_bad_test_sets_are_one_line(files, tmp_path):
    train, test = files
    bare = write(tmp_path / "bare.jsonl", [{**r, "spans": []} for r in records(9, 3000)])
    few = write(tmp_path / "few.jsonl", records(4, 3000))
    copy = write(tmp_path / "copy.jsonl", records(N))
    empty = write(tmp_path / "empty.jsonl", [])
    for named, error, message in [
        (bare, TooSmallError, "no annotated spans in its 9 documents"),
        (few, TooSmallError, r"has 4 documents .*needs at least 5"),
        (copy, TooSmallError, "60 documents of the corpus are near-duplicates"),
        (empty, CorpusError, "empty.jsonl: the file is empty"),
        (train, InputError, "is in the corpus and in `evaluation`"),
        (tmp_path, InputError, "is in the corpus and in `evaluation`"),
    ]:
        with pytest.raises(error, match=message) as caught:
            Study.create(tmp_path / "s", spec(train, named))
        assert "\n" not in str(caught.value)
        assert not (tmp_path / "s").exists()
    with pytest.raises(InputError, match="`evaluation`: no record has a field 'patient'"):
        write(train, [{**r, "patient": "p"} for r in records(N)])
        Study.create(tmp_path / "s", spec(train, test, reading={"group": "patient"}))


def test_rules_on_labels_hold_for_both_and_labels_of_the_test_set_alone_are_kept(files, tmp_path):
    train, test = records(N), records(M, start=1000)
    train[0]["spans"][0]["label"] = "rare"
    test[0]["spans"][0]["label"] = "unseen"
    write(files[0], train)
    write(files[1], test)
    rules = {"labels": "PER=PERSON,rare=PERSON"}
    both, ids = with_test_set(
        suffice.read(files[0], labels=rules["labels"]), spec(*files, reading=rules)
    )
    assert both.labels == ("PERSON",)
    assert sum(len(d.spans) for d in both if d.id in ids) == M - 1
    with Study.create(tmp_path / "s", spec(*files)) as study:
        assert study.ledger.meta("design")["test_labels"] == {"unseen": 1}
        assert study.ledger.meta("design")["test"] == M


def test_a_budget_takes_in_enough_of_both_sides(files, tmp_path):
    write(files[0], records(600))
    write(files[1], records(30, start=1000))
    with Study.create(tmp_path / "s", spec(*files)) as study:
        order = [unit[0] for unit in units_in_order(study.corpus, study.spec, study.division)]
        test = [d.startswith("evaluation/") for d in order]
        assert len(order) == len(set(order)) == 630
        assert all(abs(sum(test[:n]) - 0.3 * n) <= 1 for n in range(1, 100))
        assert sum(test[:101]) == 30
        lengths = {d.id: 10 for d in study.corpus}
        limited = study.spec.model_copy(update={"tokens": 600})
        studied = studied_of(study.corpus, limited, study.division, lengths)
        assert len(studied) == 60
        assert sum(d.startswith("evaluation/") for d in studied) == pytest.approx(18, abs=1)
