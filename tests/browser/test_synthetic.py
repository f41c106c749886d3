"""The page on synthetic text in a real browser: nothing beside the page, no text cut off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import suffice
from suffice.applications.synthetic.closeness import closeness
from suffice.applications.synthetic.page import render
from suffice.applications.synthetic.result import SyntheticCheck
from suffice.applications.synthetic.statistics.exchange import exchange
from suffice.applications.synthetic.worth import Point, Worth
from tests.browser.test_report import measured
from tools.simulations import mixed


@pytest.fixture(scope="module")
def check() -> SyntheticCheck:
    study = mixed.simulate(0.3, np.random.default_rng(0), later=0.1)
    found = exchange(study, mixed.AVERAGES)
    unbounded = replace(found.marginal[0], low=-np.inf, high=np.inf)
    found = replace(found, marginal=(unbounded, *found.marginal[1:]))
    bases = np.select(
        [study.real == 0, study.synthetic == 0, study.real < 100],
        ["alone", "real", "small"],
        "large",
    )
    rows = zip(bases.tolist(), study.real, study.synthetic, found.f1, strict=True)
    points = tuple(Point(b, float(r), float(s), (float(f),)) for b, r, s, f in rows)
    worth = Worth(
        learner="probe",
        pool=320,
        synthetic=640,
        evaluation=200,
        pool_sentences=640,
        synthetic_sentences=1280,
        left_out=12,
        failed=1,
        small=40,
        large=160,
        exchange=found,
        points=points,
        seconds=100.0,
        caveats=("a caveat",),
    )
    corpus = suffice.load_example(n=60)
    long = replace(corpus, name="an_unusually_long_corpus_name_without_any_blank_" * 3)
    return SyntheticCheck(closeness(long, corpus), worth)


def test_the_page(chromium: str, check: SyntheticCheck, tmp_path: Path) -> None:
    for found in measured(chromium, tmp_path, render(check, "0.1.0")):
        assert found["headings"] == 6
        assert found["scroll"] <= found["width"]
        assert found["figures"] == 2
        assert not (found["outside"] or found["cut"] or found["small"]), found
