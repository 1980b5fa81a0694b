"""A model that is imported, or taken from ``_base_``, into another: it migrates with its file."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.config import Resolver
from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.migrate import plan_migration
from mmscaffold.project import ClassMap

CLASSES = ClassMap(
    "mine",
    None,
    {"RetinaNet": "MyRetinaNet", "EpochBasedTrainLoop": "MyLoop"},
    {"MyRetinaNet": "mine.models", "MyLoop": "mine.loops"},
)
SMALL = """
from mmdet.models import RetinaNet, ResNet
from mmengine.runner import EpochBasedTrainLoop

model = dict(type=RetinaNet, backbone=dict(type=ResNet, depth=18))
train_cfg = dict(type=EpochBasedTrainLoop, max_epochs=12)
"""
HEAD = """
from mmengine.config import read_base

with read_base():
    from .small import model as student
    from .small import train_cfg
from mmdet.models import FCOS, KnowledgeDistillationSingleStageDetector, RetinaNet
"""
CLASSIC = """
model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=18))
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
"""


@pytest.fixture
def migrated(tmp_path: Path):
    """Migrate a folder of two configs, and resolve the child."""

    def run(small: str, child: str):
        (tmp_path / "small.py").write_text(small)
        (tmp_path / "child.py").write_text(child)
        plan = plan_migration([tmp_path], CLASSES)
        assert len(plan.files) == 2
        after = Resolver({file.path: file.after for file in plan.files})
        return (
            to_plain(after.resolve(tmp_path / "child.py").root),
            {file.path.name: file.after.decode() for file in plan.files},
        )

    return run


@pytest.mark.parametrize(
    ("model", "keys"),
    [
        (
            "model = dict(type=KnowledgeDistillationSingleStageDetector, student=student,\n"
            "    teacher=dict(type=RetinaNet))\n",
            ["student", "teacher"],
        ),
        # Nested, changed first, copied, twice, alone.
        ("student.backbone.depth = 50\nmodel = dict(type=FCOS, parts=dict(a=student))\n", ["a"]),
        ("model = dict(type=FCOS, parts=dict(a=student, b=dict(**student)))\n", ["a", "b"]),
        ("model = student\n", []),
        ("model = dict(type=FCOS, parts=dict(a=dict(student, init=3)))\n", ["a"]),
    ],
)
def test_an_imported_model_migrates_with_its_file(migrated, model, keys):
    root, texts = migrated(SMALL, HEAD + model)
    found = root["model"]
    parts = [found.get("parts", found)[key] for key in keys] or [found]
    assert {part["type"] for part in parts} == {"mine.models.MyRetinaNet"}
    assert root["train_cfg"]["type"] == "mine.loops.MyLoop"
    assert root["student"]["type"] == "mine.models.MyRetinaNet"
    # The child has no copy of what it imports.
    assert "MyRetinaNet" in texts["small.py"]
    assert ("MyRetinaNet" in texts["child.py"]) is ("teacher" in keys)


def test_one_of_a_base_in_the_classic_style(migrated):
    child = (
        "_base_ = './small.py'\n"
        "model = dict(_delete_=True, type='KD', student=_base_.model, teacher=_base_.model)\n"
    )
    root, texts = migrated(CLASSIC, child)
    assert root["model"]["student"]["type"] == "MyRetinaNet"
    assert root["model"]["teacher"]["type"] == "MyRetinaNet"
    assert "MyRetinaNet" in texts["small.py"]
