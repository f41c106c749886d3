"""Folders and zip archives are read alike; what leads out of an archive, or swells, is refused."""

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffice.corpus import read
from suffice.corpus.formats.filenames import id_of, is_kept, stem_of
from suffice.errors import CorpusError

LINE = b'{"id": "%s", "text": "Bo works at Acme.", "spans": [{"start": 0, "end": 2, "label": "P"}]}'


def archive(path, members, **attributes):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            for key, value in attributes.items():
                setattr(info, key, value)
            out.writestr(info, data, zipfile.ZIP_DEFLATED)
    return path


def test_an_archive_is_read_as_the_folder_it_was_made_of(tmp_path):
    files = {"b/two.jsonl": LINE % b"2", "a.jsonl": LINE % b"1", ".hidden/x.jsonl": b"nonsense"}
    for name, data in {**files, "readme.txt": b"words"}.items():
        (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "folder" / name).write_bytes(data)
    path = archive(tmp_path / "c.zip", {**files, "readme.txt": b"words", "__MACOSX/._a": b"\0"})
    assert [d.id for d in read(path)] == ["1", "2"]
    assert read(path).documents == read(tmp_path / "folder").documents
    assert "passed over (readme.txt): 1" in read(path).notes[0]
    assert "passed over (readme.txt): 1" in read(tmp_path / "folder").notes[0]


@pytest.mark.parametrize("name", ["../a.jsonl", "/a.jsonl", "a/../../b.jsonl", "C:/a.jsonl"])
def test_names_that_lead_out_of_an_archive_are_refused(tmp_path, name):
    path = archive(tmp_path / "c.zip", {"a.jsonl": LINE % b"1", name: LINE % b"2"})
    with pytest.raises(CorpusError, match=r"c\.zip: the archive holds a name that leads out of it"):
        read(path)


def test_links_locks_bombs_and_office_documents_are_refused(tmp_path):
    link = archive(tmp_path / "l.zip", {"a.jsonl": b"/etc/passwd"}, external_attr=0o120777 << 16)
    with pytest.raises(CorpusError, match="the archive holds a link"):
        read(link)
    locked = bytearray(archive(tmp_path / "p.zip", {"a.jsonl": LINE % b"1"}).read_bytes())
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "p.zip").write_bytes(locked)
    with pytest.raises(CorpusError, match="locked with a password"):
        read(tmp_path / "p.zip")
    bomb = archive(tmp_path / "b.zip", {"a.jsonl": LINE % b"1" + b" " * (70 << 20)})
    with pytest.raises(CorpusError, match="expands more than 200-fold"):
        read(bomb)
    office = archive(tmp_path / "o.docx", {"[Content_Types].xml": b"<x/>", "word/d.xml": b"<x/>"})
    with pytest.raises(CorpusError, match="is an office document"):
        read(office)
    with pytest.raises(CorpusError, match="the archive holds no files"):
        read(archive(tmp_path / "e.zip", {}))


def test_a_member_without_a_name_and_an_offset_before_the_beginning(tmp_path):
    """Both were found by bench/fuzz.py."""
    data = archive(tmp_path / "c.zip", {"x": LINE % b"1", "a.jsonl": LINE % b"2"}).read_bytes()
    central = data.index(b"PK\x01\x02")
    nameless = bytearray(data)
    nameless[central + 28] = 0  # the length of the first name; its letter becomes extra data
    nameless[central + 30] = 1
    shifted = bytearray(data)
    end = data.rindex(b"PK\x05\x06")
    shifted[end + 16 : end + 20] = (len(data) * 2).to_bytes(4, "little")  # where the list begins
    for bad in (nameless, shifted):
        (tmp_path / "c.zip").write_bytes(bad)
        with pytest.raises(CorpusError, match="cut short or damaged"):
            read(tmp_path / "c.zip")


def test_cut_and_damaged_archives(tmp_path):
    whole = archive(tmp_path / "c.zip", {f"{i}.jsonl": LINE % str(i).encode() for i in range(9)})
    data = whole.read_bytes()
    for cut in range(4, len(data), 37):
        whole.write_bytes(data[:cut])
        with pytest.raises(CorpusError, match="cut short or damaged"):
            read(whole)
    place = data.index(b"Bo works") if b"Bo works" in data else 60
    whole.write_bytes(data[:place] + b"\xff\xff\xff" + data[place + 3 :])
    with pytest.raises(CorpusError, match="cut short or damaged"):
        read(whole)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_every_id_has_a_file_name_and_comes_back(id):
    stem = stem_of(id)
    assert not set(stem) & set('/\\:*?"<>|\0\n') and stem not in (".", "..")
    assert len(stem.encode()) <= 150
    assert id_of(stem) == id or not is_kept(id)
    assert is_kept(id) or len(id.encode()) > 40


def test_names_that_tools_gave_are_ids_as_they_are():
    assert [id_of(s) for s in ("plain", "50%", "a%2", "100%25")] == ["plain", "50%", "a%2", "100%"]
    assert id_of("%C3") == "%C3"
