from __future__ import annotations

import subprocess
import sys

import pytest

from suffice.errors import InputError
from suffice.learners import registry


def test_the_learners_are_found_by_name() -> None:
    assert {"probe", "finetune"} <= set(registry.names())
    for name in ("probe", "finetune"):
        assert registry.get(name).name == name


def test_an_unknown_learner_names_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"no learner named 'prob'.*finetune.*probe"):
        registry.get("prob")


@pytest.mark.parametrize("name", ["probe", "finetune"])
def test_options_are_checked(name: str) -> None:
    with pytest.raises(InputError, match=r"no option 'learning_rat'; it has: .*learning_rate"):
        registry.get(name, {"learning_rat": 1})
    with pytest.raises(InputError, match="'learning_rate'"):
        registry.get(name, {"learning_rate": -1})
    with pytest.raises(InputError, match="'number_format'"):
        registry.get(name, {"number_format": "float16"})


@pytest.mark.parametrize("name", ["probe", "finetune"])
def test_config_gives_the_same_learner_again(name: str) -> None:
    learner = registry.get(name, {"learning_rate": 0.007, "number_format": "float32"})
    config = learner.config
    again = type(learner)(config["options"])
    assert dict(again.config) == dict(config)
    assert config["options"]["learning_rate"] == 0.007
    assert config["number_format"] == "float32"
    assert dict(registry.get(name, {"number_format": "bfloat16"}).config) != dict(config)


@pytest.mark.parametrize("name", ["probe", "finetune"])
def test_cost_grows_with_the_sample_and_has_a_floor(name: str) -> None:
    learner = registry.get(name)
    costs = [learner.cost(n, 25 * n) for n in (1, 10, 100, 1000, 10_000)]
    assert costs == sorted(costs)
    assert costs[0] > 0
    assert costs[3] > 1.5 * costs[2]


def test_a_learner_and_its_config_are_to_be_had_without_torch() -> None:
    code = (
        "import sys; from suffice.learners import registry;"
        "registry.get('probe').config; registry.get('finetune').config;"
        "sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
