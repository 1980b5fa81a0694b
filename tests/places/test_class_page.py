from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from mmscaffold.places.class_page import ClassPage, class_page
from support.places import Desk


def page(desk: Desk, name: str, text: str = "_base_ = 'base.py'\n") -> ClassPage | None:
    config, _ = desk.open("configs/new.py", text)
    return class_page(config.class_view, name)


def test_a_class_of_the_project(desk: Desk, folder: Path):
    found = page(desk, "ToyNet")
    assert found is not None
    assert found.place is not None
    assert (found.place.path, found.place.line) == (folder / "toy/models.py", 6)
    assert found.dotted == "toy.models.ToyNet"
    assert found.summary == "A net of toys."
    # What goes on to its base comes last.
    assert [one.label for one in found.parameters][:3] == [
        "depth",
        "width: int = 64",
        "act=dict(type='ReLU')",
    ]
    assert found.parameter("init_cfg") is not None
    depth = found.parameter("depth")
    assert depth is not None
    assert depth.told == "How deep it is, in layers."
    assert depth.is_required


@pytest.mark.parametrize(
    ("name", "parameter", "is_required"),
    [
        ("ResNet", "depth", True),
        ("mmdet.FPN", "out_channels", True),
        ("RetinaHead", "stacked_convs", False),
        # A parameter of a base of its base.
        ("RetinaHead", "feat_channels", False),
        ("EpochBasedTrainLoop", "max_epochs", True),
        ("mmengine.hooks.CheckpointHook", "interval", False),
    ],
)
def test_classes_of_the_family(desk: Desk, name: str, parameter: str, is_required: bool):
    found = page(desk, name)
    assert found is not None
    known = found.parameter(parameter)
    assert known is not None
    assert known.is_required == is_required


def test_what_a_class_supplies_to_its_base_is_not_taken_from_the_config(desk: Desk):
    found = page(desk, "ToyRunner", "custom_imports = dict(imports=['toy.models'])\n")
    assert found is None
    code = (
        "from mmengine.registry import HOOKS\nfrom mmengine.hooks import CheckpointHook\n"
        "@HOOKS.register_module()\nclass OneHook(CheckpointHook):\n"
        "    def __init__(self, extra=1, **kwargs):\n"
        "        super().__init__(interval=1, **kwargs)\n"
    )
    other = Desk(desk.folder / "other", {"hooks_of_mine.py": code})
    config, _ = other.open("a.py", "custom_imports = dict(imports=['hooks_of_mine'])\n")
    found = class_page(config.class_view, "OneHook")
    assert found is not None
    assert found.parameter("extra") is not None
    assert found.parameter("interval") is None
    assert found.parameter("max_keep_ckpts") is not None


@pytest.mark.parametrize("name", ["NoSuchClass", "", ".", "no.such.Class", "mmdet.", "注释"])
def test_what_is_not_known(desk: Desk, name: str):
    assert page(desk, name) is None


def test_a_part_of_configs_takes_scope_and_imports_of_an_heir(desk: Desk):
    whole, _ = desk.open("configs/base.py")
    part, _ = desk.open("configs/part.py", "model = dict(type='RetinaNet')\n")
    assert class_page(part.class_view, "RetinaNet") is None
    heir = whole.config
    assert heir is not None
    part, _ = desk.open("configs/part.py", "model = dict(type='RetinaNet')\n", [heir])
    assert class_page(part.class_view, "RetinaNet") is not None
    assert class_page(part.class_view, "ToyNet") is not None


def test_a_class_of_a_package_that_is_not_here_is_known_by_its_table(desk: Desk):
    found = page(desk, "mmyolo.YOLOv5CSPDarknet")
    assert found is not None
    assert found.place is None
    deepen = found.parameter("deepen_factor")
    assert deepen is not None
    assert deepen.label == "deepen_factor=…"
    assert "YOLOv5PAFPN" not in found.bases


CODE = """
import dataclasses
from .bases import *
from .bases import Renamed as Other
from mmengine.registry import HOOKS


@HOOKS.register_module()
@dataclasses.dataclass
class DataHook:
    every: int
    when: str = 'later'


class Inner(Other):
    def __init__(self, first, *,
                 last='long and long and long and long and long and long and long and long'):
        pass
"""
BASES = "from other.deep import Deep\n\n\nclass Renamed(Deep):\n    pass\n"
DEEP = "class Deep:\n    def __init__(self, depth):\n        'Make it.'\n"


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    files = {
        "other/__init__.py": "from .code import Inner\n",
        "other/code.py": CODE,
        "other/bases.py": BASES,
        "other/deep.py": DEEP,
        "torn/__init__.py": "",
        "torn/code.py": "class Torn(:\n",
    }
    return Desk(tmp_path_factory.mktemp("other"), files)


def labels(desk: Desk, name: str) -> list[str] | None:
    config, _ = desk.open("a.py", "custom_imports = dict(imports=['other.code'])\n")
    found = class_page(config.class_view, name)
    return None if found is None else [one.label for one in found.parameters]


def test_a_dataclass_takes_its_fields(other: Desk):
    assert labels(other, "DataHook") == ["every: int", "when: str = 'later'"]


def test_a_dotted_name_is_followed_through_imports(other: Desk):
    found = labels(other, "other.Inner")
    assert found is not None
    assert found[0] == "first"
    assert found[1].startswith("last='long")
    assert found[1].endswith("…")
    assert labels(other, "other.bases.Renamed") == ["depth"]
    assert labels(other, "other.code.Other") == ["depth"]


@pytest.mark.parametrize("name", ["torn.code.Torn", "other.code.NoSuch", "other.nowhere.X"])
def test_what_cannot_be_read_is_not_known(other: Desk, name: str):
    assert labels(other, name) is None


def test_an_optimizer_is_that_of_torch(desk: Desk):
    found = page(desk, "SGD")
    if find_spec("torch") is None:
        assert found is None
        return
    assert found is not None
    assert found.dotted == "torch.optim.sgd.SGD"
    assert found.parameter("momentum") is not None
