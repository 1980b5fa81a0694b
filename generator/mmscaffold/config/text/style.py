"""Which of mmengine's two config styles a Python file is written in."""

from __future__ import annotations

import ast
import enum
import sys

from mmscaffold.config.text.source import ParsedSource

# Statements that tell nothing and hold no others: of more, most files have none.
_SILENT = {ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete, ast.Expr}


class Style(enum.Enum):
    """How a Python config names its bases and classes."""

    CLASSIC = "classic"
    PURE_PYTHON = "pure Python"


def style_of(parsed: ParsedSource) -> Style:
    """Tell the style as mmengine's ``Config._is_lazy_import`` does.

    The first telling statement decides: ``_base_ = ...`` makes a file classic;
    ``with read_base()``, a relative import or an import from outside the standard
    library makes it pure Python.
    """
    telling = telling_statement(parsed)
    is_classic = telling is None or isinstance(telling, ast.Assign)
    return Style.CLASSIC if is_classic else Style.PURE_PYTHON


def telling_statement(parsed: ParsedSource) -> ast.stmt | None:
    """The statement that decides on the style of a file, if one does."""
    if _SILENT.issuperset(map(type, parsed.tree.body)):
        return None
    for node in ast.walk(parsed.tree):
        if isinstance(node, ast.Assign):
            target = node.targets[0]
            if isinstance(target, ast.Name) and target.id == "_base_":
                return node
        elif isinstance(node, ast.With):
            return node
        elif isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
            if node.module == "mmengine" and names == ["Config"]:
                continue
            if node.level or not _in_standard_library(node.module or ""):
                return node
        elif isinstance(node, ast.Import) and not all(
            _in_standard_library(alias.name) for alias in node.names
        ):
            return node
    return None


def _in_standard_library(module: str) -> bool:
    # mmengine counts its own config module (utils.py, _is_builtin_module).
    if module.startswith("mmengine.config"):
        return True
    return module.partition(".")[0] in sys.stdlib_module_names
