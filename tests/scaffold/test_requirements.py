"""What must be installed for a module to be imported is read off its code."""

from __future__ import annotations

import pytest
from mmscaffold.project.code import Package
from mmscaffold.scaffold.requirements import guards, required_packages, with_those_it_brings

FILES = {
    "__init__.py": (
        "import json\nfrom importlib.util import find_spec\nfrom . import engine\n\n"
        "if find_spec('mmdet'):\n    from . import models\n"
    ),
    "engine/__init__.py": "from .loops import Loop\nfrom mmengine.hooks import Hook\n",
    "engine/loops.py": (
        "import torch\nimport numpy as np\nfrom mmengine.runner import BaseLoop as Loop\n\n\n"
        "def late():\n    import timm\n"
    ),
    "engine/tried.py": "try:\n    import mmpretrain\nexcept ImportError:\n    mmpretrain = None\n",
    "models/__init__.py": "from .nets import *\n",
    "models/nets.py": "from mmdet.models import RetinaNet\nimport cv2.dnn\n",
    "models/plain.py": "from ..engine import loops\n",
    # They import each other.
    "a.py": "from .b import x\n",
    "b.py": "from .a import y\nimport scipy\n",
}


@pytest.fixture
def code(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Package.read(tmp_path / "mine", "mine")


@pytest.mark.parametrize(
    ("module", "required"),
    [
        ("mine", set()),
        ("mine.engine", set()),
        ("mine.engine.tried", set()),
        ("mine.models", {"mmdet", "mmcv", "cv2"}),
        ("mine.models.nets", {"mmdet", "mmcv", "cv2"}),
        ("mine.models.plain", set()),
        ("mine.a", {"scipy"}),
        ("mine.nowhere", set()),
    ],
)
def test_what_always_runs_on_import_counts(code, module, required):
    assert required_packages(code, module) == required


def test_who_brings_others_is_asked_for_alone():
    assert with_those_it_brings("mmdet") == {"mmdet", "mmcv"}
    assert with_those_it_brings("mmengine") == with_those_it_brings("json") == set()
    assert guards(frozenset({"mmdet", "mmcv", "timm"})) == ["mmdet", "timm"]
    assert guards(frozenset({"mmcv"})) == ["mmcv"]
