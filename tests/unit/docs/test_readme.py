"""What the README shows in Python runs as it stands there."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

import suffice
from suffice.advice.result import Advice
from suffice.study.spec import CorpusSpec, LearnerSpec

PAGE = Path(__file__).resolve().parents[3] / "README.md"


def test_the_python_example_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    suffice.write(suffice.load_example("disclosures", n=120), "notes.jsonl")
    spec = suffice.StudySpec(
        corpus=CorpusSpec(paths=(str(tmp_path / "notes.jsonl"),)),
        learner=LearnerSpec(name="lookup"),
        confirm=None,
        budget=None,
        runs=28,
    )
    with suffice.Study.create("notes.suffice", spec) as study:
        suffice.run(study)
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(r"## In Python\n\n((?:    .*\n)+)", text)
    assert found is not None
    names: dict[str, object] = {}
    exec(compile(textwrap.dedent(found[1]), str(PAGE), "exec"), names)
    answer = names["answer"]
    assert isinstance(answer, Advice)
    assert answer.required is not None
    assert answer.required.target == 0.85
    assert capsys.readouterr().out.startswith(answer.headline)
