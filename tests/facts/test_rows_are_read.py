"""Each step in a row is moved, converted and looked at, or the row says why not."""

from __future__ import annotations

import pytest
from mmscaffold.check import find_rule
from mmscaffold.facts.hooks import HOOKS
from mmscaffold.facts.loops import LOOP_OF_UNIT
from mmscaffold.facts.schedulers import (
    SCHEDULERS,
    UNCHECKED,
    UNCONVERTED,
    UNMOVED,
    Role,
)
from mmscaffold.facts.steps import Relation, Wildcard
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.conversion import convert
from mmscaffold.schedule.rescale import rescale
from mmscaffold.schedule.training_length import training_length
from support.views import view

# The rules that compare steps with the length of the training.
RULES = ("MMS104", "MMS105", "MMS106", "MMS107", "MMS115", "MMS116", "MMS123", "MMS131")
STEPS = [
    pytest.param(hook, step, id=f"{hook.package}.{hook.name}.{step.argument}")
    for hook in HOOKS
    for step in hook.steps
]
ARGUMENTS = [
    pytest.param(family, argument, role, id=f"{family.name}.{argument}")
    for family in SCHEDULERS
    for argument, role in family.steps.items()
]
# An argument that a class does not go without.
NEEDED = {"MultiStep": {"milestones": [8]}, "Exponential": {"gamma": 0.9}}


def written(where, value):
    """A step where its row says that it lies."""
    if not where:
        return value
    first, rest = where[0], where[1:]
    if first is Wildcard.EACH_ITEM:
        return [written(rest, value)]
    if first is Wildcard.EACH_KEY:
        return {value: {"weight": 1.0}}
    key = "layer" if first is Wildcard.EACH_VALUE else first
    return {key: written(rest, value)}


def training(maximum, unit, **more):
    row = LOOP_OF_UNIT[unit]
    loop = {"type": row.name, row.maximum: maximum}
    return {"train_cfg": loop, "default_hooks": {}, **more}


def with_hook(hook, step, value, maximum, unit):
    config = {"type": f"{hook.package}.{hook.name}", **written(step.where, value)}
    if hook.flag is not None and step.unit is None:
        config[hook.flag] = unit is Unit.EPOCHS
    return training(maximum, unit, custom_hooks=[config])


def changed(found, *path):
    return [change for change in found.changes if change.path[: len(path)] == path]


@pytest.mark.parametrize(("hook", "step"), STEPS)
def test_a_new_length_moves_it(hook, step):
    value = 100 if step.relation is Relation.WHOLE else 80
    for unit in [step.unit] if step.unit else Unit:
        config = with_hook(hook, step, value, 100, unit)
        found = rescale(config, training_length(config), 40)
        moved = changed(found, "custom_hooks", 0, step.argument)
        assert bool(moved) is not bool(step.unmoved)
        assert not any(step.argument in note for note in found.notes)
    assert bool(step.unmoved) is (step.relation is Relation.FIXED)


@pytest.mark.parametrize(("hook", "step"), STEPS)
def test_another_unit_converts_it(hook, step):
    for unit in [step.unit] if step.unit else Unit:
        first = step.first if step.counterpart else 0
        config = with_hook(hook, step, 80 + first, 100, unit)
        found = convert(config, training_length(config), 10, lambda _: "Other")
        moved = changed(found, "custom_hooks", 0, step.argument)
        assert bool(moved) is not bool(step.unconverted)
        noted = any("custom_hooks[0] left alone" in note for note in found.notes)
        assert noted is (bool(hook.needs_epochs) and unit is Unit.EPOCHS)
    if step.unit is Unit.EPOCHS and step.unconverted:
        assert hook.needs_epochs


@pytest.mark.parametrize(("hook", "step"), STEPS)
def test_check_looks_at_it(hook, step):
    for unit in [step.unit] if step.unit else Unit:
        config = with_hook(hook, step, 500, 12, unit)
        text = "\n".join(f"{key} = {value!r}" for key, value in config.items())
        seen = [one for rule in RULES for one in find_rule(rule).check(view(text))]
        assert bool(seen) is not bool(step.unchecked)


def step_values(role, value):
    return {Role.MOMENTS: [value], Role.PARTS: [value]}.get(role, value)


@pytest.mark.parametrize(("family", "argument", "role"), ARGUMENTS)
def test_a_scheduler_s_step_is_moved_converted_and_looked_at(family, argument, role):
    values = {**NEEDED.get(family.name, {}), argument: step_values(role, 80)}
    scheduler = {"type": f"{family.name}LR", "begin": 0, "end": 100, **values}
    config = training(100, Unit.EPOCHS, param_scheduler=[scheduler])
    moved = rescale(config, training_length(config), 50)
    assert bool(changed(moved, "param_scheduler", 0, argument)) is (role not in UNMOVED)
    converted = convert(config, training_length(config), 10, lambda _: "Other")
    is_converted = role not in UNCONVERTED and not family.after_validations
    assert bool(changed(converted, "param_scheduler", 0, argument)) is is_converted
    scheduler[argument] = step_values(role, 120)
    text = "\n".join(f"{key} = {value!r}" for key, value in config.items())
    seen = [one for rule in RULES for one in find_rule(rule).check(view(text))]
    assert bool(seen) is (role not in UNCHECKED)


@pytest.mark.parametrize("family", SCHEDULERS, ids=lambda family: family.name)
def test_begin_and_end_are_moved_and_converted(family):
    values = NEEDED.get(family.name, {})
    scheduler = {"type": f"{family.name}LR", "begin": 20, "end": 100, **values}
    config = training(100, Unit.EPOCHS, param_scheduler=[scheduler])
    moved = rescale(config, training_length(config), 50)
    assert [(change.path[-1], change.new) for change in moved.changes if
            change.path[-1] in ("begin", "end")] == [("begin", 10), ("end", 50)]  # fmt: skip
    converted = convert(config, training_length(config), 10, lambda _: "Other")
    assert bool(changed(converted, "param_scheduler", 0, "end")) is not family.after_validations


@pytest.mark.parametrize("family", SCHEDULERS, ids=lambda family: family.name)
def test_what_lowers_its_value_is_compared_with_the_training(family):
    scheduler = {
        "type": f"{family.name}LR",
        "begin": 0,
        "end": 150,
        "start_factor": 1.0,
        "end_factor": 0.1,
    }
    config = training(100, Unit.EPOCHS, param_scheduler=[scheduler])
    text = "\n".join(f"{key} = {value!r}" for key, value in config.items())
    assert bool(list(find_rule("MMS105").check(view(text)))) is family.lowers


def test_an_argument_means_one_thing_in_all_families():
    roles = {}
    for family in SCHEDULERS:
        for argument, role in family.steps.items():
            assert roles.setdefault(argument, role) is role
