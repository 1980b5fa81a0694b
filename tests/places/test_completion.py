from __future__ import annotations

import pytest
from mmscaffold.places.completed_values import import_offset
from mmscaffold.places.completion import suggestions_at
from mmscaffold.places.signature import signature_at
from mmscaffold.places.suggestion import Kind, Suggestion
from support.places import MARK, Desk


def suggested(desk: Desk, marked: str, name: str = "child.py") -> dict[str, Suggestion]:
    found = suggestions_at(*desk.open(f"configs/{name}", marked))
    return {one.label: one for one in found}


def chosen(desk: Desk, marked: str, label: str, name: str = "child.py") -> str:
    """The text once a suggestion was taken."""
    one = suggested(desk, marked, name)[label]
    text = marked.replace(MARK, "")
    return text[: one.start] + one.text + text[one.end :]


BASE = "_base_ = 'base.py'\n"


def test_parameters_of_an_inherited_class_and_keys_of_the_base(desk: Desk):
    found = suggested(desk, f"{BASE}model = dict(backbone=dict(depth=3, ¦))\n")
    assert found["width"].kind is Kind.PARAMETER
    assert found["width"].detail == "base: 64"
    assert found["act"].detail == "act=dict(type='ReLU')"
    assert found["init_cfg"].kind is Kind.PARAMETER
    assert found["_delete_"].text == "_delete_=True"
    assert "depth" not in found
    assert "How wide." in found["width"].told


def test_parameters_of_a_written_class_the_required_first(desk: Desk):
    found = suggested(desk, f"{BASE}x = [dict(type='ToyNet', ¦)]\n")
    assert sorted(found.values(), key=lambda one: one.rank)[0].label == "depth"
    # A list takes the place of the base's: nothing is inherited in it.
    assert "_delete_" not in found


def test_what_mmengine_supplies_is_not_suggested(desk: Desk):
    found = suggested(desk, f"{BASE}param_scheduler = [dict(type='MultiStepLR', ¦)]\n")
    assert "milestones" in found
    assert "optimizer" not in found
    assert "param_name" not in found
    found = suggested(desk, f"{BASE}train_cfg = dict(type='EpochBasedTrainLoop', ¦)\n")
    assert "max_epochs" in found
    assert "runner" not in found


@pytest.mark.parametrize(
    ("marked", "first", "absent"),
    [
        ("model = dict(backbone=dict(type='¦'))", {"ToyNet", "ResNet"}, {"RandomFlip"}),
        ('model = dict(backbone=dict(type="Re¦', {"ToyNet", "ResNet"}, {"RandomFlip"}),
        ("model = dict(neck=dict(type='¦'))", {"FPN"}, {"RandomFlip", "CocoMetric"}),
        ("train_pipeline = [dict(type='¦')]", {"RandomFlip", "PackDetInputs"}, {"ResNet"}),
        ("x = [dict(type='RandomFlip'), dict(type='¦')]", {"PackDetInputs"}, {"ResNet"}),
        ("val_evaluator = dict(type='¦')", {"CocoMetric"}, {"ResNet", "RandomFlip"}),
        ("val_evaluator = dict(type='¦')", {"Evaluator"}, {"ResNet"}),
        ("custom_hooks = [dict(type='¦')]", {"EMAHook", "NumClassCheckHook"}, {"ResNet"}),
        ("optim_wrapper = dict(optimizer=dict(type='¦'))", {"AdamW"}, {"ResNet"}),
        ("param_scheduler = [dict(type='¦')]", {"CosineAnnealingLR"}, {"ResNet"}),
        ("train_dataloader = dict(sampler=dict(type='¦'))", {"InfiniteSampler"}, {"ResNet"}),
        ("train_cfg = dict(type='¦')", {"IterBasedTrainLoop"}, {"ResNet"}),
        ("model = dict(x=dict(type='mmpose.¦'))", {"mmpose.HRNet"}, {"FPN"}),
    ],
)
def test_types_that_fit_the_place(desk: Desk, marked: str, first: set[str], absent: set[str]):
    found = suggested(desk, f"{BASE}{marked}\n")
    assert first <= found.keys()
    assert not absent & found.keys()


def test_the_likeliest_classes_come_first(desk: Desk):
    found = suggested(desk, f"{BASE}model = dict(neck=dict(type='¦'))\n")
    ranks = {one.label: one.rank for one in found.values()}
    assert ranks["FPN"] < ranks["ResNet"]


def test_a_string_that_is_not_closed_loses_nothing_behind_it(desk: Desk):
    marked = f"{BASE}model = dict(neck=dict(type='F¦, start_level=1))\n"
    assert "type='FPN, start_level=1" in chosen(desk, marked, "FPN")


@pytest.mark.parametrize(
    ("name", "marked", "label", "after"),
    [
        ("child.py", f"{BASE}tr¦\n", "train_cfg", f"{BASE}train_cfg = \n"),
        ("child.py", f"{BASE}model = dict(¦)\n", "backbone", f"{BASE}model = dict(backbone=)\n"),
        ("child.py", f"{BASE}model = {{'ne¦'}}\n", "backbone", f"{BASE}model = {{'backbone'}}\n"),
        ("child.py", f"{BASE}model = dict(b¦=1)\n", "backbone",
         f"{BASE}model = dict(backbone=1)\n"),
        ("child.py", f"{BASE}x = _base_.mo¦\n", "model", f"{BASE}x = _base_.model\n"),
        ("child.py", f"{BASE}x = _base_.model.¦\n", "backbone",
         f"{BASE}x = _base_.model.backbone\n"),
        ("child.py", f"{BASE}x = {{{{_base_.model.b¦}}}}\n", "backbone",
         f"{BASE}x = {{{{_base_.model.backbone}}}}\n"),
        ("child.py", "_base_ = './si¦'\n", "sibling.py", "_base_ = './sibling.py'\n"),
        ("child.py", "_base_ = '../co¦'\n", "configs/", "_base_ = '../configs/'\n"),
        ("child.py", "abc = 1\nx = dict(y=a¦)\n", "abc", "abc = 1\nx = dict(y=abc)\n"),
        ("data.yaml", "_base_: base.py\nmodel:\n  ¦\n", "backbone",
         "_base_: base.py\nmodel:\n  backbone: \n"),
        ("data.yaml", "_base_: base.py\nmodel:\n  backbone:\n    wi¦\n", "width",
         "_base_: base.py\nmodel:\n  backbone:\n    width: \n"),
        ("data.yaml", "_base_: base.py\nmodel:\n  backbone:\n    type: ¦\n", "ToyNet",
         "_base_: base.py\nmodel:\n  backbone:\n    type: ToyNet\n"),
        ("data.yaml", "_base_: si¦\n", "sibling.py", "_base_: sibling.py\n"),
        ("data.json", '{"_base_": "base.py", "model": {"ba¦"}}', "backbone",
         '{"_base_": "base.py", "model": {"backbone"}}'),
        ("data.json", '{"_base_": "base.py", "model": {"backbone": {"type": "¦"}}}', "ToyNet",
         '{"_base_": "base.py", "model": {"backbone": {"type": "ToyNet"}}}'),
        ("pure.py", "from mmengine.config import read_base\nwith read_base():\n    from .pu¦\n",
         "pure_base",
         "from mmengine.config import read_base\nwith read_base():\n    from .pure_base\n"),
        ("pure.py", "with read_base():\n    from ..¦", "configs",
         "with read_base():\n    from ..configs"),
        ("pure.py", "from toy.models import ToyNet\nmodel = dict(type=To¦)\n", "ToyNet",
         "from toy.models import ToyNet\nmodel = dict(type=ToyNet)\n"),
    ],
)  # fmt: skip
def test_what_is_written(desk: Desk, name: str, marked: str, label: str, after: str):
    assert chosen(desk, marked, label, name) == after


def test_the_top_level_has_the_keys_of_the_runner(desk: Desk):
    found = suggested(desk, "¦\n")
    assert {"model", "train_cfg", "_base_"} <= found.keys()


@pytest.mark.parametrize(
    "marked",
    [
        "# ty¦\n",
        "import o¦\n",
        "with re¦\n",
        "x = 'te¦xt'\n",
        f"{BASE}x = dict(a='¦')\n",
        "_base_ = 'mmdet::¦'\n",
    ],
)
def test_nothing_is_suggested_where_anything_may_stand(desk: Desk, marked: str):
    assert suggested(desk, marked) == {}


@pytest.mark.parametrize(
    ("marked", "active"),
    [
        ("x = dict(type='ToyNet', ¦)", None),
        ("x = dict(type='ToyNet', wid¦th=3)", "width: int = 64"),
        ("x = dict(type='ToyNet', act=¦", "act=dict(type='ReLU')"),
        ("model = dict(backbone=dict(dep¦th=", "depth"),
    ],
)
def test_signatures(desk: Desk, marked: str, active: str | None):
    found = signature_at(*desk.open("configs/child.py", f"{BASE}{marked}\n"))
    assert found is not None
    assert found.label.startswith("ToyNet(depth, width: int = 64, act=dict(type='ReLU')")
    start, end = found.spans[found.active] if found.active is not None else (0, 0)
    assert (found.label[start:end] or None) == active


def test_no_signature_outside_of_a_class(desk: Desk):
    assert signature_at(*desk.open("configs/child.py", "x = dict(a=¦1)\n")) is None
    assert signature_at(*desk.open("configs/child.py", "x = dict(type='NoSuch', a=¦1)\n")) is None


PURE = "from mmengine.config import read_base\nwith read_base():\n    from .pure_base import *\n"


def test_a_class_is_imported_by_a_pure_python_config(desk: Desk):
    marked = f"{PURE}model.update(dict(neck=dict(type=F¦)))\n"
    found = suggested(desk, marked, "pure.py")
    assert found["FPN"].text == "FPN"
    assert found["FPN"].statement == "from mmdet.models.necks.fpn import FPN"
    # One that a base imports is there already.
    assert found["RetinaNet"].statement is None
    config, _ = desk.open("configs/pure.py", f"'''Text.'''\n{marked}")
    assert config.text[import_offset(config) :].startswith("from mmengine")
