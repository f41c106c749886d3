"""Run the main commands on a small corpus, as a user does, in whatever environment this is.

    python main_commands.py core     without any extra
    python main_commands.py train    with the extra `train`, or more

Each command either succeeds or refuses in one line of its own; a traceback ends this program.
Everything runs in one process, in a temporary folder; only the study starts others.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from suffice.cli.app import main

RUN = "run few.jsonl --learner lookup --confirm none --runs 20"
PROBE = "--learner probe --option epochs=1 --option min_steps=5"
COMMANDS = {
    "example all.jsonl --annotators .": None,
    "inspect few.jsonl": None,
    "inspect few.jsonl --sentences spacy:en": "spacy",
    "inspect few.jsonl --sentences sentencex": "sentencex",
    "convert few.jsonl few.conll --to conll": None,
    "convert few.jsonl few.spacy --to docbin": "spacy",
    "convert few.jsonl few.parquet --to hf": "pyarrow",
    "agreement A.jsonl B.jsonl": None,
    "agreement A.jsonl B.jsonl --gamma": "pygamma_agreement",
    f"{RUN} --target-f1 .8": None,
    "status few.suffice": None,
    "report few.suffice": None,
    "advise few.suffice": None,
    "export few.suffice runs.csv": None,
    "analyse runs.csv": None,
    f"keep few.suffice {PROBE} --out model": "torch",
    "tag model few.jsonl --out tagged.jsonl": "torch",
    f"run few.jsonl --study probe {PROBE} --confirm none --runs 1": "torch",
    "run few.jsonl --study spacy --learner spacy --confirm none --runs 1": "spacy",
}
"""Each command, and the package that it needs beyond those that suffice always brings."""
EXTRAS = {
    "torch": "train",
    "spacy": "spacy",
    "sentencex": "sentencex",
    "pyarrow": "hf",
    "pygamma_agreement": "gamma",
}
DOCUMENTS = 50


def call(command: str) -> tuple[int, str]:
    """Return the exit code of a command, and what it says on stderr."""
    sys.argv = ["suffice", *command.split()]
    errors = io.StringIO()
    with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
        try:
            main()
        except SystemExit as stopped:
            return int(stopped.code or 0), errors.getvalue()
    return 0, errors.getvalue()


def check(command: str, package: str | None) -> None:
    """Run a command: it succeeds, or names the extra that it needs."""
    if command.startswith("tag") and not Path("model").exists():
        return
    code, told = call(command)
    present = package is None or find_spec(package) is not None
    if present and package in (None, "torch", "pyarrow"):
        # A single run is too few for an answer, which is said in one line.
        few = "--runs 1" in command and code == 2 and "too few runs" in told
        assert code == 0 or few, (command, code, told)
    elif not present:
        extra = f"suffice[{EXTRAS[str(package)]}]"
        assert code == 2 and extra in told and told.count("\n") == 1, (command, code, told)


def all_commands() -> None:
    """Run them, in the working folder."""
    for command, package in COMMANDS.items():
        if (
            "--study probe" in command
            and os.environ.get("SUFFICE_TEST_HIDDEN")
            and find_spec("torch")
        ):
            continue  # half of all the time: workers that load torch; once, in a real environment
        if command.startswith("inspect") and not Path("few.jsonl").exists():
            lines = Path("all.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
            Path("few.jsonl").write_text("".join(lines[:DOCUMENTS]), encoding="utf-8")
        check(command, package)


if __name__ == "__main__":
    (wanted,) = sys.argv[1:]
    assert (find_spec("torch") is not None) == (wanted == "train"), "this is another environment"
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        all_commands()
        os.chdir("/")
