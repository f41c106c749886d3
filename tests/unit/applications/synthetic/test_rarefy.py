"""Rarefaction against all subsets, one by one."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffice.applications.synthetic.statistics.rarefy import (
    absent,
    jackknife,
    mentions_seen,
    types_of,
    types_shared,
    types_shared_within,
)

tables = st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=4, max_size=6).map(
    np.array
)


def subsets(table, size):
    return [table[list(rows)].any(axis=0) for rows in combinations(range(len(table)), size)]


@given(tables, st.integers(1, 3))
def test_strings_of_a_sample(table, size):
    holding, units = table.sum(axis=0), len(table)
    held = np.array(subsets(table, size))
    np.testing.assert_allclose(1 - absent(holding, units, size), held.mean(axis=0), atol=1e-12)
    assert types_of(holding, units, size) == pytest.approx(held.sum(axis=1).mean())
    mentions = np.array([5.0, 0, 2, 1])
    seen = (held @ mentions).mean() / mentions.sum()
    assert mentions_seen(mentions, holding, units, size) == pytest.approx(seen)


@given(tables, tables)
def test_strings_of_two_samples(one, two):
    pairs = list(product(subsets(one, 2), subsets(two, 3)))
    both = np.mean([(a & b).sum() for a, b in pairs])
    own = np.mean([a.sum() for a, _ in pairs])
    found = types_shared(one.sum(axis=0), len(one), 2, two.sum(axis=0), len(two), 3)
    assert np.isnan(found) if own == 0 else found == pytest.approx(both / own)


@given(tables)
def test_two_samples_of_one_source(table):
    units = range(len(table))
    parted = [
        (a, b) for a in combinations(units, 2) for b in combinations(units, 2) if not {*a} & {*b}
    ]
    held = [(table[list(a)].any(axis=0), table[list(b)].any(axis=0)) for a, b in parted]
    own = np.mean([a.sum() for a, _ in held])
    both = np.mean([(a & b).sum() for a, b in held])
    found = types_shared_within(table.sum(axis=0), len(table), 2)
    assert np.isnan(found) if own == 0 else found == pytest.approx(both / own)


def test_jackknife_of_a_difference_of_means():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=60), rng.normal(1, 2, size=40)
    value, error = jackknife(lambda i, j: np.array([a[i].mean() - b[j].mean()]), (60, 40))
    assert value[0] == pytest.approx(a.mean() - b.mean())
    assert error[0] == pytest.approx(np.sqrt(a.var(ddof=1) / 60 + b.var(ddof=1) / 40))


def test_more_than_there_are():
    with pytest.raises(ValueError, match="5 units cannot be drawn from 4"):
        absent(np.array([1]), 4, 5)
