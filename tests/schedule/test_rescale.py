"""What moves with the training length: pure functions of dicts."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mmscaffold.config.change import MISSING, apply
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.consistency import is_consistent_schedule
from mmscaffold.schedule.rescale import rescale
from mmscaffold.schedule.training_length import training_length


def training(maximum=12, *, iterations=False, loop=None, hooks=(), **more):
    key, name = (
        ("max_iters", "IterBasedTrainLoop")
        if iterations
        else ("max_epochs", "EpochBasedTrainLoop")
    )
    return {
        "train_cfg": {"type": name, key: maximum, **(loop or {})},
        "custom_hooks": list(hooks),
        **more,
    }


def moved(config, new):
    """The new value of each key that moves, and the notes."""
    found = rescale(config, training_length(config), new)
    assert all(change.new is not MISSING and change.why for change in found.changes)
    return {change.key: change.new for change in found.changes}, found.notes


def of_schedulers(*schedulers, old=12, new, **more):
    values, notes = moved(training(old, param_scheduler=list(schedulers), **more), new)
    return {
        key.removeprefix("param_scheduler"): value
        for key, value in values.items()
        if key.startswith("param_scheduler")
    }, notes


# The loop


@pytest.mark.parametrize(
    ("loop", "old", "new", "values"),
    [
        ({}, 12, 24, {}),
        ({"val_interval": 10}, 12, 5, {"val_interval": 5}),
        ({"val_interval": 10}, 12, 24, {}),
        ({"val_begin": 10}, 12, 24, {"val_begin": 22}),
        ({"val_begin": 10}, 12, 1, {"val_begin": 1}),
        ({"val_begin": 1}, 12, 24, {}),
        # Never.
        ({"val_begin": 13}, 12, 24, {"val_begin": 25}),
        ({"dynamic_intervals": [(280, 1)]}, 300, 100, {"dynamic_intervals": [(80, 1)]}),
        # It would be all of the training: a share of it is left.
        (
            {"dynamic_intervals": [(0, 50), (280, 1)]},
            300,
            20,
            {"dynamic_intervals": [(0, 20), (19, 1)]},
        ),
        (
            {"dynamic_intervals": [(0, 5), (6, 1)]},
            12,
            24,
            {"dynamic_intervals": [(0, 5), (18, 1)]},
        ),
        ({"dynamic_intervals": "odd"}, 300, 20, {}),
        ({"val_interval": "odd", "val_begin": None}, 300, 20, {}),
    ],
)
def test_the_validations_of_the_loop(loop, old, new, values):
    expected = {"train_cfg.max_epochs": new}
    expected |= {f"train_cfg.{key}": value for key, value in values.items()}
    assert moved(training(old, loop=loop), new) == (expected, [])


def test_the_same_length_moves_nothing():
    config = training(
        param_scheduler={"type": "MultiStepLR", "end": 12, "milestones": [8, 11]},
        hooks=[{"type": "PipelineSwitchHook", "switch_epoch": 10}],
    )
    assert moved(config, 12) == ({}, [])


# The schedulers


def test_the_official_1x_becomes_the_official_3x():
    warm_up = {"type": "LinearLR", "by_epoch": False, "start_factor": 0.001, "end": 500}
    steps = {"type": "MultiStepLR", "begin": 0, "end": 12, "milestones": [8, 11]}
    assert of_schedulers(warm_up, steps, new=36) == (
        {"[1].end": 36, "[1].milestones": [24, 33]},
        [],
    )


@pytest.mark.parametrize(
    ("scheduler", "old", "new", "end"),
    [
        # D1: no warm-up but an annealing, and nothing begins where it ends.
        ({"type": "LinearLR", "start_factor": 1.0, "end_factor": 0.01, "end": 10}, 12, 48, 40),
        ({"type": "LinearLR", "start_factor": 0.01, "end": 10}, 12, 48, None),
        ({"type": "LinearLR", "end": 10}, 12, 48, None),
        # It goes from the full value down to eta_min.
        ({"type": "PolyLR", "end": 40_000}, 80_000, 160_000, 80_000),
        ({"type": "PolyMomentum", "end": 6}, 12, 24, 12),
        ({"type": "QuadraticWarmupLR", "end": 5}, 300, 600, None),
        ({"type": "QuadraticWarmupLR", "end": 5}, 300, 8, 1),
        # Held back, then set free; held at the full value.
        ({"type": "ConstantLR", "factor": 0.1, "end": 5}, 300, 600, None),
        ({"type": "ConstantLR", "factor": 1, "end": 5}, 300, 600, 10),
        ({"type": "CosineAnnealingLR", "end": 6}, 12, 24, 12),
        ({"type": "OwnLR", "end": 6}, 12, 24, 12),
        # What comes after the warm-up is not known of a class of the project.
        ({"type": "LinearWarmupCosineLR", "end": 6}, 12, 24, 12),
    ],
)
def test_the_end_of_a_warm_up_stays_that_of_anything_else_is_a_share(scheduler, old, new, end):
    values, notes = of_schedulers({"begin": 0, **scheduler}, old=old, new=new)
    assert values == ({} if end is None else {"[0].end": end})
    assert notes == []


def test_a_last_stage_keeps_its_length_only_where_something_begins():
    cosine = {"type": "CosineAnnealingLR", "end": 285}
    plateau = {"type": "ConstantLR", "factor": 1, "begin": 285, "end": 300}
    assert of_schedulers(cosine, old=300, new=100)[0] == {"[0].end": 95}
    values, _ = of_schedulers(cosine, plateau, old=300, new=100)
    assert values == {"[0].end": 85, "[1].begin": 85, "[1].end": 100}
    for more in (
        {"hooks": [{"type": "YOLOXModeSwitchHook", "num_last_epochs": 15}]},
        {"hooks": [{"type": "PipelineSwitchHook", "switch_epoch": 285}]},
        {"loop": {"dynamic_intervals": [(285, 1)]}},
    ):
        assert of_schedulers(cosine, old=300, new=100, **more)[0] == {"[0].end": 85}


@pytest.mark.parametrize(
    ("scheduler", "new", "values"),
    [
        # T_max: the span, equal to the end, the whole, or a share.
        ({"begin": 50, "end": 250, "T_max": 200}, 30, {"begin": 5, "end": 25, "T_max": 20}),
        ({"begin": 50, "end": 250, "T_max": 250}, 30, {"begin": 5, "end": 25, "T_max": 25}),
        ({"begin": 50, "end": 250, "T_max": 300}, 30, {"begin": 5, "end": 25, "T_max": 30}),
        ({"begin": 50, "end": 250, "T_max": 100}, 30, {"begin": 5, "end": 25, "T_max": 10}),
        ({"T_max": 300}, 30, {"T_max": 30}),
        ({"T_max": 1}, 30, {}),
        ({"periods": [100, 200]}, 30, {"periods": [10, 20]}),
        ({"periods": []}, 30, {}),
        ({"step_size": 100}, 30, {"step_size": 10}),
        ({"step_size": 300}, 30, {"step_size": 30}),
        ({"total_steps": 300, "end": 300}, 30, {"total_steps": 30, "end": 30}),
        ({"milestones": (100, 200)}, 30, {"milestones": (10, 20)}),
        # One at or past the end never fires, before and after.
        ({"milestones": [100, 300]}, 30, {"milestones": [10, 30]}),
        # They were meant for the whole training, of which the end does not know.
        ({"end": 100, "milestones": [200]}, 30, {"end": 10, "milestones": [20]}),
        ({"interval": 400, "patience": 10, "cooldown": 5}, 30, {}),
        ({"milestones": ["late"], "T_max": None}, 30, {}),
    ],
)
def test_what_counts_from_begin(scheduler, new, values):
    expected = {f"[0].{key}": value for key, value in values.items()}
    found, notes = of_schedulers({"type": "OwnLR", **scheduler}, old=300, new=new)
    assert (found, notes) == (expected, [])


@pytest.mark.parametrize(
    ("schedulers", "new", "note"),
    [
        ([{"end": "late"}], 6, "param_scheduler[0] left alone: begin or end is unknown"),
        ([{"begin": None}], 6, "param_scheduler[0] left alone: begin or end is unknown"),
        ([{"begin": 12}], 6, "param_scheduler[0] left alone: it begins at 12, past the end"),
        (
            [{"periods": [6, 3, 3]}],
            2,
            "param_scheduler[0] left alone: 3 periods do not fit into 2 epochs",
        ),
        (
            [{"end": 3}, {"begin": 3, "end": 6}, {"begin": 6}],
            2,
            "param_scheduler left alone: 3 stages do not fit into 2 epochs",
        ),
    ],
)
def test_what_cannot_be_moved_is_left_alone_with_the_reason(schedulers, new, note):
    entries = [{"type": "OwnLR", **each} for each in schedulers]
    assert of_schedulers(*entries, new=new) == ({}, [note])


@pytest.mark.parametrize(
    ("milestones", "converts", "wanted"),
    [
        ([8.0, 11.0], False, [13, 18]),
        ((6, 9.0), True, (10, 15)),
        ([8.0, 10.8], False, [13, 18.0]),
        ([7.92, 10.8], True, [13.2, 18.0]),
        ([8, 10.8], True, [13.3333333333, 18.0]),
    ],
)
def test_milestones_that_are_floats_move_too(milestones, converts, wanted):
    # mmengine comes to 8.0, and to 7.92 epochs where it makes iterations of them.
    scheduler = {"type": "MultiStepLR", "milestones": milestones}
    if converts:
        scheduler["convert_to_iter_based"] = True
    values, notes = of_schedulers(scheduler, new=20)
    assert values == {"[0].milestones": wanted}
    assert type(values["[0].milestones"]) is type(milestones)
    assert bool(notes) is (10.8 in milestones and not converts)
    assert all("never comes to those between" in note for note in notes)


@pytest.mark.parametrize(
    ("milestones", "new", "wanted"),
    [([3, 6, 9], 3, [1, 2]), ((8, 11), 2, (1,)), ([8, 11], 1, []), ([3, 6, 9, 12], 3, [1, 2, 3])],
)
def test_milestones_without_room_are_left_out_and_told(milestones, new, wanted):
    scheduler = {"type": "MultiStepLR", "milestones": milestones}
    values, notes = of_schedulers(scheduler, new=new)
    assert values == {"[0].milestones": wanted}
    lost = len(milestones) - len(wanted)
    assert notes == [
        f"param_scheduler[0].milestones = {list(milestones)} loses {lost}: "
        f"{'it does' if lost == 1 else 'they do'} not fit into {Unit.EPOCHS.count(new)}"
    ]


@pytest.mark.parametrize("name", ["ExponentialLR", "mmengine.ExponentialMomentum"])
def test_the_decay_of_each_step_is_told(name):
    values, notes = of_schedulers({"type": name, "gamma": 0.9, "end": 12}, new=24)
    assert values == {"[0].end": 24}
    assert notes == [
        "param_scheduler[0].gamma left alone: over a different number of steps it leads to a "
        "different final rate"
    ]


def test_what_counts_in_the_other_unit_stays():
    by_iteration = {"type": "PolyLR", "by_epoch": False}
    assert of_schedulers(by_iteration, new=24) == ({}, [])
    by_iteration["end"] = 500
    config = training(1000, iterations=True, param_scheduler=[by_iteration, {"type": "PolyLR"}])
    assert moved(config, 2000) == (
        {"train_cfg.max_iters": 2000, "param_scheduler[0].end": 1000},
        [],
    )


@pytest.mark.parametrize(
    ("scheduler", "is_told"),
    [
        ({"type": "LinearLR", "start_factor": 1.0, "end_factor": 0.01, "end": 80_000}, True),
        ({"type": "PolyLR", "begin": 500, "end": 80_000}, True),
        ({"type": "OneCycleLR", "total_steps": 80_000}, True),
        ({"type": "MultiStepLR", "milestones": [60_000]}, True),
        ({"type": "LinearLR", "start_factor": 0.001, "end": 500}, False),
        ({"type": "CosineAnnealingLR"}, False),
    ],
)
def test_an_annealing_in_the_other_unit_is_told(scheduler, is_told):
    # D1
    assert of_schedulers({**scheduler, "by_epoch": False}, new=48) == (
        {},
        [
            "param_scheduler[0] left alone: it counts iterations, and how many iterations an "
            "epoch has is not known"
        ]
        if is_told
        else [],
    )


def test_schedulers_by_optimizer():
    config = training(param_scheduler={"generator": [{"type": "PolyLR", "end": 12}]})
    assert moved(config, 24)[0]["param_scheduler.generator[0].end"] == 24


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_consistent_schedule_stays_consistent(data):
    old, new = data.draw(st.integers(2, 300)), data.draw(st.integers(1, 300))
    cuts = data.draw(st.sets(st.integers(1, old - 1), max_size=4))
    edges = [0, *sorted(cuts), old]
    entries = []
    for begin, end in itertools.pairwise(edges):
        kind = data.draw(st.sampled_from(["LinearLR", "ConstantLR", "PolyLR", "MultiStepLR"]))
        entry = {"type": kind, "begin": begin, "end": end}
        if kind == "LinearLR" and data.draw(st.booleans()):
            entry |= {"start_factor": 1.0, "end_factor": 0.1}
        if kind == "MultiStepLR":
            entry["milestones"] = sorted(data.draw(st.sets(st.integers(1, end - begin))))
        entries.append(entry)
    config = training(old, param_scheduler=entries)
    found = rescale(config, training_length(config), new)
    after = apply(config, found.changes)
    assert training_length(after).maximum == new
    assert found.notes or is_consistent_schedule(after, new)


# The hooks


def of_hook(hook, old, new, **more):
    values, notes = moved(training(old, hooks=[hook], **more), new)
    own = {key: value for key, value in values.items() if key.startswith("custom_hooks")}
    return {key.removeprefix("custom_hooks[0]."): value for key, value in own.items()}, notes


@pytest.mark.parametrize(
    ("hook", "new", "values"),
    [
        ({"type": "PipelineSwitchHook", "switch_epoch": 280}, 100, {"switch_epoch": 80}),
        ({"type": "PipelineSwitchHook", "switch_epoch": 280}, 10, {"switch_epoch": 9}),
        # From the start, at any length; not half-way.
        ({"type": "PipelineSwitchHook", "switch_epoch": 0}, 600, {}),
        ({"type": "PipelineSwitchHook", "switch_epoch": 150}, 600, {"switch_epoch": 450}),
        ({"type": "DisableObjectSampleHook"}, 320, {"disable_after_epoch": 35}),
        ({"type": "StopDistillHook", "stop_epoch": 290}, 600, {"stop_epoch": 590}),
        ({"type": "YOLOXModeSwitchHook"}, 100, {}),
        ({"type": "YOLOXModeSwitchHook"}, 10, {"num_last_epochs": 1}),
        ({"type": "mmyolo.YOLOXModeSwitchHook", "num_last_epochs": 15}, 15,
         {"num_last_epochs": 1}),
        ({"type": "YOLOXPoseModeSwitchHook"}, 20, {"num_last_epochs": 1}),
        ({"type": "YOLOv5ParamSchedulerHook"}, 100, {"max_epochs": 100}),
        ({"type": "YOLOv5ParamSchedulerHook", "max_epochs": 300}, 100, {"max_epochs": 100}),
        ({"type": "PPYOLOEParamSchedulerHook"}, 100, {"total_epochs": 120}),
        ({"type": "EMAHook", "begin_epoch": 200}, 100, {"begin_epoch": 100}),
        ({"type": "EMAHook", "begin_iter": 200}, 100, {}),
        ({"type": "CheckpointHook", "interval": 200, "save_begin": 250}, 100,
         {"interval": 100, "save_begin": 100}),
        ({"type": "CheckpointHook", "interval": 200, "by_epoch": False}, 100, {}),
        ({"type": "SwAVHook", "epoch_queue_starts": 100}, 100, {"epoch_queue_starts": 99}),
        ({"type": "SwitchRecipeHook", "schedule": [{"action_epoch": 30}, {"action_epoch": 60}]},
         100, {"schedule[0].action_epoch": 11, "schedule[1].action_epoch": 21}),
        # mmpretrain refuses an epoch that is repeated.
        ({"type": "SwitchRecipeHook", "schedule": [{"action_epoch": n} for n in (1, 2, 3)]},
         10, {}),
        ({"type": "SwitchRecipeHook", "schedule": "odd"}, 100, {}),
        ({"type": "WarmupParamHook", "warmup_epochs": 5}, 100, {}),
    ],
)  # fmt: skip
def test_the_steps_of_hooks(hook, new, values):
    assert of_hook(hook, 300, new) == (values, [])


@pytest.mark.parametrize("new", [600, 100, 40, 30, 20, 16, 10, 4])
def test_the_parts_of_a_last_stage_stay_together_at_any_length(new):
    # D2
    config = training(
        300,
        loop={"dynamic_intervals": [(285, 1)]},
        param_scheduler=[
            {"type": "QuadraticWarmupLR", "end": 5},
            {"type": "CosineAnnealingLR", "begin": 5, "end": 285},
            {"type": "ConstantLR", "factor": 1, "begin": 285, "end": 300},
        ],
        hooks=[
            {"type": "YOLOXModeSwitchHook", "num_last_epochs": 15},
            {"type": "PipelineSwitchHook", "switch_epoch": 285},
            {"type": "SwitchRecipeHook", "schedule": [{"action_epoch": 286}]},
        ],
    )
    after = apply(config, rescale(config, training_length(config), new).changes)
    last, switch, recipe = after["custom_hooks"]
    begins = {
        new - last["num_last_epochs"],
        switch["switch_epoch"],
        recipe["schedule"][0]["action_epoch"] - 1,
        after["train_cfg"]["dynamic_intervals"][0][0],
        after["param_scheduler"][1]["end"],
        after["param_scheduler"][2]["begin"],
    }
    assert len(begins) == 1
    assert 0 < begins.pop() < new


def test_under_an_iteration_loop_those_by_iterations_move():
    hook = {"type": "EMAHook", "begin_iter": 900}
    assert of_hook(hook, 1000, 500, iterations=True) == ({"begin_iter": 500}, [])
    hook = {"type": "PipelineSwitchHook", "switch_epoch": 280}
    assert of_hook(hook, 1000, 500, iterations=True) == ({}, [])
    hook = {"type": "DenseCLHook"}
    assert of_hook(hook, 2000, 500, iterations=True) == ({"start_iters": 499}, [])


RTMO = {
    "type": "RTMOModeSwitchHook",
    "epoch_attributes": {280: {"proxy_target_cc": True}, 580: {"loss.weight": 2.0}},
}
RTMO_SCHEDULE = [
    {"type": "QuadraticWarmupLR", "end": 5},
    {"type": "CosineAnnealingLR", "begin": 5, "end": 280, "T_max": 280},
    {"type": "CosineAnnealingLR", "begin": 280, "end": 580, "T_max": 300},
    {"type": "ConstantLR", "factor": 1, "begin": 580, "end": 600},
]


@pytest.mark.parametrize(("new", "first", "last"), [(300, 140, 280), (1200, 560, 1180)])
def test_keys_of_a_hook_move_with_the_boundaries_of_the_schedule(new, first, last):
    # D2
    values, notes = of_hook(RTMO, 600, new, param_scheduler=RTMO_SCHEDULE)
    old = RTMO["epoch_attributes"]
    assert values == {"epoch_attributes": {first: old[280], last: old[580]}}
    found, _ = of_schedulers(*RTMO_SCHEDULE, old=600, new=new)
    assert (found["[1].end"], found["[3].begin"]) == (first, last)
    assert notes == []


def test_keys_of_a_hook_move_without_a_schedule_too():
    values, _ = of_hook(RTMO, 600, 300)
    assert list(values["epoch_attributes"]) == [140, 280]


def test_keys_past_the_end_stay_past_it_and_apart():
    hook = {"type": "RTMOModeSwitchHook", "epoch_attributes": {0: 1, 600: 2, 700: 3}}
    values, _ = of_hook(hook, 600, 300)
    assert values == {"epoch_attributes": {0: 1, 300: 2, 400: 3}}


def test_keys_that_find_no_room_are_left_alone():
    values, notes = of_hook(RTMO, 600, 1, param_scheduler=RTMO_SCHEDULE)
    assert values == {}
    assert notes == [
        "param_scheduler left alone: 4 stages do not fit into 1 epoch",
        "custom_hooks[0].epoch_attributes[280] left alone: 4 stages do not fit into 1 epoch",
        "custom_hooks[0].epoch_attributes[580] left alone: 4 stages do not fit into 1 epoch",
    ]


def test_a_step_of_a_hook_that_is_not_known_is_told():
    hook = {"type": "own.FreezeHook", "freeze_epoch": 5, "by_epoch": True, "warmup_epochs": 3}
    assert of_hook(hook, 12, 24) == (
        {},
        [
            "custom_hooks[0].freeze_epoch = 5 left alone: how it relates to the training "
            "length is not known for FreezeHook"
        ],
    )


def test_default_hooks_move_too():
    config = training(default_hooks={"checkpoint": {"type": "CheckpointHook", "interval": 10}})
    assert moved(config, 5)[0]["default_hooks.checkpoint.interval"] == 5
