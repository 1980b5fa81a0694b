from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.project import ProjectError
from mmscaffold.project.code import Package


@pytest.fixture
def package(tmp_path):
    def make(**files: str) -> Package:
        for name, text in files.items():
            path = Path(tmp_path, *name.split("__")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        for folder in {path.parent for path in tmp_path.rglob("*.py")}:
            (folder / "__init__.py").touch()
        return Package.read(tmp_path, "ours")

    return make


def ancestors(package: Package, dotted: str) -> list[str]:
    return list(package.ancestors(package.classes[dotted]))


def test_bases_are_followed_through_imports_of_every_kind(package):
    code = package(
        loops__base="from mmengine.runner import EpochBasedTrainLoop as Loop\n"
        "class Base(Loop):\n    pass\n",
        loops__more="from .base import *\n",
        a="from . import loops\nfrom .loops.more import Base as Ours\nimport mmengine.hooks as h\n"
        "class A(Ours, h.Hook):\n    pass\n"
        "class B(loops.base.Base):\n    pass\n",
    )
    runner = "mmengine.runner.EpochBasedTrainLoop"
    assert ancestors(code, "ours.a.A") == ["ours.loops.base.Base", "mmengine.hooks.Hook", runner]
    assert ancestors(code, "ours.a.B") == ["ours.loops.base.Base", runner]


def test_imports_and_classes_in_a_circle_end(package):
    code = package(
        a="from .b import X\n"
        "class A(X):\n    pass\nclass C(D):\n    pass\nclass D(C):\n    pass\n",
        b="from .a import X\n",
    )
    assert len(ancestors(code, "ours.a.A")) == 1
    assert ancestors(code, "ours.a.C") == ["ours.a.D", "ours.a.C"]


def test_what_is_no_python_is_an_error_with_its_line(package):
    with pytest.raises(ProjectError, match="is not valid Python") as raised:
        package(a="x = 1\nclass A(:\n")
    assert raised.value.where.endswith("a.py:2")


def test_invalid_escapes_are_no_business_of_ours(package, recwarn):
    assert "ours.a.A" in package(a='"\\d"\n\n\nclass A:\n    pass\n').classes
    assert not recwarn.list
