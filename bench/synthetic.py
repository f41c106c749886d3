"""What the synthetic check says where the answer is known, and where it is not.

    python bench/synthetic.py coverage --studies 120
    python bench/synthetic.py corpus CORPUS --labels RULES --case null|deleted|shuffled|disclosures

``coverage`` simulates studies with known rates (tools/simulations/mixed.py) and counts how often
the sets hold them. ``corpus`` divides a corpus at random into a real and a 'synthetic' half: as it
is (a synthetic sentence is worth a real one), with a third of the synthetic half's spans deleted,
or with their labels drawn anew; or takes the bundled disclosures as the synthetic side.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from _tools import mixed
from suffice.applications.synthetic.closeness import compare_pair
from suffice.applications.synthetic.corpora import pair_corpora
from suffice.applications.synthetic.statistics.exchange import exchange
from suffice.applications.synthetic.worth import worth
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span
from suffice.corpus.examples import load_example
from suffice.corpus.read import read
from suffice.study.spec import LearnerSpec

WORLDS = (
    {"rate": 1.0},
    {"rate": 0.5},
    {"rate": 0.15},
    {"rate": 0.5, "documents": 0.3, "own": 0.02},
    {"rate": 0.5, "documents": 0.02, "own": 0.2},
    {"rate": 0.8, "later": 0.05},
)
PROBE = {"hidden": 64, "projection": 64, "epochs": 8, "min_steps": 100, "max_steps": 250}
"""The probe cut down to a few seconds of CPU time a run."""


def coverage(studies: int) -> None:
    """Print how often the sets hold the rates that were simulated."""
    for world in WORLDS:
        hits, values, ps = [], [], []
        for i in range(studies):
            found = exchange(mixed.simulate(rng=np.random.default_rng(i), **world), mixed.AVERAGES)
            first, later = world["rate"], world.get("later", world["rate"])
            mean = (first + 3 * later) / 4
            truth = [first, later, first, later, mean, mean, later]
            listed = [*found.marginal, *found.average, found.alone]
            if first == later:
                truth, listed = [first, *truth], [found.constant, *listed]
            hits.append([r.low <= t <= r.high for r, t in zip(listed, truth, strict=True)])
            values.append([r.value for r in listed])
            ps.append(found.constant_p < 0.05)
        covered, median = np.mean(hits, axis=0).round(3), np.median(values, axis=0).round(2)
        print(
            f"{world}: covered {covered}, median {median}, P < .05 in {np.mean(ps):.0%}", flush=True
        )


def cases(corpus: Corpus, case: str, seed: int) -> tuple[Corpus, Corpus]:
    """Return the real and the synthetic side."""
    if case == "disclosures":
        return corpus, load_example("disclosures")
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(corpus))
    documents = [corpus.documents[i] for i in order]
    half = len(documents) // 2
    labels = list(corpus.labels)

    def damaged(d: Document) -> Document:
        if case == "deleted":
            return replace(d, spans=tuple(s for s in d.spans if rng.random() > 1 / 3))
        if case == "shuffled":
            drawn = [Span(s.start, s.end, labels[rng.integers(len(labels))]) for s in d.spans]
            return replace(d, spans=tuple(sorted(set(drawn))))
        return d

    return (
        Corpus(tuple(documents[:half]), "real half"),
        Corpus(tuple(map(damaged, documents[half:])), f"other half ({case})"),
    )


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    covering = commands.add_parser("coverage")
    covering.add_argument("--studies", type=int, default=120)
    trying = commands.add_parser("corpus")
    trying.add_argument("corpus")
    trying.add_argument("--labels")
    trying.add_argument("--case", default="null")
    trying.add_argument("--at-most", type=int, default=None)
    trying.add_argument("--folder", type=Path, required=True)
    trying.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.command == "coverage":
        coverage(given.studies)
        return
    start = time.monotonic()
    real, made = cases(read(given.corpus, labels=given.labels), given.case, given.seed)
    both = pair_corpora(real, made)
    print(compare_pair(both, real, made))
    learner = LearnerSpec(name="probe", options=PROBE)
    found = worth(given.folder, both, learner=learner, at_most=given.at_most)
    print(found)
    print(f"P of one rate {found.exchange.constant_p:.3g}; parts {dict(found.exchange.parts)}")
    print(f"{found.seconds:.0f} s of training, {time.monotonic() - start:.0f} s in all")


if __name__ == "__main__":
    main()
