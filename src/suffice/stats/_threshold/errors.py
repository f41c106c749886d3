"""New responses around a fitted threshold model: random signs, or errors of shared documents."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from suffice.stats._arrays import Array
from suffice.stats._regression.overlap import error_components
from suffice.stats._threshold.bootstrap import block_rows
from suffice.stats._threshold.profile import ThresholdDesign


def new_responses(
    design: ThresholdDesign,
    best: int,
    n_resamples: int,
    seed: np.random.SeedSequence,
    overlap: ArrayLike | None,
) -> tuple[Iterator[Array], tuple[str, ...]]:
    """Draw responses for the sorted rows, and say what they rest on.

    Parameters
    ----------
    design : ThresholdDesign
    best : int
        Number of the distinct x at the threshold.
    n_resamples : int
    seed : numpy.random.SeedSequence
    overlap : (n, n) array_like, optional
        The overlap in the user's order of rows. Without it residuals keep their size and get random
        signs.

    Returns
    -------
    iterator of (B, n) arrays
    tuple of str
        Caveats.
    """
    e = design.x[design.starts[best]]
    term = (design.x <= e).astype(float) if design.form == "step" else np.maximum(e - design.x, 0)
    columns = np.column_stack([np.ones(design.n), *design.base_columns(), term])
    fitted = columns @ np.linalg.lstsq(columns, design.y, rcond=None)[0]
    residuals = design.y - fitted
    rng = np.random.default_rng(seed)
    size = block_rows(design.n)
    counts = [min(size, n_resamples - start) for start in range(0, n_resamples, size)]
    if overlap is None:
        wide = residuals * np.sqrt(design.n / (design.n - columns.shape[1] - 1))
        return (
            (fitted + wide * (2.0 * rng.integers(0, 2, (k, design.n)) - 1.0) for k in counts),
            (),
        )
    matrix = np.asarray(overlap, dtype=np.float64)
    if matrix.shape == (design.n, design.n):  # another shape is refused below
        matrix = matrix[np.ix_(design.order, design.order)]
    components = error_components(residuals, matrix, design=columns)
    jitter = 1e-9 * components.total * np.eye(design.n)
    root = np.linalg.cholesky(components.matrix + jitter)
    return (
        (fitted + rng.standard_normal((k, design.n)) @ root.T for k in counts),
        components.caveats,
    )
