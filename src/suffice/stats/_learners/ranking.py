"""Several learners on the same training sets: who is surely ahead of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from suffice.results import Result
from suffice.stats._learners.paired import difference_by_unit, training_draws
from suffice.stats._resampling import Seed, resample_mean_effect, seed_sequence
from suffice.stats._runs import Runs


@dataclass(frozen=True)
class LearnerRanking(Result):
    """Learners in the order of their mean F1, with all differences at once.

    Parameters
    ----------
    names : tuple of str
        The learners, best first.
    f1 : tuple of float
        Mean F1 over the shared training sets.
    ranks : tuple of (int, int)
        The best and the worst rank of each that cannot be ruled out; with probability `level` all
        of them hold.
    differences : mapping of str to (float, float, float)
        ``"A - B"`` to the difference in F1 and its simultaneous interval.
    level : float
        Confidence level of all intervals together.
    caveats : tuple of str
        What to keep in mind.
    """

    names: tuple[str, ...]
    f1: tuple[float, ...]
    ranks: tuple[tuple[int, int], ...]
    differences: dict[str, tuple[float, float, float]]
    level: float
    caveats: tuple[str, ...] = ()

    def _table(self) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
        rows = [
            (name, f1, f"{best}" if best == worst else f"{best} to {worst}")
            for name, f1, (best, worst) in zip(self.names, self.f1, self.ranks, strict=True)
        ]
        return ("learner", "F1", "rank"), rows  # type: ignore[return-value]


def rank_learners(
    learners: Mapping[str, Runs],
    *,
    level: float = 0.95,
    expected_variance: float | None = None,
    n_resamples: int = 2000,
    seed: Seed = 0,
) -> LearnerRanking:
    """Rank learners that were trained on the same training sets.

    Parameters
    ----------
    learners : mapping of str to Runs
        At least two. Row i of all is the same training set; at least two rows.
    level : float
        Confidence level of all intervals together.
    expected_variance : float, optional
        As in `suffice.stats.paired_difference`, for each pair of learners.
    n_resamples : int
        Number of draws of the differences.
    seed : int or SeedSequence
        Random seed.

    Returns
    -------
    LearnerRanking

    Raises
    ------
    ValueError
        Fewer than two learners or training sets, or rows that do not belong together.

    Notes
    -----
    Simultaneous intervals by the largest standardised difference (max-T; Westfall & Young,
    Resampling-Based Multiple Testing, 1993). Evaluation documents are resampled for all learners
    together; what training sets, seeds and the pool do is drawn for each pair by itself, which
    makes the intervals a little wider than a joint model would. Ranks follow from the
    intervals: a learner can be no better than one more than those that are surely ahead of it.
    """
    names = sorted(learners, key=lambda name: (-float(learners[name].score().mean()), name))
    sizes = [learners[name].size for name in names]
    if len(names) < 2 or len(sizes[0]) < 2:
        raise ValueError("a ranking needs at least two learners and two training sets")
    if any(not np.array_equal(sizes[0], other) for other in sizes[1:]):
        raise ValueError("the learners' runs are not on the same training sets, row by row")
    pairs = list(combinations(range(len(names)), 2))
    seeds = seed_sequence(seed).spawn(1 + 2 * len(pairs))
    effects, gaps, drawn = [], [], []
    caveats: dict[str, None] = {}
    for k, (i, j) in enumerate(pairs):
        first, second = learners[names[j]], learners[names[i]]
        on_documents = difference_by_unit(first, second)
        gap = second.score() - first.score()
        effects.append(on_documents.mean(axis=0))
        gaps.append(float(gap.mean()))
        own = seeds[1 + 2 * k : 3 + 2 * k]
        of_training, said = training_draws(
            first, gap, on_documents, expected_variance, n_resamples, own
        )
        drawn.append(of_training)
        caveats.update(dict.fromkeys(said))
    of_units = resample_mean_effect(np.stack(effects, axis=1), n_resamples, seeds[0], level)
    errors = of_units + np.stack(drawn, axis=1)
    sd = np.maximum(errors.std(axis=0), 1e-12)
    reach = float(np.quantile(np.abs(errors / sd).max(axis=1), level))
    low, high = np.array(gaps) - reach * sd, np.array(gaps) + reach * sd
    ahead = np.zeros(len(names), dtype=int)
    behind = np.zeros(len(names), dtype=int)
    for (i, j), least, most in zip(pairs, low, high, strict=True):
        if least > 0:
            behind[i] += 1
            ahead[j] += 1
        elif most < 0:
            behind[j] += 1
            ahead[i] += 1
    return LearnerRanking(
        names=tuple(names),
        f1=tuple(float(learners[name].score().mean()) for name in names),
        ranks=tuple((1 + int(a), len(names) - int(b)) for a, b in zip(ahead, behind, strict=True)),
        differences={
            f"{names[i]} - {names[j]}": (gap, float(least), float(most))
            for (i, j), gap, least, most in zip(pairs, gaps, low, high, strict=True)
        },
        level=level,
        caveats=tuple(caveats),
    )
