from __future__ import annotations

import inspect

import mmengine.runner
import pytest
from mmengine.dataset import DefaultSampler, InfiniteSampler
from mmscaffold.facts.data import ENDLESS_SAMPLERS, SAMPLER_OF_UNIT, SAMPLERS
from mmscaffold.facts.loops import (
    EVALUATION_LOOPS,
    LOOP_OF_UNIT,
    TRAIN_LOOPS,
    default_train_loop,
    other_maximum,
)
from mmscaffold.facts.units import Unit


@pytest.mark.parametrize("row", TRAIN_LOOPS.values(), ids=TRAIN_LOOPS)
def test_the_rows_are_what_mmengine_has(row):
    parameters = inspect.signature(getattr(mmengine.runner, row.name)).parameters
    assert parameters[row.maximum].default is inspect.Parameter.empty
    assert parameters["val_interval"].default == row.val_interval
    assert parameters["val_begin"].default == row.val_begin
    other = TRAIN_LOOPS[row.counterpart]
    assert (other.counterpart, other.unit) == (row.name, row.unit.other)


def test_the_runner_builds_these_where_a_key_names_no_type():
    assert default_train_loop(True).name == "EpochBasedTrainLoop"
    assert default_train_loop(False).name == "IterBasedTrainLoop"
    assert default_train_loop(None) is LOOP_OF_UNIT[Unit.ITERATIONS]
    source = inspect.getsource(mmengine.runner.Runner)
    for name in [*EVALUATION_LOOPS.values(), *TRAIN_LOOPS]:
        assert f"= {name}(" in source


def test_the_maximum_of_the_other_unit():
    assert other_maximum("max_epochs") == "max_iters"
    assert other_maximum("max_iters") == "max_epochs"
    assert other_maximum("val_interval") is None


def test_samplers_take_what_their_rows_say():
    default, infinite = SAMPLERS["DefaultSampler"], SAMPLERS["InfiniteSampler"]
    taken = [set(inspect.signature(one).parameters) for one in (DefaultSampler, InfiniteSampler)]
    assert taken[0] - taken[1] == set(default.only_here)
    assert taken[1] - taken[0] == set(infinite.only_here)
    assert {Unit.EPOCHS: default, Unit.ITERATIONS: infinite} == SAMPLER_OF_UNIT
    assert "DefaultSampler" not in ENDLESS_SAMPLERS
