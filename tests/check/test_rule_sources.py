"""The source that a rule's page names stands in the installed mmengine."""

from __future__ import annotations

import ast
import importlib.util
import re
from functools import cache
from pathlib import Path

import pytest
from mmscaffold.check import all_rules

_FILE = re.compile(r"mmengine/(?:\w+/)*(?:\w+\.py)?")
_NAME = re.compile(r"``([A-Za-z_]\w*(?:\.\w+)?)``")


@pytest.fixture(scope="module")
def root() -> Path:
    """The folder that has ``mmengine``."""
    spec = importlib.util.find_spec("mmengine")
    if spec is None or spec.origin is None:
        pytest.skip("mmengine is not installed")
    return Path(spec.origin).parents[1]


@cache
def names_in(path: Path) -> set[str]:
    """Every name in a file or folder, and ``Class.method`` for what classes define."""
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    found = set()
    for node in (one for file in files for one in ast.walk(ast.parse(file.read_text()))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{one.name}" for one in node.body if hasattr(one, "name")}
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant):
            found.add(str(node.value))
    return found


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_files_and_names_are_there(rule, root):
    text = rule.sections["Source in mmengine"]
    paths = [root / one for one in _FILE.findall(text)]
    assert all(path.exists() for path in paths), text
    known = set().union(*(names_in(path) for path in paths))
    # Of an object, such as ``runner.epoch``, only the attribute can be looked up.
    names = [
        name.rpartition(".")[2] if name[0].islower() else name for name in _NAME.findall(text)
    ]
    assert [name for name in names if name not in known] == []
