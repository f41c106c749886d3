"""The runs on mixed training sets as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from suffice.applications.synthetic.design import Mixture, MixtureDesign
from suffice.applications.synthetic.statistics.exchange import ALONE, Mixed

Floats = NDArray[np.float64]

FIRST = {"small": "few real, first synthetic", "large": "many real, first synthetic"}
LATER = {"small": "few real, further synthetic", "large": "many real, further synthetic"}
UP_TO = {"small": "few real, all synthetic", "large": "many real, all synthetic"}

_LEAST_SETS = 3


def by_unit(plan: MixtureDesign, counts: NDArray[np.int32]) -> Floats:
    """Add up the counts of evaluation documents that belong together."""
    names = [plan.units[d] for d in plan.evaluation]
    order = {name: i for i, name in enumerate(dict.fromkeys(names))}
    summed = np.zeros((len(counts), len(order), 3))
    for column, name in enumerate(names):
        summed[:, order[name]] += counts[:, column]
    return summed


def mixed(plan: MixtureDesign, mixtures: Sequence[Mixture], counts: Floats) -> Mixed:
    """Return the runs: what each set holds, and how much of its synthetic text is of which kind."""
    real = np.array([m.real for m in mixtures], dtype=float)
    synthetic = np.array([m.synthetic for m in mixtures], dtype=float)
    base = np.array([m.cell.base for m in mixtures])
    first = np.minimum(synthetic, real)
    kinds = {}
    for name in ("small", "large"):
        kinds[FIRST[name]] = np.where(base == name, first, 0.0)
        kinds[LATER[name]] = np.where(base == name, synthetic - first, 0.0)
    kinds[ALONE] = np.where(base == "alone", synthetic, 0.0)
    return Mixed(
        real,
        synthetic,
        counts,
        _holding(mixtures, plan.pool, plan.units),
        _holding(mixtures, plan.synthetic, plan.units),
        _merged(kinds),
    )


def _merged(kinds: dict[str, Floats]) -> dict[str, Floats]:
    """Count further sentences as first ones where hardly any set has further ones."""
    for name in ("small", "large"):
        later = kinds[LATER[name]]
        if np.sum(later > 0.2 * kinds[FIRST[name]]) < _LEAST_SETS:
            kinds[FIRST[name]] = kinds[FIRST[name]] + later
            kinds[LATER[name]] = np.zeros_like(later)
    return kinds


def averages(mixtures: Sequence[Mixture]) -> dict[str, dict[str, float]]:
    """Return the weights that make the mean rate of all synthetic sentences mixed in."""
    found = {}
    for name in ("small", "large"):
        ratios = [m.synthetic / m.real for m in mixtures if m.cell.base == name]
        most = max(ratios, default=0.0)
        if most > 1.2:
            found[UP_TO[name]] = {FIRST[name]: 1 / most, LATER[name]: 1 - 1 / most}
        elif ratios:
            found[UP_TO[name]] = {FIRST[name]: 1.0}
    return found


def _holding(
    mixtures: Sequence[Mixture], documents: Sequence[str], units: Mapping[str, str]
) -> Floats:
    """Return how many documents of each unit each training set holds."""
    names = {name: i for i, name in enumerate(dict.fromkeys(units[d] for d in documents))}
    place = {d: names[units[d]] for d in documents}
    held = np.zeros((len(mixtures), len(names)))
    for row, m in enumerate(mixtures):
        for document in m.documents:
            if document in place:
                held[row, place[document]] += 1
    return held
