"""A folder of nothing but bases: why they were left alone is said, and what to do."""

from __future__ import annotations

import json

from click.testing import CliRunner
from mmscaffold.cli.main import group
from mmscaffold.facts.units import Unit
from mmscaffold.migrate import NewLength, Task, plan_migration

SCHEDULE = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
DATA = "train_dataloader = dict(batch_size=2)\n"
MODEL = "model = dict(type='RetinaNet')\n"
WHOLE = "_base_ = ['./schedule.py', './data.py', './model.py']\n"


def notes(folder, task):
    return {file.path.stem: file.notes for file in plan_migration([folder], task).files}


def test_each_base_says_why_and_what_to_do(tree):
    folder = tree(schedule=SCHEDULE, data=DATA, model=MODEL)
    found = notes(folder, Task(length=NewLength(Unit.EPOCHS, 24)))
    assert found["data"] == found["model"]
    (schedule,), (data,) = found["schedule"], found["data"]
    assert schedule.endswith("name the file itself")
    assert data.endswith("it has no training loop; name the configs that inherit from it")
    # Which is right: that works.
    task = Task(length=NewLength(Unit.EPOCHS, 24))
    (file,) = plan_migration([folder / "schedule.py"], task).files
    assert b"max_epochs=24" in file.after


def test_a_base_in_which_classes_change_needs_no_word(tree, class_map):
    found = notes(tree(data=DATA, model=MODEL), Task(class_map))
    assert len(found["data"]) == 1
    assert found["model"] == ()


def test_with_a_config_that_inherits_from_them_nothing_is_said(tree, class_map):
    folder = tree(schedule=SCHEDULE, data=DATA, model=MODEL, whole=WHOLE)
    assert set(notes(folder, Task(class_map)).values()) == {()}


def test_the_command_says_it_once_for_all(tree):
    folder = tree(data=DATA, more=DATA, schedule=SCHEDULE)
    words = ["migrate", str(folder), "--max-epochs", "24"]
    printed = CliRunner().invoke(group, words)
    assert printed.exit_code == 0
    assert "it has no training loop; name the configs that inherit from it (in 2 configs)" in (
        printed.output
    )
    report = json.loads(CliRunner().invoke(group, [*words, "--format", "json"]).output)
    assert all(len(file["notes"]) == 1 for file in report["files"])
