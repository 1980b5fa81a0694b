"""What inherits from the configs of a run is found, planned or kept, and told."""

from __future__ import annotations

import pytest
from mmengine.config import Config
from mmscaffold.config import ConfigError, Resolver
from mmscaffold.facts.units import Unit
from mmscaffold.migrate import NewLength, Task, plan_migration

SCHEDULE = (
    "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)\n"
    "param_scheduler = [\n"
    "    dict(type='MultiStepLR', begin=0, end=12, by_epoch=True, milestones=[8, 11])]\n"
)
MODEL = "model = dict(type='RetinaNet')\n"
LONGER = Task(length=NewLength(Unit.EPOCHS, 24))


@pytest.fixture
def project(tree):
    return tree(
        **{
            "fcos/schedule": SCHEDULE,
            "fcos/whole": "_base_ = './schedule.py'\n" + MODEL,
            "psc/heir": "_base_ = '../fcos/whole.py'\nmodel = dict(depth=18)\n",
            "psc/far": "_base_ = ['heir.py']\n",
            "psc/computed": "_base_ = ['../fcos/' + 'whole' + '.py']\n",
            "psc/longer": "_base_ = '../fcos/whole.py'\ntrain_cfg = dict(max_epochs=36)\n",
            "psc/stranger": "_base_ = './whole.py'\n",
            "psc/whole": SCHEDULE + MODEL,
            "psc/broken": "_base_ = '../fcos/whole.py'\nx = (\n",
        }
    )


def write(plan) -> None:
    for file in plan.edited:
        file.path.write_bytes(file.after)


@pytest.mark.parametrize("named", ["fcos", "fcos/whole.py"])
def test_heirs_elsewhere_are_migrated_and_told(project, class_map, named):
    plan = plan_migration([project / named], class_map)
    assert {path.stem for path in plan.heirs} == {"heir", "far", "computed", "longer"}
    assert [path.stem for path, _ in plan.unread_heirs] == ["broken"]
    write(plan)
    for path in plan.heirs:
        config = Config.fromfile(path, import_custom_modules=False)
        assert config.model.type == "MyRetinaNet"
        assert config.train_cfg.type == "MyEpochBasedTrainLoop"
        assert "my_project" in config.custom_imports.imports
    untouched = Config.fromfile(project / "psc/stranger.py", import_custom_modules=False)
    assert untouched.model.type == "RetinaNet"


def test_an_heir_with_a_length_of_its_own_stays_as_it_was(project):
    before = Resolver().resolve(project / "psc/longer.py").to_dict()
    plan = plan_migration([project / "fcos/whole.py"], LONGER)
    write(plan)
    assert Resolver().resolve(project / "psc/longer.py").to_dict() == before
    heir = Config.fromfile(project / "psc/heir.py")
    assert heir.train_cfg.max_epochs == 24
    assert heir.param_scheduler[0].milestones == [16, 22]


def test_an_heir_without_a_model_does_not_change_by_half(tree):
    folder = tree(
        base="max_epochs = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=max_epochs)\n",
        heir="_base_ = './base.py'\nmax_epochs = _base_.max_epochs * 2\n"
        "train_cfg = dict(max_epochs=max_epochs)\n"
        "param_scheduler = [dict(type='MultiStepLR', end=max_epochs, milestones=[18])]\n",
    )
    before = Config.fromfile(folder / "heir.py").to_dict()
    write(plan_migration([folder / "base.py"], LONGER))
    assert Config.fromfile(folder / "base.py").train_cfg.max_epochs == 24
    assert Config.fromfile(folder / "heir.py").to_dict() == before


@pytest.mark.parametrize(
    ("bad", "task"),
    [
        ("import os\nmodel = dict(type=os.getcwd())\n", None),
        ("train_cfg = dict(_delete_=True, by_epoch=False, max_iters=900)\n", LONGER),
    ],
)
def test_what_is_listed_as_not_migrated_resolves_as_before(tree, class_map, bad, task):
    folder = tree(
        schedule=SCHEDULE,
        whole="_base_ = './schedule.py'\n" + MODEL,
        bad="_base_ = './whole.py'\n" + bad,
        below="_base_ = './bad.py'\n",
    )
    before = Resolver()
    expected = {name: before.resolve(folder / f"{name}.py").root for name in ("bad", "below")}
    plan = plan_migration([folder], task or class_map, keep_going=True)
    assert "whole" in {file.path.stem for file in plan.edited}
    write(plan)
    failed = {path.stem for path, _ in plan.failed}
    assert "bad" in failed
    for name in failed:
        assert repr(Resolver().resolve(folder / f"{name}.py").root) == repr(expected[name])


def test_a_config_that_only_evaluates_registers_the_class_that_its_base_got(tree, class_map):
    folder = tree(
        model=MODEL,
        trains="_base_ = './model.py'\n" + SCHEDULE,
        evaluates="_base_ = './model.py'\ntest_cfg = dict(type='TestLoop')\n",
    )
    write(plan_migration([folder], class_map))
    config = Config.fromfile(folder / "evaluates.py", import_custom_modules=False)
    assert config.model.type == "MyRetinaNet"
    assert "my_project" in config.custom_imports.imports


def test_without_heirs_nothing_elsewhere_is_touched(project, class_map):
    plan = plan_migration([project / "fcos"], class_map, with_heirs=False)
    assert not plan.heirs
    assert all(file.path.parent.name == "fcos" for file in plan.files)


def test_a_run_that_cannot_go_on_still_raises(project, class_map):
    with pytest.raises(ConfigError, match="syntax error"):
        plan_migration([project / "psc/broken.py"], class_map)


def test_what_an_heir_computes_from_the_length_and_keeps_is_told(tree):
    folder = tree(
        schedule=SCHEDULE,
        whole="_base_ = './schedule.py'\nmodel = dict(layers=_base_.train_cfg.max_epochs)\n",
    )
    plan = plan_migration([folder / "schedule.py"], LONGER)
    write(plan)
    whole = Config.fromfile(folder / "whole.py")
    assert (whole.train_cfg.max_epochs, whole.model.layers) == (24, 12)
    assert [note for file in plan.files for note in file.notes] == [
        "model.layers kept as before: it is computed from the length of its bases, and whether "
        "that is meant is not known"
    ]
