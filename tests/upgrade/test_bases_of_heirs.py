"""What inherits from an upgraded base is upgraded with it, over whatever bases it has."""

from __future__ import annotations

from pathlib import Path

from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.planner import plan_upgrade
from mmscaffold.upgrade.tree_upgrader import Options

SCHEDULE = (
    "optimizer = dict(type='SGD', lr=0.1)\nrunner = dict(type='EpochBasedRunner', max_epochs=2)\n"
)
FILES = {
    "_base_/schedule.py": SCHEDULE,
    "_base_/runtime.py": "checkpoint_config = dict(interval=1)\n",
    "_base_/log.py": "log_config = dict(interval=50)\n",
    "a/named.py": "_base_ = '../_base_/schedule.py'\n",
    "b/heir.py": "_base_ = ['../_base_/schedule.py', '../_base_/runtime.py']\n",
    "c/heir_of_its_base.py": "_base_ = ['../_base_/runtime.py', '../_base_/log.py']\n",
}


def test_the_bases_of_heirs_and_their_heirs_are_upgraded_too(tmp_path: Path):
    for name, text in FILES.items():
        path = tmp_path / "configs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    plan = plan_upgrade([tmp_path / "configs/a"], package=None, options=Options(with_bases=True))
    after = {file.plan.path: file.plan.after for file in plan.files}
    assert {path.relative_to(tmp_path / "configs").as_posix() for path in after} == set(FILES)
    resolver = Resolver(after)
    for path in after:
        assert not {"optimizer", "runner", "checkpoint_config", "log_config"}.intersection(
            resolver.resolve(path).root
        )
