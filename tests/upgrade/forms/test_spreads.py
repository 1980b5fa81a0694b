"""Dicts that are spread into others, and comprehensions, come out as people would write them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.planner import plan_upgrade

NORM = "img_norm_cfg = dict(mean=[1., 2., 3.], std=[4., 5., 6.], to_rgb=True)\n"
TURNED = NORM.replace("to_rgb", "bgr_to_rgb")
MODEL = "model = dict(\n    type='RetinaNet',\n    backbone=dict(type='ResNet', depth=50))\n"
PIPELINE = """\
pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='Pad', size_divisor=32),
    dict(type='Collect', keys=['img']),
]
"""
DATA = "data = dict(train=dict(type='CocoDataset', ann_file='a.json', pipeline=pipeline))\n"
USED = "data_preprocessor=dict(type='DetDataPreprocessor', **img_norm_cfg, pad_size_divisor=32)"
WRITTEN_OUT = "mean=[1., 2., 3.]"


def upgraded(folder: Path, text: str) -> tuple[str, list[str]]:
    """The new text, and the codes of what is told of it."""
    (folder / "config.py").write_text(text)
    plan = plan_upgrade([folder])
    file = next(one for one in plan.files if one.path.name == "config.py")
    return file.plan.after.decode(), [placed.note.code for placed in plan.notes]


def test_a_dict_that_is_only_spread_is_spread_again(tmp_path: Path) -> None:
    text, codes = upgraded(tmp_path, NORM + MODEL + PIPELINE + DATA)
    assert text.startswith(TURNED)
    assert USED in re.sub(r"\(\n +", "(", text)
    assert "to_rgb" not in text.replace("bgr_to_rgb", "")
    assert not codes


def test_a_child_spreads_its_own(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text(MODEL + NORM + PIPELINE + DATA)
    own = NORM.replace("True", "False")
    changed = "data = dict(train=dict(pipeline=pipeline))\n"
    text, _ = upgraded(tmp_path, f"_base_ = 'base.py'\n{own}{PIPELINE}{changed}")
    assert own.replace("to_rgb", "bgr_to_rgb") in text
    assert "model = dict(data_preprocessor=dict(**img_norm_cfg, pad_size_divisor=32))" in text


def test_what_it_does_not_say_stands_beside_it(tmp_path: Path) -> None:
    norm = NORM.replace(", to_rgb=True", "")
    text, _ = upgraded(tmp_path, norm + MODEL + PIPELINE + DATA)
    assert text.startswith(norm)
    assert re.search(r"\*\*img_norm_cfg,\s+bgr_to_rgb=True,\s+pad_size_divisor=32", text)


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        # It has no value yet where the model stands.
        (MODEL + NORM + PIPELINE, ""),
        # Something else reads it that stays.
        (NORM + MODEL + PIPELINE, "mean = img_norm_cfg['mean']\n"),
        (NORM + MODEL + PIPELINE, "others = [dict(type='Normalize', **img_norm_cfg)]\n"),
        (NORM + MODEL + PIPELINE, "copied = dict(img_norm_cfg)\n"),
        (NORM + MODEL + PIPELINE, "print(dict(**img_norm_cfg))\n"),
        # It is not one dict.
        (NORM + MODEL + "img_norm_cfg['std'] = [7., 8., 9.]\n" + PIPELINE, ""),
        (NORM + MODEL + NORM + PIPELINE, ""),
    ],
)
def test_it_stays_as_it_is_where_it_cannot_be_used(
    before: str, behind: str, tmp_path: Path
) -> None:
    text, _ = upgraded(tmp_path, before + DATA + behind)
    assert NORM in text
    assert TURNED not in text
    assert "**img_norm_cfg" not in text.replace(behind, "")
    assert WRITTEN_OUT in text.replace(NORM, "")


def test_it_stays_where_normalize_stays(tmp_path: Path) -> None:
    # Expand sees the values of the image.
    pipeline = PIPELINE.replace("dict(type='Pad'", "dict(type='Expand'), dict(type='Pad'")
    text, codes = upgraded(tmp_path, NORM + MODEL + pipeline + DATA)
    assert NORM in text
    assert "dict(type='Normalize', **img_norm_cfg)" in text
    assert "UP205" in codes


COMPREHENSION = """\
name = 'fold'
data = dict(
    samples_per_gpu=2,
    train=[
        dict(
            type='CocoDataset',
            classes=classes,
            ann_file=root + f'{name}.json',
            pipeline=pipeline) for name in ('home', 'street')
    ])
"""


def test_items_of_a_comprehension_keep_names(tmp_path: Path) -> None:
    start = f"classes = ('cat', )\nroot = 'data/'\n{NORM}{MODEL}{PIPELINE}"
    text, codes = upgraded(tmp_path, start + COMPREHENSION)
    loader = text.partition("train_dataloader = ")[2]
    assert loader.count("metainfo=dict(classes=classes)") == 2
    assert loader.count("pipeline=pipeline") == 2
    assert "ann_file='data/home.json'" in loader
    # What the loop sets is no name of the file: the statement is gone as a whole.
    assert "\ndata = " not in text
    assert "del data" not in text
    assert "name = 'fold'\n" in text
    assert codes.count("UP105") == 1


@pytest.mark.parametrize(
    "loop",
    [
        "[dict(type='CocoDataset', ann_file=(last := one), pipeline=pipeline) for one in 'ab']",
        "[dict(type='CocoDataset', ann_file=(lambda: one)(), pipeline=pipeline) for one in 'ab']",
        "[dict(type='CocoDataset', ann_file=[x + one for x in 'cd'], pipeline=pipeline)\n"
        "    for one in 'ab' for pipeline in [[], [dict(type='Resize', img_scale=(9, 8))]]]",
    ],
)
def test_no_name_of_a_loop_leaves_it(loop: str, tmp_path: Path) -> None:
    text = f"{NORM}{MODEL}{PIPELINE}data = dict(train={loop})\n"
    after, _ = upgraded(tmp_path, text)
    resolved = Resolver({tmp_path / "config.py": after.encode()}).resolve(tmp_path / "config.py")
    assert len(resolved.root["train_dataloader"]["dataset"]["datasets"]) in (2, 4)
    assert not re.search(r"=(one|x)\b", after.partition("train_dataloader")[2])


def test_a_comprehension_of_one_item_is_edited(tmp_path: Path) -> None:
    settings = (
        "    train_cfg=dict(\n"
        "        rcnn=[\n"
        "            dict(\n"
        "                assigner=dict(\n"
        "                    type='HungarianAssigner',\n"
        "                    cls_cost=dict(type='FocalLossCost', weight=2.0)),\n"
        "                pos_weight=1) for _ in range(stages)\n"
        "        ]))\n"
    )
    model = MODEL.replace("depth=50))", "depth=50),")
    text, codes = upgraded(tmp_path, f"stages = 6\ntotal_epochs = 9\n{model}{settings}")
    assert "for _ in range(stages)\n" in text
    assert text.count("match_costs=[") == 1
    assert text.count("pos_weight=1") == 1
    assert not codes


def test_lists_that_were_joined_and_are_written_out_are_told(tmp_path: Path) -> None:
    joined = (
        "load = [dict(type='LoadImageFromFile')]\n"
        "mixed = [\n"
        "    dict(type='RandomFlip', flip_ratio=0.5),\n"
        "    dict(type='CutOut', n_holes=1),\n"
        "    dict(type='CutOut', n_holes=2),\n"
        "]\n"
        "pipeline = load + mixed + [dict(type='Collect', keys=['img'])]\n"
    )
    text, codes = upgraded(tmp_path, MODEL + joined + DATA)
    assert (
        "pipeline = [\n    dict(type='LoadImageFromFile'),\n    dict(type='RandomFlip', prob"
        in text
    )
    assert "UP105" in codes


SHARED = "shared = dict(type='CocoDataset', ann_file='a', img_prefix='i/')\n"
TRAINED = "data = dict(samples_per_gpu=2, train=dict(**shared, pipeline=[]))\n"


def test_what_is_spread_into_a_data_set_is_spread_again(tmp_path: Path) -> None:
    text, codes = upgraded(tmp_path, MODEL + SHARED + TRAINED)
    assert "shared = dict(type='CocoDataset', ann_file='a', data_prefix=dict(img='i/'))" in text
    assert "dict(**shared,pipeline=[],filter_cfg=" in "".join(text.split())
    assert "UP105" not in codes


def test_what_was_spread_and_is_written_out_is_told(tmp_path: Path) -> None:
    also = "other = dict(shared=shared)\nother['shared']['img_prefix'] = 'j/'\n"
    text, codes = upgraded(tmp_path, MODEL + SHARED + TRAINED + also)
    assert "**shared" not in text
    assert "UP105" in codes
