"""Arguments of data sets and transforms that 3.x does not take are told, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.facts.classes.package_table import PackageTable
from mmscaffold.project.class_reader import read_table
from mmscaffold.upgrade.goal import upgrade_goal
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.tables.mmdet_data import DATA_SETS, names_in_3x

from tests.support import corpora

# What a value must be for a rule to read it; all others are a number.
_VALUES = {"img_prefix": "'i/'", "seg_prefix": "'s/'"}
# In the pipeline of a training, which has no use for it.
_AT_TEST = frozenset({"MultiScaleFlipAug"})


def told(tmp_path: Path, text: str) -> list[Note]:
    path = tmp_path / "config.py"
    path.write_text(text)
    goal = upgrade_goal(Resolver().resolve(path), "mmdet")
    assert goal.unaccounted == ()
    # Other rules tell of what they know to be gone: "Rotate takes no center now".
    return [note for note in goal.notes if re.search(r" takes no \w+ in 3\.x$", note.message)]


@pytest.fixture(scope="module")
def old_classes() -> PackageTable:
    if corpora.offline():
        pytest.skip("MMSCAFFOLD_OFFLINE=1: the official configs are not downloaded")
    folder = corpora.unpacked_wheel("mmdet", "2.28.2") / "mmdet"
    return PackageTable(read_table(folder, "mmdet", "mmdet", "2.28.2"))


def own_arguments(table: PackageTable, name: str) -> list[str]:
    """What the constructor of a class itself took in 2.28.2."""
    return sorted({key for known in table.named(name) for key in known.arguments or ()})


def with_each(kind: str, keys: Iterable[str]) -> list[str]:
    """The class once with each of some arguments."""
    return [f"dict(type='{kind}', {key}={_VALUES.get(key, '0.125')})" for key in keys]


def test_no_rule_forgets_an_argument_of_a_transform(old_classes: PackageTable, tmp_path: Path):
    names = old_classes.registered["PIPELINES"].keys() & names_in_3x("TRANSFORMS") - _AT_TEST
    assert len(names) >= 30
    for name in sorted(names):
        keys = (key for key in own_arguments(old_classes, name) if key != "transforms")
        data_sets = [
            f"dict(type='CocoDataset', pipeline=[{one}])" for one in with_each(name, keys)
        ]
        assert told(tmp_path, f"data = dict(train=[{', '.join(data_sets)}])\n") == []


def test_no_rule_forgets_an_argument_of_a_data_set(old_classes: PackageTable, tmp_path: Path):
    shared = own_arguments(old_classes, "CustomDataset")
    assert "img_prefix" in shared
    for name in DATA_SETS:
        keys = {*shared, *own_arguments(old_classes, name)} - {"pipeline"}
        data_sets = ", ".join(with_each(name, sorted(keys)))
        assert told(tmp_path, f"data = dict(train=[{data_sets}])\n") == []


def test_each_other_argument_is_told_once_and_kept(tmp_path: Path):
    text = """
pipeline = [dict(type='LoadAnnotations', with_bbox=True, normed_bbox=True),
            dict(type='MyOwn', anything=1)]
data = dict(train=dict(type='CocoDataset', ann_file='a', palette=3, pipeline=pipeline),
            val=dict(type='Mine', ann_file='a', palette=3, pipeline=pipeline))
"""
    notes = told(tmp_path, text)
    assert sorted((note.code, note.message, note.old) for note in notes) == [
        ("UP210", "CocoDataset takes no palette in 3.x", ("data", "train", "palette")),
        (
            "UP210",
            "LoadAnnotations takes no normed_bbox in 3.x",
            ("data", "train", "pipeline", 0, "normed_bbox"),
        ),
    ]
    assert all("delete it" in note.help for note in notes)
