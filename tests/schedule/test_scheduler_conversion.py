"""One scheduler in the other unit, held against what mmengine makes of both forms."""

from __future__ import annotations

import mmengine.optim  # noqa: F401, it registers the schedulers
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from mmengine.registry import PARAM_SCHEDULERS
from mmscaffold.config.change import Adjustment, apply
from mmscaffold.schedule.scheduler_conversion import (
    scheduler_to_epochs,
    scheduler_to_iterations,
)

EACH = 10


def converted(convert, scheduler, each=EACH):
    found = Adjustment()
    convert(("param_scheduler",), scheduler, each, found)
    after = apply({"param_scheduler": scheduler}, found.changes)["param_scheduler"]
    return after, found.notes


@pytest.mark.parametrize(
    ("scheduler", "wanted"),
    [
        (
            {"type": "MultiStepLR", "begin": 1, "end": 12, "milestones": [8, 11]},
            {"begin": 10, "end": 120, "milestones": [80, 110], "by_epoch": False},
        ),
        ({"type": "MultiStepLR", "milestones": (8, 11)}, {"milestones": (80, 110)}),
        ({"type": "StepLR", "step_size": 4}, {"step_size": 40}),
        ({"type": "ConstantLR", "factor": 1, "end": 3}, {"end": 30}),
        (
            {"type": "CosineAnnealingLR", "T_max": 12, "convert_to_iter_based": True},
            {"T_max": 120, "convert_to_iter_based": None},
        ),
        # mmengine counts this one in iterations already.
        (
            {"type": "mmagic.LinearLrInterval", "interval": 400, "convert_to_iter_based": True},
            {"convert_to_iter_based": None},
        ),
    ],
)
def test_to_iterations_without_a_word(scheduler, wanted):
    after, notes = converted(scheduler_to_iterations, scheduler)
    expected = {**scheduler, "by_epoch": False, **wanted}
    assert after == {key: value for key, value in expected.items() if value is not None}
    assert notes == []


@pytest.mark.parametrize(
    ("scheduler", "wanted"),
    [
        ({"type": "CosineAnnealingLR", "T_max": 12}, {"T_max": 120}),
        ({"type": "CosineRestartLR", "periods": [4, 8]}, {"periods": [40, 80]}),
        ({"type": "OneCycleLR", "total_steps": 12}, {"total_steps": 120}),
        ({"type": "PolyLR", "end": 12}, {"end": 120}),
        ({"type": "ConstantLR", "factor": 0.1, "end": 3}, {"end": 30}),
        ({"type": "LinearLrInterval", "interval": 2, "end": 12}, {"interval": 20, "end": 120}),
        ({"type": "OwnLR", "end": 12}, {"end": 120}),
    ],
)
def test_what_becomes_smooth_is_told(scheduler, wanted):
    after, notes = converted(scheduler_to_iterations, scheduler)
    assert after == {**scheduler, **wanted, "by_epoch": False}
    assert notes == [
        f"param_scheduler: {scheduler['type']} now changes the rate at every iteration, instead "
        "of once per epoch"
    ]


def test_a_milestone_within_an_epoch_never_came_before():
    scheduler = {"type": "MultiStepLR", "milestones": [8.0, 10.8]}
    after, notes = converted(scheduler_to_iterations, scheduler)
    assert after["milestones"] == [80, 108]
    assert len(notes) == 1
    assert "never came to those between; now it does" in notes[0]
    _, notes = converted(scheduler_to_iterations, {**scheduler, "convert_to_iter_based": True})
    assert notes == []


@pytest.mark.parametrize("scope", ["", "mmengine."])
def test_a_decay_of_each_step_gets_its_root(scope):
    after, _ = converted(scheduler_to_iterations, {"type": f"{scope}ExponentialLR", "gamma": 0.9})
    assert after["gamma"] ** EACH == pytest.approx(0.9)
    written, _ = converted(scheduler_to_iterations, {"type": "ExponentialLR", "gamma": "g"})
    assert written["gamma"] == "g"


def test_what_waits_for_validations_is_left_alone():
    plateau = {"type": "ReduceOnPlateauLR", "patience": 3}
    after, notes = converted(scheduler_to_iterations, plateau)
    assert after == plateau
    assert notes == [
        "param_scheduler left alone: ReduceOnPlateauLR counts validations, by epoch only"
    ]


def test_what_counts_in_the_other_unit_already_stays():
    by_iteration = {"type": "PolyLR", "by_epoch": False, "end": 500}
    assert converted(scheduler_to_iterations, by_iteration) == (by_iteration, [])
    by_epoch = {"type": "PolyLR", "end": 500}
    assert converted(scheduler_to_epochs, by_epoch) == (by_epoch, [])


@pytest.mark.parametrize(
    ("scheduler", "wanted"),
    [
        ({"type": "MultiStepLR", "end": 120, "milestones": [80, 110]},
         {"end": 12, "milestones": [8, 11]}),
        ({"type": "ConstantLR", "factor": 1, "end": 30}, {"end": 3}),
        ({"type": "PolyLR", "end": 120}, {"end": 12, "convert_to_iter_based": True}),
        ({"type": "ExponentialLR", "gamma": 0.9}, {"convert_to_iter_based": True}),
        # Goes on counting iterations, at any number of them.
        ({"type": "LinearLrInterval", "interval": 7}, {"convert_to_iter_based": True}),
    ],
)  # fmt: skip
def test_to_epochs_at_whole_epochs(scheduler, wanted):
    after, notes = converted(scheduler_to_epochs, {**scheduler, "by_epoch": False})
    assert after == {**scheduler, "by_epoch": True, **wanted}
    assert notes == []


@pytest.mark.parametrize(
    ("scheduler", "is_told"),
    [
        # A warm-up by iterations is usual.
        ({"type": "LinearLR", "end": 55}, False),
        ({"type": "PolyLR", "begin": 5, "end": 60}, True),
        ({"type": "MultiStepLR", "milestones": [85]}, True),
    ],
)
def test_what_is_not_at_whole_epochs_goes_on_counting_iterations(scheduler, is_told):
    entry = {**scheduler, "by_epoch": False}
    after, notes = converted(scheduler_to_epochs, entry)
    assert after == entry
    told = (
        "param_scheduler still counts iterations: its steps are not whole epochs of 10 iterations"
    )
    assert notes == ([told] if is_told else [])


def rates(scheduler, epochs, each):
    """The learning rate of each iteration, by mmengine."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    built = PARAM_SCHEDULERS.build(
        dict(scheduler), default_args={"optimizer": optimizer, "epoch_length": each}
    )
    found = []
    for _ in range(epochs):
        for _ in range(each):
            found.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            if not built.by_epoch:
                built.step()
        if built.by_epoch:
            built.step()
    return found


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_both_forms_give_the_same_rate_at_every_iteration(data):
    epochs, each = data.draw(st.integers(2, 8)), data.draw(st.integers(1, 5))
    begin = data.draw(st.integers(0, epochs - 2))
    end = data.draw(st.integers(begin + 2, epochs))
    kind = data.draw(
        st.sampled_from(["MultiStepLR", "StepLR", "ConstantLR", "PolyLR", "LinearLR"])
    )
    scheduler = {"type": kind, "begin": begin, "end": end, "by_epoch": True}
    if kind == "MultiStepLR":
        scheduler["milestones"] = sorted(data.draw(st.sets(st.integers(1, end - begin))))
    elif kind == "StepLR":
        scheduler["step_size"] = data.draw(st.integers(1, epochs))
    elif kind == "ConstantLR":
        scheduler["factor"] = 1
    else:
        scheduler["convert_to_iter_based"] = True
    there, _ = converted(scheduler_to_iterations, scheduler, each)
    assert rates(there, epochs, each) == pytest.approx(rates(scheduler, epochs, each))
    back, _ = converted(scheduler_to_epochs, there, each)
    assert back == scheduler


@pytest.mark.parametrize(
    ("scheduler", "wanted", "told"),
    [
        # 95 iterations are trained as 10 epochs of 10.
        (
            {"type": "PolyLR", "begin": 0, "end": 95},
            {"begin": 0, "end": 10, "by_epoch": True, "convert_to_iter_based": True},
            False,
        ),
        (
            {"type": "CosineAnnealingLR", "begin": 20, "end": 95, "T_max": 75},
            {"begin": 2, "end": 10, "T_max": 8, "by_epoch": True, "convert_to_iter_based": True},
            False,
        ),
        ({"type": "CosineAnnealingLR", "T_max": 95}, {"T_max": 10}, False),
        (
            {"type": "MultiStepLR", "end": 95.0, "milestones": [60, 80]},
            {"end": 10, "milestones": [6, 8], "by_epoch": True},
            False,
        ),
        # What is no whole epoch within the training goes on counting iterations, to its end.
        ({"type": "PolyLR", "begin": 15, "end": 95}, {"end": 100}, True),
        (
            {"type": "CosineAnnealingLR", "begin": 15, "end": 95, "T_max": 80},
            {"end": 100, "T_max": 85},
            True,
        ),
        ({"type": "LinearLR", "start_factor": 0.1, "end": 15}, {}, False),
        ({"type": "PolyLR", "end": 55}, {}, True),
        ({"type": "PolyLR", "end": 0.5}, {}, True),
    ],
)
def test_what_ends_with_the_training_goes_on_to_do_so(scheduler, wanted, told):
    found = Adjustment()
    given_values = {**scheduler, "by_epoch": False}
    scheduler_to_epochs(("param_scheduler",), given_values, EACH, found, 95)
    after = apply({"param_scheduler": given_values}, found.changes)["param_scheduler"]
    assert {key: after[key] for key in wanted} == wanted
    assert after["by_epoch"] is wanted.get("by_epoch", after["by_epoch"])
    assert bool(found.notes) is told
    if not wanted:
        assert after == given_values


@pytest.mark.parametrize(
    ("step", "wanted"), [(0.7, 70), (1.6, 160), (0.05 * 32, 160), (0.333, 33), (12, 1200)]
)
def test_fractions_of_epochs_become_iterations_as_mmengine_makes_them(step, wanted):
    scheduler = {"type": "LinearLR", "begin": 0, "end": step, "convert_to_iter_based": True}
    after, _ = converted(scheduler_to_iterations, scheduler, each=100)
    assert after == {"type": "LinearLR", "begin": 0, "end": wanted, "by_epoch": False}
    built = PARAM_SCHEDULERS.get("LinearLR").build_iter_from_epoch(
        optimizer=torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0),
        begin=0,
        end=step,
        by_epoch=True,
        epoch_length=100,
    )
    assert abs(built.end - wanted) <= 1
