"""How hard the bundled corpus is: exact micro-F1 by number of training statements.

    python bench/examples.py [--learner probe] [--draws 3] [--sizes 5,20,80,340] [--seed 2024]

One line per size: mean F1, every draw, F1 per label and seconds. The 147 statements that score are
the same for all draws; training sets are drawn without replacement from the other 343.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from _tools import disclosures
from suffice.learners import registry
from suffice.scoring import count

EVALUATION = 147


def main() -> None:
    """Print one line per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learner", default="probe")
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--sizes", default="5,20,80,340")
    parser.add_argument("--seed", type=int, default=2024)
    options = parser.parse_args()

    import torch

    torch.set_num_threads(1)
    corpus = disclosures(seed=options.seed)
    order = np.random.default_rng(options.seed).permutation(len(corpus))
    documents = [corpus.documents[i] for i in order]
    evaluation, pool = documents[:EVALUATION], documents[EVALUATION:]
    learner = registry.get(options.learner)
    with tempfile.TemporaryDirectory() as cache:
        begun = time.perf_counter()
        learner.prepare(documents, Path(cache))
        print(f"encoded {len(documents)} statements in {time.perf_counter() - begun:.0f} s")
        for size in map(int, options.sizes.split(",")):
            begun, scores, by_label = time.perf_counter(), [], []
            for draw in range(options.draws):
                rng = np.random.default_rng([options.seed, size, draw])
                chosen = [pool[i] for i in rng.choice(len(pool), size, replace=False)]
                tagger = learner.train(chosen, corpus.labels, seed=draw)
                counts = count(evaluation, tagger.tag(evaluation), corpus.labels)
                scores.append(counts.f1())
                by_label.append([counts.f1(label) for label in corpus.labels])
            seconds = (time.perf_counter() - begun) / options.draws
            shown = " ".join(f"{s:.3f}" for s in scores)
            labels = ", ".join(
                f"{name} {value:.3f}"
                for name, value in zip(corpus.labels, np.mean(by_label, axis=0), strict=True)
            )
            print(
                f"{size:4d} statements: F1 {np.mean(scores):.3f} ({shown}); {labels}; "
                f"{seconds:.0f} s a draw",
                flush=True,
            )


if __name__ == "__main__":
    main()
