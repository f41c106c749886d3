"""Coverage of the density experiment's intervals, by F1 made up on its real training sets.

python bench/chosen_sets.py [--draws 400] [--runs 108]
"""

from __future__ import annotations

import argparse

import numpy as np

from _tools import chosen
from suffice.applications.density.statistics.no_effect import thresholds_without_effect


def main() -> None:
    """Print the coverage of every interval in every world, and what no effect finds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=400)
    parser.add_argument("--runs", type=int, default=108)
    asked = parser.parse_args()
    sets = chosen.design(asked.runs)
    error = float(np.sqrt(0.95 * 0.05 / asked.draws))
    print(f"{asked.runs} sets, {asked.draws} draws; standard error of a coverage: {error:.4f}")
    found = {
        name: chosen.coverage(sets, world, asked.draws) for name, world in chosen.WORLDS.items()
    }
    print(f"{'':24}" + "".join(f"{name:>10}" for name in found))
    for effect in next(iter(found.values())):
        print(f"{effect:24}" + "".join(f"{rates[effect]:10.3f}" for rates in found.values()))
    rng = np.random.default_rng(1)
    low: dict[tuple[str, str], list[bool]] = {}
    for _ in range(asked.draws // 2):
        drawn = chosen.draw_world(sets, chosen.World(), rng)
        for look in thresholds_without_effect(drawn, [], n_simulations=99).looks:
            low.setdefault((look.look, look.form), []).append(look.p <= 0.05)
    print("P <= .05 with no effect of density:")
    for (look, form), hits in low.items():
        print(f"  {look}, {form}: {np.mean(hits):.3f}")


if __name__ == "__main__":
    main()
