"""Official configs, migrated on their own and in a tree, read back by mmengine: a third of them,
and all in `make test-slow`."""

from __future__ import annotations

import copy
import difflib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from mmscaffold.config import ConfigError, Resolver
from mmscaffold.config.change import first_difference
from mmscaffold.migrate import plan_migration
from mmscaffold.project import ClassMap
from support.mmengine_loading import load_all
from support.share import WHOLE, share

pytestmark = pytest.mark.slow

LOOPS = ("EpochBasedTrainLoop", "IterBasedTrainLoop", "ValLoop", "TestLoop")


def wanted(config: dict[str, Any], class_map: ClassMap) -> dict[str, Any]:
    """The migrated config, spelled out without any code of the migration."""
    config = copy.deepcopy(config)
    classes = class_map.classes
    for key, default in (("train_cfg", None), ("val_cfg", "ValLoop"), ("test_cfg", "TestLoop")):
        loop = config.get(key)
        if not isinstance(loop, dict):
            continue
        name = loop.get("type", default)
        if key == "train_cfg":
            by_epoch = loop.pop("by_epoch", None)
            if name is None:
                name = "EpochBasedTrainLoop" if by_epoch else "IterBasedTrainLoop"
        loop["type"] = classes.get(name, name)
    config["model"] = with_classes(config["model"], classes) if "model" in config else None
    if config["model"] is None:
        del config["model"]
    imports = config.setdefault("custom_imports", {"imports": [], "allow_failed_imports": False})
    imports["imports"] = [*imports["imports"], class_map.package]
    config["runner_type"] = class_map.runner
    return config


def with_classes(value: Any, classes: Mapping[str, str]) -> Any:
    """A model with every class in it replaced, however deep."""
    if isinstance(value, dict):
        return {
            key: classes.get(item, item)
            if key == "type" and isinstance(item, str)
            else with_classes(item, classes)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [with_classes(item, classes) for item in value]
    return value


@pytest.fixture(scope="module")
def class_map(mmdet_loaded: dict[Path, dict[str, Any]]) -> ClassMap:
    """A project with a class of its own for every detector that official configs use."""
    models = {
        config["model"]["type"]
        for config in mmdet_loaded.values()
        if isinstance(config.get("model"), dict) and "type" in config["model"]
    }
    assert len(models) > 50
    # And for some that stand deeper: backbones, heads, the preprocessor.
    parts = {"ResNet", "FPN", "RPNHead", "Shared2FCBBoxHead", "DetDataPreprocessor"}
    names = {*models, *parts, *LOOPS}
    return ClassMap("my_project", "MyRunner", {name: f"My{name}" for name in names})


def test_each_config_by_itself(mmdet_loaded, class_map, mmdet_configs, tmp_path):
    shutil.copytree(mmdet_configs, tmp_path / "configs")
    trainable = [path for path, config in mmdet_loaded.items() if "train_cfg" in config]
    assert len(trainable) > 800
    moved: dict[Path, Path] = {}
    for path in share(trainable, 3):
        plan = plan_migration([path], class_map, with_heirs=False).files[0]
        # Beside its siblings, so that its bases are those of the wheel.
        target = tmp_path / "configs" / path.relative_to(mmdet_configs)
        target = target.with_name(f"{target.stem}-moved.py")
        target.write_bytes(plan.after)
        moved[target] = path
    loaded = load_all(list(moved))
    differing = [
        (path.name, first_difference(loaded.get(target), wanted(mmdet_loaded[path], class_map)))
        for target, path in moved.items()
        if target not in loaded
        or first_difference(loaded[target], wanted(mmdet_loaded[path], class_map)) is not None
    ]
    assert differing == []


def test_the_whole_folder_in_one_run(mmdet_loaded, class_map, mmdet_configs, tmp_path):
    folder = tmp_path / "configs"
    shutil.copytree(mmdet_configs, folder)
    plan = plan_migration([folder], class_map, keep_going=True)
    # Only what mmengine cannot read either stays behind.
    unread = {path for path, _ in (*plan.failed, *plan.skipped)}
    assert not {mmdet_configs / path.relative_to(folder) for path in unread} & mmdet_loaded.keys()
    for file in plan.edited:
        file.path.write_bytes(file.after)
    runnable = {
        folder / path.relative_to(mmdet_configs): config
        for path, config in mmdet_loaded.items()
        if isinstance(config.get("train_cfg"), dict) and "model" in config
    }
    assert len(runnable) > 700
    # Others than are migrated by themselves.
    loaded = load_all(share(list(runnable), 3, first=1))
    differing = [
        path.name
        for path, config in loaded.items()
        if first_difference(config, wanted(runnable[path], class_map)) is not None
    ]
    assert len(loaded) > len(runnable) // (1 if WHOLE else 3) - 1
    assert differing == []
    assert not plan_migration([folder], class_map, keep_going=True).edited


def test_no_line_is_changed_in_vain(class_map, mmdet_configs):
    """Without any one of its changed lines, a file would not resolve as planned."""
    plan = plan_migration([mmdet_configs], class_map, keep_going=True)
    after = {file.path: file.after for file in plan.edited}
    whole = Resolver(after)
    tried = 0
    for file in share(plan.edited, 15):
        wanted = whole.resolve(file.path).root
        for raw in with_one_change_less(file.before, file.after):
            tried += 1
            try:
                less = Resolver({**after, file.path: raw}, below=whole).resolve(file.path)
            except ConfigError:
                continue
            assert first_difference(less.root, wanted) is not None, (file.path, raw)
    assert tried > (750 if WHOLE else 50)


def with_one_change_less(before: bytes, after: bytes) -> Iterator[bytes]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_start, old_end, start, end in matcher.get_opcodes():
        if tag == "insert":
            for line in range(start, end):
                yield b"".join(new[:line] + new[line + 1 :])
        elif tag != "equal":
            yield b"".join(new[:start] + old[old_start:old_end] + new[end:])


def test_2x_configs_are_refused_with_the_key_that_tells(mmdet2_configs, class_map):
    path = mmdet2_configs / "retinanet" / "retinanet_r50_fpn_1x_coco.py"
    with pytest.raises(ConfigError, match=r"MMDetection 2\.x config") as raised:
        plan_migration([path], class_map)
    assert "coco_detection.py:" in (raised.value.where or "")
