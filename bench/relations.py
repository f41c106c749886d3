"""Score `suffice.applications.relations` on the hand-written test set, with names marked by hand.

``python bench/relations.py --part open --errors`` prints precision, recall and F1 of rows, by kind
and by style, the statements that come out exactly right, and every row that is wrong or missed.
A part whose errors were looked at is spent: what it says from then on flatters. ``--model FOLDER``
takes the names that a kept model finds in place of those marked by hand, and scores these, too.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from _tools import read, score


def _line(name: str, c: score.Counts) -> str:
    return f"{name:22}{c.precision:>9.3f}{c.recall:>8.3f}{c.f1:>7.3f}{c.found:>7}{c.expected:>9}"


def main() -> None:
    """Score a part and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=read.PARTS, default="open")
    parser.add_argument("--model", type=Path, help="take the names that this kept model finds")
    parser.add_argument("--errors", action="store_true", help="list rows that are wrong or missed")
    asked = parser.parse_args()
    found = score.score(asked.part, asked.model)
    print(f"{'':22}precision  recall     F1  found expected")
    if asked.model is not None:
        print(_line("names", found.names))
    print(_line("all rows", found.rows))
    for title, parts in (("kind", found.kinds), ("style", found.styles)):
        print(f"by {title}")
        for name, counts in parts.items():
            print(_line(f"  {name}", counts))
    print("precision by rule")
    for name, counts in sorted(found.rules.items()):
        print(f"  {name:20}{counts.precision:>9.3f}{counts.right:>14} of {counts.found}")
    mean = [sum(x) / len(x) for x in (found.macro_precision, found.macro_recall)]
    print(f"mean over statements: precision {mean[0]:.3f}, recall {mean[1]:.3f}")
    print(f"statements exactly right: {found.exact} of {found.statements}")
    kinds = Counter(k[2] for _, wrong, _ in found.errors for k, _ in wrong)
    if asked.errors:
        for statement, wrong, missed in found.errors:
            print(f"\n{statement.id} {statement.style}\n  {statement.text}")
            for key, rule in wrong:
                print(f"    wrong  {key[2]} | {key[0]} | {key[1]}   ({rule})")
            for key in missed:
                print(f"    missed {key[2]} | {key[0]} | {key[1]}")
        print("\nwrong rows by kind:", dict(kinds))


if __name__ == "__main__":
    main()
