from __future__ import annotations

import inspect
import re

import pytest
from mmengine.model import BaseModel
from mmengine.optim import OptimWrapper
from mmengine.runner import EpochBasedTrainLoop, FlexibleRunner, Runner, TestLoop, ValLoop
from mmscaffold.facts.runner import (
    COUNTED,
    COUNTERS,
    HOOK_BEFORE_ADVANCE,
    HOOK_POINTS,
    KNOWN_KEYS,
    LOOP_HOOK_POINTS,
    MODES,
    REGISTRIES,
    REGISTRY_OF_KEY,
    RUNNER_ATTRIBUTES,
    RUNNER_KEYS,
    STEP_METHODS,
    TRAIN_LOOP_ATTRIBUTES,
    TRIPLES,
)

LOOPS = {"train": EpochBasedTrainLoop, "val": ValLoop, "test": TestLoop}


def test_the_keys_are_those_that_the_runners_of_mmengine_read():
    read = {
        key
        for runner in (Runner, FlexibleRunner)
        for key in re.findall(r"cfg(?:\.get\(|\[)'(\w+)'", inspect.getsource(runner.from_cfg))
    }
    source = inspect.getsource(Runner) + inspect.getsource(FlexibleRunner)
    later = set(re.findall(r"self\.cfg\.get\('(\w+)'", source))
    assert {"compile", "sync_bn"} <= later
    assert read | later == RUNNER_KEYS
    assert {"custom_imports", "runner_type"} <= KNOWN_KEYS


@pytest.mark.parametrize("mode", MODES)
def test_the_loops_of_mmengine_call_these_hook_points(mode):
    called = {
        point: method
        for method in ("run", "run_epoch", "run_iter")
        for point in re.findall(
            r"call_hook\(\s*['\"](\w+)", inspect.getsource(getattr(LOOPS[mode], method, _nothing))
        )
    }
    assert called == LOOP_HOOK_POINTS[mode]
    assert called.keys() <= HOOK_POINTS.keys()
    whens = [point.partition("_")[0] for point in LOOP_HOOK_POINTS[mode]]
    assert whens == ["before"] * 3 + ["after"] * 3


def _nothing() -> None:
    """Stands for a method that a loop does not have."""


def test_each_counter_goes_up_right_after_its_hook_point():
    source = inspect.getsource(EpochBasedTrainLoop)
    for counter in COUNTERS:
        before = source[: source.index(f"self.{counter} += 1")]
        assert re.findall(r"call_hook\(\s*['\"](\w+)", before)[-1] == HOOK_BEFORE_ADVANCE[counter]


def test_what_resume_assigns_and_the_names_that_reach_it():
    source = inspect.getsource(Runner.resume)
    assert all(f"self.train_loop.{name} = " in source for name in COUNTERS)
    assert [name[1:] for name in COUNTERS] == list(COUNTED)
    assert set(TRAIN_LOOP_ATTRIBUTES) <= {"train_loop", *re.findall(r"self\.(\w+)", _init())}
    assert isinstance(EpochBasedTrainLoop.runner, property)
    assert RUNNER_ATTRIBUTES == ("runner", "_runner")


def test_the_runner_wants_all_of_a_triple_or_none():
    for keys in TRIPLES.values():
        assert re.search(r"\[\s*" + r",\s*".join(keys) + r"\s*\]", _init())


def _init() -> str:
    return inspect.getsource(Runner.__init__)


def test_steps_belong_to_the_model_or_the_optimizer_wrapper():
    assert all(hasattr(BaseModel, name) or hasattr(OptimWrapper, name) for name in STEP_METHODS)
    assert set(STEP_METHODS.values()) == set(MODES)


def test_every_registry_that_a_key_names_is_one():
    assert set(REGISTRY_OF_KEY.values()) <= REGISTRIES
    assert REGISTRY_OF_KEY.keys() <= KNOWN_KEYS
