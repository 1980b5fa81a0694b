"""A whole config in the other unit: pure functions of dicts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmscaffold.config.change import MISSING
from mmscaffold.facts.loops import LOOP_OF_UNIT
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.conversion import convert
from mmscaffold.schedule.training_length import training_length

EACH = 100
TO_ITERATIONS, TO_EPOCHS = Unit.ITERATIONS, Unit.EPOCHS


def training(to, maximum, *, loop=None, **more):
    row = LOOP_OF_UNIT[to.other]
    loop = {"type": row.name, row.maximum: maximum, **(loop or {})}
    return {"train_cfg": loop, "log_processor": {}, **more}


def changed(config, each=EACH):
    names = {row.name: row.counterpart for row in LOOP_OF_UNIT.values()}
    found = convert(config, training_length(config), each, lambda name: names[name])
    assert all(change.why for change in found.changes)
    return {change.key: change.new for change in found.changes}, found.notes


def only(config, prefix, each=EACH):
    values, notes = changed(config, each)
    return {
        key.removeprefix(prefix): value for key, value in values.items() if key.startswith(prefix)
    }, notes


# The loop


@pytest.mark.parametrize(
    ("loop", "wanted"),
    [
        ({}, {"val_interval": 100}),
        ({"val_interval": 2, "val_begin": 3}, {"val_interval": 200, "val_begin": 300}),
        ({"dynamic_intervals": [(0, 5), (10, 1)]},
         {"val_interval": 100, "dynamic_intervals": [(0, 500), (901, 100)]}),
        ({"dynamic_intervals": "odd", "val_interval": "odd"}, {}),
    ],
)  # fmt: skip
def test_the_loop_to_iterations(loop, wanted):
    values, _ = only(training(TO_ITERATIONS, 12, loop=loop), "train_cfg.")
    base = {"type": "IterBasedTrainLoop", "max_epochs": MISSING, "max_iters": 1200}
    assert values == {**base, **wanted}


@pytest.mark.parametrize(
    ("loop", "wanted"),
    [
        ({}, {"val_interval": 10}),
        ({"val_interval": 200, "val_begin": 201}, {"val_interval": 2, "val_begin": 3}),
        ({"val_interval": 100, "dynamic_intervals": [(0, 500), (901, 100)]},
         {"val_interval": 1, "dynamic_intervals": [(0, 5), (10, 1)]}),
    ],
)  # fmt: skip
def test_the_loop_to_epochs(loop, wanted):
    values, notes = only(training(TO_EPOCHS, 1200, loop=loop), "train_cfg.")
    base = {"type": "EpochBasedTrainLoop", "max_iters": MISSING, "max_epochs": 12}
    assert values == {**base, **wanted}
    assert notes == []


def test_what_is_not_a_whole_number_of_epochs_is_rounded_and_told():
    values, notes = only(training(TO_EPOCHS, 1250, loop={"val_interval": 130}), "train_cfg.")
    assert (values["max_epochs"], values["val_interval"]) == (13, 1)
    assert notes == [
        "train_cfg.max_iters = 1250 is not a whole number of epochs of 100 iterations: 13 epochs "
        "are 1300",
        "train_cfg.val_interval = 130 becomes 1 x 100 iterations",
    ]


@pytest.mark.parametrize("to", Unit)
def test_a_loop_chosen_by_by_epoch_stays_so_chosen(to):
    row = LOOP_OF_UNIT[to.other]
    loop = {"by_epoch": to is TO_ITERATIONS, row.maximum: 1200}
    values, _ = only({"train_cfg": loop}, "train_cfg.")
    assert values["by_epoch"] is (to is TO_EPOCHS)
    assert "type" not in values


@pytest.mark.parametrize("to", Unit)
def test_a_loop_that_says_neither_gets_the_type(to):
    row = LOOP_OF_UNIT[to.other]
    values, _ = only({"train_cfg": {row.maximum: 1200}}, "train_cfg.")
    assert values["type"] == row.counterpart


# The sampler


@pytest.mark.parametrize(
    ("to", "sampler", "wanted"),
    [
        (TO_ITERATIONS, {"type": "DefaultSampler"}, {"type": "InfiniteSampler"}),
        (TO_ITERATIONS, {"type": "mmengine.DefaultSampler"}, {"type": "mmengine.InfiniteSampler"}),
        (TO_ITERATIONS, {"type": "DefaultSampler", "round_up": True},
         {"type": "InfiniteSampler", "round_up": MISSING}),
        (TO_ITERATIONS, {"type": "InfiniteSampler"}, {}),
        (TO_EPOCHS, {"type": "InfiniteSampler", "shuffle": True}, {"type": "DefaultSampler"}),
        (TO_EPOCHS, {"type": "DefaultSampler"}, {}),
    ],
)  # fmt: skip
def test_the_sampler_ends_with_an_epoch_or_never(to, sampler, wanted):
    config = training(to, 1200, train_dataloader={"sampler": sampler})
    assert only(config, "train_dataloader.sampler.") == (wanted, [])


@pytest.mark.parametrize(
    ("loader", "note"),
    [
        ({"sampler": {"type": "MultiSourceSampler"}},
         "left alone: what replaces MultiSourceSampler is not known"),
        ({}, "left alone: its type is unknown"),
        ({"sampler": {"type": 3}}, "left alone: its type is unknown"),
    ],
)  # fmt: skip
def test_another_sampler_is_left_alone(loader, note):
    config = training(TO_ITERATIONS, 12, train_dataloader=loader)
    assert only(config, "train_dataloader") == ({}, [f"train_dataloader.sampler {note}"])


# The hooks


def of_hook(to, hook, each=EACH):
    hooks = {"checkpoint": {"type": "Off"}, "logger": {"type": "Off"}}
    config = training(to, 1200, custom_hooks=[hook], default_hooks=hooks)
    return only(config, "custom_hooks[0].", each)


@pytest.mark.parametrize(
    ("hook", "wanted"),
    [
        ({"type": "CheckpointHook", "interval": 2, "save_begin": 3},
         {"interval": 200, "save_begin": 300, "by_epoch": False}),
        ({"type": "CheckpointHook", "interval": -1}, {"by_epoch": False}),
        ({"type": "CheckpointHook", "interval": 2, "by_epoch": False}, {}),
        ({"type": "EMAHook", "begin_epoch": 3}, {"begin_epoch": MISSING, "begin_iter": 201}),
        ({"type": "EMAHook", "begin_epoch": 0}, {}),
        ({"type": "EMAHook", "begin_iter": 3}, {}),
        ({"type": "ProfilerHook"}, {"profile_times": 100, "by_epoch": False}),
        ({"type": "LoggerHook", "interval": 50}, {"log_metric_by_epoch": False}),
        ({"type": "SimSiamHook"}, {"adjust_by_epoch": False}),
        ({"type": "PreciseBNHook", "interval": 2}, {"interval": 200}),
        ({"type": "PreciseBNHook"}, {"interval": 100}),
        ({"type": "mmrazor.DumpSubnetHook", "interval": 1}, {"interval": 100, "by_epoch": False}),
        ({"type": "DenseCLHook", "start_iters": 5}, {}),
    ],
)  # fmt: skip
def test_hooks_to_iterations(hook, wanted):
    assert of_hook(TO_ITERATIONS, hook) == (wanted, [])


@pytest.mark.parametrize(
    ("hook", "wanted"),
    [
        ({"type": "CheckpointHook", "interval": 200, "save_begin": 300, "by_epoch": False},
         {"interval": 2, "save_begin": 3, "by_epoch": MISSING}),
        ({"type": "CheckpointHook", "interval": -1, "by_epoch": False}, {"by_epoch": MISSING}),
        ({"type": "CheckpointHook", "interval": 200}, {}),
        ({"type": "EMAHook", "begin_iter": 201}, {"begin_iter": MISSING, "begin_epoch": 3}),
        ({"type": "EMAHook", "begin_iter": 200}, {}),
        ({"type": "LoggerHook", "log_metric_by_epoch": False}, {"log_metric_by_epoch": MISSING}),
        ({"type": "LoggerHook"}, {}),
        ({"type": "PreciseBNHook", "interval": 200}, {"interval": 2}),
        ({"type": "PipelineSwitchHook", "switch_epoch": 2}, {}),
    ],
)  # fmt: skip
def test_hooks_to_epochs(hook, wanted):
    assert of_hook(TO_EPOCHS, hook) == (wanted, [])


@pytest.mark.parametrize(
    ("hook", "values"),
    [
        ({"type": "CheckpointHook", "interval": 250, "save_begin": 30}, {"save_begin": 1}),
        ({"type": "mmrazor.DumpSubnetHook", "interval": 250}, {}),
    ],
)
def test_what_counted_iterations_ends_with_an_epoch(hook, values):
    # A checkpoint from the middle of an epoch cannot be resumed there.
    found, notes = of_hook(TO_EPOCHS, {**hook, "by_epoch": False})
    assert found == {"interval": 2, "by_epoch": MISSING, **values}
    assert notes[0] == "custom_hooks[0].interval = 250 becomes 2 x 100 iterations"
    assert len(notes) == 1 + len(values)


@pytest.mark.parametrize(
    ("argument", "value"),
    [("interval", 5), ("start", 3), ("freeze_epochs", [3, 6]), ("stages", None), ("gain", 4)],
)
def test_what_a_hook_of_the_project_counts_in_is_not_known(argument, value):
    told = argument in ("interval", "start", "freeze_epochs")
    notes = [
        f"custom_hooks[0].{argument} = {value} left alone: whether it counts epochs is not known "
        "for OwnHook"
    ]
    hook = {"type": "OwnHook", argument: value}
    assert of_hook(TO_ITERATIONS, hook) == ({}, notes if told else [])
    # mmengine's own hooks count nothing, or have a row.
    assert of_hook(TO_ITERATIONS, {"type": "EarlyStoppingHook", "patience": 5}) == ({}, [])


def test_steps_of_the_loop_and_the_model_are_told():
    config = training(
        TO_ITERATIONS,
        12,
        loop={"mutate_start_epoch": 3},
        model={"train_cfg": {"initial_epoch": 4, "max_iters": 0}, "head": {"num_iters": 3}},
    )
    _, notes = changed(config)
    assert [note for note in notes if "left alone" in note and "Hook" not in note] == [
        "train_cfg.mutate_start_epoch = 3 left alone: whether it counts epochs is not known",
        "model.train_cfg.initial_epoch = 4 left alone: whether it counts epochs is not known",
    ]


def test_a_cadence_that_is_not_a_whole_epoch_is_rounded_and_told():
    assert of_hook(TO_EPOCHS, {"type": "PreciseBNHook", "interval": 250}) == (
        {"interval": 2},
        ["custom_hooks[0].interval = 250 becomes 2 x 100 iterations"],
    )
    # A default that comes to itself is not written down.
    assert of_hook(TO_EPOCHS, {"type": "PreciseBNHook"})[0] == {}


@pytest.mark.parametrize(
    ("hook", "does"),
    [
        ("PipelineSwitchHook", "acts at the start of an epoch"),
        ("mmpose.RTMOModeSwitchHook", "acts at the start of an epoch"),
        ("SetEpochInfoHook", "acts at the start of an epoch"),
        ("RazorVisualizationHook", "acts at the end of an epoch"),
        ("WarmupParamHook", "counts in epochs"),
    ],
)
def test_a_hook_that_needs_epochs_is_named(hook, does):
    name = hook.rpartition(".")[2]
    assert of_hook(TO_ITERATIONS, {"type": hook}) == (
        {},
        [
            f"custom_hooks[0] left alone: {name} {does}, but training by iterations "
            "has only one epoch; it will not behave as before"
        ],
    )


def test_the_default_hooks_are_named_where_the_config_does_not():
    values, _ = only(training(TO_ITERATIONS, 12), "default_hooks")
    assert values == {
        "": {
            "checkpoint": {"type": "CheckpointHook", "interval": 100, "by_epoch": False},
            "logger": {"type": "LoggerHook", "log_metric_by_epoch": False},
        }
    }
    given_logger = training(TO_ITERATIONS, 12, default_hooks={"logger": {"type": "LoggerHook"}})
    assert only(given_logger, "default_hooks.")[0] == {
        "checkpoint": {"type": "CheckpointHook", "interval": 100, "by_epoch": False},
        "logger.log_metric_by_epoch": False,
    }
    assert only(training(TO_EPOCHS, 1200), "default_hooks") == ({}, [])


# The log


@pytest.mark.parametrize(
    ("to", "processor", "wanted"),
    [
        (TO_ITERATIONS, None, {"": {"type": "LogProcessor", "by_epoch": False}}),
        (TO_ITERATIONS, {"by_epoch": True}, {".by_epoch": False}),
        (TO_ITERATIONS, {"by_epoch": False}, {}),
        (TO_ITERATIONS,
         {"by_epoch": False, "custom_cfg": [{"window_size": "epoch"}, {"window_size": 5}, 3]},
         {".custom_cfg[0].window_size": 100}),
        (TO_EPOCHS, None, {}),
        (TO_EPOCHS, {"by_epoch": False}, {".by_epoch": True}),
        (TO_EPOCHS, {"window_size": 50}, {}),
    ],
)  # fmt: skip
def test_the_log(to, processor, wanted):
    assert only(training(to, 1200, log_processor=processor), "log_processor")[0] == wanted


def test_schedulers_are_converted_each_by_itself():
    schedule = [{"type": "MultiStepLR", "milestones": [8]}, {"type": "PolyLR", "by_epoch": False}]
    values, _ = only(training(TO_ITERATIONS, 12, param_scheduler=schedule), "param_scheduler")
    assert values == {"[0].milestones": [800], "[0].by_epoch": False}


def validations(loop, maximum):
    """When mmengine's loops validate (mmengine/runner/loops.py, run), in the loop's steps."""
    due = []
    for done in range(1, maximum + 1):
        passed = [each for begin, each in loop["dynamic_intervals"] if done + 1 >= begin]
        interval = passed[-1] if passed else loop["val_interval"]
        if done >= loop["val_begin"] and (done % interval == 0 or done == maximum):
            due.append(done)
    return due


@given(st.data())
def test_validations_fall_on_the_same_iterations(data):
    maximum, each = data.draw(st.integers(1, 20)), data.draw(st.integers(1, 7))
    loop = {
        "max_epochs": maximum,
        "val_interval": data.draw(st.integers(1, 20)),
        "val_begin": data.draw(st.integers(1, 20)),
        "dynamic_intervals": [(data.draw(st.integers(1, 20)), data.draw(st.integers(1, 5)))],
    }
    values, _ = only({"train_cfg": {"by_epoch": True, **loop}}, "train_cfg.", each)
    after = {**loop, **values}
    by_epoch = [step * each for step in validations(loop, maximum)]
    assert validations(after, maximum * each) == by_epoch
