"""Make the file of the bundled corpus: ``python -m tools.disclosures``.

Every statement carries the spans of both simulated annotators; `suffice.load_example` chooses the
200 of 490 that keep them.
"""

from __future__ import annotations

from pathlib import Path

from suffice.corpus.write import write
from tools.disclosures.generate import NAME, SIZE, disclosures

FILE = Path(__file__).parents[2] / "src" / "suffice" / "corpus" / "examples" / f"{NAME}.jsonl.gz"

if __name__ == "__main__":
    write(disclosures(SIZE, twice=SIZE), FILE)
    print(f"wrote {FILE}")
