"""Where a twin says the same in other words, its words stand."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

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


BASES = (
    "_base_ = ['../_base_/models/faster_rcnn_r50_fpn.py',\n"
    "    '../_base_/datasets/coco_detection.py',\n"
    "    '../_base_/schedules/schedule_1x.py', '../_base_/default_runtime.py']\n"
)


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


def data_set_over(ours: str, folder: Path, *, written: bool = False):
    """What becomes of a data set over one of COCO that says defaults."""
    base = (
        "type='CocoDataset', data_root='d/', ann_file='a.json', data_prefix=dict(img='i/'),"
        " backend_args=None"
    )
    values, _ = adopted(LOADER.format(ours), LOADER.format(base), folder, written=written)
    return values["train_dataloader"]["dataset"]


COCO = "type='CocoDataset', ann_file='x.json', data_prefix=dict(img='x/')"


@pytest.mark.parametrize(
    "wrapper",
    [
        f"type='RepeatDataset', times=3, dataset=dict({COCO})",
        f"type='ClassBalancedDataset', oversample_thr=1e-3, dataset=dict({COCO})",
        f"type='ConcatDataset', datasets=[dict({COCO})]",
        f"type='MultiImageMixDataset', pipeline=[], dataset=dict({COCO})",
        f"type='SemiDataset', sup=dict({COCO}), unsup=dict({COCO})",
    ],
)
def test_what_another_class_does_not_take_is_not_adopted(wrapper: str, tmp_path: Path):
    found = data_set_over(wrapper, tmp_path)
    (tmp_path / "wanted.py").write_text(f"dataset = dict({wrapper})\n")
    assert found == Resolver().resolve(tmp_path / "wanted.py").to_dict()["dataset"]


@pytest.mark.parametrize("name", ["CocoDataset", "VOCDataset", "LVISV1Dataset", "MyDataset"])
def test_what_another_class_takes_is_adopted(name: str, tmp_path: Path):
    """``MyDataset`` is not known, and has files as data sets of 3.x have."""
    found = data_set_over(COCO.replace("CocoDataset", name), tmp_path)
    assert (found["backend_args"], found["data_root"]) == (None, "")


@pytest.mark.parametrize(
    "text",
    [f"dict(_delete_=True, {COCO})", "{'_delete_': True, 'type': 'CocoDataset', 'ann_file': 'x'}"],
)
def test_what_is_written_whole_restates_no_defaults(text: str, tmp_path: Path):
    base = tmp_path / "base.py"
    base.write_text(TWIN)
    ours = f"_base_ = './base.py'\ntrain_dataloader = dict(dataset={text})\n"
    found, _ = adopted(ours, TWIN.replace("))", "), backend_args=None)"), tmp_path, written=True)
    assert found["train_dataloader"]["dataset"].keys() <= {"type", "ann_file", "data_prefix"}


def test_a_metric_of_another_kind_takes_nothing_of_cocos(tmp_path: Path):
    theirs = "val_evaluator = dict(type='CocoMetric', metric='bbox', format_only=False,\n"
    ours = "val_evaluator = dict(type='VOCMetric', metric='mAP')\n"
    values, _ = adopted(ours, f"{theirs}    ann_file='a', backend_args=None)\n", tmp_path)
    assert values["val_evaluator"] == {"type": "VOCMetric", "metric": "mAP"}


@pytest.mark.parametrize(
    ("ours", "stays", "habits"),
    [
        ("num_workers=0", False, []),
        ("num_workers=2", True, ["val_dataloader.persistent_workers"]),
        ("num_workers=0, persistent_workers=True", True, []),
    ],
)
def test_no_processes_cannot_stay(ours: str, stays: bool, habits: list[str], tmp_path: Path):
    one = "val_dataloader = dict({})\n"
    theirs = one.format("num_workers=2, persistent_workers=True")
    values, found = adopted(one.format(ours), theirs, tmp_path, written=True)
    assert values["val_dataloader"]["persistent_workers"] is stays
    assert found == habits


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("opencv_num_threads = 4", {"mp_start_method": "fork", "opencv_num_threads": 4}),
        ("mp_start_method = 'spawn'", {"mp_start_method": "spawn", "opencv_num_threads": 0}),
        ("log_level = 'INFO'", {"mp_start_method": "fork", "opencv_num_threads": 0}),
    ],
)
def test_processes_are_set_up_as_a_leaf_writes(
    written: str, wanted: dict[str, object], mmdet2_configs: Path, mmdet_configs: Path,
    tmp_path: Path,
):  # fmt: skip
    found = upgraded_leaf(f"{written}\n", mmdet2_configs, mmdet_configs, tmp_path)
    assert found["env_cfg"]["mp_cfg"] == wanted


def test_the_largest_batch_of_several_tests_stays(
    mmdet2_configs: Path, mmdet_configs: Path, tmp_path: Path
):
    sets = ", ".join(f"dict({COCO}, samples_per_gpu={size})" for size in (4, 5))
    found = upgraded_leaf(f"data = dict(test=[{sets}])\n", mmdet2_configs, mmdet_configs, tmp_path)
    assert found["test_dataloader"]["batch_size"] == 5


@pytest.mark.parametrize("gone", [("val",), ("test",), ("val", "test")])
def test_without_data_there_is_no_evaluation(
    gone: tuple[str, ...], mmdet2_configs: Path, mmdet_configs: Path, tmp_path: Path
):
    """The Runner wants all three keys of a split, or none."""
    nothing = ", ".join(f"{split}=None" for split in gone)
    found = upgraded_leaf(f"data = dict({nothing})\n", mmdet2_configs, mmdet_configs, tmp_path)
    for split in ("val", "test"):
        keys = [f"{split}_{part}" for part in ("dataloader", "evaluator", "cfg")]
        assert [found[key] is None for key in keys] == [split in gone] * 3


def upgraded_leaf(
    text: str, mmdet2_configs: Path, mmdet_configs: Path, folder: Path
) -> dict[str, Any]:
    """What a leaf over official bases resolves to when it is upgraded."""
    shutil.copytree(mmdet2_configs / "_base_", folder / "_base_")
    leaf = folder / "mine" / "leaf.py"
    leaf.parent.mkdir()
    leaf.write_text(f"{BASES}{text}")
    plan = plan_upgrade([leaf], options=Options(configs_3x=mmdet_configs), with_heirs=False)
    (file,) = plan.files
    return Resolver({file.path: file.plan.after}).resolve(leaf).to_dict()


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
    after_last = mine / "later.py"
    after_last.write_text("_base_ = 'last.py'\ndata = dict(train=dict(img_prefix='y/'))\n")
    plan = plan_upgrade([mine], options=Options(configs_3x=mmdet_configs))
    after = {file.path: file.plan.after for file in plan.files}
    # The keys of models are called as before.
    assert after.get(heir, heir.read_bytes()) == heir.read_bytes()
    assert len(after[last].splitlines()) < 15
    assert after[after_last].decode().splitlines()[1:] == [
        "train_dataloader = dict(dataset=dict(data_prefix=dict(img='y/')))"
    ]
    found = Resolver(after).resolve(last).to_dict()
    assert found["model"]["roi_head"]["bbox_head"]["num_classes"] == 3
    assert found["default_hooks"]["checkpoint"]["interval"] == 4
    assert found["train_dataloader"]["num_workers"] == 1
    data_set = found["train_dataloader"]["dataset"]
    assert (data_set["data_root"], data_set["ann_file"]) == ("", "x/t.json")
    assert data_set["data_prefix"]["img"] == "data/coco/train2017/"


HEIRS = {
    "base.py": (
        "custom_hooks = [dict(type='EMAHook', momentum=0.1)]\nload_from = 'x.pth'\n"
        "data = dict(workers_per_gpu=8)\n"
    ),
    "heir.py": "_base_ = './base.py'\ndata = dict(samples_per_gpu=4)\n",
    "idle.py": "_base_ = './base.py'\ndata = dict(workers_per_gpu=0)\n",
    "plain.py": "_base_ = './base.py'\ncustom_hooks = None\nload_from = None\n",
}
"""A config over official bases, and those that inherit from it."""


def test_heirs_of_a_leaf_restate_nothing(
    mmdet2_configs: Path, mmdet_configs: Path, tmp_path: Path
):
    shutil.copytree(mmdet2_configs / "_base_", tmp_path / "_base_")
    (tmp_path / "mine").mkdir()
    for name, text in HEIRS.items():
        bases = BASES if name == "base.py" else ""
        (tmp_path / "mine" / name).write_text(bases + text)
    plan = plan_upgrade([tmp_path / "mine"], options=Options(configs_3x=mmdet_configs))
    after = {file.path.name: file.plan.after.decode() for file in plan.files}
    assert after["heir.py"] == "_base_ = './base.py'\ntrain_dataloader = dict(batch_size=4)\n"
    assert after["idle.py"].splitlines()[1:] == [
        f"{split}_dataloader = dict(num_workers=0, persistent_workers=False)"
        for split in ("train", "val", "test")
    ]
    # What its own base adds to the official ones is not taken for theirs.
    assert after["plain.py"] == "_base_ = './base.py'\ncustom_hooks = None\nload_from = None\n"
    told = [file.path.name for file in plan.files if "UP107" in {n.note.code for n in file.notes}]
    assert told == ["base.py"]
