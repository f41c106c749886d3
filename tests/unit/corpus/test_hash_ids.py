"""Ids that identify people are hashed while reading: nothing after it knows them."""

import json
import re

import pytest

from suffice.corpus import read
from suffice.corpus.texts import read_texts
from suffice.errors import CorpusError

RECORDS = [
    {"id": "MRN-4711-a", "group": "MRN-4711", "text": "Bo works at Acme.", "spans": []},
    {"id": "MRN-4711-b", "group": "MRN-4711", "text": "Acme paid Bo.", "spans": []},
    {"id": "MRN-0815", "group": "MRN-0815", "text": "None.", "spans": []},
    {"text": "Without an id.", "spans": []},
]


@pytest.fixture
def notes(tmp_path):
    path = tmp_path / "notes.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in RECORDS))
    return path


def test_same_documents_and_groups_under_other_names(notes):
    plain, hashed = read(notes), read(notes, hash_ids=True)
    assert [d.text for d in hashed] == [d.text for d in plain]
    assert [d.id for d in hashed][3] == [d.id for d in plain][3]  # of its text as always
    names = [d.id for d in hashed][:3] + [d.group for d in hashed][:3]
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in names)
    assert len({*names}) == 5  # three ids, two groups; an id is not told by its group
    assert "MRN" not in repr([vars(document) for document in hashed])
    assert hashed.documents[3].group is None


def test_every_reader_gives_an_id_the_same_hash(notes, tmp_path):
    other = tmp_path / "again.jsonl"
    other.write_text("".join(json.dumps(r) + "\n" for r in reversed(RECORDS)))
    first, second = read(notes, hash_ids=True), read(other, hash_ids=True)
    assert {d.id for d in first} == {d.id for d in second}
    texts = read_texts(notes, hash_ids=True)
    assert [(d.id, d.group) for d in texts] == [(d.id, d.group) for d in first]


def test_messages_do_not_name_them_either(notes):
    with notes.open("a") as file:
        file.write(json.dumps(RECORDS[0]) + "\n")
    with pytest.raises(CorpusError, match="MRN-4711-a"):
        read(notes)
    with pytest.raises(CorpusError, match=r"line 5: the id '[0-9a-f]{16}' is already") as caught:
        read(notes, hash_ids=True)
    assert "MRN" not in str(caught.value)
