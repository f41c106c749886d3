"""AUC against scikit-learn and the formula of DeLong et al., and the coverage of its interval."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from suffice.applications.synthetic.statistics.auc import auc


def one_fold(score, positive, cluster=None):
    n = len(score)
    cluster = np.arange(n) if cluster is None else cluster
    return auc(score, positive, np.zeros(n, dtype=int), cluster)


def drawn(rng, n=80, gap=1.0):
    positive = np.arange(n) < n // 3
    return np.round(rng.normal(size=n) + gap * positive, 1), positive  # with ties


def test_value_equals_scikit_learn():
    score, positive = drawn(np.random.default_rng(0))
    assert one_fold(score, positive).value == pytest.approx(roc_auc_score(positive, score))


def test_error_is_that_of_delong():
    score, positive = drawn(np.random.default_rng(1))
    up, down = score[positive][:, None], score[~positive][None]
    wins = (up > down) + 0.5 * (up == down)
    s10, s01 = wins.mean(axis=1).var(ddof=1), wins.mean(axis=0).var(ddof=1)
    expected = np.sqrt(s10 / positive.sum() + s01 / (~positive).sum())
    assert one_fold(score, positive).error == pytest.approx(expected, rel=0.02)


def test_folds_are_compared_within():
    rng = np.random.default_rng(2)
    score, positive = drawn(rng, 90)
    fold = rng.integers(0, 3, 90)
    shifted = score + 100 * fold  # other models, other scales
    found = auc(shifted, positive, fold, np.arange(90))
    areas = [roc_auc_score(positive[fold == k], score[fold == k]) for k in range(3)]
    pairs = [positive[fold == k].sum() * (~positive[fold == k]).sum() for k in range(3)]
    assert found.value == pytest.approx(np.average(areas, weights=pairs))


@pytest.mark.parametrize("gap", [0.0, 1.5])
def test_the_interval_covers_with_clusters(gap):
    truth = stats.norm.cdf(gap / np.sqrt(2 * 2))
    rng = np.random.default_rng(4)
    hits = 0
    for _ in range(400):
        cluster = np.repeat(np.arange(40), 3)
        positive = cluster % 2 == 0
        common = rng.normal(size=40)[cluster]
        found = one_fold(common + rng.normal(size=120) + gap * positive, positive, cluster)
        hits += found.low <= truth <= found.high
    assert 0.925 <= hits / 400 <= 0.985


def test_told_apart_entirely():
    found = one_fold(np.arange(40.0), np.arange(40) >= 20)
    assert found.value == 1 and 0.8 < found.low < 0.85 and found.high == 1
