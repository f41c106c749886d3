"""GLiNER through its own loading code, on a tiny model with random weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from suffice.corpus.document import Document

gliner = pytest.importorskip("gliner", reason="its last release does not go with our transformers")

pytestmark = [pytest.mark.train, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import AutoConfig, AutoModel, PreTrainedTokenizerFast

    place = tmp_path_factory.mktemp("gliner")
    special = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"]
    names = ("pad_token", "cls_token", "sep_token", "unk_token", "mask_token")
    cut = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    cut.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=120, special_tokens=special, show_progress=False)
    cut.train_from_iterator(["Bo met Orlex in May", "person organisation"], trainer)
    PreTrainedTokenizerFast(
        tokenizer_object=cut, **dict(zip(names, special, strict=True))
    ).save_pretrained(place / "encoder")
    config = AutoConfig.for_model(
        "bert",
        vocab_size=cut.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    AutoModel.from_config(config).save_pretrained(place / "encoder")
    settings = gliner.GLiNERConfig(
        model_name=str(place / "encoder"),
        hidden_size=32,
        max_width=6,
        max_len=100,
        span_mode="markerV0",
        dropout=0.0,
    )
    model = gliner.GLiNER.from_config(settings)
    model.save_pretrained(str(place / "model"), safe_serialization=True)
    return place / "model"


def test_it_is_asked_for_the_labels_and_offsets_are_those_of_the_document(folder: Path) -> None:
    from suffice.learners.gliner import GlinerTagger

    text = "Bo met Orlex in May. Then 🙂 Orlex grew. " * 60
    (found,) = GlinerTagger(folder, ["person", "organisation"], 0.0).tag([Document("a", text)])
    assert found == sorted(found)
    assert {span.label for span in found} <= {"person", "organisation"}
    # With no threshold it finds much, to the last sentence, though not all at once.
    assert max(span.end for span in found) > len(text) - 15
    assert all(text[span.start : span.end].strip() == text[span.start : span.end] for span in found)
