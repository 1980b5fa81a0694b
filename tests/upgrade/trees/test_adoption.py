"""Where a twin says the same in other words, its words stand."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.bases import differing_keys, without_scope
from mmscaffold.upgrade.goal import upgrade_goal
from mmscaffold.upgrade.planner import plan_upgrade
from mmscaffold.upgrade.tree_upgrader import Options
from mmscaffold.upgrade.trees.adoption import adopt
from mmscaffold.upgrade.trees.owners import owned

SAFE = (
    "default_runtime.py",
    "schedules/schedule_1x.py",
    "schedules/schedule_2x.py",
    "schedules/schedule_20e.py",
    "datasets/coco_detection.py",
    "datasets/coco_instance.py",
    "datasets/coco_panoptic.py",
    "datasets/objects365v1_detection.py",
    "datasets/openimages_detection.py",
    "models/faster_rcnn_r50_fpn.py",
)


@pytest.mark.parametrize("name", SAFE)
def test_official_bases_say_the_same_as_their_twins(
    name: str, mmdet2_configs: Path, mmdet_configs: Path
):
    resolver = Resolver()
    config = resolver.resolve(mmdet2_configs / "_base_" / name)
    twin = mmdet_configs / "_base_" / name.replace("faster_rcnn_", "faster-rcnn_")
    goal = owned(upgrade_goal(config).root, config.root)
    theirs = without_scope(resolver.resolve(twin).root)
    differing = differing_keys(adopt(goal, theirs, None)[0], theirs)
    # OpenImages of 3.x needs a file of the sizes of the images, which 2.x read off the images.
    assert [path for path in differing if path[-1] not in ("meta_file", "test_mode")] == []


def adopted(ours: str, theirs: str, folder: Path, *, written: bool = False):
    """A goal with the words of a twin, and its habits."""
    (folder / "ours.py").write_text(ours)
    (folder / "theirs.py").write_text(theirs)
    goal = Resolver().resolve(folder / "ours.py")
    below = Resolver().resolve(folder / "theirs.py").root
    values, habits = adopt(goal.root, below, goal.path if written else None)
    return to_plain(values), habits


LOADER = "train_dataloader = dict(dataset=dict({}))\n"
TWIN = LOADER.format(
    "type='CocoDataset', data_root='d/', ann_file='a.json', data_prefix=dict(img='i/')"
)


@pytest.mark.parametrize("key", ["proposal_file", "meta_file", "label_file"])
def test_every_file_is_named_below_the_data_root(key: str, tmp_path: Path):
    files = f"ann_file='d/a.json', data_prefix=dict(img='d/i/'), {key}='d/p.pkl'"
    ours = LOADER.format(f"type='CocoDataset', {files}")
    data_set = adopted(ours, TWIN, tmp_path)[0]["train_dataloader"]["dataset"]
    assert (data_set["data_root"], data_set["ann_file"], data_set[key]) == (
        "d/",
        "a.json",
        "p.pkl",
    )


@pytest.mark.parametrize("key", ["proposal_file", "meta_file"])
def test_a_file_elsewhere_keeps_the_data_root_out(key: str, tmp_path: Path):
    files = f"ann_file='d/a.json', data_prefix=dict(img='d/i/'), {key}='other/p.pkl'"
    ours = LOADER.format(f"type='CocoDataset', {files}")
    data_set = adopted(ours, TWIN, tmp_path)[0]["train_dataloader"]["dataset"]
    assert data_set["data_root"] == ""
    assert (data_set["ann_file"], data_set[key]) == ("d/a.json", "other/p.pkl")


@pytest.mark.parametrize(
    "wrapper",
    [
        "type='RepeatDataset', times=3, dataset=dict(type='CocoDataset', ann_file='d/a.json')",
        "type='ConcatDataset', datasets=[dict(type='CocoDataset', ann_file='d/a.json')]",
    ],
)
def test_a_wrapper_has_no_data_root(wrapper: str, tmp_path: Path):
    values, _ = adopted(LOADER.format(wrapper), TWIN, tmp_path)
    assert "data_root" not in values["train_dataloader"]["dataset"]


def test_checkpoints_that_a_twin_deletes_are_told(tmp_path: Path):
    hooks = "default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval={}))\n"
    _, habits = adopted(hooks.format(1), hooks.format("1, max_keep_ckpts=3"), tmp_path)
    assert habits == ["default_hooks.checkpoint.max_keep_ckpts"]


@pytest.mark.parametrize(
    ("hooks", "written", "stays"),
    [
        ("[dict(type='NumClassCheckHook')]", False, False),
        ("[dict(type='NumClassCheckHook')]", True, True),
        ("[dict(type='NumClassCheckHook'), dict(type='Mine')]", False, True),
    ],
)
def test_hooks_that_only_check_go(hooks: str, written: bool, stays: bool, tmp_path: Path):
    values, _ = adopted(f"custom_hooks = {hooks}\n", "", tmp_path, written=written)
    assert ("custom_hooks" in values) is stays


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (
            "type='MultiStepLR', milestones=[8]",
            "type='MultiStepLR', milestones=[8], gamma=.1",
            True,
        ),
        (
            "type='MultiStepLR', milestones=[8]",
            "type='MultiStepLR', milestones=[8], gamma=.2",
            False,
        ),
        ("type='ExponentialLR', gamma=.1", "type='ExponentialLR', gamma=.1, begin=0", True),
        ("type='ExponentialLR', gamma=.2", "type='ExponentialLR', gamma=.1", False),
    ],
)
def test_defaults_of_schedulers(ours: str, theirs: str, same: bool, tmp_path: Path):
    one = "param_scheduler = [dict({})]\n"
    values, _ = adopted(one.format(ours), one.format(theirs), tmp_path)
    taken = Resolver().resolve(tmp_path / ("theirs.py" if same else "ours.py")).to_dict()
    assert values == taken


def test_a_leaf_over_official_bases_is_all_that_is_written(
    mmdet2_configs: Path, mmdet_configs: Path, tmp_path: Path
):
    shutil.copytree(mmdet2_configs / "_base_", tmp_path / "_base_")
    leaf = tmp_path / "mine" / "leaf.py"
    leaf.parent.mkdir()
    leaf.write_text(
        "_base_ = ['../_base_/models/faster_rcnn_r50_fpn.py',\n"
        "    '../_base_/datasets/coco_detection.py',\n"
        "    '../_base_/schedules/schedule_1x.py', '../_base_/default_runtime.py']\n"
        "optimizer = dict(lr=0.01)\n"
        "data = dict(train=dict(ann_file='x/t.json'))\n"
    )
    plan = plan_upgrade([leaf], options=Options(configs_3x=mmdet_configs), with_heirs=False)
    after = {file.path: file.plan.after for file in plan.files}
    assert list(after) == [leaf]
    assert len(re.findall(rf"'{mmdet_configs}/_base_/", after[leaf].decode())) == 4
    found = Resolver(after).resolve(leaf).to_dict()
    assert found["optim_wrapper"]["optimizer"]["lr"] == 0.01
    train, val = (found[f"{one}_dataloader"]["dataset"] for one in ("train", "val"))
    # 3.x joins data_root with what the leaf names.
    assert (train["data_root"], train["ann_file"]) == ("", "x/t.json")
    assert train["data_prefix"]["img"] == "data/coco/train2017/"
    assert (val["data_root"], val["ann_file"]) == (
        "data/coco/",
        "annotations/instances_val2017.json",
    )


def test_over_official_bases_logs_count_what_the_loop_counts(
    mmdet2_configs: Path, mmdet_configs: Path, tmp_path: Path
):
    """default_runtime of 3.x counts epochs, which no loop over iterations has."""
    shutil.copytree(mmdet2_configs / "_base_", tmp_path / "_base_")
    leaf = tmp_path / "mine" / "leaf.py"
    leaf.parent.mkdir()
    leaf.write_text(
        "_base_ = ['../_base_/models/faster_rcnn_r50_fpn.py',\n"
        "    '../_base_/datasets/coco_detection.py',\n"
        "    '../_base_/schedules/schedule_1x.py', '../_base_/default_runtime.py']\n"
        "runner = dict(_delete_=True, type='IterBasedRunner', max_iters=90000)\n"
    )
    plan = plan_upgrade([leaf], options=Options(configs_3x=mmdet_configs), with_heirs=False)
    (file,) = plan.files
    found = Resolver({file.path: file.plan.after}).resolve(leaf).to_dict()
    assert found["log_processor"]["by_epoch"] is False
    assert found["log_processor"]["window_size"] == 50


def test_heirs_of_a_leaf_over_official_bases_write_what_they_wrote(
    mmdet2_configs: Path, mmdet_configs: Path, tmp_path: Path
):
    shutil.copytree(mmdet2_configs / "_base_", tmp_path / "_base_")
    mine = tmp_path / "mine"
    mine.mkdir()
    leaf, heir, last = (mine / f"{name}.py" for name in ("leaf", "heir", "last"))
    leaf.write_text(
        "_base_ = ['../_base_/models/faster_rcnn_r50_fpn.py',\n"
        "    '../_base_/datasets/coco_detection.py',\n"
        "    '../_base_/schedules/schedule_1x.py', '../_base_/default_runtime.py']\n"
    )
    heir.write_text(
        "_base_ = 'leaf.py'\nmodel = dict(roi_head=dict(bbox_head=dict(num_classes=3)))\n"
    )
    last.write_text(
        "_base_ = 'heir.py'\ndata = dict(workers_per_gpu=1, train=dict(ann_file='x/t.json'))\n"
        "checkpoint_config = dict(interval=4)\n"
    )
    plan = plan_upgrade([mine], options=Options(configs_3x=mmdet_configs))
    after = {file.path: file.plan.after for file in plan.files}
    # The keys of models are called as before.
    assert after.get(heir, heir.read_bytes()) == heir.read_bytes()
    assert len(after[last].splitlines()) < 15
    found = Resolver(after).resolve(last).to_dict()
    assert found["model"]["roi_head"]["bbox_head"]["num_classes"] == 3
    assert found["default_hooks"]["checkpoint"]["interval"] == 4
    assert found["train_dataloader"]["num_workers"] == 1
    data_set = found["train_dataloader"]["dataset"]
    assert (data_set["data_root"], data_set["ann_file"]) == ("", "x/t.json")
    assert data_set["data_prefix"]["img"] == "data/coco/train2017/"
