"""Tiny checkpoints of the architectures that people fine-tune: random weights, a tokenizer made
of the bundled example, written to disk as a user would have them."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from suffice.corpus.examples import load_example

WIDTH, LAYERS, HEADS = 64, 2, 2
_SIZES = {
    "hidden_size": WIDTH,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "intermediate_size": 2 * WIDTH,
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
}
_BERT = {"max_position_embeddings": 128, "pad_token_id": 0}
_LLAMA = {
    "hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
    "intermediate_size": 2 * WIDTH, "num_key_value_heads": 1, "max_position_embeddings": 128,
    "bos_token_id": 0, "eos_token_id": 0, "pad_token_id": None,
}  # fmt: skip
_SPECIAL = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
_ANGLES = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}

ARCHITECTURES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "bert": ("Bert", "wordpiece", {**_SIZES, **_BERT}),
    "roberta": (
        "Roberta", "byte-level <s>",
        {**_SIZES, "max_position_embeddings": 130, "pad_token_id": 1, "type_vocab_size": 1},
    ),
    "xlm-roberta": (
        "XLMRoberta", "unigram <s>",
        {**_SIZES, "max_position_embeddings": 130, "pad_token_id": 1, "type_vocab_size": 1},
    ),
    "deberta-v2": (
        "DebertaV2", "unigram [CLS]",
        {
            **_SIZES, "max_position_embeddings": 128, "pad_token_id": 0, "type_vocab_size": 0,
            "relative_attention": True, "position_biased_input": False, "position_buckets": 32,
            "pos_att_type": ["p2c", "c2p"], "norm_rel_ebd": "layer_norm", "share_att_key": True,
        },
    ),
    "electra": ("Electra", "wordpiece", {**_SIZES, **_BERT, "embedding_size": 32}),
    "distilbert": (
        "DistilBert", "wordpiece",
        {
            "dim": WIDTH, "n_layers": LAYERS, "n_heads": HEADS, "hidden_dim": 2 * WIDTH,
            "max_position_embeddings": 128, "pad_token_id": 0, "dropout": 0.0,
            "attention_dropout": 0.0,
        },
    ),
    "megatron-bert": ("MegatronBert", "wordpiece", {**_SIZES, **_BERT}),
    "gpt2": (
        "GPT2", "byte-level",
        {
            "n_embd": WIDTH, "n_layer": LAYERS, "n_head": HEADS, "n_positions": 128,
            "bos_token_id": 0, "eos_token_id": 0, "resid_pdrop": 0.0, "embd_pdrop": 0.0,
            "attn_pdrop": 0.0,
        },
    ),
    "llama": ("Llama", "byte-level", _LLAMA),
    "qwen2": ("Qwen2", "byte-level", _LLAMA),
}  # fmt: skip
"""Name, kind of tokenizer, and configuration of each."""

DECODERS = frozenset({"gpt2", "llama", "qwen2"})


def _frequent(split: Any) -> tuple[list[str], list[str]]:
    """Return the frequent words of the example, as a pre-tokenizer has them, and all signs."""
    counts = Counter(
        word for d in load_example(n=60).documents for word, _ in split.pre_tokenize_str(d.text)
    )
    words = [w for w in sorted(counts, key=lambda w: (-counts[w], w)) if len(w) > 1][:300]
    return words, sorted({sign for word in counts for sign in word})


def _numbered(pieces: list[str]) -> dict[str, int]:
    return {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}


def tokenizer(kind: str) -> Tokenizer:
    """Return a tokenizer whose pieces are the signs and the frequent words of the example.

    It is put together here, since the library's trainers break ties at random.
    """
    special = list((_ANGLES if "<s>" in kind else _SPECIAL).values())
    if kind == "wordpiece":
        split: Any = pre_tokenizers.BertPreTokenizer()
        words, signs = _frequent(split)
        pieces = [*special, *signs, *(f"##{sign}" for sign in signs), *words]
        made = Tokenizer(models.WordPiece(_numbered(pieces), unk_token="[UNK]"))
        made.normalizer = normalizers.BertNormalizer(lowercase=False)
    elif kind.startswith("byte-level"):
        split = pre_tokenizers.ByteLevel(add_prefix_space=False)
        words, _ = _frequent(split)
        merges = list(dict.fromkeys((w[:i], w[i]) for w in words for i in range(1, len(w))))
        pieces = [*(special if "<s>" in kind else ["<|endoftext|>"])]
        pieces += [*sorted(pre_tokenizers.ByteLevel.alphabet()), *(a + b for a, b in merges)]
        made = Tokenizer(models.BPE(_numbered(pieces), merges))
    else:
        split = pre_tokenizers.Metaspace()
        words, signs = _frequent(split)
        scores = [*((s, 0.0) for s in special), *((s, -12.0) for s in signs)]
        scores += [(word, -6.0 - place / 100) for place, word in enumerate(words)]
        made = Tokenizer(models.Unigram(scores, unk_id=3 if "<s>" in kind else 1))
        made.normalizer = normalizers.NFKC()
    made.pre_tokenizer = split
    made.add_special_tokens([piece for piece in special if made.token_to_id(piece) is not None])
    if kind == "byte-level":
        made.post_processor = processors.ByteLevel(trim_offsets=False)
    elif kind == "byte-level <s>":
        made.post_processor = processors.RobertaProcessing(
            ("</s>", made.token_to_id("</s>")), ("<s>", made.token_to_id("<s>"))
        )
    else:
        first, last = ("<s>", "</s>") if "<s>" in kind else ("[CLS]", "[SEP]")
        made.post_processor = processors.TemplateProcessing(
            single=f"{first} $A {last}",
            special_tokens=[(t, made.token_to_id(t)) for t in (first, last)],
        )
    return made


def checkpoint(name: str, folder: Path, **settings: Any) -> Path:
    """Write a checkpoint of an architecture into a folder and return the folder."""
    prefix, kind, config = ARCHITECTURES[name]
    folder.mkdir(parents=True, exist_ok=True)
    pieces = tokenizer(kind)
    pieces.save(str(folder / "tokenizer.json"))
    made = getattr(transformers, f"{prefix}Config")(
        vocab_size=pieces.get_vocab_size(), **{**config, **settings}
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        model = getattr(transformers, f"{prefix}Model")(made)
    # Random weights of the usual scale carry hardly any signal through so narrow a model.
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim > 1:
                parameter.mul_(4)
    model.save_pretrained(folder)
    return folder


def odd_text(dice: random.Random) -> str:
    """Return words between all kinds of white space and signs, some outside the alphabet."""
    words = ["Ana", "paid", "X-Labs", "GmbH", '("Q")', "½", "𝒳y", "ﬁne", "é", "🙂", "Dr.", "z̈"]
    joints = [" ", "  ", "\n", "\r\n\t", " \u00a0", "\u200b ", ""]
    return "".join(dice.choice(words) + dice.choice(joints) for _ in range(40))
