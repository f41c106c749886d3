"""A split that a corpus has of its own is told, with a command that uses it."""

from __future__ import annotations

import pytest

import suffice
from suffice.corpus.own_split import own_split, part_of

RECORD = '{{"id": "{0}", "text": "Bo {0}.", "spans": []{1}}}\n'


def corpus(path, *names):
    for name in names:
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(RECORD.format(name, ""))
    return path


def told(*paths):
    return own_split(paths, suffice.read(paths))


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("train.conll", "train"),
        ("eng.testa", "dev"),
        ("eng.testb", "test"),
        ("CDR_TrainingSet.PubTator.txt", "train"),
        ("NCBItestset_corpus.txt", "test"),
        ("validation-00000-of-00001.parquet", "dev"),
        ("wiki_dev_data.jsonl", "dev"),
        ("DEV", "dev"),
        ("latest.jsonl", None),
        ("testimony.txt", None),
        ("devices.txt", None),
        ("constraints.txt", None),
        ("train_and_test.jsonl", None),
    ],
)
def test_names_of_parts(name, part):
    assert part_of(name) == part


def test_files_of_a_folder(tmp_path):
    folder = corpus(tmp_path / "my corpus", "test.jsonl", "train.jsonl", "dev.jsonl")
    assert told(folder) == (
        "this corpus has a split of its own (train, dev, test): the study uses all documents; to "
        f"score on its test set, run `suffice run '{folder}/dev.jsonl' '{folder}/train.jsonl' "
        f"--evaluation '{folder}/test.jsonl'`"
    )


def test_folders_within_a_folder_and_files_one_by_one(tmp_path):
    folder = corpus(tmp_path / "c", "train/a.jsonl", "train/b.jsonl", "dev/a.jsonl")
    assert told(folder).endswith(f"run `suffice run {folder}/train --evaluation {folder}/dev`")
    paths = [folder / "train" / "a.jsonl", folder / "dev" / "a.jsonl"]
    assert told(*paths) is None
    corpus(tmp_path, "train.jsonl", "test.jsonl")
    paths = [tmp_path / "train.jsonl", tmp_path / "test.jsonl"]
    assert f"suffice run {paths[0]} --evaluation {paths[1]}" in told(*paths)


def test_no_split(tmp_path):
    assert told(corpus(tmp_path / "a", "train.jsonl", "more.jsonl")) is None
    assert told(corpus(tmp_path / "b", "test.jsonl", "dev.jsonl")) is None


@pytest.mark.parametrize("field", ["split", "subset", "partition"])
def test_a_field_of_the_records(field, tmp_path):
    path = tmp_path / "all.jsonl"
    values = ["train"] * 5 + ["testing"] * 2 + ["other"]
    path.write_text("".join(RECORD.format(i, f', "{field}": "{v}"') for i, v in enumerate(values)))
    note = told(path)
    assert "a split of its own (train 5, testing 2)" in note
    assert "write its testing records to one file and the others to another" in note
