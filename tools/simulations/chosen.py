"""Made-up F1 on the real designs of the density experiment, with known effects of density."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from suffice.applications.density.design import draw, inclusion
from suffice.applications.density.material import gather
from suffice.applications.density.statistics.chosen_sets import ChosenSets, Effect
from suffice.applications.density.statistics.mismatch import STEP, Mismatch, mismatch
from suffice.corpus.examples import load_example

SPREAD_OF_DOCUMENTS, SPREAD_OF_RUNS, SPREAD_OF_UNITS = 0.6, 0.12, 0.7


@dataclass(frozen=True)
class World:
    """What density does to the logit of the chance that an entity is found.

    Parameters
    ----------
    mismatch, level : float
        For each `STEP` of distance, and of density.
    matched : float
        For each `STEP` of training density, times that of an evaluation document in SD: what the
        crossed check is for.
    """

    mismatch: float = 0.0
    level: float = 0.0
    matched: float = 0.0


WORLDS = {
    "nothing": World(),
    "mismatch": World(mismatch=-0.05),
    "level": World(level=0.04),
    "matched": World(mismatch=-0.02, level=0.02, matched=0.02),
}


def coverage(sets: ChosenSets, world: World, draws: int, *, seed: int = 3) -> dict[str, float]:
    """Return, by effect, the share of draws whose 95 % interval holds the truth."""
    truth = values(mismatch(without_chance(sets, world), n_resamples=2))
    rng = np.random.default_rng(seed)
    hits: dict[str, list[bool]] = {name: [] for name in truth}
    for _ in range(draws):
        found = values(mismatch(draw_world(sets, world, rng), n_resamples=100))
        for name, effect in found.items():
            hits[name].append(effect.low <= truth[name].value <= effect.high)
    return {name: float(np.mean(h)) for name, h in hits.items()}


def values(found: Mismatch) -> dict[str, Effect]:
    """Return the effects that are printed, by name."""
    out = {
        f"{kind} {name}": getattr(slopes, name)
        for kind, slopes in found.slopes.items()
        for name in ("below", "above", "mismatch", "level")
    }
    halves = {"halves": found.crossed.effect, "logit halves": found.crossed.logit}
    own = {f"chosen alone, {name}": effect for name, effect in found.chosen.items()}
    return {**out, **halves, **own, "level as a logarithm": found.bent}


def design(runs: int = 108, *, seed: int = 0) -> ChosenSets:
    """Return real training sets of the bundled corpus, without counts."""
    material = gather(load_example("disclosures"), seed=seed)
    drawn = draw(material, runs, seed=seed)
    made = np.array(
        [np.sum([material.lengths[d] for d in s.training.documents], axis=0) for s in drawn]
    ).astype(float)
    judged = np.array([material.lengths[d] for d in material.evaluation], dtype=float)
    return ChosenSets(
        sentences=made[:, 0],
        entities=made[:, 1],
        tokens=made[:, 2],
        documents=np.array([len(s.training.documents) for s in drawn], dtype=float),
        cut=np.array([s.replaced for s in drawn]),
        synthetic=np.zeros(len(drawn)),
        inclusion=inclusion(drawn),
        counts=np.zeros((len(drawn), len(judged), 3)),
        unit_entities=judged[:, 1],
        unit_sentences=judged[:, 0],
    )


def draw_world(sets: ChosenSets, world: World, rng: np.random.Generator) -> ChosenSets:
    """Draw documents' influences, runs, evaluation documents and what is found in them."""
    picked = rng.integers(len(sets.unit_entities), size=len(sets.unit_entities))
    units, documents = len(picked), sets.inclusion.shape[1]
    held = np.minimum(sets.inclusion, 1)
    effects = SPREAD_OF_DOCUMENTS * rng.standard_normal(documents)
    of_documents = held @ effects / held.sum(axis=1)
    own = SPREAD_OF_RUNS * rng.standard_normal(len(held)) * (sets.sentences / 170) ** -0.3
    chance = _chance(
        sets, world, picked, of_documents + own, SPREAD_OF_UNITS * rng.standard_normal(units)
    )
    gold = sets.unit_entities[picked].astype(int)
    correct = rng.binomial(gold, chance)
    spurious = rng.poisson(0.2 * sets.unit_sentences[picked] * (1 - chance))
    counts = np.stack([correct, spurious, gold - correct], axis=-1)
    return replace(
        sets,
        counts=counts,
        unit_entities=sets.unit_entities[picked],
        unit_sentences=sets.unit_sentences[picked],
    )


def without_chance(sets: ChosenSets, world: World, *, copies: int = 40) -> ChosenSets:
    """Return the same of endless evaluation documents and of no influence but density's."""
    rng = np.random.default_rng(99)
    picked = np.tile(np.arange(len(sets.unit_entities)), copies)
    spread = SPREAD_OF_UNITS * rng.standard_normal(len(picked))
    chance = _chance(sets, world, picked, np.zeros(len(sets.sentences)), spread)
    gold = sets.unit_entities[picked]
    spurious = 0.2 * sets.unit_sentences[picked] * (1 - chance)
    counts = np.stack([gold * chance, spurious, gold * (1 - chance)], axis=-1)
    folded = counts.reshape(len(counts), copies, -1, 3).sum(axis=1) / copies
    return replace(sets, counts=folded)


def _chance(sets, world, picked, shift, spread):
    """Return the chance that an entity is found, by run and evaluation document."""
    distance = (sets.eps - sets.centre) / STEP
    known = 0.6 * np.log2(sets.sentences / 170)
    known = known + world.mismatch * np.abs(distance) + world.level * distance + shift
    density = sets.unit_entities / np.maximum(sets.unit_sentences, 1)
    standing = ((density - sets.centre) / density.std())[picked]
    return expit(known[:, None] + spread + world.matched * distance[:, None] * standing)
