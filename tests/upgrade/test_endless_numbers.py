"""Numbers that no schedule can have give notes, and no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.schedule.curves.curve import is_finite
from mmscaffold.upgrade.goal import upgrade_goal

TRAINING = """\
model = dict(type='RetinaNet')
data = dict(train=dict(type='CocoDataset'))
optimizer = dict(type='SGD', lr=0.1)
total_epochs = 12
"""


@pytest.mark.parametrize("number", ["1e400", "float('nan')", "10**400"])
@pytest.mark.parametrize(
    ("policy", "keys"),
    [
        ("FlatCosineAnnealing", "min_lr=0, start_percent={}"),
        ("cyclic", "step_ratio_up={}"),
        ("cyclic", "target_ratio=({}, 1e-4)"),
        ("LinearAnnealing", "min_lr=0.01, warmup='linear', warmup_by_epoch=True, warmup_iters={}"),
        ("step", "step=[8], gamma={}, min_lr=0.001"),
        ("poly", "power={}"),
    ],
)
def test_no_traceback(policy: str, keys: str, number: str, tmp_path: Path):
    path = tmp_path / "a.py"
    path.write_text(f"{TRAINING}lr_config = dict(policy={policy!r}, {keys.format(number)})\n")
    goal = upgrade_goal(Resolver().resolve(path))
    assert goal.unaccounted == ()
    assert goal.root["param_scheduler"] or "UP208" in [note.code for note in goal.notes]


@pytest.mark.parametrize(
    ("value", "finite"),
    [
        (0, True),
        (-1.5, True),
        (10**30, True),
        (10**400, False),
        (-(10**400), False),
        ("1", False),
    ],
    ids=range(6),
)
def test_what_a_curve_can_have(value: object, finite: bool):
    assert is_finite(value) is finite
