"""Documents that are single sentences: no plain yes, whatever format they come from."""

import json

import pytest

from suffice import Study
from suffice.advice.advise import advise
from suffice.analysis.analyse import analyse
from suffice.corpus import read
from suffice.corpus.check import are_lone_sentences, inspect
from suffice.study.runner import run
from suffice.study.spec import CorpusSpec, LearnerSpec, StudySpec
from suffice.wording.caveats import Caveat

LONE_SENTENCES = Caveat("lone sentences")
NAMES = ["Ada", "Bo", "Cy", "Dee", "Eli", "Flo", "Gus", "Hal"]
# Nothing but the names is alike, so that no two of them are near twins.
SENTENCES = [f"{NAMES[i % 8]} w{i * 7919 % 997} x{i * 104729 % 991} ." for i in range(160)]


def as_conll(grouped):
    mark = "# patient = p{}\n" if grouped else "# n = {}\n"
    return "\n".join(
        mark.format(i) + "".join(f"{w} {'B-PER' if w in NAMES else 'O'}\n" for w in text.split())
        for i, text in enumerate(SENTENCES)
    )


def as_jsonl(grouped):
    records = [
        {
            "id": f"r{i}",
            "text": text,
            "spans": [{"start": 0, "end": text.index(" "), "label": "PER"}],
            **({"patient": f"p{i}"} if grouped else {}),
        }
        for i, text in enumerate(SENTENCES)
    ]
    return "".join(json.dumps(record) + "\n" for record in records)


def as_doccano(grouped):
    records = [
        {
            "id": i,
            "text": text,
            "label": [[0, text.index(" "), "PER"]],
            **({"patient": f"p{i}"} if grouped else {}),
        }
        for i, text in enumerate(SENTENCES)
    ]
    return "".join(json.dumps(record) + "\n" for record in records)


FORMATS = {"a.conll": as_conll, "a.jsonl": as_jsonl, "b.jsonl": as_doccano}


@pytest.mark.parametrize(("single", "said"), [(100, True), (95, True), (94, False)])
def test_a_few_of_two_sentences_make_no_difference(single, said):
    assert are_lone_sentences(single, 100, grouped=False) is said
    assert not are_lone_sentences(single, 100, grouped=True)
    assert not are_lone_sentences(1, 1, grouped=False)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("group", [None, "patient"])
def test_inspect_says_it_of_every_format(tmp_path, name, group):
    path = tmp_path / name
    path.write_text(FORMATS[name](group is not None))
    found = inspect(read(path, group=group))
    assert (found.documents, found.one_sentence) == (160, 160)
    assert (LONE_SENTENCES in found.caveats) == (group is None)


@pytest.mark.parametrize("group", [None, "patient"])
def test_the_answer_is_a_plain_yes_only_with_groups(tmp_path, group):
    path = tmp_path / "a.conll"
    path.write_text(as_conll(group is not None))
    spec = StudySpec(
        corpus=CorpusSpec(paths=(str(path),), group=group),
        learner=LearnerSpec(name="lookup"),
        confirm=None,
        runs=20,
    )
    with Study.create(tmp_path / "study", spec) as study:
        run(study)
        found = advise(analyse(study), target_f1=0.2)
    target = dict(found.lines)["Target"]
    if group is None:
        assert found.verdict == "qualified"
        assert "(probability >.99), but with a reservation" in target
        assert LONE_SENTENCES[1:] in target
        assert found.caveats[0] == LONE_SENTENCES
        assert "hold for the lookup" in dict(found.lines)["Caveat"]
        assert found.headline.startswith("A qualified yes: ")
    else:
        assert found.verdict == "enough"
        assert LONE_SENTENCES not in found.caveats
