"""Any program as a learner: what it gets, what it may give back, what becomes of a failure."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from suffice.corpus.document import Document, Span
from suffice.errors import InputError
from suffice.learners.programs.command import Command
from suffice.scoring import count

TRAINING = [
    Document("a", "Orlex paid.", (Span(0, 5, "ORG"),), annotators={"x": (Span(0, 1, "ORG"),)}),
    Document("b", "They saw Bo 🙂 and Orlex.", (Span(9, 11, "PER"), Span(18, 23, "ORG"))),
]
UNSEEN = [
    Document("c", "\ud800 Orlex met Bo.", (Span(2, 7, "ORG"), Span(12, 14, "PER"))),
    Document("d", "Nothing. 𝒳\r\nBo\t", (Span(12, 14, "PER"),)),
]
LABELS = ("ORG", "PER")

MEMORY = """
import json, sys
def strings(path):
    for line in open(path):
        d = json.loads(line)
        for s in d["spans"]:
            yield d["text"][s["start"] : s["end"]], s["label"]
def tag(known, path, out):
    with open(out, "w") as predictions:
        for line in open(path):
            d = json.loads(line)
            spans = [
                {"start": d["text"].find(k), "end": d["text"].find(k) + len(k), "label": v}
                for k, v in known.items() if k in d["text"]
            ]
            predictions.write(json.dumps({"id": d["id"], "spans": spans}) + "\\n")
"""
ONE = MEMORY + "tag(dict(strings(sys.argv[1])), sys.argv[2], sys.argv[3])"
LEARN = MEMORY + "json.dump(dict(strings(sys.argv[1])), open(sys.argv[2] + '/known.json', 'w'))"
APPLY = MEMORY + "tag(json.load(open(sys.argv[1] + '/known.json')), sys.argv[2], sys.argv[3])"


def one_step(code: str, **options: object) -> Command:
    command = [sys.executable, "-S", "-c", code, "{train}", "{evaluate}", "{predictions}"]
    return Command({"command": [*command, "{seed}", "{labels}"], **options})


def two_steps() -> Command:
    python = [sys.executable, "-S", "-c"]
    return Command(
        {
            "train_command": [*python, LEARN, "{train}", "{model}"],
            "tag_command": [*python, APPLY, "{model}", "{documents}", "{predictions}"],
        }
    )


@pytest.mark.parametrize("learner", [one_step(ONE), two_steps()], ids=["one step", "two steps"])
def test_a_program_learns_and_tags_and_leaves_nothing_behind(learner, tmp_path):
    learner.prepare(TRAINING, tmp_path)
    tagger = learner.train(TRAINING, LABELS, 7)
    found = tagger.tag(UNSEEN)
    assert count(UNSEEN, found, LABELS).f1() == 1.0
    assert tagger.tag([]) == []
    del tagger
    assert [path.name for path in tmp_path.rglob("*")] == ["command"]


def test_what_a_program_is_given(tmp_path):
    code = (
        "import sys, os, json, shutil;"
        f"shutil.copy(sys.argv[1], {str(tmp_path / 'train')!r});"
        f"shutil.copy(sys.argv[2], {str(tmp_path / 'evaluate')!r});"
        "mode = os.stat(os.path.dirname(sys.argv[1])).st_mode;"
        f"json.dump([mode, sys.argv[4:]], open({str(tmp_path / 'rest')!r}, 'w'));"
        "lines = [json.loads(x) for x in open(sys.argv[2])];"
        "open(sys.argv[3], 'w').write('\\n'.join("
        "json.dumps({'id': x['id'], 'spans': []}) for x in lines))"
    )
    assert one_step(code).train(TRAINING, LABELS, 7).tag(UNSEEN) == [[], []]
    train = [json.loads(line) for line in (tmp_path / "train").read_text().splitlines()]
    assert [record["id"] for record in train] == ["a", "b"]
    assert train[0] == {
        "id": "a", "text": "Orlex paid.", "spans": [{"start": 0, "end": 5, "label": "ORG"}],
    }  # fmt: skip
    evaluate = [json.loads(line) for line in (tmp_path / "evaluate").read_text().splitlines()]
    assert [set(record) for record in evaluate] == [{"id", "text"}] * 2
    assert [record["text"] for record in evaluate] == [d.text for d in UNSEEN]
    mode, rest = json.loads((tmp_path / "rest").read_text())
    assert stat.S_IMODE(mode) == 0o700
    assert rest == ["7", "ORG,PER"]


def writing(*lines: object) -> str:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return f"import sys; open(sys.argv[3], 'w').write({text!r})"


def both(**span: object) -> list[object]:
    whole = {"start": 2, "end": 7, "label": "ORG", **span}
    return [{"id": "d", "spans": []}, {"id": "c", "spans": [whole]}]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("import sys; sys.exit(3)", "ended with exit code 3"),
        ("import os; os.kill(os.getpid(), 9)", "was killed by signal 9"),
        ("pass", "wrote no predictions"),
        (writing({"id": "c", "spans": []}), "1 of 2 documents have no line"),
        (writing(*both(), {"id": "e", "spans": []}), "line 3: its id is none of those"),
        (writing(*both(), {"id": "c", "spans": []}), "line 3: its id stands on an earlier line"),
        (writing("Orlex"), "line 1: is not a JSON object"),
        (writing({"id": "c"}), 'line 1: needs an "id"'),
        (writing({"id": 1, "spans": []}), 'line 1: needs an "id"'),
        (writing(*both(end=99)), "line 2: the span 2-99 lies outside its text of 15 characters"),
        (writing(*both(start=-1)), "line 2: the span -1-7 lies outside"),
        (writing(*both(start=7)), "line 2: the span 7-7 lies outside"),
        (writing(*both(start=2.0)), 'needs "start" and "end", whole numbers'),
        (writing(*both(start=True)), 'needs "start" and "end", whole numbers'),
        (writing(*both(label="Orlex")), "label is none of those asked for; they are ORG, PER"),
        (writing(*both(label=["ORG"])), "label is none of those asked for"),
        ("import sys; open(sys.argv[3], 'wb').write(b'\\xff\\xfe')", "cannot be read"),
    ],
)
def test_a_program_that_fails_costs_one_run_and_shows_no_text(code, line, tmp_path):
    learner = one_step(code)
    learner.prepare(TRAINING, tmp_path)
    tagger = learner.train(TRAINING, LABELS, 7)
    with pytest.raises(InputError) as raised:
        tagger.tag(UNSEEN)
    assert line in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "Orlex" not in str(raised.value)
    assert not any((tmp_path / "command").iterdir())


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(file: Path) -> bool:
    """Wait until the process whose number stands in a file has ended."""
    for _ in range(400):
        if file.exists() and file.read_text() and not alive(int(file.read_text())):
            return True
        time.sleep(0.05)
    return False


SLEEPING = (
    "import subprocess, sys; p = subprocess.Popen(['sleep', '600']);"
    "open({file!r}, 'w').write(str(p.pid)); p.wait()"
)


def test_a_program_that_hangs_is_killed_with_its_children(tmp_path):
    file = tmp_path / "pid"
    learner = one_step(SLEEPING.format(file=str(file)), timeout=1.5)
    with pytest.raises(InputError, match=r"took longer than its 1.5 seconds"):
        learner.train(TRAINING, LABELS, 7).tag(UNSEEN)
    assert gone(file)


def test_a_program_ends_with_the_process_that_started_it(tmp_path):
    file = tmp_path / "pid"
    code = SLEEPING.format(file=str(file))
    ours = (
        "from suffice.learners.programs.running import run; "
        f"run([{sys.executable!r}, '-c', {code!r}], 600)"
    )
    starter = subprocess.Popen([sys.executable, "-c", ours], start_new_session=True)
    while not (file.exists() and file.read_text()):
        time.sleep(0.05)
    assert alive(int(file.read_text()))
    os.kill(starter.pid, 9)
    starter.wait()
    assert gone(file)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({}, "give either command, or train_command and tag_command"),
        ({"command": "x {train} {evaluate}"}, "command lacks {predictions}"),
        ({"train_command": "x {train} {model}"}, "give either"),
        (
            {"command": "x {train} {evaluate} {predictions}", "tag_command": "y"},
            "give either",
        ),
        ({"command": "x {train} {evaluate} {predictions}", "timeout": 0}, "'timeout'"),
    ],
)
def test_options_that_make_no_program(options, line):
    with pytest.raises(InputError) as raised:
        Command(options)
    assert line in str(raised.value)


def test_a_program_that_is_not_there():
    learner = Command({"command": "no-such-program {train} {evaluate} {predictions}"})
    with pytest.raises(InputError, match="'no-such-program' cannot be started"):
        learner.train(TRAINING, LABELS, 1).tag(UNSEEN)


def test_labels_with_commas_are_not_joined():
    with pytest.raises(InputError, match="comma"):
        one_step("pass").train(TRAINING, ("A,B",), 1)


def test_a_changed_program_gives_other_runs(tmp_path):
    script = tmp_path / "tag.sh"
    options = {"command": f"sh {script} {{train}} {{evaluate}} {{predictions}}"}
    script.write_text("true")
    before = Command(options).config
    assert Command(options).config == before
    script.write_text("false")
    assert Command(options).config != before
    assert Command(before["options"]).config == Command(options).config


def test_it_says_where_the_seed_is_not_told():
    assert "seed" in two_steps().caveats(TRAINING)[0]
    assert one_step("pass").caveats(TRAINING) == ()
