"""Which files a config names in ``_base_``."""

from __future__ import annotations

import ast
import functools
import os
from pathlib import Path
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.run import expression_value, sets_base
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.resolve.packages import installed_package
from mmscaffold.config.text.source import ParsedFile, ParsedSource
from mmscaffold.config.text.syntax_nodes import syntax_nodes
from mmscaffold.facts.packages import DISTRIBUTIONS
from mmscaffold.lazy import lazy_pattern

MOST_BASES = 100
"""Of one config; the longest official list has six."""
# `_base_ = ...` behind an indent, `if x:` or `;`, cheap to look for.
# What it begins with is found many times as fast as a set of characters.
_INNER = lazy_pattern(r"_base_(?<=[ \t:;]_base_)\s*=")
# What mmengine takes for package::folder/file (utils.py, _get_package_and_cfg_path); behind
# the first slash it takes anything.
_EXTERNAL = lazy_pattern(r"\w*::\w*/\w*")


def base_assignment(tree: ast.Module) -> ast.Assign | None:
    """The statement that sets ``_base_``: the first one counts, as in mmengine."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and sets_base(statement):
            return statement
    return None


def base_names(parsed: ParsedSource) -> list[tuple[str, ast.expr]]:
    """What ``_base_`` of a classic config lists, each with the expression that names it.

    Raises:
        ConfigError: If ``_base_`` is neither a string nor a list of strings, or is all that
            a block sets.
    """
    if _INNER.search(parsed.text):
        _check_blocks_keep_a_statement(parsed)
    statement = base_assignment(parsed.tree)
    if statement is None:
        return []
    # mmengine evaluates the expression on its own: the config's own names do not exist yet.
    try:
        value = expression_value(parsed, statement.value)
    except ConfigError as error:
        error.message = f"_base_ cannot be evaluated: {error.message}"
        error.where = parsed.where(statement.value)
        error.hint = error.hint or (
            "Write the path itself: mmengine evaluates _base_ before anything else in the file."
        )
        raise
    return listed_names(value, Origin(parsed, statement.value))


def _check_blocks_keep_a_statement(parsed: ParsedSource) -> None:
    """Refuse a block that holds nothing but ``_base_ = ...``.

    mmengine takes that statement out wherever it stands (``RemoveAssignFromAST``), and
    Python compiles no ``if`` without a body. An ``else`` may go.
    """
    for node in syntax_nodes(parsed.tree):
        block = getattr(node, "body", None)
        if not isinstance(block, list) or isinstance(node, ast.Module):
            continue
        blocks = [block]
        if isinstance(node, ast.Try) and not node.handlers:
            blocks.append(node.finalbody)
        for block in blocks:
            if all(map(sets_base, block)):
                raise ConfigError(
                    "a block holds nothing but `_base_ = ...`, which mmengine takes out of it",
                    where=parsed.where(block[0]),
                    hint="Set _base_ once, at the top level: anywhere else it has no effect.",
                )


def listed_names(value: Any, whole: Origin) -> list[tuple[str, Any]]:
    """The paths in the value of ``_base_``, each with the node that names it.

    Args:
        value: A path, or a list of paths; of a tuple mmengine makes a list with one member,
            and joins that to the folder.
        whole: Where the value was written.

    Raises:
        ConfigError: If it is anything else.
    """
    names = list(value) if isinstance(value, list) else [value]
    if len(names) > MOST_BASES:
        raise ConfigError(
            f"_base_ lists {len(names):,} files; more than {MOST_BASES} are not read",
            where=whole.where,
        )
    origins = getattr(value, "origins", None) if isinstance(value, list) else None
    if not isinstance(origins, list):
        origins = [None] * len(names)
    result = []
    for name, origin in zip(names, origins, strict=True):
        node = origin.node if origin else whole.node
        if not isinstance(name, str):
            where = whole.parsed.where(node)
            is_tuple = isinstance(value, tuple)
            raise ConfigError(
                "_base_ must be a path or a list of paths",
                where=where,
                hint="mmengine takes no tuple: write [...] for (...)." if is_tuple else None,
            )
        result.append((name, node))
    return result


@functools.lru_cache(maxsize=4096)
def _path(path: str) -> Path:
    return Path(path)


@functools.lru_cache(maxsize=4096)
def _normal(path: str) -> Path:
    return _path(os.path.abspath(path))  # noqa: PTH100


def file_path(path: str) -> Path:
    """The absolute path of a file, its links kept; the same object for the same file.

    A path keeps its hash and its text, which are asked for again and again.
    """
    return _normal(path if os.path.isabs(path) else os.path.abspath(path))  # noqa: PTH100, PTH117


def base_scope(name: str) -> str | None:
    """The scope of a base: the package of ``package::path``, ``None`` of an ordinary path."""
    scope, separator, _ = name.partition("::")
    return scope if separator else None


def base_file(name: str, child: ParsedFile, node: Any) -> Path | Unknown:
    """The file that an entry of ``_base_`` names.

    Args:
        name: A path relative to the child, or ``package::path`` of an installed package.
        child: The config that names it.
        node: Where it does.

    Returns:
        The absolute path, or an ``Unknown`` that says which package to install.

    Raises:
        ConfigError: If a package is named that mmengine takes no configs from.
    """
    if "::" not in name:
        # As mmengine does: an absolute name stays what it is.
        return file_path(os.path.join(os.path.dirname(child.path), name))  # noqa: PTH118, PTH120
    module, _, inner = name.partition("::")
    if module not in DISTRIBUTIONS or "::" in inner or not _EXTERNAL.match(name):
        raise ConfigError(
            f"mmengine accepts no base from {name!r}",
            where=child.where(node),
            hint="Write package::folder/config.py, with an OpenMMLab package such as mmdet; "
            "the name of the first folder may hold letters, digits and _ only.",
        )
    package = installed_package(module)
    if package is None:
        distribution = DISTRIBUTIONS[module]
        return Unknown(
            f"its base {name} belongs to {distribution}, which is not installed here: "
            f"pip install {distribution}",
            child.where(node),
        )
    return file_path(f"{_configs_of(package)}/{inner}")


def _configs_of(package: Path) -> str:
    """Where a package keeps its configs: in a checkout, a link to the folder of the project."""
    configs = os.path.join(package, ".mim", "configs")  # noqa: PTH118
    return os.path.realpath(configs) if os.path.islink(configs) else configs  # noqa: PTH114
