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


OTHERS = ClassMap(
    "p",
    None,
    {"SPOS": "MySPOS", "mmpretrain.ResNet": "MyResNet", "xtuner.LLaVA": "p.llava.MyLLaVA"},
)


@pytest.mark.parametrize(
    ("name", "scope", "replacement"),
    [
        # SPOS is the name of no class of mmengine or mmdet.
        ("mmrazor.SPOS", "mmdet", "mmrazor.MySPOS"),
        ("SPOS", "mmrazor", "MySPOS"),
        ("xtuner.model.LLaVA", None, "p.llava.MyLLaVA"),
        ("LLaVA", None, "p.llava.MyLLaVA"),
        ("mmagic.LLaVA", None, None),
        # ResNet is that of several packages.
        ("mmpretrain.ResNet", "mmdet", "mmpretrain.MyResNet"),
        ("mmpretrain.models.ResNet", "mmdet", "MyResNet"),
        ("ResNet", "mmpretrain", "MyResNet"),
        ("ResNet", "mmdet", None),
        ("ResNet", None, None),
        ("mmseg.ResNet", "mmpretrain", None),
    ],
)
def test_keys_of_other_packages_match_by_bare_name_where_it_is_unique(name, scope, replacement):
    assert OTHERS.replacement(name, None, scope) == replacement


def test_a_bare_key_means_the_class_of_mmdet():
    resnet = ClassMap("p", None, {"ResNet": "MyResNet"})
    assert resnet.replacement("mmpretrain.ResNet", None, "mmdet") is None
    assert resnet.replacement("ResNet", None, "mmdet") == "MyResNet"
