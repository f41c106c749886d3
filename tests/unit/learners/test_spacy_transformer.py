"""The transformer of the spaCy learner: any encoder, its gradients, its windows, kept whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from suffice.corpus.document import Document
from suffice.errors import InputError
from suffice.learners import kept
from suffice.learners.spacy.pipeline import Spacy
from suffice.scoring import count

pytestmark = pytest.mark.train

WIDTH = 32


def checkpoint(kind: str, folder: Path, texts: list[str]) -> Path:
    """Write a tiny encoder with random weights, and a tokenizer of its kind."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
    from transformers import AutoConfig, AutoModel, PreTrainedTokenizerFast

    special = ["<pad>", "<s>", "</s>", "<unk>"]
    if kind == "gpt2":
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        trainer = trainers.BpeTrainer(
            vocab_size=400,
            special_tokens=special,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
    else:
        tokenizer = Tokenizer(models.WordPiece(unk_token="<unk>"))
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(
            vocab_size=200, special_tokens=special, show_progress=False
        )
    tokenizer.train_from_iterator(texts, trainer)
    if kind != "gpt2":
        tokenizer.post_processor = processors.BertProcessing(("</s>", 2), ("<s>", 1))
    settings = {
        "gpt2": {"n_embd": WIDTH, "n_layer": 2, "n_head": 2, "n_positions": 64},
        "distilbert": {"dim": WIDTH, "n_layers": 2, "n_heads": 2, "hidden_dim": 64},
    }.get(
        kind,
        {
            "hidden_size": WIDTH,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "intermediate_size": 64,
            "max_position_embeddings": 66,
        },
    )
    config = AutoConfig.for_model(
        kind, vocab_size=tokenizer.get_vocab_size(), pad_token_id=0, **settings
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        AutoModel.from_config(config).save_pretrained(folder)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>").save_pretrained(folder)
    return folder


def options(folder: Path, **changed: object) -> dict[str, object]:
    return {
        "architecture": "transformer",
        "backbone": str(folder),
        "max_steps": 60,
        "eval_frequency": 60,
        "warmup": 10,
        "batch_words": 250,
        "accumulate": 1,
        "learning_rate": 5e-3,
        "dropout": 0.0,
        **changed,
    }


@pytest.mark.parametrize("kind", ["bert", "gpt2", "distilbert", "deberta-v2"])
def test_any_encoder_learns_and_is_kept_whole(
    kind: str, toy: list[Document], tmp_path: Path
) -> None:
    folder = checkpoint(kind, tmp_path / "backbone", [d.text for d in toy])
    tagger = Spacy(options(folder)).train(toy, ["ORG"], 1)
    found = tagger.tag(toy)
    assert count(toy, found, ["ORG"]).f1() >= 0.95
    target = tmp_path / "kept"
    target.mkdir()
    tagger.save(target)
    for file in folder.iterdir():
        file.unlink()
    assert kept.load(target).tag(toy) == found
    assert tagger.tag(toy) == found


def test_the_same_seed_gives_the_same_weights(toy: list[Document], tmp_path: Path) -> None:
    import torch

    folder = checkpoint("bert", tmp_path, [d.text for d in toy])
    torch.manual_seed(9)
    expected = torch.rand(3)
    torch.manual_seed(9)
    learner = Spacy(options(folder, max_steps=3))
    one, two, other = (
        learner.train(toy, ["ORG"], seed).nlp.get_pipe("ner").model.to_bytes() for seed in (1, 1, 2)
    )
    assert one == two != other
    assert torch.equal(torch.rand(3), expected), "training left the random state changed"


def test_vectors_are_means_of_pieces_and_gradients_are_right(
    toy: list[Document], tmp_path: Path
) -> None:
    """Against transformers itself, and against finite differences."""
    import spacy
    import torch
    from transformers import AutoModel, PreTrainedTokenizerFast

    from suffice.learners.spacy.transformer import transformer

    folder = checkpoint("bert", tmp_path, [d.text for d in toy])
    layer = transformer(str(folder), WIDTH)
    layer.initialize()
    text = toy[0].text
    doc = spacy.blank("xx")(text)
    (vectors,) = layer.predict([doc])

    model = AutoModel.from_pretrained(folder).eval()
    cut = PreTrainedTokenizerFast.from_pretrained(folder)(text, return_offsets_mapping=True)
    with torch.no_grad():
        states = model(torch.tensor([cut["input_ids"]])).last_hidden_state[0].numpy()
    for token, vector in zip(doc, vectors, strict=True):
        own = [
            i
            for i, (a, b) in enumerate(cut["offset_mapping"])
            if a < token.idx + len(token) and b > token.idx
        ]
        np.testing.assert_allclose(vector, states[own].mean(axis=0), atol=1e-5)

    module = layer.shims[0]._model
    for part in module.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.0
    weight = module.model.embeddings.LayerNorm.bias
    wanted = np.random.default_rng(1).normal(size=vectors.shape).astype(np.float32)
    _, backprop = layer.begin_update([doc])
    backprop([wanted])
    step, (plus, minus) = 1e-2, ([], [])
    for sign, results in ((1, plus), (-1, minus)):
        with torch.no_grad():
            weight[3] += sign * step
        results.append(float((layer.predict([doc])[0].astype(np.float64) * wanted).sum()))
        with torch.no_grad():
            weight[3] -= sign * step
    slope = (plus[0] - minus[0]) / (2 * step)
    assert float(weight.grad[3]) == pytest.approx(slope, rel=0.01)


def test_long_texts_are_read_in_windows(long_document: Document, tmp_path: Path) -> None:
    import spacy

    from suffice.learners.spacy.transformer import transformer

    folder = checkpoint("roberta", tmp_path, [long_document.text])
    layer = transformer(str(folder), WIDTH, 500, 16)
    layer.initialize()
    nlp = spacy.blank("xx")
    empty, doc, short = nlp(""), nlp(long_document.text), nlp("we saw")
    found = layer.predict([empty, doc, short])
    assert [v.shape for v in found] == [(0, WIDTH), (len(doc), WIDTH), (2, WIDTH)]
    assert (np.abs(found[1]).sum(axis=1) > 0).all()
    alone = layer.predict([doc])[0]
    np.testing.assert_allclose(found[1], alone, atol=1e-5)


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert", "hidden_size": 32}')
    (tmp_path / "pytorch_model.bin").touch()
    with pytest.raises(InputError, match="pickled weights are never loaded"):
        Spacy(options(tmp_path)).train([Document("a", "b")], ["ORG"], 1)
