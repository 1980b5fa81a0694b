from __future__ import annotations

import ast

from mmscaffold.check.code.flow import Flow
from mmscaffold.check.code.steps import (
    Advance,
    CounterAction,
    HookCall,
    Reset,
    Step,
    UnreadCode,
    Validation,
)

NODE = ast.Pass()


def test_kinds_are_found_by_class_and_by_what_they_concern():
    step = Step(Advance("_epoch", amount=2), NODE)
    assert step.is_a(Advance)
    assert step.is_a(CounterAction)
    # How much it advances does not matter for what it is.
    assert step.is_a(Advance("_epoch"))
    assert not step.is_a(Advance("_iter"), Reset("_epoch"), UnreadCode)


def test_only_an_advance_has_an_amount():
    assert Step(Advance("_iter", amount=3), NODE).amount == 3
    assert Step(Reset("_iter"), NODE).amount is None


def test_flows_answer_by_action_and_by_kind():
    first, second = Step(Validation(), NODE, loops=(1,)), Step(Validation(whole_run=True), NODE)
    flow = Flow([first, Step(HookCall("after_val"), NODE, loops=(1, 2)), second])
    assert flow.all(Validation) == [first, second]
    assert flow.first(Validation(whole_run=True)) is second
    assert flow.position(second) == 2
    assert flow.loops_around(HookCall("after_val")) == (1, 2)
    assert flow.loops_around(HookCall("before_val")) == ()
    assert [step.action for step in flow.in_loop(1)] == [Validation(), HookCall("after_val")]
    assert not flow.is_opaque
    assert not flow.trains
