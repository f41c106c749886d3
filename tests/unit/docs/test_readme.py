"""What the README and the page on Python show runs as it stands there, but for the learner."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import matplotlib
import pytest

import suffice

ROOT = Path(__file__).resolve().parents[3]

QUICK = {
    'learner="probe"': 'learner="lookup", confirm=None',
    'budget="10m", progress=True': "n_runs=28",
}
"""A learner that takes no time, and a number of models instead of minutes."""


def run(code: str) -> dict[str, object]:
    """Run what a page shows, and return its names."""
    for shown, quick in QUICK.items():
        assert shown in code
        code = code.replace(shown, quick)
    names: dict[str, object] = {}
    exec(compile(code, "page", "exec"), names)
    return names


@pytest.fixture(autouse=True)
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the file that the pages name."""
    matplotlib.use("Agg")
    monkeypatch.chdir(tmp_path)
    suffice.write(suffice.load_example("disclosures", n=120), "notes.jsonl")


def test_the_readme_answers(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"## In Python\n\n((?:    .*\n)+)", text)
    assert found is not None
    answer = run(textwrap.dedent(found[1]))["answer"]
    assert isinstance(answer, suffice.Advice)
    assert answer.required is not None
    assert answer.required.target == 0.85
    assert answer.analysis.studied.runs == 28
    told = capsys.readouterr().out
    assert told.startswith(str(answer))
    assert "documents" in told.removeprefix(str(answer))


def test_the_page_on_python_runs() -> None:
    text = (ROOT / "docs/python.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^(?:    .*)?\n)*^    .*\n", text, flags=re.MULTILINE)
    names = run("".join(textwrap.dedent(block) for block in blocks))
    table = names["table"]
    assert len(table) == 30  # type: ignore[arg-type]
    with suffice.load_study("memory.suffice") as study:
        assert 31 <= len(study.finished_runs()) <= 35
