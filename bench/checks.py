"""Prints what the checks on strings find of faults that were planted in real corpora.

python bench/checks.py [--shared ../shared] [CORPUS ...]

Three kinds of fault, each by itself: one in a hundred spans taken away, one in a hundred labels
changed for another one of the corpus, and one in twenty documents left without the second half of
its spans. For each: how many were planted, which share of them is found (those that the rule can
see at all, apart), and which share of what is new among the findings was planted.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

import suffice
from suffice.corpus.corpus import Corpus
from suffice.corpus.document import Document, Span

NAMES = ["ncbi_disease", "bc5cdr", "grobid_funding_ack", "wnut17", "german_ler", "nubes_es"]
Place = tuple[str, int | None, int | None]


def found(corpus: Corpus, check: str) -> set[Place]:
    """Return the doubtful places of a check."""
    finding = suffice.inspect(corpus).finding(check)
    cases = () if finding is None else finding.cases
    return {(p.document, p.start, p.end) for c in cases for p in c.places[: c.count]}


def planted(
    corpus: Corpus, rng: np.random.Generator, labels: tuple[str, ...] = ()
) -> tuple[Corpus, set[Place]]:
    """Take one in a hundred spans away, or give it another label."""
    places: set[Place] = set()
    documents = []
    for document in corpus:
        spans = []
        for span in document.spans:
            if rng.random() >= 0.01:
                spans.append(span)
                continue
            places.add((document.id, span.start, span.end))
            if labels:
                others = [label for label in labels if label != span.label]
                spans.append(Span(span.start, span.end, str(rng.choice(others))))
        documents.append(replace(document, spans=tuple(sorted(spans))))
    return replace(corpus, documents=tuple(documents)), places


def halved(corpus: Corpus, rng: np.random.Generator) -> tuple[Corpus, set[str]]:
    """Take the second half of the spans away from one in twenty documents with four or more."""
    names: set[str] = set()
    documents: list[Document] = []
    for document in corpus:
        if len(document.spans) >= 4 and rng.random() < 0.05:
            names.add(document.id)
            half = document.spans[: len(document.spans) // 2]
            document = replace(document, spans=half)
        documents.append(document)
    return replace(corpus, documents=tuple(documents)), names


def frequent(corpus: Corpus, places: set[Place]) -> set[Place]:
    """Return the places whose string is labelled at least four times in the sound corpus."""
    texts = {d.id: d.text for d in corpus}
    counts = Counter(d.text[s.start : s.end] for d in corpus for s in d.spans)
    return {(d, a, b) for d, a, b in places if counts[texts[d][a:b]] >= 4}


def row(corpus: Corpus, what: str, check: str, bad: Corpus, places: set[Place]) -> None:
    """Print one line."""
    after = found(bad, check)
    new = after - found(corpus, check)
    seen = frequent(corpus, places)
    share = len(seen & after) / len(seen) if seen else float("nan")
    precision = len(new & places) / len(new) if new else float("nan")
    print(
        f"{corpus.name:20} {what:14} {len(places):>7,} {len(places & after) / len(places):>7.2f} "
        f"{share:>9.2f} {precision:>9.2f}",
        flush=True,
    )


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = Path(os.environ.get("SUFFICE_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("corpora", nargs="*", default=NAMES)
    arguments = parser.parse_args()
    print("corpus               fault          planted   found  of seen≥4  planted of new")
    for name in arguments.corpora:
        corpus = suffice.read(arguments.shared / "corpora" / f"{name}.jsonl.gz")
        rng = np.random.default_rng(0)
        row(corpus, "span away", "unlabelled repeats", *planted(corpus, rng))
        labels = corpus.labels
        if len(labels) > 1:
            row(corpus, "other label", "several labels", *planted(corpus, rng, labels))
        bad, names = halved(corpus, rng)
        before = {d for d, *_ in found(corpus, "stops early")}
        after = {d for d, *_ in found(bad, "stops early")}
        hit = len(after & names) / len(names) if names else float("nan")
        false = len(after - names - before)
        print(f"{name:20} half away      {len(names):>7,} {hit:>7.2f}   false: {false}")


if __name__ == "__main__":
    main()
