"""Commands as a user calls them."""

from __future__ import annotations

import sys

import pytest

from suffice.cli.app import main


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Return what runs `suffice` in an empty folder and returns what it said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments, code=0):
        monkeypatch.setattr(sys, "argv", ["suffice", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        told = capsys.readouterr()
        assert (stopped.value.code or 0) == code, told
        return told.err if code else told.out

    return run
