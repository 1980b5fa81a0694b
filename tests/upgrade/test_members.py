"""Which files an upgrade takes along, and what it says of those that are missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.planner import plan_upgrade

WHOLE = """\
model = dict(type='FasterRCNN')
data = dict(train=dict(type='CocoDataset', ann_file='a.json', pipeline=[]))
optimizer = dict(type='SGD', lr=0.02)
lr_config = dict(policy='step', step=[8, 11])
runner = dict(type='EpochBasedRunner', max_epochs=12)
"""


def tree(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def upgraded(folder: Path, name: str) -> None:
    """Write what a run on one file writes."""
    for file in plan_upgrade([folder / name], with_heirs=False).files:
        file.path.write_bytes(file.plan.after)


@pytest.mark.parametrize(
    ("leaf", "told"),
    [
        ("optimizer = dict(lr=0.01)", "optimizer.lr is optim_wrapper.optimizer.lr"),
        ("data = dict(samples_per_gpu=4)", "data.samples_per_gpu is train_dataloader.batch_size"),
        ("lr_config = dict(step=[3, 5])", "lr_config.step is param_scheduler[-1].milestones"),
        ("resume_from = 'a.pth'", "resume_from is load_from, with resume = True"),
    ],
)
def test_a_leaf_over_an_upgraded_base_is_told_the_new_names(leaf: str, told: str, tmp_path: Path):
    tree(tmp_path, {"base.py": WHOLE, "leaf.py": f"_base_ = 'base.py'\n{leaf}\n"})
    upgraded(tmp_path, "base.py")
    with pytest.raises(ConfigError, match=r"UP303") as caught:
        plan_upgrade([tmp_path / "leaf.py"])
    assert caught.value.where == f"{tmp_path / 'leaf.py'}:2"
    assert f"the base {tmp_path / 'base.py'} is of 3.x" in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize("middle", ["load_from = 'b.pth'", "resume = True", "x = 1"])
def test_a_middle_file_of_either_generation_hides_no_base_of_3x(middle: str, tmp_path: Path):
    tree(tmp_path, {
        "base.py": WHOLE,
        "middle.py": f"_base_ = 'base.py'\n{middle}\n",
        "leaf.py": "_base_ = 'middle.py'\nlr_config = dict(step=[3])\n",
    })  # fmt: skip
    upgraded(tmp_path, "base.py")
    with pytest.raises(ConfigError, match=r"the base .*base\.py is of 3\.x \[UP303\]"):
        plan_upgrade([tmp_path / "leaf.py"])


def test_an_heir_of_a_refused_config_is_refused(tmp_path: Path):
    tree(tmp_path, {
        "base.py": WHOLE,
        "middle.py": "_base_ = 'base.py'\nresume_from = 'a.pth'\n",
        "leaf.py": "_base_ = 'middle.py'\nload_from = None\n",
    })  # fmt: skip
    upgraded(tmp_path, "base.py")
    plan = plan_upgrade([tmp_path], keep_going=True)
    assert {path.name for path, _ in plan.failed} == {"middle.py", "leaf.py"}
    assert plan.current == (tmp_path / "base.py",)


@pytest.mark.parametrize("middle", ["load_from = 'b.pth'", "resume_from = 'b.pth'"])
def test_a_middle_file_is_upgraded_with_its_base(middle: str, tmp_path: Path):
    tree(tmp_path, {
        "base.py": WHOLE,
        "middle.py": f"_base_ = 'base.py'\n{middle}\n",
        "leaf.py": "_base_ = 'middle.py'\nlr_config = dict(step=[3])\n",
    })  # fmt: skip
    plan = plan_upgrade([tmp_path / "base.py"])
    after = Resolver({file.path: file.plan.after for file in plan.files})
    leaf = after.resolve(tmp_path / "leaf.py").to_dict()
    assert leaf["load_from"] == "b.pth"
    assert leaf.get("resume", False) is middle.startswith("resume")
    assert leaf["param_scheduler"][-1]["milestones"] == [3]


@pytest.mark.parametrize(
    "base", ["CLASSES = ('ship',)\n", "log_level = 'INFO'\n", "load_from = 'a.pth'\n", ""]
)
def test_a_base_that_says_the_same_in_both_need_not_be_named(base: str, tmp_path: Path):
    tree(tmp_path, {"base.py": base, "leaf.py": "_base_ = 'base.py'\n" + WHOLE})
    plan = plan_upgrade([tmp_path / "leaf.py"])
    assert [file.path.name for file in plan.files] == ["leaf.py"]


def test_an_heir_is_told_why_it_is_part_of_the_run(tmp_path: Path):
    configs = tree(tmp_path / "configs", {
        "_base_/run.py": "checkpoint_config = dict(interval=1)\n",
        "_base_/schedule.py": "optimizer = dict(type='SGD', lr=0.1)\n",
        "heir.py": "_base_ = ['_base_/run.py', '_base_/schedule.py']\n",
    })  # fmt: skip
    with pytest.raises(ConfigError) as caught:
        plan_upgrade([configs / "_base_/run.py"])
    assert caught.value.where == str(configs / "heir.py")
    assert f"{configs / '_base_/schedule.py'} was not named" in str(caught.value)
    assert f"It inherits from {configs / '_base_/run.py'}, which this run upgrades" in str(
        caught.value
    )
