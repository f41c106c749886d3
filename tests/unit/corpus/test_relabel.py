"""Rules on labels and a corpus of several files: what they leave out of one file is said."""

import suffice
from tests.unit.corpus.annotated import write


def test_a_part_of_a_corpus_of_which_nothing_is_kept_is_said(tmp_path):
    one = write(tmp_path / "one.jsonl", ["PER", "PER", "LOC"])
    two = write(tmp_path / "two.jsonl", ["PERSON", "PERSON"], ids=("3", "4"))
    notes = suffice.read([one, two], labels="PER").notes
    assert any("two.jsonl: --labels leaves out all of its spans (PERSON 4)" in n for n in notes)
    merged = suffice.read([one, two], labels="PER,PERSON=PER,LOC").notes
    assert not any("--labels" in note for note in (*merged, *suffice.read(one, labels="PER").notes))


def test_of_many_files_the_number_is_said(tmp_path):
    paths = [write(tmp_path / f"{i}.jsonl", ["PER"], ids=(f"a{i}",)) for i in range(3)]
    paths += [write(tmp_path / f"b{i}.jsonl", ["PERSON"], ids=(f"b{i}",)) for i in range(5)]
    (note,) = (n for n in suffice.read(paths, labels="PER").notes if "--labels" in n)
    assert note == "files all of whose spans --labels leaves out: 5 of 8 (PERSON 5)"
