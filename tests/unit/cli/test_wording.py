"""What the library calls an argument is an option on the command line."""

from __future__ import annotations

import doctest

import pytest

import suffice
from suffice.cli import wording
from suffice.cli.wording import as_options


def test_examples():
    failed, tried = doctest.testmod(wording)
    assert (failed, tried) == (0, 2)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("`n_runs` 8 or more, in another `folder`", "--runs 8 or more, in another --study"),
        ("add `options` kind=gliner", "add --option kind=gliner"),
        ("continue with the same `run`", "continue with the same `suffice run`"),
        ("go on with `suffice run`", "go on with `suffice run`"),
        ("no label `nothing_like_it`", "no label `nothing_like_it`"),
    ],
)
def test_arguments_become_options_and_the_rest_stays(said, written):
    assert as_options(said) == written


def test_one_refusal_names_each_in_its_own_words(call, tmp_path):
    corpus = suffice.load_example(n=60)
    suffice.write(corpus, tmp_path / "made.jsonl")
    folder = tmp_path / "made.suffice"
    suffice.create_study(corpus, "lookup", folder=folder, confirm=None, seed=3).close()
    with pytest.raises(suffice.StudyError) as caught:
        suffice.create_study(corpus, "lookup", folder=folder, confirm=None, seed=4)
    assert str(caught.value) == (
        "this study was made with `seed` 3, not 4; leave `seed` as it was, or start another study "
        "with `folder`"
    )
    run = ("run", "made.jsonl", "--learner", "lookup", "--confirm", "none", "--seed", "4")
    assert call(*run, code=2) == (
        "suffice: this study was made with --seed 3, not 4; leave --seed as it was, or start "
        "another study with --study\n"
    )


def test_records_left_out_say_what_to_do_in_options(call, tmp_path):
    empty = '{"id": "a", "text": "", "spans": []}\n'
    good = '{"id": "b", "text": "Bo left.", "spans": [{"start": 0, "end": 2, "label": "P"}]}\n'
    (tmp_path / "some.jsonl").write_text(empty + good, encoding="utf-8")
    (problem,) = suffice.read("some.jsonl", lenient=True).problems
    assert "read with `lenient`" in str(problem)
    for asked in ((), ("--json",)):
        told = call("inspect", "some.jsonl", "--lenient", *asked)
        assert "--lenient" in told
        assert "`lenient`" not in told
