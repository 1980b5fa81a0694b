from __future__ import annotations

import pytest
from mmscaffold.check.variables import idle_rebindings
from support.views import view

BASE = "max_epochs = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=max_epochs)"


def idle(child: str, base: str = BASE) -> list[tuple[str, tuple]]:
    config = view(f"_base_ = './base.py'\n{child}", base=base)
    return [(one.name, one.used) for one in idle_rebindings(config)]


def test_the_old_value_is_still_in_use():
    assert idle("max_epochs = 36") == [("max_epochs", ("train_cfg", "max_epochs"))]


def test_an_expression_of_it_is_too():
    base = "n = 12\nparam_scheduler = [dict(end=1), dict(end=max(n, 3) - 2)]\nlast = n"
    assert idle("n = 36", base.replace("max(n, 3)", "n")) == [("n", ("param_scheduler", 1, "end"))]


@pytest.mark.parametrize(
    "child",
    [
        "other = 36",
        "max_epochs = 12",
        "max_epochs = 36\ntrain_cfg = dict(max_epochs=max_epochs)",
        "max_epochs = 36\ntrain_cfg = dict(max_epochs=36)",
        "train_cfg = dict(max_epochs=36)",
    ],
)
def test_nothing_is_idle(child):
    assert idle(child) == []


def test_values_that_come_to_the_same_are_none():
    base = "size = 8\npipeline = [dict(size=size)]\ntrain_dataloader = dict(pipeline=pipeline)"
    assert idle("pipeline = [dict(size=8)]", base) == []
    assert idle("pipeline = [dict(size=9)]", base) == [
        ("pipeline", ("train_dataloader", "pipeline"))
    ]
