from __future__ import annotations

import pytest
from mmscaffold.project import ClassMap

MAP = ClassMap("p", None, {"RetinaNet": "MyRetinaNet", "FCOS": "p.models.MyFCOS", "ATSS": "ATSS"})


@pytest.mark.parametrize(
    ("name", "replacement"),
    [
        ("RetinaNet", "MyRetinaNet"),
        ("mmdet.RetinaNet", "mmdet.MyRetinaNet"),
        ("FCOS", "p.models.MyFCOS"),
        ("mmdet.FCOS", "p.models.MyFCOS"),
        ("ATSS", None),
        ("MyRetinaNet", None),
        ("DETR", None),
    ],
)
def test_a_scope_is_kept_and_a_dotted_path_is_complete(name, replacement):
    assert MAP.replacement(name) == replacement
