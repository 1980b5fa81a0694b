"""What a base has and a child of it does not want is taken back, as far as mmengine lets it."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.planner import plan_upgrade

BASE = """\
optimizer = dict(type='SGD', lr=0.1)
optimizer_config = dict(grad_clip=dict(max_norm=35))
lr_config = dict(policy='step', step=[8])
runner = dict(type='EpochBasedRunner', max_epochs=12)
custom_hooks = [dict(type='Mine')]
resume_from = 'a.pth'
seed = 3
"""


@pytest.mark.parametrize(
    ("child", "key"),
    [
        ("lr_config = dict(_delete_=True, policy='fixed')\n", "param_scheduler"),
        ("custom_hooks = []\n", "custom_hooks"),
        ("custom_hooks = [dict(type='IterTimerHook')]\n", "custom_hooks"),
        ("seed = None\n", "randomness"),
        ("lr_config = None\n", "param_scheduler"),
    ],
)
def test_it_is_none_or_empty_and_nothing_else_changes(tmp_path: Path, child: str, key: str):
    (tmp_path / "base.py").write_text(BASE)
    path = tmp_path / "child.py"
    path.write_text(f"_base_ = 'base.py'\n{child}")
    plan = plan_upgrade([tmp_path], package=None)
    after = {file.plan.path: file.plan.after for file in plan.files}
    resolver = Resolver(after)
    base, new = resolver.resolve(tmp_path / "base.py"), resolver.resolve(path)
    assert base.get(key)
    # The Runner takes randomness apart, and fails over None.
    assert new.get(key) in (None, [], {"seed": None})
    rest = {name for name in base.root if name != key}
    assert all(new.root[name] == base.root[name] for name in rest)
