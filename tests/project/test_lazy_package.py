from __future__ import annotations

import pytest
from mmscaffold.project.code import Package, named_modules
from mmscaffold.project.lazy_package import LazyPackage

FILES = {
    "__init__.py": "from .loops import *\n",
    "loops/__init__.py": "from .long import LongLoop\n",
    "loops/long.py": "from ..base import Base\n\nclass LongLoop(Base):\n    pass\n",
    "base.py": "from mmengine.runner import EpochBasedTrainLoop\n\n"
    "class Base(EpochBasedTrainLoop):\n    pass\n",
    "torn.py": "<<<<<<< HEAD\n",
    ".mim/configs/a.py": "class Hidden:\n    pass\n",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / "fork" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "fork"


def test_it_answers_as_the_whole_package_would(folder):
    lazy = LazyPackage(named_modules(folder, "fork"))
    (folder / "torn.py").write_text("")
    whole = Package.read(folder, "fork")
    assert sorted(lazy.modules) == sorted(whole.modules)
    assert sorted(lazy.classes) == sorted(whole.classes)
    assert len(lazy.classes) == len(whole.classes)
    for package in (lazy, whole):
        assert package.canonical("fork.LongLoop") == "fork.loops.long.LongLoop"
        assert list(package.ancestors(package.classes["fork.loops.long.LongLoop"])) == [
            "fork.base.Base",
            "mmengine.runner.EpochBasedTrainLoop",
        ]


def test_what_cannot_be_imported_from_it_is_none_of_its_modules(folder):
    assert not [name for name in named_modules(folder, "fork") if "mim" in name]


def test_a_torn_module_has_no_classes_and_stops_no_other(folder):
    lazy = LazyPackage(named_modules(folder, "fork"))
    assert lazy.modules["fork.torn"].classes == {}
    assert "fork.torn.Any" not in lazy.classes
    assert "fork.base.Base" in lazy.classes


def test_only_what_a_question_leads_to_is_read(folder):
    lazy = LazyPackage(named_modules(folder, "fork"))
    (folder / "loops" / "long.py").unlink()
    assert "fork.base.Base" in lazy.classes
    assert len(lazy.modules) == 5
