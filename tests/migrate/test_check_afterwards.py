"""After a migration, check finds nothing that it did not find before."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from mmscaffold.check.engine import check_config
from mmscaffold.check.registry import all_rules
from mmscaffold.config import ConfigError, Resolver
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.migrate import plan_migration
from mmscaffold.migrate.task import NewLength, NewUnit, Task
from mmscaffold.schedule.training_length import training_length

WHOLE = bool(os.environ.get("MMSCAFFOLD_WHOLE"))
# The rest of COCO's 117,266 images in 16s: 7,330 is a number with many divisors, 1,263 is not.
EACH = (7330, 1263)
TASKS = ("half", "double", *(f"unit-{each}" for each in EACH))


def _task(name: str, config: ResolvedConfig) -> Task | None:
    length = training_length(config.root)
    if length is None:
        return None
    if name == "half":
        new = max(length.maximum // 2, 1)
        return Task(length=NewLength(length.unit, new))
    if name == "double":
        return Task(length=NewLength(length.unit, 2 * length.maximum))
    other = length.unit.other
    return Task(length=NewUnit(other, int(name.partition("-")[2])))


def new_findings(path: Path, name: str) -> Counter[str] | None:
    """The rules that find more after a migration than before.

    Returns:
        ``None`` where there is nothing to migrate, or it is refused.
    """
    resolver = Resolver()
    try:
        config = resolver.resolve(path)
        task = _task(name, config)
        if task is None:
            return None
        plan = plan_migration([path], task, with_heirs=False)
    except ConfigError:
        return None
    after = Resolver({file.path: file.after for file in plan.files}).resolve(path)
    return _found(after) - _found(config)


def _found(config: ResolvedConfig) -> Counter[str]:
    return Counter(rule.id for rule, _ in check_config(config, all_rules()))


@pytest.mark.parametrize("name", TASKS)
def test_check_finds_nothing_new(mmdet_configs: Path, name: str) -> None:
    paths = sorted(mmdet_configs.rglob("*.py"))
    share = paths if WHOLE else paths[TASKS.index(name) :: 40]
    found = {path.name: new_findings(path, name) for path in share}
    assert len([one for one in found.values() if one is not None]) > len(share) / 2
    assert not {name: one for name, one in found.items() if one}
