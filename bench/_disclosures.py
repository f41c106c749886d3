"""The generator of the bundled corpus, for corpora of other seeds and sizes."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.disclosures.generate import disclosures

__all__ = ["disclosures"]
