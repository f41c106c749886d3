"""What `bench` shares with the tests: generators, simulations and hand-written statements."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.disclosures.generate import disclosures
from tools.simulations import chosen, mixed, screened, simulate, tagged
from tools.statements import read, score

__all__ = ["chosen", "disclosures", "mixed", "read", "score", "screened", "simulate", "tagged"]
