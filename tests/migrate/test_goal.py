from __future__ import annotations

import pytest
from mmscaffold.config import resolve
from mmscaffold.config.change import MISSING, Change
from mmscaffold.migrate.goal import Goal
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


@pytest.mark.parametrize(("start", "end"), ["[]", "()"])
def test_a_class_within_a_list_or_a_tuple_is_found(tree, class_map, start, end):
    text = f"model = dict(type='X', heads={start}dict(type='RetinaNet'), {end})\n"
    assert changes(tree, class_map, text)["model.heads.0.type"] == "MyRetinaNet"


def test_what_is_so_already_is_not_a_change(tree, class_map):
    config = resolve(tree(a="x = [1, 2]\ny = 3\n") / "a.py")
    first = [Change(("x",), [1, 2]), Change(("y",), 4), Change(("z",), MISSING)]
    assert [change.key for change in Goal(config, Task(None), first).changes] == ["y"]
