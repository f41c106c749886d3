"""Every architecture that people fine-tune: learnt, kept, loaded again; see `tiny.py`."""

from __future__ import annotations

import io
import json
import random
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from tokenizers import Tokenizer, pre_tokenizers

from suffice.corpus.document import Document
from suffice.corpus.examples import load_example
from suffice.errors import InputError
from suffice.learners.backbone import Backbone, find, load_tokenizer
from suffice.learners.finetuning.classifier import classifier
from suffice.learners.finetuning.finetune import Finetune
from suffice.learners.kept import load as load_saved
from suffice.learners.words import Piecer, word_offsets
from suffice.scoring import count

pytestmark = pytest.mark.train

NAMES = (
    "bert", "roberta", "xlm-roberta", "deberta-v2", "electra", "distilbert", "megatron-bert",
    "gpt2", "llama", "qwen2",
)  # fmt: skip
RECIPE = {
    "learning_rate": 2e-3, "min_steps": 300, "max_steps": 300, "batch_pieces": 250,
    "window": 60, "overlap": 20, "number_format": "float32",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_it_learns_is_kept_and_finds_the_same(name: str, tiny: ModuleType, tmp_path: Path) -> None:
    from transformers import (
        AutoModelForTokenClassification,
        AutoTokenizer,
        PreTrainedTokenizerFast,
    )

    corpus = load_example(n=20)
    backbone = tiny.checkpoint(name, tmp_path / "backbone")
    learner = Finetune({**RECIPE, "backbone": str(backbone)})
    tagger = learner.train(corpus.documents, corpus.labels, seed=1)
    bare = [replace(d, spans=()) for d in load_example(n=30).documents]
    found = tagger.tag(bare)
    assert count(corpus.documents, found[:20], corpus.labels).f1() >= 0.95

    kept = tmp_path / "kept"
    tagger.save(kept)
    assert json.loads((kept / "suffice.json").read_text())["tag_at"] == (
        "last piece" if name in tiny.DECODERS else "first piece"
    )
    assert load_saved(kept).tag(bare) == found
    model = AutoModelForTokenClassification.from_pretrained(kept, local_files_only=True)
    assert model.config.id2label == {0: "O", 1: "B-ORG", 2: "I-ORG", 3: "B-PERSON", 4: "I-PERSON"}
    ours = Tokenizer.from_file(str(backbone / "tokenizer.json"))
    # For Qwen2, AutoTokenizer always puts that model's own rules in the place of the file's.
    kind = PreTrainedTokenizerFast if name == "qwen2" else AutoTokenizer
    theirs = kind.from_pretrained(kept, local_files_only=True)
    texts = [document.text for document in bare]
    assert theirs(texts)["input_ids"] == [e.ids for e in ours.encode_batch(texts)]
    assert theirs(texts, padding=True, return_tensors="pt")["input_ids"].shape[0] == 30


@pytest.mark.parametrize("kind", ["wordpiece", "byte-level", "byte-level <s>", "unigram <s>"])
def test_the_pieces_of_a_word_are_its_own_and_spell_it(kind: str, tiny: ModuleType) -> None:
    tokenizer = tiny.tokenizer(kind)
    piecer = Piecer(tokenizer)
    dice = random.Random(7)
    texts = [tiny.odd_text(dice) for _ in range(50)] + ["Co.,) S.p.A., (“X”), don't", "Inc.,"]
    for text, pieces in zip(texts, piecer(texts), strict=True):
        words = word_offsets(text)
        assert (pieces.last > pieces.first).all() or "\u200b" in text
        if kind != "wordpiece":  # of which an unknown word is one piece
            assert (pieces.first[1:] >= pieces.last[:-1]).all(), "a piece bears two words' tags"
        if kind.startswith("byte-level"):
            for (start, end), a, b in zip(words.tolist(), pieces.first, pieces.last, strict=True):
                spelt = "".join(tokenizer.id_to_token(i) for i in pieces.ids[a:b].tolist())
                signs = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
                ((bytes_of_word, _),) = signs.pre_tokenize_str(text[start:end])
                assert spelt.removeprefix("Ġ") == bytes_of_word


def test_pickled_weights_are_refused(tiny: ModuleType, tmp_path: Path) -> None:
    import torch

    folder = tiny.checkpoint("roberta", tmp_path)
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    with pytest.raises(InputError, match=r"no safetensors weights \(pickled .* never loaded\)"):
        Finetune({"backbone": str(folder)}).train([], ["ORG"], seed=1)


def test_code_that_comes_with_a_checkpoint_is_never_run(tiny: ModuleType, tmp_path: Path) -> None:
    folder = tiny.checkpoint("bert", tmp_path)
    config = json.loads((folder / "config.json").read_text())
    config["model_type"] = "odd"
    config["auto_map"] = {
        "AutoConfig": "odd.OddConfig", "AutoModelForTokenClassification": "odd.OddModel"
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "odd.py").write_text("raise SystemExit('it ran')")
    with pytest.raises(InputError, match="code of its own, which is never run"):
        Finetune({"backbone": str(folder)}).train([Document("a", "b")], ["ORG"], seed=1)


def test_a_checkpoint_that_lacks_weights_is_refused(tiny: ModuleType, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = tiny.checkpoint("bert", tmp_path)
    weights = load_file(folder / "model.safetensors")
    del weights["encoder.layer.1.output.dense.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(InputError, match=r"1 of the backbone's weights are missing .*layer\.1"):
        Finetune({"backbone": str(folder)}).train([Document("a", "b")], ["ORG"], seed=1)


def test_an_architecture_without_token_classifier_is_refused(tmp_path: Path) -> None:
    from transformers import CLIPTextConfig, CLIPTextModel

    sizes = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "vocab_size": 50}
    CLIPTextModel(CLIPTextConfig(num_attention_heads=1, **sizes)).save_pretrained(tmp_path)
    with pytest.raises(InputError, match="no token classifier for this architecture"):
        Finetune({"backbone": str(tmp_path)}).train([Document("a", "b")], ["ORG"], seed=1)


ODD = "Ana paid Quilliq GmbH, Inc., (CSC)."


@pytest.mark.parametrize(("name", "kind"), [("bert", "wordpiece"), ("roberta", "byte-level <s>")])
def test_a_slow_tokenizer_is_converted(
    name: str, kind: str, tiny: ModuleType, tmp_path: Path
) -> None:
    known = tiny.tokenizer(kind)
    known.model.save(str(tmp_path))
    (tmp_path / "config.json").write_text(json.dumps({"model_type": name}))
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": False}))
    found = load_tokenizer(Backbone("slow", tmp_path, ""))
    assert found.encode(ODD).ids == known.encode(ODD).ids


@pytest.mark.parametrize(
    ("name", "file"), [("xlm-roberta", "sentencepiece.bpe.model"), ("deberta-v2", "spm.model")]
)
def test_a_sentencepiece_model_is_converted(name: str, file: str, tmp_path: Path) -> None:
    sentencepiece = pytest.importorskip("sentencepiece")
    trained = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([d.text for d in load_example(n=60).documents]),
        model_writer=trained,
        vocab_size=400,
        minloglevel=2,
    )
    (tmp_path / file).write_bytes(trained.getvalue())
    (tmp_path / "config.json").write_text(json.dumps({"model_type": name}))
    theirs = sentencepiece.SentencePieceProcessor(model_proto=trained.getvalue())
    found = load_tokenizer(Backbone("slow", tmp_path, ""))
    assert found.encode(ODD, add_special_tokens=False).tokens == theirs.encode(ODD, out_type=str)


def test_a_backbone_without_tokenizer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(InputError, match=r"has no tokenizer; save its tokenizer\.json"):
        load_tokenizer(Backbone("none", tmp_path, ""))
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(InputError, match="cannot be read or converted"):
        load_tokenizer(Backbone("broken", tmp_path, ""))


@pytest.mark.parametrize(
    ("name", "limit"), [("bert", 128), ("roberta", 128), ("deberta-v2", 128), ("gpt2", 128)]
)
def test_all_positions_are_used_and_no_more(
    name: str, limit: int, tiny: ModuleType, tmp_path: Path
) -> None:
    import torch

    backbone = find(str(tiny.checkpoint(name, tmp_path)))
    o = Finetune({"backbone": str(tmp_path), "window": 5000}).options
    model, cutter = classifier(backbone, ("O", "B-ORG", "I-ORG"), o)
    text = " ".join(d.text for d in load_example(n=8).documents)
    jobs = cutter.jobs([Document("long", text)])
    assert max(len(job.ids) for job in jobs) == limit
    assert np.concatenate([job.words for job in jobs]).tolist() == list(
        range(len(word_offsets(text)))
    )
    with torch.inference_mode():
        model(**cutter.inputs(jobs, torch.device("cpu")))


def test_a_decoder_reads_a_word_off_where_it_has_seen_all_of_it(
    tiny: ModuleType, tmp_path: Path
) -> None:
    backbone = find(str(tiny.checkpoint("gpt2", tmp_path)))
    o = Finetune({"backbone": str(tmp_path), "window": 30, "overlap": 10}).options
    _, cutter = classifier(backbone, ("O", "B-ORG", "I-ORG"), o)
    text = " ".join(d.text for d in load_example(n=3).documents)
    jobs = cutter.jobs([Document("long", text)])
    assert len(jobs) > 3
    ends = word_offsets(text)[:, 1]
    (pieces,) = Piecer(load_tokenizer(backbone))([text])
    for number, job in enumerate(jobs):
        begin = max(0, min(20 * number, len(pieces.ids) - 30))
        assert (job.places + begin == pieces.last[job.words] - 1).all()
        if number:
            assert (job.places >= 10).all(), "a word is read off with hardly any context"
    assert len(np.concatenate([job.words for job in jobs])) == len(ends)
