from __future__ import annotations

import subprocess
import sys
import zlib

import numpy as np

from suffice.learners.probing.lexicon import KINDS, N_FLAGS, lexical, shape
from suffice.learners.probing.network import Vocabulary


def test_shapes() -> None:
    assert [shape(w) for w in ("Roberta", "HLA", "B27", "iPhone", "2024", "-", "Ünal")] == [
        "Xxx",
        "XX",
        "Xdd",
        "xXxx",
        "dd",
        "-",
        "Xxx",
    ]


def test_hashes_are_the_same_in_every_process() -> None:
    hashes, _ = lexical("Anna takes 10mg")
    assert hashes[0, KINDS.index("form")] == zlib.crc32(b"anna")
    code = (
        "from suffice.learners.probing.lexicon import lexical;"
        "print(lexical('Anna takes 10mg')[0].sum())"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert int(told.stdout) == int(hashes.sum())


def test_casing_is_seen_that_an_uncased_backbone_does_not_see() -> None:
    (lower, _), (upper, _) = (lexical(t) for t in ("us army", "US Army"))
    assert (lower[:, 0] == upper[:, 0]).all()
    one, two = lexical("us army")[1], lexical("US Army")[1]
    assert one.shape == (2, N_FLAGS)
    assert (one != two).any(axis=1).all()


def test_words_that_training_has_not_seen_share_one_number() -> None:
    vocabulary = Vocabulary.of(lexical("Anna met Bob")[0])
    known, new = vocabulary(lexical("Bob met Anna")[0]), vocabulary(lexical("Zoë 77")[0])
    assert len(set(known[:, 0].tolist())) == 3
    assert (known > 0).all()
    assert (new[:, 0] == 0).all()
    empty = Vocabulary.of(np.zeros((0, len(KINDS)), dtype=np.uint32))
    assert (empty(lexical("Anna")[0]) == 0).all()
    assert empty.sizes == [1] * len(KINDS)
