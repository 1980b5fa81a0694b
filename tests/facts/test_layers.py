"""facts/ is the ground floor: it imports nothing of the rooms above."""

from __future__ import annotations

import ast
from pathlib import Path

import mmscaffold.facts

FOLDER = Path(mmscaffold.facts.__file__).parent


def test_facts_import_only_facts():
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            for module in modules:
                assert not module.startswith("mmscaffold") or module.startswith(
                    "mmscaffold.facts"
                ), f"{path.name} imports {module}"
