from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.lsp.workspace import ConfigIndex

FILES = {
    "base.py": "model = dict(type='A')\n",
    "middle.py": "_base_ = './base.py'\n",
    "leaf.py": "_base_ = ['./middle.py']\ntrain_cfg = dict(max_epochs=3)\n",
    "data.yaml": "_base_: ./base.py\ntrain_cfg: {max_epochs: 3}\n",
    "lazy/base.py": "model = dict(type='A')\n",
    "lazy/leaf.py": (
        "from mmengine.config import read_base\nwith read_base():\n    from .base import *\n"
    ),
    "code.py": "class A:\n    _base_ = 'base.py'\n",
    "annotations.json": '{"images": []}\n',
    "torn.py": "_base_ = './base.py'\nmodel = dict(\n",
    "computed.py": "_base_ = [f'./{name}.py' for name in ('base', 'middle')]\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    return tmp_path


def read(root: Path, index: ConfigIndex | None = None) -> ConfigIndex:
    index = index or ConfigIndex()
    assert list(index.read_all([root], lambda: False))[-1] == len(FILES)
    assert index.is_complete
    return index


def names(paths: list[Path], root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in paths}


def test_who_inherits_from_whom(root: Path):
    index = read(root)
    heirs = index.heirs(root / "base.py")
    assert names(heirs, root) == {"middle.py", "leaf.py", "data.yaml", "computed.py"}
    assert names(index.direct_heirs(root / "middle.py"), root) == {"leaf.py", "computed.py"}
    assert names(index.heirs(root / "lazy" / "base.py"), root) == {"lazy/leaf.py"}


def test_what_is_a_config(root: Path):
    index = read(root)
    assert names(index.configs, root) == FILES.keys() - {"code.py", "annotations.json"}
    assert not index.is_config(root / "missing.py")
    assert not index.is_config(root / "notes.txt")


def test_what_is_typed_counts_before_it_is_saved(root: Path):
    index = read(root)
    index.cover({root / "leaf.py": b"_base_ = './base.py'\n"})
    index.file(root / "leaf.py")
    assert names(index.heirs(root / "middle.py"), root) == {"computed.py"}
    index.cover({})
    assert names(index.heirs(root / "middle.py"), root) == {"computed.py"}
    index.file(root / "leaf.py")
    assert names(index.heirs(root / "middle.py"), root) == {"leaf.py", "computed.py"}


def test_what_was_deleted_inherits_from_nothing(root: Path):
    index = read(root)
    (root / "leaf.py").unlink()
    assert names(index.heirs(root / "middle.py"), root) == {"computed.py"}


def test_a_half_written_heir_is_one_still(root: Path):
    index = read(root)
    index.cover({root / "leaf.py": b"_base_ = ['./middle.py'"})
    assert index.is_config(root / "leaf.py")
    assert names(index.heirs(root / "middle.py"), root) == {"leaf.py", "computed.py"}


def test_it_makes_way_for_what_is_more_urgent(root: Path):
    index = ConfigIndex()
    steps = list(index.read_all([root], lambda: True))
    assert steps == [*range(1, len(FILES) + 1), len(FILES)]


def test_configs_that_inherit_from_each_other_end_nothing(tmp_path: Path):
    (tmp_path / "a.py").write_text("_base_ = './b.py'\n")
    (tmp_path / "b.py").write_text("_base_ = './a.py'\n")
    index = ConfigIndex()
    list(index.read_all([tmp_path], lambda: False))
    assert index.heirs(tmp_path / "a.py") == [tmp_path / "b.py"]
