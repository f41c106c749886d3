"""Logistic regression against scikit-learn."""

import numpy as np
import pytest
from scipy.sparse import csr_array, random_array
from sklearn.linear_model import LogisticRegression

from suffice.applications.synthetic.statistics.logistic import fit_logistic, out_of_fold


@pytest.fixture
def data():
    rng = np.random.default_rng(3)
    features = csr_array(random_array((200, 60), density=0.2, rng=rng, format="csr"))
    truth = np.where(np.arange(60) < 5, 3.0, 0.0)
    positive = rng.random(200) < 1 / (1 + np.exp(-(features @ truth - 1)))
    return features, positive


@pytest.mark.parametrize("strength", [0.3, 10.0])
def test_equals_scikit_learn(data, strength):
    features, positive = data
    theirs = LogisticRegression(C=strength, tol=1e-9, max_iter=5000).fit(features, positive)
    weights, intercept = fit_logistic(features, positive, strength)
    np.testing.assert_allclose(weights, theirs.coef_[0], atol=2e-3 * np.abs(theirs.coef_).max())
    assert intercept == pytest.approx(theirs.intercept_[0], abs=5e-3)


def test_a_row_is_scored_by_a_model_that_has_not_seen_it(data):
    features, positive = data
    fold = np.arange(200) % 4
    scores = out_of_fold(features, positive, fold)
    weights, intercept = fit_logistic(features[fold != 2], positive[fold != 2])
    np.testing.assert_allclose(scores[fold == 2], (features @ weights + intercept)[fold == 2])


def test_one_class_is_refused(data):
    with pytest.raises(ValueError, match="both classes"):
        fit_logistic(data[0], np.ones(200, dtype=bool))
