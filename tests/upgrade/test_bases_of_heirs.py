"""What inherits from an upgraded base is upgraded with it, over whatever bases it has."""

from __future__ import annotations

from pathlib import Path

import pytest
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


DATA = (
    "data = dict(train=dict(type='CocoDataset', ann_file='a.json', pipeline=[\n"
    "    dict(type='Normalize', mean=[1, 2, 3], std=[4, 5, 6]),\n"
    "    dict(type='Pad', size_divisor=8)]))\n"
)
MODEL = "model = dict(type='RetinaNet')\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        # What pipelines no longer do is done by a model, or told where there is none.
        ({"data.py": DATA}, ["data.py"]),
        ({"data.py": DATA, "whole.py": f"_base_ = 'data.py'\n{MODEL}{SCHEDULE}"}, []),
        ({"data.py": DATA, "mine.py": f"_base_ = 'data.py'\n{SCHEDULE}"}, ["mine.py"]),
        ({"whole.py": f"{DATA}{MODEL}{SCHEDULE}"}, []),
    ],
)
def test_what_data_ask_of_a_model_is_written_or_told(tmp_path: Path, files, told):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    plan = plan_upgrade([tmp_path], package="mmdet")
    assert not plan.failed
    notes = {file.plan.path.name: [one.note.code for one in file.notes] for file in plan.files}
    assert [name for name, codes in notes.items() if "UP215" in codes] == told
    resolver = Resolver({file.plan.path: file.plan.after for file in plan.files})
    for file in plan.files:
        model = resolver.resolve(file.plan.path).root.get("model")
        if model is not None:
            wanted = {"mean": [1, 2, 3], "std": [4, 5, 6], "pad_size_divisor": 8}
            assert wanted.items() <= model["data_preprocessor"].items()


def test_what_is_taken_back_is_said_as_the_runner_takes_it(tmp_path: Path):
    """The Runner calls ``set_randomness(**randomness)``, and asks ``env_cfg`` for its keys."""
    base = "seed = 3\ndeterministic = True\nload_from = 'x.pth'\ncudnn_benchmark = True\n"
    (tmp_path / "base.py").write_text(SCHEDULE + base)
    (tmp_path / "heir.py").write_text(
        "_base_ = 'base.py'\nseed = None\ndeterministic = None\nload_from = None\n"
    )
    plan = plan_upgrade([tmp_path], package=None)
    after = {file.plan.path: file.plan.after for file in plan.files}
    found = Resolver(after).resolve(tmp_path / "heir.py").to_dict()
    assert (found["randomness"], found["load_from"]) == ({"seed": None}, None)
    assert found["env_cfg"] == {"cudnn_benchmark": True}
