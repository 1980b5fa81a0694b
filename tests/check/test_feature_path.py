"""Detectors of the project between whose backbone and neck something may stand."""

from __future__ import annotations

import pytest
from mmscaffold.check import Settings, check_paths, find_rule

HEAD = """
from mmdet.models.detectors import RetinaNet
from mmdet.registry import MODELS
"""
CONFIG = """
custom_imports = dict(imports=['own'])
default_scope = 'mmdet'
model = dict(
    type={name!r},
    backbone=dict(type='ResNet', depth=18),
    neck=dict(type='FPN', in_channels=[256, 512, 1024, 2048]),
)
"""


def is_found(tmp_path, body: str, bases: str = "RetinaNet", name: str = "OwnNet") -> bool:
    own = f"{HEAD}\n{body}\n@MODELS.register_module()\nclass OwnNet({bases}):\n    own = 3\n"
    (tmp_path / "own.py").write_text(own)
    file = tmp_path / "config.py"
    file.write_text(CONFIG.format(name=name))
    return bool(check_paths([file], Settings((find_rule("MMS162"),))).findings)


BETWEEN = [
    "def __init__(self, neck, **kwargs):\n        super().__init__(**kwargs)",
    "def extract_feat(self, x):\n        return self.neck(self.widened(self.backbone(x)))",
    "def loss(self, x, samples):\n        return self.bbox_head.loss(self.neck(x), samples)",
    "def loss(self, x, samples):\n        return getattr(self, 'backbone')(x)",
    "def loss(self, x, samples):\n        self.extract_feat = self.other",
]


@pytest.mark.parametrize("method", BETWEEN)
def test_nothing_is_said_where_its_code_touches_either(tmp_path, method):
    body = f"class Base(RetinaNet):\n    {method}\n"
    assert not is_found(tmp_path, body, "Base")
    body = f"class Mixin:\n    {method}\n"
    assert not is_found(tmp_path, body, "Mixin, RetinaNet")


def test_nor_where_a_base_or_the_class_is_not_known(tmp_path):
    assert not is_found(tmp_path, "from far_away import Mixin", "Mixin, RetinaNet")
    assert not is_found(tmp_path, "", name="FarNet")
    assert not is_found(tmp_path, "", name="far_away.FarNet")


def test_others_are_looked_at(tmp_path):
    assert is_found(tmp_path, "")
    assert is_found(tmp_path, "", name="RetinaNet")
    body = "class Base(RetinaNet):\n    def loss(self, x, samples):\n        return {}\n"
    assert is_found(tmp_path, body, "Base")
