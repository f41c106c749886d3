"""Designs are asked what comes next, and given finished runs, without anything being trained."""

from __future__ import annotations

import random

import numpy as np
import pytest

import suffice
from suffice import Study
from suffice.results import plain
from suffice.runs.clock import Clock
from suffice.runs.store import RunRow
from suffice.study.designs.adaptive import AdaptiveDesign
from suffice.study.designs.base import Stop
from suffice.study.designs.fixed import FixedDesign
from suffice.study.designs.screened import ScreenedDesign
from suffice.study.plan import Plan
from suffice.study.prices import Prices
from suffice.study.spec import LearnerSpec
from tests.made import lookup_spec


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    path = tmp_path_factory.mktemp("corpus") / "made.jsonl"
    suffice.write(suffice.load_example(n=150), path)
    return path


class Simulation:
    """A study whose runs are made up: F1 is .8 - .6·n^(-1/2), give or take what the id says."""

    def __init__(self, corpus, folder, kind, **changes):
        self.study = Study.create(folder, lookup_spec(corpus, **changes))
        setups = [self.study.learner(role) for role in self.study.spec.roles.values()]
        for setup in setups:
            self.study.ledger.add_learner(setup.name, dict(setup.learner.config))
        self.plan = Plan(self.study, [setup.id for setup in setups])
        self.prices = Prices(self.plan, [setup.learner for setup in setups])
        self.kind = kind

    def design(self):
        return self.kind(self.plan, self.study.spec, self.prices, self.study.ledger)

    def finish(self, job, seconds=0.01):
        """Keep a made-up run."""
        noise = random.Random(job.id).gauss(0, 0.02)
        f1 = 0.8 - 0.6 * len(job.training) ** -0.5 + noise
        counts = np.zeros((len(job.evaluation), len(self.plan.labels), 3), dtype=np.int32)
        counts[..., 0] = round(1000 * f1)
        counts[..., 1:] = 1000 - counts[..., :1]
        place = job.position
        row = RunRow(
            id=job.id,
            learner=job.learner,
            evaluation_set=self.study.ledger.add_evaluation_set(
                self.plan.evaluation_keys(place.part)
            ),
            pool=place.pool,
            asked=place.size,
            replicate=place.replicate,
            part=place.part,
            repeat=place.repeat,
            seed=job.seed,
            training_keys=tuple(self.plan.documents[d].key for d in job.training),
            features=plain(self.plan.features(job)),
            labels=self.plan.labels,
            status="ok",
            counts=counts,
            train_seconds=seconds,
        )
        self.study.ledger.add_run(row, 0.0)

    def follow(self, design, clock, stop_after=None):
        """Do what is asked for; return the ids in batches, and why it stopped."""
        batches = []
        while not isinstance(asked := design.ask(self.study.table(), clock), Stop):
            done = asked.jobs if stop_after is None else asked.jobs[:stop_after]
            for job in done:
                self.finish(job)
            batches.append([job.id for job in done])
            if stop_after is not None:
                stop_after -= len(done)
                if not stop_after:
                    return batches, None
        return batches, asked.reason


@pytest.fixture
def simulate(corpus, tmp_path):
    made = []

    def make(kind, name="s", **changes):
        made.append(Simulation(corpus, tmp_path / name, kind, **changes))
        return made[-1]

    yield make
    for simulation in made:
        simulation.study.close()


SCREEN = {"screen": LearnerSpec(name="lookup"), "learner": LearnerSpec(name="probe")}


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        (AdaptiveDesign, {"runs": 40}, 40),
        (FixedDesign, {"runs": 40, "design": "log"}, 40),
        (FixedDesign, {"runs": 40, "design": "equal", "folds": 0}, 40),
        pytest.param(
            ScreenedDesign, {"runs": 40, "pairs": 12, **SCREEN}, 52, marks=pytest.mark.train
        ),
    ],
)
def test_as_many_runs_as_asked_for_each_once_whatever_interrupts(simulate, kind, changes, expected):
    whole = simulate(kind, "whole", **changes)
    batches, reason = whole.follow(whole.design(), Clock())
    ids = [identity for batch in batches for identity in batch]
    assert (reason, len(ids), len(set(ids))) == ("runs", expected, expected)
    # Cut off within batches, a new design finds the same runs.
    cut = simulate(kind, "cut", **changes)
    found = []
    for stop_after in (1, 9, 14):
        done, _ = cut.follow(cut.design(), Clock(), stop_after)
        found += [identity for batch in done for identity in batch]
    rest, reason = cut.follow(cut.design(), Clock())
    found += [identity for batch in rest for identity in batch]
    assert reason == "runs"
    assert len(found) == len(set(found))
    assert set(found) == set(ids)
    # And when all is done, none is left.
    assert whole.follow(whole.design(), Clock()) == ([], "runs")


def test_without_time_the_least_that_answers_is_asked_for(simulate):
    made = simulate(AdaptiveDesign, budget=1.0)
    clock = Clock(spent=5.0, budget=1.0, workers=2)
    batches, reason = made.follow(made.design(), clock)
    assert reason == "budget"
    assert sum(map(len, batches)) == 8
    assert {row.part for row in made.study.table().rows} == {0, 1, 2, 3, 4}


def test_it_stops_when_runs_make_little_of_the_variance(simulate):
    """Made-up runs hardly differ, and evaluation documents do: more runs would say little."""
    made = simulate(AdaptiveDesign, budget=1e6)
    batches, reason = made.follow(made.design(), Clock(budget=1e6, workers=2))
    assert reason == "enough"
    assert 28 <= sum(map(len, batches)) < 200


def test_what_cannot_be_afforded_is_not_asked_for(simulate):
    made = simulate(AdaptiveDesign, budget=1e6)
    design, clock = made.design(), Clock(budget=1e6, workers=2)
    first = design.ask(made.study.table(), clock)
    for job in first.jobs:
        made.finish(job, seconds=1e4)  # a machine on which a run takes hours
    sizes = [len(job.training) for job in first.jobs]
    assert sizes == sorted(made.plan.sizes())[:2][::-1]
    spent = Clock(spent=1e6 - 3e4, budget=1e6, workers=2)
    second = design.ask(made.study.table(), spent)
    rates = made.prices.rates(made.study.table())
    assert sum(made.prices.seconds(job, rates) for job in second.jobs) / 2 <= spent.left()
