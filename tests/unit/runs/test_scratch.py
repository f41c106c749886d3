"""Folders for runs of work that leaves none: kept when killed, gone when it is done."""

from __future__ import annotations

import os
import time

import pytest

from suffice.errors import StudyError
from suffice.runs.scratch import find_cache, open_cached_scratch, open_scratch


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return find_cache()


def test_it_lies_in_the_users_cache_by_what_was_asked_for_and_goes_at_the_end(cache):
    places = []
    for request in ([1, "a"], [1, "a"], [2, "a"]):
        with open_cached_scratch(request) as (store, folder):
            assert folder.parent == cache
            assert folder.stat().st_mode & 0o777 == 0o700
            assert store.run_ids() == set()
            (folder / "rows.npy").write_bytes(b"0")
            places.append(folder)
        assert not folder.exists()
    assert places[0] == places[1] != places[2]


def test_an_interrupt_leaves_it_and_an_error_does_not(tmp_path):
    folder = tmp_path / "s"
    with pytest.raises(KeyboardInterrupt), open_scratch(folder) as store:
        store.add_evaluation_set(["k"])
        raise KeyboardInterrupt
    with pytest.raises(ValueError, match="no"), open_scratch(folder) as store:
        assert len(store.evaluation_sets()) == 1
        raise ValueError("no")
    assert not folder.exists()


def test_who_does_the_same_work_at_the_same_time_has_another_place(cache):
    with open_cached_scratch("x") as (_, one), open_cached_scratch("x") as (_, other):
        assert one.parent == cache
        assert other.parent != cache
    assert not one.exists()
    assert not other.exists()
    with (
        open_scratch(one),
        pytest.raises(StudyError, match="already open for writing in this program"),
        open_scratch(one),
    ):
        pass


def test_what_nobody_came_back_for_is_deleted_after_a_week(cache):
    old, new = cache / "old", cache / "new"
    for folder, days in ((old, 8), (new, 6)):
        folder.mkdir(parents=True)
        then = time.time() - days * 24 * 3600
        os.utime(folder, (then, then))
    with open_cached_scratch("x"):
        pass
    assert not old.exists()
    assert new.exists()
