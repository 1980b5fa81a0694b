"""After a migration, check finds nothing that it did not find before: over official configs."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from mmscaffold.check import check_paths
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.known_code import KnownCode
from mmscaffold.check.registry import all_rules
from mmscaffold.check.settings import Settings
from mmscaffold.config import ConfigError, Resolver
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.migrate import plan_migration
from mmscaffold.migrate.task import NewLength, NewUnit, Task
from mmscaffold.project import load_project
from mmscaffold.schedule.training_length import training_length

WHOLE = bool(os.environ.get("MMSCAFFOLD_WHOLE"))
SEED = int(os.environ.get("MMSCAFFOLD_SEED", "15"))
SHARE = 12
# COCO in batches of 16: a number with many divisors; and one without.
TASKS = ("half", "double", "7330", "1263")
RULES = [rule for rule in all_rules() if rule.kind == "config"]
NAME_SAYS_LENGTH = "MMS125"


def _task(name: str, config: ResolvedConfig) -> Task | None:
    length = training_length(config.root)
    if length is None:
        return None
    if name == "half":
        return Task(length=NewLength(length.unit, max(length.maximum // 2, 1)))
    if name == "double":
        return Task(length=NewLength(length.unit, 2 * length.maximum))
    return Task(length=NewUnit(length.unit.other, int(name)))


def new_findings(path: Path, name: str) -> Counter[str] | None:
    """The rules that find more after a migration than before.

    That the name of a file says another length than it has by then is told while it migrates.

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
    new = _found(after) - _found(config)
    if any(note.startswith("the name says") for note in plan.files[0].notes):
        new[NAME_SAYS_LENGTH] -= 1
    return +new


KNOWN_CODE = KnownCode()


def _found(config: ResolvedConfig) -> Counter[str]:
    view = ConfigView(config, KNOWN_CODE)
    return Counter(rule.id for rule in RULES for _ in rule.check(view))


@pytest.fixture(scope="module")
def configs(mmdet_configs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configs alone: beside them in the wheel lies mmdet, which would be read as a fork."""
    return shutil.copytree(mmdet_configs, tmp_path_factory.mktemp("mmdet") / "configs")


@pytest.mark.parametrize("name", TASKS)
def test_another_length_or_unit(configs: Path, name: str) -> None:
    paths = sorted(configs.rglob("*.py"))
    chosen = paths if WHOLE else random.Random(f"{SEED}{name}").sample(paths, SHARE)
    found = {path.name: new_findings(path, name) for path in chosen}
    assert len([one for one in found.values() if one is not None]) > len(chosen) / 2
    assert not {name: one for name, one in found.items() if one}


PROJECT = """
from mmdet.models import FasterRCNN, RetinaNet
from mmdet.registry import HOOKS, LOOPS, MODELS, RUNNERS
from mmengine.hooks import CheckpointHook
from mmengine.runner import EpochBasedTrainLoop, IterBasedTrainLoop, Runner, TestLoop, ValLoop
"""
REGISTRIES = {"Loop": "LOOPS", "Hook": "HOOKS", "Runner": "RUNNERS"}
CLASSES = [
    *("FasterRCNN", "RetinaNet", "CheckpointHook", "Runner"),
    *("EpochBasedTrainLoop", "IterBasedTrainLoop", "TestLoop", "ValLoop"),
]


def test_classes_of_a_project(mmdet_configs: Path, tmp_path: Path) -> None:
    """A whole tree, or some folders of it with their bases, moved onto a project's classes."""
    configs = tmp_path / "configs"
    folders = sorted(one for one in mmdet_configs.iterdir() if one.is_dir())
    chosen = {"_base_", "common", "retinanet"}
    if not WHOLE:
        chosen.update(one.name for one in random.Random(SEED).sample(folders, 2))
    for folder in folders:
        if WHOLE or folder.name in chosen:
            shutil.copytree(folder, configs / folder.name)
    (tmp_path / "pyproject.toml").write_text('[tool.mmscaffold]\npackage = "mine"\n')
    (tmp_path / "mine").mkdir()
    code = PROJECT
    for name in CLASSES:
        registry = next((kind for end, kind in REGISTRIES.items() if name.endswith(end)), "MODELS")
        code += f"\n\n@{registry}.register_module()\nclass My{name}({name}):\n    pass\n"
    (tmp_path / "mine" / "__init__.py").write_text(code)
    class_map = load_project(tmp_path).class_map
    assert len(class_map.classes) == len(CLASSES) - 1
    before = _all_found(tmp_path)
    plan = plan_migration([configs], Task(class_map), keep_going=True)
    assert len(plan.edited) > 20
    for file in plan.edited:
        file.path.write_bytes(file.after)
    assert not _all_found(tmp_path) - before


def _all_found(folder: Path) -> Counter[tuple[str, Path]]:
    report = check_paths([folder], Settings(tuple(all_rules())), processes=1)
    return Counter((one.rule.id, path) for one in report.findings for path in one.seen_in)
