"""The suite that every format passes, on yours."""

from pathlib import Path

from suffice_bracketed import Bracketed

from suffice.testing import check_format


def test_bracketed(tmp_path: Path) -> None:
    # A line that begins with "?" is a text that nobody has annotated yet.
    left_out = [{"notes.brackets": b"?Ann walked\n[Ned|PERSON] ran\n"}]
    check_format(Bracketed(), tmp_path, left_out=left_out)
