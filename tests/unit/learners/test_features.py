from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import numpy as np
import pytest

from suffice.learners.probing.features import FeatureStore, text_key

TEXTS = ["one two three", "four", ""]


def rows(text: str) -> np.ndarray:
    n = len(text.split())
    return (np.arange(n * 4).reshape(n, 4) + len(text)).astype(np.float16)


def test_what_was_written_is_read_by_others(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "recipe"
    reader = FeatureStore(folder)
    FeatureStore(folder).add((t, rows(t)) for t in TEXTS)
    assert TEXTS[0] not in reader
    reader.refresh()
    for text in TEXTS:
        found = reader.get(text)
        assert found is not None
        assert np.array_equal(found, rows(text))
    assert reader.get("never seen") is None
    assert isinstance(reader.get(TEXTS[0]), np.memmap)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_writers_add_to_one_store(tmp_path: Path) -> None:
    first, second = FeatureStore(tmp_path), FeatureStore(tmp_path)
    first.add(iter([(TEXTS[0], rows(TEXTS[0]))]))
    second.add((t, rows(t)) for t in TEXTS)
    first.refresh()
    assert all(np.array_equal(first.get(t), rows(t)) for t in TEXTS)


@pytest.mark.parametrize("damage", ["no index", "no rows", "cut rows", "cut index", "pickle"])
def test_a_damaged_shard_is_as_good_as_absent(tmp_path: Path, damage: str) -> None:
    FeatureStore(tmp_path).add((t, rows(t)) for t in TEXTS)
    (index,) = tmp_path.glob("*.json")
    (shard,) = tmp_path.glob("*.npy")
    if damage == "no index":
        index.unlink()
    elif damage == "no rows":
        shard.unlink()
    elif damage == "cut rows":
        os.truncate(shard, shard.stat().st_size - 8)
    elif damage == "cut index":
        os.truncate(index, 20)
    else:
        np.save(shard, np.array([[{}]], dtype=object), allow_pickle=True)
    store = FeatureStore(tmp_path)
    assert store.get(TEXTS[0]) is None
    store.add((t, rows(t)) for t in TEXTS)
    assert np.array_equal(store.get(TEXTS[0]), rows(TEXTS[0]))


def test_rows_of_another_length_than_the_text_are_not_used(tmp_path: Path) -> None:
    store = FeatureStore(tmp_path)
    store.add(iter([("one two", rows("one two three"))]))
    assert store.get("one two") is None


def test_the_index_holds_no_text(tmp_path: Path) -> None:
    FeatureStore(tmp_path).add((t, rows(t)) for t in TEXTS)
    (index,) = tmp_path.glob("*.json")
    content = index.read_text()
    assert "three" not in content
    assert set(json.loads(content)["rows"]) == {text_key(t) for t in TEXTS}
