"""Figures on agreement: the bundled annotators, crowd workers, and the intervals' coverage.

    python bench/agreement.py [--shared FOLDER] [--corpora 1000]

Coverage: corpora are drawn from a population of documents whose annotators differ more in some
documents than in others; how many intervals hold the population's value is counted.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

import suffice
from suffice.quality.tables import boundary_share, exact_f1
from suffice.stats import bootstrap
from suffice.stats._agreement.kappa import kappa_of

CORPORA = 1000


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--corpora", type=int, default=CORPORA)
    options = parser.parse_args()
    _show("bundled corpus", suffice.load_example())
    file = options.shared / "corpora" / "btc_crowd.jsonl.gz"
    if file.is_file():
        corpus = suffice.read(file)
        for section in "abe":
            own = corpus.select(d.id for d in corpus if d.id.startswith(f"btc-{section}-"))
            _show(f"btc_crowd, section {section.upper()}", own)
    _coverage(options.corpora)


def _show(name: str, corpus: suffice.Corpus) -> None:
    start = time.perf_counter()
    found = suffice.agreement(corpus)
    took = time.perf_counter() - start
    print(f"\n{name}: {len(corpus)} documents, {len(found.pairs)} pairs, {took:.1f} s")
    for what, value, (low, high) in found.rows():
        print(f"  {what:36s} {value:.3f} ({low:.3f} to {high:.3f})")
    print("  disagreements:", ", ".join(f"{k} {n}" for k, n in found.kinds().items()))


def _coverage(corpora: int) -> None:
    print(f"\nCoverage of 95 % intervals, {corpora} corpora, error {_error(0.95, corpora):.1%}")
    for documents in (20, 50, 200):
        for agree in (0.8, 0.98):
            for method in ("bca", "percentile"):
                print(
                    f"  {documents:3d} documents, spans agree {agree:.0%}, {method:10s}",
                    ", ".join(
                        f"{name} {share:.1%}"
                        for name, share in _covered(documents, agree, method, corpora).items()
                    ),
                )


def _covered(documents: int, agree: float, method: str, corpora: int) -> dict[str, float]:
    rng = np.random.default_rng(1)
    statistics = {"F1": exact_f1, "boundaries": boundary_share, "kappa": kappa_of}
    truth = {k: float(statistics[k](v.sum(axis=0)[None])[0])
             for k, v in _tables(rng, 200_000, agree).items()}  # fmt: skip
    inside = dict.fromkeys(statistics, 0)
    for number in range(corpora):
        for name, table in _tables(rng, documents, agree).items():
            found = bootstrap(table, statistics[name], method=method, seed=number)
            inside[name] += found.low <= truth[name] <= found.high
    return {name: n / corpora for name, n in inside.items()}


def _tables(rng: np.random.Generator, documents: int, agree: float) -> dict[str, np.ndarray]:
    """Draw what documents add: spans alike or not, boundaries, two labels with slips."""
    spans = rng.poisson(5, documents)
    share = rng.beta(10 * agree, 10 * (1 - agree), documents)
    alike = rng.binomial(spans, share)
    exact = np.stack([alike, spans - alike, spans - alike], axis=1)[:, None, :].astype(float)
    units = np.stack([alike, spans], axis=1).astype(float)
    first = rng.binomial(spans, 0.6)
    slips = rng.binomial(first, 1 - share), rng.binomial(spans - first, 1 - share)
    kappa = np.stack(
        [first - slips[0], slips[0], slips[1], spans - first - slips[1]], axis=1
    ).reshape(-1, 2, 2)
    return {"F1": exact, "boundaries": units, "kappa": kappa.astype(float)}


def _error(share: float, n: int) -> float:
    return float(np.sqrt(share * (1 - share) / n))


if __name__ == "__main__":
    main()
