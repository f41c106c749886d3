"""The simulations of the statistical tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.statistical import chosen, mixed, screened, simulate, tagged

__all__ = ["chosen", "mixed", "screened", "simulate", "tagged"]
