"""Simulated studies with a known truth.

Evaluation documents differ in size and in difficulty, training documents in usefulness; both may
come in groups. What a training set is worth is a share documents and a share seeds, and the
documents act linearly, linearly with heavy tails, or with diminishing returns (what was seen once
is known). A run's logit F1 is the curve's plus its worth, on each evaluation document less its
difficulty; found, spurious and missed spans are then drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from suffice.stats import Runs

TOPICS, TOPICS_EACH = 300, 3
SPURIOUS = 0.9
ICC = 0.5


@dataclass(frozen=True)
class World:
    """A source of documents, and how it is studied.

    ``share`` of the variance between models of one size is the documents', which act as ``kind``
    says: linear, heavy (Student's t with 3 degrees of freedom), topics (diminishing returns).
    With ``folds`` pool and evaluation are the same documents, and an unusual document is both
    difficult and useful (correlation ``link``); each run is one model for each fold, or with
    ``rotating`` one model that is scored on one fold, another one from run to run. ``form`` is
    that of the learning curve: a power law, late (hardly anything is found at first, as with few
    entities), twice (some entities are learnt soon, others late), or easy (hardly a mistake). Of
    ``uneven`` documents a tenth holds most entities.
    """

    share: float = 0.5
    kind: str = "linear"
    runs: int = 10
    pool: int = 300
    evaluation: int = 130
    folds: int = 0
    rotating: bool = False
    link: float = 0.3
    grouped: bool = False
    repeated: float = 0.2
    fractions: tuple[float, ...] = (0.05, 0.15, 0.3, 0.6, 0.9)
    model_sd: float = 0.2
    gain: float = 0.0
    difficulty_sd: float = 0.8
    hinge: float = 0.0
    form: str = "power"
    uneven: bool = False

    @property
    def drawn_from(self):
        """Return how many documents a training set is drawn from."""
        return self.pool - self.pool // self.folds if self.folds else self.pool

    @property
    def sizes(self):
        """Return the training-set sizes."""
        return tuple(max(2, round(f * self.drawn_from)) for f in self.fractions)


def mean_logit(world, n):
    """Return the logit of F1 of an average model on an average document."""
    n = np.asarray(n, dtype=float)
    f1 = {
        "power": 0.9 - 1.2 * n**-0.5,
        "late": 0.02 + 0.8 / (1 + (60 / n) ** 1.8),
        "easy": 0.9995 - 0.5 / n,
        "twice": 0.1 + 0.25 / (1 + (12 / n) ** 2) + 0.45 / (1 + (150 / n) ** 2.5),
    }[world.form]
    if world.hinge:
        f1 = 0.6 + 0.2 * np.minimum(n / world.hinge, 1)
    return 1.08 * np.log(f1 / (1 - f1))


def model_sd(world, n):
    """Return the SD between models of one size, on the logit scale."""
    return world.model_sd * (np.asarray(n, dtype=float) / 50) ** -0.3


def study(world, seed, *, second=False):
    """Simulate the runs of a study; with ``second`` those of two learners on the same sets.

    The second learner is better by ``world.gain`` logits; half of what documents do to it is what
    they do to the first.
    """
    rng = np.random.default_rng([seed, 99])
    pool_unit = _units(world.pool, world.grouped, rng)
    held_unit = pool_unit if world.folds else _units(world.evaluation, world.grouped, rng)
    unusual = _correlated(pool_unit, world.grouped, rng)
    own = (
        world.link * unusual
        + np.sqrt(1 - world.link**2) * _correlated(held_unit, world.grouped, rng)
        if world.folds
        else _correlated(held_unit, world.grouped, rng)
    )
    difficulty = world.difficulty_sd * own
    entities = rng.poisson(rng.gamma(3, 2, len(held_unit))) + 1
    if world.uneven:
        entities = rng.poisson(rng.lognormal(0.0, 1.6, len(held_unit)))
    worth = _worth(world, unusual, rng)
    other = _worth(world, _correlated(pool_unit, world.grouped, rng), rng) if second else None

    fold = _folds(world, pool_unit, rng)
    draws = [_sets(world, n, pool_unit, fold, rng) for n in world.sizes]
    inside = np.concatenate([d[0] for d in draws])  # runs, parts, documents
    name = np.concatenate([1000 * i + d[1] for i, d in enumerate(draws)])
    scored_on = None
    if world.rotating:
        # One fold after the other, within a size and across sizes; a repeated set keeps its own.
        scored_on = _rotate(name, world.folds, rng)
        inside = inside[np.arange(len(name)), scored_on][:, None]
    parts = inside.shape[1]
    flat = inside.reshape(-1, world.pool)
    first = worth(flat)
    learners = [first] if other is None else [first, (first + other(flat)) / np.sqrt(2)]
    found = []
    size = flat.sum(axis=1)
    for k, of_set in enumerate(learners):
        noise = np.sqrt(world.share) * of_set
        noise = noise + np.sqrt(1 - world.share) * rng.normal(size=len(flat))
        logits = mean_logit(world, size) + model_sd(world, size) * noise + k * world.gain
        logits = logits.reshape(-1, parts)
        on = logits[:, fold] if parts > 1 else logits
        counts = _scores(on - difficulty, entities, rng)
        if scored_on is not None:
            counts = counts * (fold == scored_on[:, None])[..., None]
        found.append(_runs(world, inside, name, counts, pool_unit, held_unit, fold, scored_on))
    return found if second else found[0]


def _rotate(name, folds, rng):
    """Return the fold that each run is scored on, the same for all runs of a training set."""
    order = rng.permutation(folds)
    _, number = np.unique(name, return_inverse=True)
    return order[number % folds]


def _runs(world, inside, name, counts, pool_unit, held_unit, fold=None, scored_on=None):
    to_training = np.eye(pool_unit.max() + 1)[pool_unit]
    scored = None
    if scored_on is not None:
        fold_of_unit = np.zeros(held_unit.max() + 1, dtype=int)
        fold_of_unit[held_unit] = fold
        scored = fold_of_unit == scored_on[:, None]
    return Runs(
        size=inside.sum(axis=2).mean(axis=1),
        counts=_by_unit(counts, held_unit),
        training_set=name,
        pool=world.drawn_from,
        population=world.pool,
        parts=inside.shape[1],
        inclusion=inside.mean(axis=1) @ to_training,
        unit_documents=to_training.sum(axis=0),
        fold=scored_on,
        scored=scored,
    )


def _by_unit(counts, unit):
    total = np.zeros((len(counts), unit.max() + 1, 3))
    np.add.at(total, (slice(None), unit), counts)
    return total


def _units(count, grouped, rng):
    if not grouped:
        return np.arange(count)
    lengths = 1 + rng.poisson(2, count)
    return np.repeat(np.arange(count), lengths)[:count]


def _correlated(unit, grouped, rng):
    own = rng.normal(size=len(unit))
    if not grouped:
        return own
    return np.sqrt(ICC) * rng.normal(size=unit.max() + 1)[unit] + np.sqrt(1 - ICC) * own


def _folds(world, unit, rng):
    if not world.folds:
        return np.zeros(len(unit), dtype=int)
    order = rng.permutation(unit.max() + 1)
    return (order % world.folds)[unit]


def _sets(world, n, unit, fold, rng):
    """Draw training sets of about n documents, (runs, parts, documents), and number them."""
    sets = max(1, round(world.runs * (1 - world.repeated)))
    name = np.arange(world.runs) % sets
    parts = max(1, world.folds)
    inside = np.zeros((sets, parts, len(unit)), dtype=bool)
    for part in range(parts):
        usable = fold != part if world.folds else np.ones(len(unit), dtype=bool)
        units = np.unique(unit[usable])
        order = rng.random((sets, len(units))).argsort(axis=1)
        if not world.grouped:
            # with folds the other folds can differ by a document in size
            chosen = units[order[:, : min(n, len(units))]]
            np.put_along_axis(inside[:, part], chosen, True, axis=1)
            continue
        documents = np.bincount(unit, minlength=unit.max() + 1)[units]
        for row in range(sets):
            before = np.cumsum(documents[order[row]]) - documents[order[row]]
            inside[row, part] = np.isin(unit, units[order[row]][before < n])
    return inside[name], name


def _scores(logits, entities, rng):
    """Draw correct, spurious and missed spans of each document."""
    p = 1 / (1 + np.exp(-logits))
    correct = rng.binomial(entities, p)
    return np.stack([correct, rng.binomial(entities, SPURIOUS * (1 - p)), entities - correct], -1)


def _worth(world, unusual, rng):
    """Return what training sets of this pool are worth, in SD over sets from the source."""
    if world.kind == "topics":
        topics = _topics(len(unusual), rng)
        return lambda inside: _standard(_covered(inside, topics), inside.sum(axis=1))
    usefulness = unusual
    if world.kind == "heavy":
        usefulness = unusual / np.sqrt(rng.chisquare(3, len(unusual)) / 3) / np.sqrt(3)
    return lambda inside: (inside @ usefulness) / np.sqrt(inside.sum(axis=1))


def _topics(count, rng):
    chance = 1 / (np.arange(TOPICS) + 10.0)
    drawn = rng.choice(TOPICS, size=(count, TOPICS_EACH), p=chance / chance.sum())
    topics = np.zeros((count, TOPICS))
    np.put_along_axis(topics, drawn, 1.0, axis=1)
    return topics


def _covered(inside, topics):
    value = np.random.default_rng(5).exponential(size=TOPICS)
    return ((inside.astype(float) @ topics) > 0) @ value


def _standard(score, size):
    n, where = np.unique(size, return_inverse=True)
    mean, sd = np.array([_source_topics(int(k)) for k in n]).T
    return (score - mean[where]) / sd[where]


@cache
def _source_topics(n):
    rng = np.random.default_rng([3, n])
    scores = [float(_covered(np.ones((1, n), dtype=bool), _topics(n, rng))[0]) for _ in range(800)]
    return float(np.mean(scores)), float(np.std(scores))


@cache
def truth(world, n, gain=0.0, metric="f1"):
    """Return F1(n), precision or recall: over new training sets, on all documents there are."""
    x, w = np.polynomial.hermite_e.hermegauss(31)
    w = w / w.sum()
    sd = model_sd(world, n)
    shift = x
    if world.kind == "heavy" and world.share:
        rng = np.random.default_rng([7, n])
        heavy = rng.standard_t(3, (4000, n)).sum(axis=1) / np.sqrt(3 * n)
        shift = np.sqrt(world.share) * heavy + np.sqrt(1 - world.share) * rng.normal(size=4000)
        w_shift = np.full(4000, 1 / 4000)
    else:
        w_shift = w
    logits = mean_logit(world, n) + gain + sd * shift
    p = 1 / (1 + np.exp(-(logits[:, None] + world.difficulty_sd * x))) @ w
    score = {
        "f1": 2 * p / (2 * p + (1 + SPURIOUS) * (1 - p)),
        "precision": p / (p + SPURIOUS * (1 - p)),
        "recall": p,
    }[metric]
    return float(score @ w_shift)
