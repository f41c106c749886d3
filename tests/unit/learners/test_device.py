from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from suffice.corpus.examples import load_example
from suffice.errors import InputError
from suffice.learners import device
from suffice.learners.finetuning.finetune import Finetune

pytestmark = pytest.mark.train


def test_the_environment_names_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(device.VARIABLE, "cuda:1")
    assert device.kind_here() == "cuda"
    monkeypatch.setenv(device.VARIABLE, "cpu")
    assert Finetune().options.device == "cpu"
    monkeypatch.setenv(device.VARIABLE, "gpu7")
    with pytest.raises(InputError, match="names no device: 'gpu7'"):
        Finetune()


def test_the_kind_is_part_of_a_runs_id_and_the_number_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configs = []
    for named in ("cpu", "cuda:0", "cuda:1"):
        monkeypatch.setenv(device.VARIABLE, named)
        configs.append(dict(Finetune().config))
    assert configs[1] == configs[2]
    assert configs[0]["options"]["device"] != configs[1]["options"]["device"]
    assert configs[1]["options"]["number_format"] in ("bfloat16", "float16")
    again = Finetune(configs[1]["options"])
    monkeypatch.setenv(device.VARIABLE, "cpu")
    assert dict(again.config) == configs[1], "the kind stays what was decided first"


def test_a_device_that_is_not_there_is_the_users_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(device.VARIABLE, raising=False)
    if not torch.cuda.is_available():
        with pytest.raises(InputError, match="no CUDA GPU"):
            device.run_device("cuda")
    monkeypatch.setenv(device.VARIABLE, "mps")
    with pytest.raises(InputError, match="set to the device 'cuda', but SUFFICE_DEVICE is 'mps'"):
        device.run_device("cuda")
    assert device.run_device("cpu") == torch.device("cpu")


def test_workers_share_out_the_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    named = [device.worker_environment(i, "cuda")[device.VARIABLE] for i in range(5)]
    assert named == ["cuda:0", "cuda:1", "cuda:2", "cuda:0", "cuda:1"]
    assert device.slots("cuda") == 3
    assert device.slots("mps") == 1
    assert device.slots("cpu") is None
    assert device.worker_environment(4, "cpu") == {}


def test_half_precision_is_for_gpus() -> None:
    with pytest.raises(InputError, match="float16 is for CUDA GPUs"):
        Finetune({"device": "cpu", "number_format": "float16"})
    assert Finetune({"device": "cuda", "number_format": "float16"}).options.device == "cuda"


def test_cpu_runs_are_the_same_bit_for_bit_in_another_process(tiny_bert: str) -> None:
    code = (
        "import sys, torch; torch.set_num_threads(1);"
        "from suffice.corpus.examples import load_example;"
        "from suffice.learners.finetuning.finetune import Finetune;"
        "c = load_example(n=6);"
        "t = Finetune({'backbone': sys.argv[1], 'min_steps': 8, 'max_steps': 8,"
        "'device': 'cpu'}).train(c.documents, c.labels, 3);"
        "sys.stdout.buffer.write(b''.join(s.tobytes() for s in t.scores(c.documents)))"
    )
    command = [sys.executable, "-W", "ignore", "-c", code, tiny_bert]
    there = subprocess.run(command, check=True, capture_output=True).stdout
    corpus = load_example(n=6)
    options = {"backbone": tiny_bert, "min_steps": 8, "max_steps": 8, "device": "cpu"}
    here = Finetune(options).train(corpus.documents, corpus.labels, 3).scores(corpus.documents)
    assert there == b"".join(s.tobytes() for s in here)
