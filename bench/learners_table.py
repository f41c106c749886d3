"""What the cells of `learners_all.py` say: F1, seconds, gaps, rank correlations, in tables.

python bench/learners_table.py FILE
python bench/learners_table.py dev.jsonl --variants     # which variant of the probe is best
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from learners_all import read

Cells = dict[tuple[str, str, int, int], dict[str, Any]]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path, help="written by learners_all.py")
    parser.add_argument("--variants", action="store_true", help="mean ranks of all learners")
    parser.add_argument("--against", default="finetune", help="what the others are held against")
    args = parser.parse_args()
    cells: Cells = {(r["learner"], r["corpus"], r["n"], r["draw"]): r for r in read(args.file)}
    _scores(cells)
    if args.variants:
        _variants(cells)
    else:
        for name in sorted({key[0] for key in cells} - {args.against}):
            _gaps(cells, name, args.against)


def _scores(cells: Cells) -> None:
    """Print mean F1 and seconds of each learner, corpus and size."""
    groups: dict[tuple[str, str], dict[int, list[dict[str, Any]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for (learner, corpus, n, _), row in cells.items():
        groups[corpus, learner][n].append(row)
    sizes = sorted({key[2] for key in cells})
    print("F1 (draws; CPU seconds of training)\n")
    print("| corpus | learner | " + " | ".join(map(str, sizes)) + " |")
    print("| --- | --- |" + " --- |" * len(sizes))
    for (corpus, learner), by_size in sorted(groups.items()):
        line = []
        for n in sizes:
            rows = by_size.get(n, [])
            f1 = np.mean([r["f1"] for r in rows]) if rows else np.nan
            seconds = np.mean([r["train_s"] for r in rows]) if rows else np.nan
            line.append(f"{f1:.3f} ({len(rows)}; {seconds:.0f})" if rows else "")
        print(f"| {corpus} | {learner} | " + " | ".join(line) + " |")


def _gaps(cells: Cells, name: str, against: str) -> None:
    """Print how far one learner is from the other on the same training sets, and at what cost."""
    both = [k[1:] for k in cells if k[0] == name and (against, *k[1:]) in cells]
    if not both:
        return
    gap = {k: cells[against, *k]["f1"] - cells[name, *k]["f1"] for k in both}
    cost = {k: cells[name, *k]["train_s"] / cells[against, *k]["train_s"] for k in both}
    print(f"\n{name} against {against}, {len(both)} training sets of both")
    for corpus in sorted({k[0] for k in both}):
        own = [k for k in both if k[0] == corpus]
        text = ", ".join(
            f"{n}: {100 * np.mean([gap[k] for k in own if k[1] == n]):+.1f}"
            for n in sorted({k[1] for k in own})
        )
        mean = 100 * np.mean([gap[k] for k in own])
        print(f"  {corpus}: {against} better by {mean:+.1f} points ({text})")
    values = 100 * np.array(list(gap.values()))
    ratios = np.array(list(cost.values()))
    error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan
    print(f"  all: {values.mean():+.1f} points (SE {error:.1f}, sets taken as independent)")
    print(
        f"  seconds: {np.median(ratios):.2f} of the {against}'s at the median, "
        f"{ratios.min():.2f} to {ratios.max():.2f}"
    )
    _correlations(cells, name, against, both)


def _correlations(cells: Cells, name: str, against: str, both: list[tuple[str, int, int]]) -> None:
    """Print rank correlations: over sizes in each corpus, and over sets of one size."""
    for corpus in sorted({k[0] for k in both}):
        sizes = sorted({k[1] for k in both if k[0] == corpus})
        means = [
            [
                np.mean([cells[who, *k]["f1"] for k in both if k[0] == corpus and k[1] == n])
                for n in sizes
            ]
            for who in (name, against)
        ]
        if len(sizes) > 2:
            rho = stats.spearmanr(*means).statistic
            print(f"  over {len(sizes)} sizes, {corpus}: rank correlation {rho:.2f}")
        for n in sizes:
            sets = [k for k in both if k[:2] == (corpus, n)]
            if len(sets) >= 6:
                one, two = ([cells[who, *k]["f1"] for k in sets] for who in (name, against))
                rho, p = stats.spearmanr(one, two)
                print(f"  over {len(sets)} sets of {n}, {corpus}: {rho:.2f} (P = {p:.2f})")


def _variants(cells: Cells) -> None:
    """Print each learner's mean rank and mean F1 over cells that all learners have."""
    learners = sorted({key[0] for key in cells})
    shared = [
        k
        for k in sorted({key[1:] for key in cells})
        if all((name, *k) in cells for name in learners)
    ]
    if not shared:
        print("\nno cell that all learners have")
        return
    f1 = np.array([[cells[name, *k]["f1"] for name in learners] for k in shared])
    corpora = [k[0] for k in shared]
    names = sorted(set(corpora))
    by_corpus = np.array([f1[[c == name for c in corpora]].mean(axis=0) for name in names])
    ranks = stats.rankdata(-by_corpus, axis=1)
    seconds = np.array([[cells[name, *k]["train_s"] for name in learners] for k in shared])
    print(f"\n{len(shared)} cells of {len(names)} corpora\n")
    print("| variant | mean rank | mean F1 | wins | seconds, mean |")
    print("| --- | --- | --- | --- | --- |")
    for i in np.argsort(ranks.mean(axis=0)):
        print(
            f"| {learners[i]} | {ranks[:, i].mean():.2f} | {by_corpus[:, i].mean():.4f} | "
            f"{int((ranks[:, i] == 1).sum())} | {seconds[:, i].mean():.1f} |"
        )


if __name__ == "__main__":
    main()
