"""Scripts and notebooks that change a 2.x config in code: each line with its new name.

They are not upgraded: what they do with a config is code. But each line that sets or reads a key
which has another name now is found, and told with that name.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.key_path import KeyPath, format_key_path, parse_key_path
from mmscaffold.config.kind import is_training_script
from mmscaffold.config.text.source import read_code
from mmscaffold.upgrade.tables.attributes import renamed

_USUAL = frozenset({"cfg", "config", "_cfg"})
_MOST_SHOWN = 60
NOTEBOOK = ".ipynb"


@dataclass(frozen=True)
class ScriptLine:
    """A key of a config in code.

    Attributes:
        line: Its line, from 1; of its cell in a notebook.
        old: The expression.
        new: The key in 3.x, or words in brackets.
        cell: The number of the cell, from 1; ``None`` in a script.
    """

    line: int
    old: str
    new: str
    cell: int | None = None

    def __str__(self) -> str:
        place = f"{self.line}" if self.cell is None else f"cell {self.cell}, line {self.line}"
        return f"{place}: {self.old} -> {self.new}"


def refuse_script(path: Path) -> None:
    """Refuse a script or notebook, with the new name of each key that it changes.

    Raises:
        ConfigError: If it is one; anything else passes.
    """
    if path.suffix not in (".py", NOTEBOOK) or not path.is_file():
        return
    raw = read_code(path)
    is_notebook = path.suffix == NOTEBOOK
    if not is_notebook and not (is_training_script(raw) or b".fromfile(" in raw):
        return
    lines = script_lines(path, raw)
    if not is_notebook and not lines and not is_training_script(raw):
        return
    what = "a notebook" if is_notebook else "a script"
    told = [f"{line}" for line in lines[:_MOST_SHOWN]]
    if len(lines) > _MOST_SHOWN:
        told.append(f"and {len(lines) - _MOST_SHOWN} more")
    hint = "Upgrade the config that it reads, and change these lines by hand:\n    "
    raise ConfigError(
        f"is {what}, not a config; code is not upgraded",
        where=str(path),
        hint=hint + "\n    ".join(told) if told else "Upgrade the config that it reads.",
    )


def script_lines(path: Path, raw: bytes) -> list[ScriptLine]:
    """Each place of a script or notebook that names a key which has another name now.

    Args:
        path: The file; its suffix says what it is.
        raw: Its content.
    """
    if path.suffix == NOTEBOOK:
        return list(_of_notebook(raw))
    return list(_of_code(raw.decode("utf-8", "replace"), None, set()))


def _of_notebook(raw: bytes) -> Iterator[ScriptLine]:
    try:
        cells = json.loads(raw.decode("utf-8-sig", "replace")).get("cells")
    except (ValueError, AttributeError, RecursionError):
        return
    names: set[str] = set()
    for number, cell in enumerate(cells if isinstance(cells, list) else (), 1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", "")
            text = "".join(map(str, source)) if isinstance(source, list) else str(source)
            yield from _of_code(_without_magic(text), number, names)


def _without_magic(text: str) -> str:
    """The code of a cell; commands of the notebook itself are none."""
    lines = text.split("\n")
    return "\n".join("pass" if line.startswith(("%", "!", "?")) else line for line in lines)


def _of_code(text: str, cell: int | None, names: set[str]) -> Iterator[ScriptLine]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    names.update(_configs(tree))
    nones = _set_to_none(tree)
    # The last link of what is called is a method: cfg.data.train.get(...).
    methods = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, _LINKS)}
    found: list[ScriptLine] = []
    for node in ast.walk(tree):
        if isinstance(node, _LINKS) and id(node) not in inner:
            path = _path(node, names)
            path = path[:-1] if id(node) in methods else path
            found += _of_path(node, path, cell, is_none=id(node) in nones)
        elif isinstance(node, ast.Call):
            found += _of_merge(node, names, cell)
    seen = set()
    for one in sorted(found, key=lambda line: line.line):
        if (one.line, one.old) not in seen:
            seen.add((one.line, one.old))
            yield one


_LINKS = (ast.Attribute, ast.Subscript)


def _configs(tree: ast.Module) -> Iterator[str]:
    """The names that hold a config: what ``fromfile`` gave, and the usual ones."""
    yield from _USUAL
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            called = node.value.func
            if isinstance(called, ast.Attribute) and called.attr == "fromfile":
                yield from (one.id for one in node.targets if isinstance(one, ast.Name))


def _set_to_none(tree: ast.Module) -> set[int]:
    """The targets that are set to None."""
    return {
        id(target)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and node.value.value is None
        for target in node.targets
    }


def _of_path(
    node: ast.Attribute | ast.Subscript, path: KeyPath, cell: int | None, *, is_none: bool
) -> Iterator[ScriptLine]:
    """What a key path is called now, or the part of it that has another name."""
    for length in range(len(path), 0, -1):
        new = renamed(path[:length], is_none=is_none and length == len(path))
        if new is not None:
            old = f"{_root(node)}.{format_key_path(path[:length])}"
            yield ScriptLine(node.lineno, old, new, cell)
            return


def _path(node: ast.expr, names: set[str]) -> KeyPath:
    """The key path of ``cfg.data['train'].ann_file``, as far as it is known."""
    keys: list[Any] = []
    while isinstance(node, _LINKS):
        if isinstance(node, ast.Attribute):
            keys.append(node.attr)
        elif isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str | int):
            keys.append(node.slice.value)
        else:
            # What comes behind it belongs to a key that is not known.
            keys = [None]
        node = node.value
    if isinstance(node, ast.Name) and node.id in names:
        known: list[Any] = []
        for key in reversed(keys):
            if key is None:
                break
            known.append(key)
        return tuple(known)
    # self.cfg.data
    if keys and isinstance(node, ast.Name) and node.id == "self" and keys[-1] in _USUAL:
        return tuple(key for key in reversed(keys[:-1]) if key is not None)
    return ()


def _root(node: ast.expr) -> str:
    text = []
    while isinstance(node, _LINKS):
        if isinstance(node, ast.Attribute) and node.attr in _USUAL:
            text.append(node.attr)
        node = node.value
    name = node.id if isinstance(node, ast.Name) else "cfg"
    return ".".join([name, *reversed(text)]) if name == "self" else name


def _of_merge(node: ast.Call, names: set[str], cell: int | None) -> list[ScriptLine]:
    """The keys of ``cfg.merge_from_dict({'data.train.ann_file': ...})``."""
    is_merge = isinstance(node.func, ast.Attribute) and node.func.attr == "merge_from_dict"
    if not is_merge or not node.args or not isinstance(node.args[0], ast.Dict):
        return []
    found = []
    for key in node.args[0].keys:
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            try:
                new = renamed(parse_key_path(key.value))
            except (ConfigError, ValueError):
                continue
            if new is not None:
                found.append(ScriptLine(key.lineno, repr(key.value), new, cell))
    return found
