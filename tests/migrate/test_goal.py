from __future__ import annotations

import pytest
from mmscaffold.config import resolve
from mmscaffold.migrate.goal import Goal, apply_changes
from mmscaffold.migrate.plan import MISSING, Change
from mmscaffold.migrate.task import Task


def changes(tree, class_map, text: str) -> dict[str, object]:
    goal = Goal(resolve(tree(a=text) / "a.py"), Task(class_map))
    goal.register_project()
    return {".".join(map(str, change.path)): change.new for change in goal.changes}


def test_only_class_names_and_registration_change(tree, class_map):
    text = (
        "model = dict(type='RetinaNet', depth=50)\n"
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=1)\n"
    )
    assert changes(tree, class_map, text) == {
        "train_cfg.type": "MyEpochBasedTrainLoop",
        "model.type": "MyRetinaNet",
        "runner_type": "MyRunner",
        "custom_imports": {"imports": ["my_project"], "allow_failed_imports": False},
    }


def test_the_model_s_own_train_cfg_is_not_the_loop(tree, class_map):
    text = "model = dict(type='X', train_cfg=dict(type='EpochBasedTrainLoop'))\n"
    assert "model.train_cfg.type" not in changes(tree, class_map, text)


def test_loops_without_a_type_are_the_runner_s_defaults(tree, class_map):
    found = changes(tree, class_map, "val_cfg = dict()\ntest_cfg = dict(fp16=True)\n")
    assert found["val_cfg.type"] == "MyValLoop"
    assert found["test_cfg.type"] == "MyTestLoop"


def test_a_train_cfg_without_type_and_by_epoch_names_no_loop(tree, class_map):
    assert "train_cfg.type" not in changes(tree, class_map, "train_cfg = dict(max_epochs=3)\n")


def test_a_migrated_config_has_nothing_left_to_change(tree, class_map):
    text = (
        "model = dict(type='MyRetinaNet')\n"
        "train_cfg = dict(type='MyEpochBasedTrainLoop', max_epochs=1)\n"
        "runner_type = 'MyRunner'\ncustom_imports = dict(imports=['other', 'my_project'])\n"
    )
    assert changes(tree, class_map, text) == {}


@pytest.mark.parametrize("runner", ["'Runner'", None])
def test_mmengine_s_own_runner_is_replaced(tree, class_map, runner):
    text = f"runner_type = {runner}\n" if runner else "x = 1\n"
    assert changes(tree, class_map, text)["runner_type"] == "MyRunner"


def test_apply_changes_sets_and_removes_without_touching_the_original():
    config = {"train_cfg": {"by_epoch": True, "max_epochs": 1}}
    moved = apply_changes(
        config,
        [
            Change(("train_cfg", "type"), MISSING, "L", ""),
            Change(("train_cfg", "by_epoch"), True, MISSING, ""),
        ],
    )
    assert moved == {"train_cfg": {"max_epochs": 1, "type": "L"}}
    assert config == {"train_cfg": {"by_epoch": True, "max_epochs": 1}}
