from __future__ import annotations

import inspect
import re

import pytest
from mmengine.registry import build_functions
from mmengine.runner import Runner
from mmscaffold.facts.building import (
    GIVEN_TO_LOOP,
    NO_ARGUMENTS,
    NO_HOOK_ARGUMENTS,
    NO_LOOP_ARGUMENTS,
    NO_SCHEDULER_ARGUMENTS,
)
from mmscaffold.facts.loops import LOOP_KEYS


@pytest.mark.parametrize("key", LOOP_KEYS)
def test_the_runner_hands_this_to_each_loop(key):
    source = inspect.getsource(getattr(Runner, f"build_{key.removesuffix('_cfg')}_loop"))
    given = {"dataloader" if one.endswith("dataloader") else one for one in _keywords(source)}
    assert given == GIVEN_TO_LOOP[key]


def _keywords(source: str) -> set[str]:
    return set(re.findall(r"(\w+)=self\b", source)) & {"runner", "dataloader", "evaluator"}


@pytest.mark.parametrize(
    ("function", "beyond"),
    [
        (build_functions.build_scheduler_from_cfg, NO_SCHEDULER_ARGUMENTS - NO_ARGUMENTS),
        (Runner.register_hook, NO_HOOK_ARGUMENTS - NO_ARGUMENTS),
        (Runner.build_train_loop, NO_LOOP_ARGUMENTS - NO_ARGUMENTS),
    ],
)
def test_each_key_is_read_by_what_builds_the_part(function, beyond):
    source = inspect.getsource(function)
    # The schedulers of the learning rate pass this one.
    assert [key for key in sorted(beyond - {"param_name"}) if key not in source] == []
