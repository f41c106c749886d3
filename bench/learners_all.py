"""Every learner on every shared corpus, at many sizes: F1 and seconds, cell by cell, resumable.

Sentences are the documents. A corpus's documents are parted at random (30 % for evaluation, of
whose sentences 400 are scored, always the same); training sets are random sentences of the rest,
the same for every learner. Seconds are CPU seconds of one thread in training; encoding, which all
runs of a learner share, is a line of its own. A cell that is in FILE already is not run again;
bench/results/learners.jsonl holds those of docs/measurements.md.

    python bench/learners_all.py FILE --learner probe --draws 3
    python bench/learners_all.py FILE --learner finetune --sizes 25 50 150 450 --draws 1
    python bench/learners_table.py FILE
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

import _corpora
from suffice.corpus.document import Document
from suffice.learners import registry
from suffice.scoring import count

CORPORA = (
    "ncbi_disease",
    "crossner_politics",
    "grobid_funding_ack",
    "bc5cdr",
    "wnut17",
    "btc_crowd",
    "crossner_science",
    "german_ler",
    "nubes_es",
)
_FEWEST = 200  # evaluation sentences; two small corpora have no others to choose by
SIZES = (25, 50, 150, 450, 1350)


def main() -> None:
    """Run the cells that are missing."""
    args = _arguments()
    torch.set_num_threads(1)
    deadline = time.monotonic() + 60 * args.minutes
    done = {_key(row) for row in read(args.file)}
    for draw in range(args.first_draw, args.first_draw + args.draws):
        for n in args.sizes:
            for name in args.corpus:
                if time.monotonic() > deadline:
                    return
                _cell(name, n, draw, done, args)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    shared = Path(os.environ.get("SUFFICE_SHARED", "../shared"))
    parser.add_argument("file", type=Path, help="where the cells are kept, a line of JSON each")
    parser.add_argument("--shared", type=Path, default=shared, help="the shared data folder")
    parser.add_argument("--corpus", nargs="+", default=list(CORPORA))
    parser.add_argument("--learner", default="probe")
    parser.add_argument("--as", dest="called", help="what the table calls it", default=None)
    parser.add_argument("--options", type=json.loads, default={}, help="of the learner, as JSON")
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES))
    parser.add_argument("--draws", type=int, default=3, help="training sets a size")
    parser.add_argument("--first-draw", type=int, default=0)
    parser.add_argument("--dev", action="store_true", help="score on other sentences, to choose by")
    parser.add_argument("--cache", type=Path, required=True, help="keep encodings here")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin no cell after these")
    return parser.parse_args()


def read(file: Path) -> list[dict[str, Any]]:
    """Return the cells of a file."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["learner"], row["corpus"], row["n"], row["draw"], row["dev"]


_parts: dict[tuple[str, bool], tuple[list[Document], list[Document]]] = {}
_learners: dict[str, Any] = {}


def parts(shared: Path, name: str, dev: bool) -> tuple[list[Document], list[Document]]:
    """Return a corpus's pool of sentences and its 400 evaluation sentences."""
    if (name, dev) not in _parts:
        documents = _corpora.read(shared, name)
        order = np.random.default_rng(30).permutation(len(documents)).tolist()
        cut = round(0.3 * len(documents))
        merge = "Disease" if name == "ncbi_disease" else None
        held = _corpora.as_sentences([documents[i] for i in sorted(order[:cut])], merge)
        pool = _corpora.as_sentences([documents[i] for i in sorted(order[cut:])], merge)
        # The first 400 are for the figures, others of the same documents are to choose by.
        mixed = np.random.default_rng(400).permutation(len(held)).tolist()
        chosen = mixed[400:800] if dev else mixed[:400]
        _parts[name, dev] = pool, [held[i] for i in chosen]
    return _parts[name, dev]


def _cell(name: str, n: int, draw: int, done: set[tuple[Any, ...]], args: Any) -> None:
    called = args.called or args.learner
    row: dict[str, Any] = {"learner": called, "corpus": name, "n": n, "draw": draw, "dev": args.dev}
    if _key(row) in done:
        return
    pool, evaluated = parts(args.shared, name, args.dev)
    if len(pool) < n or len(evaluated) < _FEWEST:
        return
    labels = sorted({s.label for d in [*pool, *evaluated] for s in d.spans})
    chosen = np.random.default_rng([n, draw]).permutation(len(pool))[:n].tolist()
    training = [pool[i] for i in chosen]
    learner = _learners.setdefault(called, registry.get(args.learner, args.options))
    times = [time.process_time()]
    learner.prepare([*training, *evaluated], args.cache)
    times.append(time.process_time())
    tagger = learner.train(training, labels, draw)
    times.append(time.process_time())
    counts = count(evaluated, tagger.tag(evaluated), labels)
    times.append(time.process_time())
    encode, train, tag = np.diff(times).round(2).tolist()
    row |= {"f1": counts.f1(), "status": tagger.status}
    row |= {"encode_s": encode, "train_s": train, "tag_s": tag}
    done.add(_key(row))
    with args.file.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    print(f"{called} {name} n={n} draw={draw}: F1 {row['f1']:.3f}, {train:.1f} s", flush=True)


if __name__ == "__main__":
    main()
