"""mmengine itself, in a process of its own, says whether a plan does what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from mmscaffold.migrate import plan_migration
from mmscaffold.migrate.mmengine_verification import VerificationError, verify_with_mmengine

MODEL = "model = dict(type='RetinaNet')\ntrain_cfg = dict(by_epoch=True, max_epochs=12)\n"


@pytest.fixture
def plan(tree, class_map):
    return plan_migration([tree(a=MODEL, b="_base_ = './a.py'\nx = (1, 2)\n")], class_map)


def test_a_plan_that_does_what_it_says(plan):
    verified = verify_with_mmengine(plan)
    assert (verified.agreed, verified.unreadable) == (2, ())


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (b"MyRetinaNet", "planned: model.type"),
        (b"x = 1\n", "planned: x"),
        (b"1 / 0\n", "ZeroDivisionError"),
    ],
)
def test_a_plan_that_does_something_else_is_caught(plan, broken, message):
    first = plan.files[0]
    wrong = first.after + broken
    if broken == b"MyRetinaNet":
        wrong = first.after.replace(broken, b"OtherNet")
    files = (replace(first, after=wrong), *plan.files[1:])
    with pytest.raises(VerificationError, match=message) as raised:
        verify_with_mmengine(replace(plan, files=files))
    assert raised.value.where == str(first.path)


def test_what_a_config_prints_is_no_result(tree, class_map):
    plan = plan_migration([tree(a=MODEL + "print('hello')\n")], class_map)
    assert verify_with_mmengine(plan).agreed == 1
