"""The classifier that tells synthetic from real documents."""

import numpy as np
import pytest
from scipy.sparse import csr_array, random_array
from scipy.special import expit

from suffice.applications.synthetic.separability import fit_logistic, out_of_fold


@pytest.fixture
def data():
    rng = np.random.default_rng(3)
    features = csr_array(random_array((200, 60), density=0.2, rng=rng, format="csr"))
    truth = np.where(np.arange(60) < 5, 3.0, 0.0)
    positive = rng.random(200) < expit(features @ truth - 1)
    return features, positive


def test_the_penalised_likelihood_is_at_its_maximum(data):
    """The data's gradient, weighted by 10, is the penalty's; the intercept has no penalty."""
    features, positive = data
    model = fit_logistic(features, positive)
    left = positive - expit(model.decision_function(features))
    np.testing.assert_allclose(10 * (features.T @ left), model.coef_[0], atol=1e-3)
    assert left.sum() == pytest.approx(0, abs=1e-4)


def test_a_row_is_scored_by_a_model_that_has_not_seen_it(data):
    features, positive = data
    fold = np.arange(200) % 4
    scores = out_of_fold(features, positive, fold)
    model = fit_logistic(features[fold != 2], positive[fold != 2])
    expected = features[fold == 2] @ model.coef_[0] + model.intercept_
    np.testing.assert_allclose(scores[fold == 2], expected)


def test_one_class_is_refused(data):
    with pytest.raises(ValueError, match="at least 2 classes"):
        fit_logistic(data[0], np.ones(200, dtype=bool))
