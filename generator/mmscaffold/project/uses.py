"""With which arguments the configs of a project already name its own classes."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.files import files_below
from mmscaffold.config.text.source import read_code
from mmscaffold.facts.building import NO_HOOK_ARGUMENTS, NO_LOOP_ARGUMENTS

_MOST_FILES = 5000
_NO_ARGUMENTS = NO_HOOK_ARGUMENTS | NO_LOOP_ARGUMENTS


def arguments_in_configs(root: Path, package: Path, names: Iterable[str]) -> dict[str, set[str]]:
    """The arguments beside the ``type``, for each class that a Python config names.

    Args:
        root: The folder of the project.
        package: That of its package, which holds no configs.
        names: The classes.
    """
    wanted = set(names)
    found: dict[str, set[str]] = {}
    if not wanted:
        return found
    pattern = re.compile("|".join(map(re.escape, sorted(wanted))).encode())
    for file in islice(files_below(root), _MOST_FILES):
        if file.suffix != ".py" or file.is_relative_to(package):
            continue
        for name, arguments in _named(file, pattern):
            if name in wanted:
                found.setdefault(name, set()).update(arguments - _NO_ARGUMENTS)
    return found


def _named(file: Path, pattern: re.Pattern[bytes]) -> Iterator[tuple[str, set[str]]]:
    try:
        raw = read_code(file)
        if pattern.search(raw) is None:
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(raw)
    except (ConfigError, SyntaxError, ValueError, RecursionError, MemoryError):
        # It is reported where it is read as a config.
        return
    for node in ast.walk(tree):
        values = _arguments(node)
        name = _class_name(values.get("type"))
        if name is not None:
            yield name, set(values)


def _arguments(node: ast.AST) -> dict[str, ast.expr]:
    """What a dict display or a call ``dict(...)`` holds by constant keys."""
    if isinstance(node, ast.Call):
        return {one.arg: one.value for one in node.keywords if one.arg is not None}
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {str(k.value): value for k, value in pairs if isinstance(k, ast.Constant)}
    return {}


def _class_name(value: ast.expr | None) -> str | None:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value.rpartition(".")[2]
    return value.id if isinstance(value, ast.Name) else None
