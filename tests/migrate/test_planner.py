"""Each form of config that official packages use, migrated and read back by mmengine."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmengine.config import Config
from mmscaffold.config import ConfigError
from mmscaffold.migrate import FilePlan, plan_migration
from mmscaffold.project import ClassMap

SCHEDULE = (
    "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)\n"
    "val_cfg = dict(type='ValLoop')\n"
    "test_cfg = dict(type='TestLoop')\n"
)
MODEL = "model = dict(type='RetinaNet', train_cfg=dict(pos_weight=-1), test_cfg=dict())\n"


def migrate(path: Path, class_map: ClassMap) -> tuple[FilePlan, dict]:
    """Plan one config, write it, and read it with mmengine."""
    plan = plan_migration([path], class_map).files[0]
    path.write_bytes(plan.after)
    return plan, Config.fromfile(path, import_custom_modules=False).to_dict()


def assert_moved(config: dict) -> None:
    assert config["train_cfg"]["type"] == "MyEpochBasedTrainLoop"
    assert "by_epoch" not in config["train_cfg"]
    assert "_delete_" not in config["train_cfg"]
    assert config["val_cfg"]["type"] == "MyValLoop"
    assert config["test_cfg"]["type"] == "MyTestLoop"
    assert config["model"]["type"] == "MyRetinaNet"
    assert config["runner_type"] == "MyRunner"
    assert "my_project" in config["custom_imports"]["imports"]


def test_a_config_that_writes_everything_itself(tree, class_map):
    path = tree(a=MODEL + SCHEDULE) / "a.py"
    plan, config = migrate(path, class_map)
    assert_moved(config)
    assert config["train_cfg"]["max_epochs"] == 12
    assert config["model"]["train_cfg"] == {"pos_weight": -1}
    assert plan.after.decode() == (
        "model = dict(type='MyRetinaNet', train_cfg=dict(pos_weight=-1), test_cfg=dict())\n"
        "train_cfg = dict(type='MyEpochBasedTrainLoop', max_epochs=12, val_interval=1)\n"
        "val_cfg = dict(type='MyValLoop')\n"
        "test_cfg = dict(type='MyTestLoop')\n"
        "custom_imports = dict(imports=['my_project'], allow_failed_imports=False)\n"
        "runner_type = 'MyRunner'\n"
    )


def test_a_second_run_changes_nothing(tree, class_map):
    folder = tree(base=SCHEDULE, a="_base_ = './base.py'\n" + MODEL)
    migrate(folder / "a.py", class_map)
    assert not plan_migration([folder / "a.py"], class_map).edited


def test_a_config_that_only_inherits_gets_a_minimal_override(tree, class_map):
    folder = tree(base=SCHEDULE + MODEL, a="_base_ = './base.py'\n")
    plan, config = migrate(folder / "a.py", class_map)
    assert_moved(config)
    assert config["train_cfg"] == {
        "type": "MyEpochBasedTrainLoop",
        "max_epochs": 12,
        "val_interval": 1,
    }
    assert b"max_epochs" not in plan.after
    assert (folder / "base.py").read_text() == SCHEDULE + MODEL


@pytest.mark.parametrize(
    ("by_epoch", "length", "loop"),
    [
        (True, "max_epochs=12", "MyEpochBasedTrainLoop"),
        (False, "max_iters=90000", "MyIterBasedTrainLoop"),
    ],
)
def test_by_epoch_becomes_the_loop_that_it_stands_for(tree, class_map, by_epoch, length, loop):
    text = f"train_cfg = dict(by_epoch={by_epoch}, {length}, val_interval=2)\nmodel = dict()\n"
    plan, config = migrate(tree(a=text) / "a.py", class_map)
    assert config["train_cfg"]["type"] == loop
    assert "by_epoch" not in config["train_cfg"]
    assert f"train_cfg = dict(type='{loop}', {length}, val_interval=2)\n" in plan.after.decode()


def test_by_epoch_of_a_base_is_deleted_and_every_other_key_restated(tree, class_map):
    base = "train_cfg = dict(by_epoch=True, max_epochs=12, val_interval=3)\n" + MODEL
    folder = tree(base=base, a="_base_ = './base.py'\n", b="_base_ = './base.py'\n")
    (folder / "b.py").write_text("_base_ = './base.py'\ntrain_cfg = dict(max_epochs=36)\n")
    _, config = migrate(folder / "a.py", class_map)
    assert config["train_cfg"] == {
        "type": "MyEpochBasedTrainLoop",
        "max_epochs": 12,
        "val_interval": 3,
    }
    _, config = migrate(folder / "b.py", class_map)
    assert config["train_cfg"] == {
        "type": "MyEpochBasedTrainLoop",
        "max_epochs": 36,
        "val_interval": 3,
    }


def test_type_and_by_epoch_together_lose_by_epoch_which_the_runner_refuses(tree, class_map):
    base = "train_cfg = dict(by_epoch=True, max_epochs=12)\n" + MODEL
    child = "_base_ = './base.py'\ntrain_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)\n"
    _, config = migrate(tree(base=base, a=child) / "a.py", class_map)
    assert config["train_cfg"] == {"type": "MyEpochBasedTrainLoop", "max_epochs": 36}


def test_a_child_that_deletes_the_loop_of_its_base(tree, class_map):
    child = (
        "_base_ = './base.py'\n"
        "train_cfg = dict(_delete_=True, type='IterBasedTrainLoop', max_iters=90000)\n"
    )
    plan, config = migrate(tree(base=SCHEDULE + MODEL, a=child) / "a.py", class_map)
    assert config["train_cfg"] == {"type": "MyIterBasedTrainLoop", "max_iters": 90000}
    assert "_delete_=True, type='MyIterBasedTrainLoop', max_iters=90000" in plan.after.decode()


def test_an_aliased_loop_gets_a_dict_of_its_own(tree, class_map):
    text = MODEL + SCHEDULE.replace("test_cfg = dict(type='TestLoop')", "test_cfg = val_cfg")
    text = text.replace("dict(type='ValLoop')", "dict()")
    plan, config = migrate(tree(a=text) / "a.py", class_map)
    assert_moved(config)
    assert "test_cfg = dict(val_cfg, type='MyTestLoop')" in plan.after.decode()


def test_chained_assignment(tree, class_map):
    text = MODEL + "val_cfg = test_cfg = dict()\ntrain_cfg = dict(by_epoch=True, max_epochs=2)\n"
    _, config = migrate(tree(a=text) / "a.py", class_map)
    assert_moved(config)


def test_a_type_held_by_a_variable(tree, class_map):
    text = "model_type = 'RetinaNet'\nmodel = dict(type=model_type)\n" + SCHEDULE
    _, config = migrate(tree(a=text) / "a.py", class_map)
    assert_moved(config)
    assert config["model_type"] == "RetinaNet"


def test_a_model_shared_with_another_key_changes_only_as_model(tree, class_map):
    text = "detector = dict(type='RetinaNet')\nmodel = detector\n" + SCHEDULE
    _, config = migrate(tree(a=text) / "a.py", class_map)
    assert_moved(config)
    assert config["detector"] == {"type": "RetinaNet"}


def test_a_dict_display_keeps_its_form(tree, class_map):
    text = 'model = {"backbone": {}, "neck": None}\n' + SCHEDULE
    base = "model = dict(type='RetinaNet', backbone=dict(depth=50))\n"
    folder = tree(base=base, a="_base_ = ['base.py']\n" + text)
    plan, config = migrate(folder / "a.py", class_map)
    assert_moved(config)
    assert "model = {'type': 'MyRetinaNet', \"backbone\": {}," in plan.after.decode()


def test_a_scope_prefix_is_kept(tree, class_map):
    text = MODEL.replace("'RetinaNet'", '"mmdet.RetinaNet"') + SCHEDULE
    plan, config = migrate(tree(a=text) / "a.py", class_map)
    assert config["model"]["type"] == "mmdet.MyRetinaNet"
    assert b'type="mmdet.MyRetinaNet"' in plan.after


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("dict(imports=['a.b'], allow_failed_imports=False)", ["a.b", "my_project"]),
        ("dict(imports='a.b')", ["a.b", "my_project"]),
        ("dict(imports=[\n    'a.b',\n    'c',  # why\n])", ["a.b", "c", "my_project"]),
        ("dict(imports=['a'] + ['b'])", ["a", "b", "my_project"]),
        ("dict(imports=[])", ["my_project"]),
        ("dict(imports=['my_project'])", ["my_project"]),
    ],
)
def test_custom_imports_are_joined(tree, class_map, written, expected):
    folder = tree(
        own=f"custom_imports = {written}\n" + MODEL + SCHEDULE,
        base=f"custom_imports = {written}\n",
        inherits="_base_ = './base.py'\n" + MODEL + SCHEDULE,
    )
    for name in ("own", "inherits"):
        _, config = migrate(folder / f"{name}.py", class_map)
        assert config["custom_imports"]["imports"] == expected
        assert config["custom_imports"].get("allow_failed_imports") == (
            False if "False" in written else None
        )


def test_a_child_that_replaces_the_imports_of_its_base_keeps_its_own(tree, class_map):
    folder = tree(
        base="custom_imports = dict(imports=['base.one'], allow_failed_imports=False)\n",
        a="_base_ = './base.py'\ncustom_imports = dict(imports=['a.two'])\n" + MODEL + SCHEDULE,
    )
    _, config = migrate(folder / "a.py", class_map)
    assert config["custom_imports"] == {
        "imports": ["a.two", "my_project"],
        "allow_failed_imports": False,
    }


def test_loops_that_are_none_stay_none(tree, class_map):
    text = "train_cfg = dict(by_epoch=True, max_epochs=1)\nval_cfg = test_cfg = None\n" + MODEL
    _, config = migrate(tree(a=text) / "a.py", class_map)
    assert config["val_cfg"] is None
    assert config["test_cfg"] is None


def test_what_the_map_does_not_name_is_left_alone_and_noted(tree, class_map):
    text = "model = dict(type='DETR')\nrunner_type = 'FlexibleRunner'\n" + SCHEDULE
    plan, config = migrate(tree(a=text) / "a.py", class_map)
    assert config["model"]["type"] == "DETR"
    assert config["runner_type"] == "FlexibleRunner"
    assert any("'DETR'" in note for note in plan.notes)
    assert any("FlexibleRunner" in note for note in plan.notes)


@pytest.mark.parametrize(
    "raw",
    [
        (MODEL + SCHEDULE).replace("\n", "\r\n").encode(),
        (MODEL + "\t\n# \xe9poques \u4e2d\u6587\n" + SCHEDULE).encode(),
        (MODEL + SCHEDULE).rstrip("\n").encode(),
        (MODEL + f"x = '{'y' * 20000}'\n" + SCHEDULE).encode(),
        (MODEL + "\x0c\n" + SCHEDULE).encode(),
    ],
    ids=["crlf", "tabs and non-ascii", "no final newline", "long line", "form feed"],
)
def test_bytes_outside_the_edits_survive(tree, class_map, raw):
    path = tree(a="") / "a.py"
    path.write_bytes(raw)
    plan = plan_migration([path], class_map).files[0]
    old, new = raw, plan.after
    for upstream in ("EpochBasedTrainLoop", "ValLoop", "TestLoop", "RetinaNet"):
        new = new.replace(b"'My" + upstream.encode() + b"'", b"'" + upstream.encode() + b"'")
    newline = b"\r\n" if b"\r\n" in raw else b"\n"
    added = newline.join(
        [
            b"custom_imports = dict(imports=['my_project'], allow_failed_imports=False)",
            b"runner_type = 'MyRunner'",
        ]
    )
    assert new in (old + added + newline, old + newline + added)
    assert raw.endswith(b"\n") == plan.after.endswith(b"\n")


def test_a_folder_is_changed_where_its_classes_are_defined(tree, class_map):
    folder = tree(
        schedule=SCHEDULE,
        model=MODEL,
        a="_base_ = ['./schedule.py', './model.py']\n",
        b="_base_ = './a.py'\nmodel = dict(depth=18)\n",
    )
    plan = plan_migration([folder], class_map)
    assert [file.path.name for file in plan.edited] == ["schedule.py", "model.py", "a.py"]
    for file in plan.files:
        file.path.write_bytes(file.after)
    for name in ("a", "b"):
        assert_moved(Config.fromfile(folder / f"{name}.py", import_custom_modules=False).to_dict())
    assert "runner_type" not in (folder / "schedule.py").read_text()
    assert not plan_migration([folder], class_map).edited


def test_a_base_whose_edit_would_reach_elsewhere_is_left_alone(tree, class_map):
    folder = tree(
        model=MODEL,
        tracker="_base_ = './model.py'\ndetector = _base_.model\n"
        "model = dict(_delete_=True, type='Tracker', inner=detector)\n" + SCHEDULE,
        plain="_base_ = './model.py'\n" + SCHEDULE,
    )
    plan = plan_migration([folder], class_map)
    for file in plan.files:
        file.path.write_bytes(file.after)
    tracker = Config.fromfile(folder / "tracker.py", import_custom_modules=False).to_dict()
    assert tracker["detector"]["type"] == "RetinaNet"
    assert tracker["model"]["inner"]["type"] == "MyRetinaNet"
    assert_moved(Config.fromfile(folder / "plain.py", import_custom_modules=False).to_dict())
    assert (folder / "model.py").read_text() == MODEL


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("x = 1\n", "has no train_cfg", None),
        ("x = (\n", "syntax error", 1),
        ("a = 1\ntotal_epochs = 12\ndata = dict(train=dict())\n", "2.x config", 2),
        ("_base_ = './missing.py'\n", "missing.py does not exist", 1),
        ("_base_ = './a.py'\n", "inherits from itself", None),
        ("model = dict(type=undefined)\n" + SCHEDULE, "'undefined' is not defined", 1),
        ("import os\nmodel = dict(type=os.getcwd())\n" + SCHEDULE, "cannot be known", 2),
    ],
)
def test_what_cannot_be_migrated_is_refused_with_its_place(tree, class_map, text, message, line):
    path = tree(a=text) / "a.py"
    with pytest.raises(ConfigError, match=message) as raised:
        plan_migration([path], class_map)
    where = raised.value.where or ""
    assert where.startswith(str(path))
    if line is not None:
        assert where.removeprefix(f"{path}:").split(":")[0] == str(line)
    assert path.read_text() == text


def test_keep_going_plans_what_can_be_and_lists_the_rest(tree, class_map):
    folder = tree(good=MODEL + SCHEDULE, bad="x = (\n", script="import numpy\n")
    with pytest.raises(ConfigError, match="syntax error"):
        plan_migration([folder], class_map)
    plan = plan_migration([folder], class_map, keep_going=True)
    assert [file.path.name for file in plan.edited] == ["good.py"]
    assert [path.name for path, _ in plan.failed] == ["bad.py"]
    assert [path.name for path, _ in plan.skipped] == ["script.py"]
