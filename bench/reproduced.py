"""The paper's study of the bundled disclosures: hours of training, kept.

    python bench/reproduced.py unpack FOLDER     # then: suffice reproduce --study FOLDER
    python bench/reproduced.py pack FOLDER       # when it has gone on
    python bench/reproduced.py unpack FOLDER --learner finetune
        # then: suffice reproduce --study FOLDER --learner finetune --scale .03

`unpack` makes the study that `suffice reproduce` makes, with the runs that are finished: what is
missing is trained, and the tables come of all. The ledger holds counts and hashes; the text is the
bundled one. Runs count for the versions of libraries that trained them (constraints.txt).
"""

from __future__ import annotations

import argparse
import lzma
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from suffice.applications.paper.reproduce import prepare
from suffice.atomic import replace
from suffice.runs.ledger import FILE
from suffice.study.spec import LearnerSpec

_KEPT = Path(__file__).resolve().parent / "results" / "paper"
_FILES = {"probe": _KEPT / "disclosures.sqlite.xz", "finetune": _KEPT / "finetune.sqlite.xz"}


def main() -> None:
    """Pack or unpack."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=["pack", "unpack"])
    parser.add_argument("folder", type=Path, help="of the study")
    parser.add_argument("--learner", choices=list(_FILES), default="probe")
    asked = parser.parse_args()
    {"pack": pack, "unpack": unpack}[asked.what](asked.folder, asked.learner)


def pack(folder: Path, learner: str) -> None:
    """Keep the study's ledger, as one file without its journal."""
    with tempfile.TemporaryDirectory() as aside:
        copy = Path(aside) / FILE
        with (
            closing(sqlite3.connect(f"file:{folder / FILE}?mode=ro", uri=True)) as ledger,
            closing(sqlite3.connect(copy)) as kept,
        ):
            ledger.backup(kept)
            kept.execute("vacuum")
            (runs,) = kept.execute("select count(*) from runs").fetchone()
        packed = lzma.compress(copy.read_bytes(), preset=9)
    replace(_FILES[learner], packed)
    print(f"{runs:,} runs, {len(packed) / 1e6:.1f} MB")


def unpack(folder: Path, learner: str) -> None:
    """Make the study, and give it the kept ledger in place of its empty one."""
    prepare(folder, learner=LearnerSpec(name=learner)).close()
    for journal in ("-wal", "-shm"):
        (folder / (FILE + journal)).unlink(missing_ok=True)
    replace(folder / FILE, lzma.decompress(_FILES[learner].read_bytes()))


if __name__ == "__main__":
    main()
