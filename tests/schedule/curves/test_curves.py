"""What curves say beside numbers: where they break off, and why; and what groups begin with."""

from __future__ import annotations

import math
import time
from types import SimpleNamespace
from typing import Any

import pytest
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.schedule.curves import (
    NotKnownError,
    Setup,
    group_values,
    initial_value,
    mmcv_curve,
    mmengine_curve,
    scheduled_parameters,
)
from mmscaffold.schedule.curves.setup import timeline

MISSING = Unknown("calls my_package.schedule()", "config.py:3:1")
STEPS = {"type": "MultiStepLR", "milestones": [2, 4]}


def config(*schedulers: Any, epochs: int = 6, **more: Any) -> dict[str, Any]:
    return {
        "train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": epochs},
        "val_cfg": {},
        "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.1, "momentum": 0.9}},
        "param_scheduler": list(schedulers),
        **more,
    }


def breaks(*schedulers: Any, parameter: str = "lr", batches: int | None = 10, **more: Any) -> Any:
    curve = mmengine_curve(
        config(*schedulers, **more), parameter, setup=Setup(iterations_per_epoch=batches)
    )
    where = curve.break_
    return where if where is None else (where.iteration, str(where), where.is_refusal)


@pytest.mark.parametrize(
    ("scheduler", "expected"),
    [
        (
            {"type": "MySchedule", "milestones": [3]},
            (0, "param_scheduler[0].type: what MySchedule does is not known", False),
        ),
        (
            {"type": "my_package.schedules.LinearLR"},
            (
                0,
                "param_scheduler[0].type: what my_package.schedules.LinearLR does is not known",
                False,
            ),
        ),
        (
            {"type": "PolyLR", "power": MISSING, "begin": 2},
            (20, "param_scheduler[0].power: calls my_package.schedule()", False),
        ),
        (
            {"type": "MultiStepLR", "milestones": [1, MISSING], "by_epoch": False, "begin": 7},
            (7, "param_scheduler[0].milestones: calls my_package.schedule()", False),
        ),
        (
            {"type": "LinearLR", "by_epoch": MISSING, "begin": 3},
            (0, "param_scheduler[0].by_epoch: calls my_package.schedule()", False),
        ),
        (MISSING, (0, "param_scheduler[0]: calls my_package.schedule()", False)),
        (
            {"type": "LinearLR", "begin": 5, "end": 3},
            (
                0,
                "param_scheduler[0].end: end must be larger than begin, "
                "but end is 3 and begin is 5",
                True,
            ),
        ),
        (
            {"type": "CosineAnnealingLR", "eta_min": 0.1, "eta_min_ratio": 0.1},
            (0, "param_scheduler[0]: only one of eta_min and eta_min_ratio can be set", True),
        ),
        (
            {"type": "LinearLR", "start_factor": 2},
            (0, "param_scheduler[0].start_factor: must lie between 0 and 1, not 2", True),
        ),
        (
            {"type": "MultiStepLR", "milestones": "8, 11"},
            (
                0,
                "param_scheduler[0].milestones: must be a list of numbers, not '8, 11'",
                True,
            ),
        ),
        ({"milestones": [3]}, (0, "param_scheduler[0]: has no type", True)),
        ({"type": "StepLR"}, (0, "param_scheduler[0]: StepLR needs step_size", True)),
        (
            {"type": "StepLR", "step_size": 2, "step": 3},
            (0, "param_scheduler[0].step: StepLR does not take it", True),
        ),
        (
            {"type": "ReduceOnPlateauLR", "monitor": "mAP", "patience": 2},
            (30, "param_scheduler[0]: depends on the metric 'mAP' of the validations", False),
        ),
        (
            {"type": "ExponentialLR", "gamma": 10**400, "by_epoch": False},
            (
                1,
                "param_scheduler[0]: ExponentialLR fails: OverflowError: int too large to convert "
                "to float",
                True,
            ),
        ),
        (
            {"type": "ConstantLR", "factor": 0, "end": 4},
            (
                30,
                "param_scheduler[0]: ConstantLR fails: ZeroDivisionError: division by zero",
                True,
            ),
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_curve_breaks_off_with_the_reason(scheduler, expected):
    found = breaks(scheduler)
    assert found is not None
    if "division by zero" in expected[1]:
        found = (found[0], found[1].replace("float division", "division"), found[2])
    assert found == expected


@pytest.mark.parametrize(
    ("scheduler", "stop"),
    [
        ({"type": "ExponentialLR", "gamma": 1e300}, 20),
        ({"type": "ExponentialLR", "gamma": 1e300, "by_epoch": False}, 2),
        ({"type": "ConstantLR", "factor": 1e-320, "end": 2}, 10),
    ],
)
def test_a_value_that_is_no_finite_number_ends_the_curve(scheduler, stop):
    curve = mmengine_curve(config(scheduler), setup=Setup(iterations_per_epoch=10))
    assert curve.stop == stop
    assert all(map(math.isfinite, curve.values()))
    assert curve.at(stop) is None
    assert str(curve.break_) == "the value is no finite number from here on"


def test_what_is_known_before_is_given():
    curve = mmengine_curve(
        config(STEPS, {"type": "PolyLR", "power": MISSING, "begin": 5}),
        setup=Setup(iterations_per_epoch=10),
    )
    assert curve.stop == 50
    assert curve.at(19) == 0.1
    assert curve.at(49) == pytest.approx(0.001)
    assert curve.at(50) is None
    assert len(curve.values()) == 50


@pytest.mark.parametrize("key", ["lr", "weight_decay"])
@pytest.mark.parametrize("value", ["auto", MISSING, math.inf])
def test_an_initial_value_that_is_no_number_is_not_guessed(key, value):
    optimizer = {"type": "SGD", "lr": 0.1, key: value}
    curve = mmengine_curve(
        config(STEPS, optim_wrapper={"optimizer": optimizer}), key, setup=Setup(10)
    )
    assert curve.at(0) is None
    assert f"optim_wrapper.optimizer.{key}" in str(curve.break_)


def test_without_the_length_of_an_epoch_only_iterations_are_known():
    by_iteration = {"type": "LinearLR", "by_epoch": False, "end": 4}
    assert breaks(by_iteration, batches=None) is None
    assert breaks(STEPS, batches=None)[0] == 1
    converted = {**STEPS, "convert_to_iter_based": True}
    assert "iterations of an epoch" in breaks(converted, batches=None)[1]


def test_a_hook_of_the_projects_own_makes_the_curve_unknown():
    hooks = {"param_scheduler": {"type": "YOLOv5ParamSchedulerHook"}}
    found = breaks(STEPS, default_hooks=hooks)
    assert found[:2] == (
        0,
        "default_hooks.param_scheduler.type: what YOLOv5ParamSchedulerHook does is not known",
    )
    assert breaks(STEPS, default_hooks={"param_scheduler": None}) is None


def test_each_optimizer_has_its_own_schedule():
    wrapper = {
        "constructor": "MultiOptimWrapperConstructor",
        "generator": {"optimizer": {"type": "Adam", "lr": 1e-4}},
        "discriminator": {"optimizer": {"type": "SGD", "lr": 0.1, "momentum": 0.9}},
    }
    schedulers = {
        "generator": [STEPS],
        "discriminator": {"type": "ExponentialMomentum", "gamma": 0.5},
    }
    both = {**config(optim_wrapper=wrapper), "param_scheduler": schedulers}
    assert scheduled_parameters(both) == [("generator", "lr"), ("discriminator", "momentum")]
    setup = Setup(iterations_per_epoch=10)
    assert mmengine_curve(both, setup=setup, optimizer="generator").at(20) == pytest.approx(1e-5)
    momentum = mmengine_curve(both, "momentum", setup=setup, optimizer="discriminator")
    assert momentum.at(10) == 0.45
    shared = {**both, "param_scheduler": [STEPS]}
    assert mmengine_curve(shared, setup=setup, optimizer="discriminator").at(20) == 0.1 * 0.1
    one_of_them = {**both, "param_scheduler": {"generator": [STEPS]}}
    where = mmengine_curve(one_of_them, setup=setup, optimizer="discriminator").break_
    assert where is not None
    assert where.is_refusal


def test_the_rate_is_scaled_as_the_runner_scales_it():
    scaled = config(
        STEPS,
        auto_scale_lr={"enable": True, "base_batch_size": 16},
        train_dataloader={"batch_size": 4},
    )
    assert initial_value(scaled, "lr", setup=Setup(gpus=2)) == 0.05
    assert initial_value(scaled, "momentum") == 0.9
    with pytest.raises(NotKnownError, match="number of GPUs"):
        initial_value(scaled, "lr")
    scaled["auto_scale_lr"]["enable"] = False
    assert initial_value(scaled, "lr") == 0.1


def test_groups_begin_with_their_share():
    keys = {"backbone": {"lr_mult": 0.1}, "head": {"lr": 0.5}, "neck": {"decay_mult": 0}}
    wrapper = {
        "optimizer": {"type": "SGD", "lr": 0.1},
        "paramwise_cfg": {"bias_lr_mult": 2, "custom_keys": keys},
    }
    assert group_values(config(optim_wrapper=wrapper)) == [0.1, 0.2, 0.1 * 0.1, 0.5]
    wrapper["constructor"] = "LayerDecayOptimizerConstructor"
    assert group_values(config(optim_wrapper=wrapper)) is None


def test_gradient_accumulation_changes_no_step():
    # ParamSchedulerHook steps after each iteration, whether the optimizer did or not.
    plain = config({"type": "LinearLR", "by_epoch": False, "end": 20})
    wrapper = {**plain["optim_wrapper"], "accumulative_counts": 4}
    setup = Setup(iterations_per_epoch=10)
    assert (
        mmengine_curve({**plain, "optim_wrapper": wrapper}, setup=setup).values()
        == mmengine_curve(plain, setup=setup).values()
    )


@pytest.mark.parametrize(
    "loop",
    [
        {"type": "EpochBasedTrainLoop", "max_epochs": 20},
        {"type": "EpochBasedTrainLoop", "max_epochs": 20, "val_interval": 3, "val_begin": 5},
        {"max_epochs": 20, "val_interval": 7, "dynamic_intervals": [(11, 2), (16, 1)]},
        {"max_epochs": 20, "val_interval": 4, "dynamic_intervals": [(5, 3)], "val_begin": 21},
        {"type": "IterBasedTrainLoop", "max_iters": 50, "val_interval": 9},
        {"max_iters": 50, "val_interval": 20, "dynamic_intervals": [(30, 5), (45, 1)]},
        {"max_iters": 50},
    ],
    ids=str,
)
def test_validations_are_when_the_loops_validate(loop):
    loops = pytest.importorskip("mmengine.runner.loops")
    by_epoch, batches = "max_epochs" in loop, 3
    found: list[int] = []
    kind = loops.EpochBasedTrainLoop if by_epoch else loops.IterBasedTrainLoop
    built = object.__new__(kind)
    built._epoch = built._iter = 0
    built._max_epochs, built._max_iters = loop.get("max_epochs", 1), loop.get("max_iters", 0)
    built.val_begin = loop.get("val_begin", 1)
    built.val_interval = loop.get("val_interval", 1 if by_epoch else 1000)
    built.stop_training = False
    built.dynamic_milestones, built.dynamic_intervals = loops.calc_dynamic_intervals(
        built.val_interval, loop.get("dynamic_intervals")
    )
    built.dataloader = [None] * batches
    built.dataloader_iterator = iter([None] * 1000)
    model = SimpleNamespace(train=lambda: None, train_step=lambda *a, **k: {})
    built._runner = SimpleNamespace(
        call_hook=lambda *a, **k: None,
        model=model,
        optim_wrapper=None,
        val_loop=SimpleNamespace(run=lambda: found.append(built._iter)),
    )
    built.run()
    times = timeline({"train_cfg": loop, "val_cfg": {}}, Setup(iterations_per_epoch=batches))
    assert list(times.validations()) == found


def test_a_very_long_training_is_computed_only_as_far_as_it_is_asked():
    begin = time.perf_counter()
    steps = {"type": "MultiStepLR", "milestones": [10**11]}
    curve = mmengine_curve(
        config({"type": "LinearLR", "by_epoch": False, "end": 500}, steps, epochs=10**12),
        setup=Setup(iterations_per_epoch=7330),
    )
    assert curve.at(10**14) == pytest.approx(0.1)
    assert curve.at(10**15) == pytest.approx(0.01)
    endless = mmengine_curve(
        config({"type": "ExponentialLR", "gamma": 0.999999, "by_epoch": False}, epochs=10**12),
        setup=Setup(iterations_per_epoch=7330),
    )
    assert endless.at(100) == pytest.approx(0.1, rel=1e-3)
    assert time.perf_counter() - begin < 5


def test_policies_of_2x_break_off_with_the_reason():
    old: dict[str, Any] = {
        "runner": {"type": "EpochBasedRunner", "max_epochs": 12},
        "optimizer": {"type": "SGD", "lr": 0.02, "momentum": 0.9},
    }
    setup = Setup(iterations_per_epoch=10)

    def why(**policy: Any) -> str:
        return str(mmcv_curve({**old, "lr_config": policy}, setup=setup).break_)

    assert why(policy="MyPolicy") == (
        "lr_config.policy: what the policy 'MyPolicy' does is not known"
    )
    assert why(policy="step", step=[8, 0]) == (
        "lr_config.step: must be a positive integer, or a list of them"
    )
    assert why(policy="CosineAnnealing") == (
        "lr_config: just one of min_lr and min_lr_ratio must be set"
    )
    assert why(policy="step", step=MISSING) == "lr_config.step: calls my_package.schedule()"
    assert mmcv_curve({"optimizer": {"lr": 1}}, setup=setup).at(0) is None


@pytest.mark.parametrize("highest", [[0.1, 0.5], (0.1,)])
def test_the_peak_of_a_cycle_may_be_a_list_by_group(highest):
    # mmengine's OneCycleParamScheduler takes one value for each parameter group.
    def values(peak: Any) -> list[float]:
        cycle = {"type": "OneCycleLR", "eta_max": peak, "total_steps": 6}
        return list(mmengine_curve(config(cycle), setup=Setup(iterations_per_epoch=10)).values())

    assert values(highest) == values(0.1)
    assert "must be a number" in str(breaks({"type": "OneCycleLR", "eta_max": []}))
