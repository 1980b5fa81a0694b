"""Data sets that the code of a project defines: their classes, and how they read their file."""

from __future__ import annotations

import json

import pytest
from mmscaffold.check import Settings, check_paths, find_rule

CODE = """
from mmdet.datasets import CocoDataset
from mmdet.registry import DATASETS


@DATASETS.register_module()
class Ships(CocoDataset):
    METAINFO = dict(classes=('ship', 'buoy'))


@DATASETS.register_module()
class MoreShips(Ships):
    pass


@DATASETS.register_module()
class Plain(CocoDataset):
    pass


@DATASETS.register_module()
class ReadsItself(Ships):
    def load_data_list(self):
        return []


@DATASETS.register_module()
class ChangesClasses(Ships):
    def __init__(self, *args, metainfo=None, **kwargs):
        super().__init__(*args, metainfo={'classes': ('ship', 'crew')}, **kwargs)


@DATASETS.register_module()
class MadeElsewhere(Ships):
    METAINFO = load('classes.json')
"""
CONFIG = """
custom_imports = dict(imports=['own_data'])
default_scope = 'mmdet'
model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes={number}))
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=5)
param_scheduler = dict(type='LinearLR', by_epoch=False, begin=0, end=60)
train_dataloader = dict(batch_size=1, dataset=dict(type='{name}', ann_file='a.json'))
"""
COUNT, LENGTH, NAMES = "MMS142", "MMS154", "MMS157"


@pytest.mark.parametrize(
    ("name", "number", "rules"),
    [
        ("Ships", 2, {LENGTH, NAMES}),
        ("Ships", 80, {COUNT, LENGTH, NAMES}),
        ("MoreShips", 80, {COUNT, LENGTH, NAMES}),
        ("Plain", 80, {LENGTH, NAMES}),
        ("Plain", 2, {COUNT, LENGTH, NAMES}),
        # What it reads, and how much, is its own affair.
        ("ReadsItself", 2, set()),
        ("ReadsItself", 80, {COUNT}),
        ("ChangesClasses", 80, {LENGTH}),
        ("MadeElsewhere", 80, {LENGTH}),
    ],
)
def test_the_code_of_the_project_is_read(tmp_path, name, number, rules):
    (tmp_path / "own_data.py").write_text(CODE)
    categories = [{"id": 1, "name": "ship"}, {"id": 2, "name": "crew"}]
    data = {"images": [{"id": 1}, {"id": 2}], "annotations": [], "categories": categories}
    (tmp_path / "a.json").write_text(json.dumps(data))
    file = tmp_path / "config.py"
    file.write_text(CONFIG.format(name=name, number=number))
    chosen = tuple(find_rule(rule) for rule in (COUNT, LENGTH, NAMES))
    report = check_paths([file], Settings(chosen))
    assert {one.rule.id for one in report.findings} == rules
