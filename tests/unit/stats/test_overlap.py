"""Errors of runs that share documents: by hand, and on simulated truth."""

import numpy as np
import pytest

from suffice.stats import expected_overlap, overlap, regress
from suffice.stats._regression.overlap import error_components


def drawn(n: int, pool: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(5, int(0.7 * pool), n)
    held = np.zeros((n, pool))
    for row, size in zip(held, sizes, strict=True):
        row[rng.permutation(pool)[:size]] = 1
    return held, sizes.astype(float), rng


def test_overlap_by_hand() -> None:
    found = overlap([[1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 1]])
    half = 1 / np.sqrt(2)
    np.testing.assert_allclose(found, [[1, half, 0], [half, 1, 0], [0, 0, 1]])
    np.testing.assert_allclose(expected_overlap([4, 9], 36), [[1, 1 / 6], [1 / 6, 1]])


def test_expected_overlap_is_the_mean_of_overlaps() -> None:
    rng = np.random.default_rng(0)
    total = np.zeros((2, 2))
    for _ in range(4000):
        held = np.zeros((2, 30))
        held[0, rng.permutation(30)[:10]] = held[1, rng.permutation(30)[:20]] = 1
        total += overlap(held)
    np.testing.assert_allclose(total / 4000, expected_overlap([10, 20], 30), atol=0.005)


def test_components_are_recovered() -> None:
    shares, totals = [], []
    for seed in range(12):
        held, _, rng = drawn(150, 60, seed)
        kernel = overlap(held)
        root = np.linalg.cholesky(kernel + 1e-9 * np.eye(150))
        errors = np.sqrt(0.7) * root @ rng.normal(size=150) + np.sqrt(0.3) * rng.normal(size=150)
        found = error_components(errors, kernel)
        shares.append(found.share)
        totals.append(found.total)
        assert found.documents + found.own == pytest.approx(found.total)
    assert np.mean(shares) == pytest.approx(0.7, abs=0.15)
    assert np.mean(totals) == pytest.approx(1.0, abs=0.2)


def test_what_cannot_be_told_apart_is_put_down_to_documents() -> None:
    rng = np.random.default_rng(0)
    found = error_components(rng.normal(size=30), np.eye(30))
    assert not found.identifiable
    assert found.share == 1
    assert found.total == pytest.approx(np.var(rng.normal(size=30)), rel=1)
    assert "upper bound" in found.caveats[0]
    assert "matrix" not in found.to_dict()


def test_without_overlap_errors_are_the_ordinary_ones() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=50)
    fit = regress(x + rng.normal(size=50), {"x": x}, overlap=np.eye(50), covariance="overlap")
    for name, value in fit.standard_errors["ordinary"].items():
        assert fit.standard_errors["overlap"][name] == pytest.approx(value, rel=1e-9)


def test_overlap_aware_errors_cover_where_ordinary_ones_do_not() -> None:
    """The mean F1 over all runs, whose truth is 0: documents make all of the variance."""
    inside = {"overlap": 0, "ordinary": 0}
    for seed in range(60):
        held, sizes, rng = drawn(60, 80, seed)
        errors = held @ rng.normal(size=80) / np.sqrt(sizes)
        z = rng.normal(size=60)
        for kind in inside:
            fit = regress(errors, {"z": z}, overlap=overlap(held), covariance=kind)
            low, high = fit.coefficients["(Intercept)"].interval
            inside[kind] += low <= 0 <= high
    assert inside["ordinary"] < 36
    assert inside["overlap"] >= 50


def test_the_sentence_says_which_errors_to_believe() -> None:
    held, sizes, rng = drawn(60, 80, 1)
    x = rng.normal(size=60)
    y = x + rng.normal(size=60) * (1 + 3 * (x > 1))
    plain = regress(y, {"x": x})
    assert plain.believe == "HC3"
    shared = regress(y, {"x": x}, overlap="unknown")
    assert "lower bound" in shared.believe_sentence
    aware = regress(y, {"x": x}, overlap=overlap(held), covariance="overlap")
    assert aware.believe == "overlap"
    assert aware.components is not None
    clustered = regress(y, {"x": x}, groups=np.arange(60) // 2)
    assert clustered.believe == "clusters"
    assert sizes.min() >= 5


@pytest.mark.parametrize(
    ("kernel", "message"),
    [
        (np.eye(3), "10 by 10"),
        (np.triu(np.ones((10, 10))), "symmetric"),
        (2 * np.eye(10), "itself must be 1"),
    ],
)
def test_says_what_is_wrong(kernel: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        error_components(np.arange(10.0), kernel)
    with pytest.raises(ValueError, match="at least one document"):
        overlap([[0, 0], [1, 0]])
    with pytest.raises(ValueError, match="between 1 and the pool's 5"):
        expected_overlap([3, 6], 5)
