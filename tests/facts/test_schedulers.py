from __future__ import annotations

import inspect

import pytest
import torch
from mmengine.optim import build_optim_wrapper
from mmengine.registry import PARAM_SCHEDULERS
from mmscaffold.facts.schedulers import (
    SCHEDULERS,
    UNKNOWN_FAMILY,
    scheduler_family,
)

CLASSES = {
    name: found
    for name, found in PARAM_SCHEDULERS.module_dict.items()
    if found.__module__.startswith("mmengine.")
}
# Arguments of mmengine that count steps and belong to every scheduler.
COMMON = {"begin", "end", "last_step"}


@pytest.mark.parametrize("name", CLASSES)
def test_every_scheduler_of_mmengine_has_a_family_with_its_arguments(name):
    family = scheduler_family(name)
    assert family is not UNKNOWN_FAMILY
    taken = set()
    for base in CLASSES[name].__mro__:
        if "__init__" in vars(base):
            taken |= set(inspect.signature(vars(base)["__init__"]).parameters)
    # `interval` is of mmagic's LinearLrInterval only.
    assert set(family.steps) - {"interval"} <= taken
    assert set(family.factors) <= taken
    assert family.per_step is None or family.per_step in taken
    counts = {"T_max", "periods", "milestones", "step_size", "total_steps", "patience", "cooldown"}
    assert counts & taken <= set(family.steps)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("PolyLRRatio", "Poly"),
        ("LinearLrInterval", "Linear"),
        ("QuadraticWarmupMomentum", "Quadratic"),
        ("CosineAnnealingWeightDecay", "CosineAnnealing"),
        ("CosineRestartLR", "CosineRestart"),
        ("ReduceLR", "ReduceLR"),
        ("ReduceOnPlateauLR", "ReduceOnPlateau"),
        ("OwnLR", ""),
        ("LinearWarmupCosineLR", ""),
        ("StepwiseLR", ""),
        ("PolynomialDecayLR", ""),
        ("LinearWarmupLR", "Linear"),
    ],
)
def test_the_families_of_siblings(name, family):
    assert scheduler_family(name).name == family


def test_no_family_hides_another():
    for family in SCHEDULERS:
        assert scheduler_family(f"{family.name}LR") is family


def rates(scheduler, steps=12):
    """The learning rates that mmengine makes of a scheduler, of a base rate of 1."""
    wrapper = build_optim_wrapper(torch.nn.Linear(1, 1), {"optimizer": {"type": "SGD", "lr": 1.0}})
    built = PARAM_SCHEDULERS.build(dict(scheduler), default_args={"optimizer": wrapper})
    found = []
    for _ in range(steps):
        found.append(wrapper.param_groups[0]["lr"])
        built.step()
    return found


@pytest.mark.parametrize(
    ("scheduler", "warms_up"),
    [
        ({"type": "LinearLR", "start_factor": 0.1, "end": 5}, True),
        ({"type": "LinearLR", "end": 5}, True),
        ({"type": "LinearLR", "start_factor": 1.0, "end_factor": 0.01, "end": 5}, False),
        ({"type": "LinearLR", "start_factor": 1.0, "end": 5}, False),
        ({"type": "ConstantLR", "factor": 0.1, "end": 5}, True),
        ({"type": "ConstantLR", "end": 5}, True),
        ({"type": "ConstantLR", "factor": 1, "end": 5}, False),
        ({"type": "ConstantLR", "factor": 0.1, "begin": 5, "end": 9}, False),
        ({"type": "PolyLR", "end": 5}, False),
        ({"type": "CosineAnnealingLR", "end": 5}, False),
        ({"type": "ExponentialLR", "gamma": 0.9, "end": 5}, False),
        ({"type": "MultiStepLR", "milestones": [3], "end": 5}, False),
    ],
)
def test_a_warm_up_is_what_begins_lower_than_it_ends_when_mmengine_runs_it(scheduler, warms_up):
    assert scheduler_family(scheduler["type"]).warms_up(scheduler) is warms_up
    found = rates(scheduler)
    assert (found[0] < 1 and found[-1] == pytest.approx(1)) is warms_up


@pytest.mark.parametrize(
    ("scheduler", "is_stepwise"),
    [
        ({"type": "MultiStepLR", "milestones": [3, 6]}, True),
        ({"type": "StepLR", "step_size": 4}, True),
        ({"type": "ConstantLR", "factor": 1, "end": 5}, True),
        ({"type": "PolyLR", "end": 12}, False),
        ({"type": "ExponentialLR", "gamma": 0.9}, False),
    ],
)
def test_what_is_stepwise_changes_the_rate_seldom(scheduler, is_stepwise):
    assert scheduler_family(scheduler["type"]).is_stepwise(scheduler) is is_stepwise
    assert (len(set(rates(scheduler))) <= 3) is is_stepwise


@pytest.mark.parametrize(
    ("scheduler", "always_moves"),
    [
        ({"type": "CosineAnnealingLR", "T_max": 12}, True),
        ({"type": "PolyLR", "end": 13}, True),
        ({"type": "LinearLR", "end": 13}, True),
        ({"type": "ExponentialLR", "gamma": 0.9}, True),
        (
            {
                "type": "CosineRestartLR",
                "periods": [4, 8],
                "restart_weights": [1, 1],
                "eta_min": 0.0,
            },
            False,
        ),
        ({"type": "MultiStepLR", "milestones": [3, 6]}, False),
        ({"type": "ConstantLR", "end": 5}, False),
    ],
)
def test_what_always_moves_has_no_rate_twice(scheduler, always_moves):
    assert scheduler_family(scheduler["type"]).always_moves is always_moves
    found = rates(scheduler)
    assert (len({round(rate, 9) for rate in found}) == len(found)) is always_moves


def test_quadratic_warm_ups_are_warm_ups():
    assert scheduler_family("QuadraticWarmupLR").warms_up({"end": 5})


def test_values_that_are_not_numbers_do_not_warm_up():
    assert not scheduler_family("LinearLR").warms_up({"start_factor": "low"})
    assert not scheduler_family("ConstantLR").warms_up({"factor": None})
