"""Edits by meaning, on configs of every format: replace a value, set a key, add an import.

Each function returns one ``Edit`` of one file; ``apply_edits`` makes them. All bytes
outside the edits stay as they are.
"""

from __future__ import annotations

import ast
from typing import Any

from mmscaffold.config.edit.data import append_key, replace_node, set_key
from mmscaffold.config.edit.imports import add_imports
from mmscaffold.config.edit.python import (
    add_element,
    add_keywords,
    add_statements,
    keyword_value,
    replace_value,
)
from mmscaffold.config.edit.python import replace as replace_expression
from mmscaffold.config.edit.rendering import render
from mmscaffold.config.edit.spans import Edit
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.containers import origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.resolve.data_files import ParsedData
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.text.source import ParsedFile, ParsedSource
from mmscaffold.config.text.style import Style


def replace(origin: Origin, value: Any) -> Edit:
    """Give a value another one, in the file that wrote it.

    Args:
        origin: Where the value was written.
        value: The new one, of scalars, dicts, lists and tuples.

    Raises:
        ConfigError: If the file's format has no form for it.
    """
    parsed, node = origin.parsed, origin.node
    if isinstance(parsed, ParsedData):
        return replace_node(parsed, node, value)  # type: ignore[arg-type]
    return replace_value(_python(parsed), _expression(parsed, node), value)


def set_keyword(origin: Origin, key: str, value: Any) -> Edit:
    """Set one key of a dict where the dict is written, be the key there or not.

    Args:
        origin: Where the dict was written: ``dict(...)``, ``{...}`` or a mapping.
        key: The key.
        value: Its new value.

    Raises:
        ConfigError: If no dict is written there, but a name or a computation.
    """
    parsed, node = origin.parsed, origin.node
    if isinstance(parsed, ParsedData):
        return set_key(parsed, node, key, value)  # type: ignore[arg-type]
    source, expression = _python(parsed), _expression(parsed, node)
    written = keyword_value(expression, key)
    if written is not None:
        return replace_expression(source, written, render(value))
    return add_keywords(source, expression, {key: render(value)})


def add_statement(parsed: ParsedFile, key: str, value: Any) -> Edit:
    """Set a top-level key at the end of a file.

    Raises:
        ConfigError: If the file's format has no form for the value.
    """
    if isinstance(parsed, ParsedData):
        return append_key(parsed, key, value)
    return add_statements(parsed.source, [f"{key} = {render(value)}"])


def add_import(config: ResolvedConfig, module: str, name: str | None = None) -> Edit | None:
    """Have a config import a module, or a class from it.

    A pure-Python config gets ``from module import name``; any other gets the module in
    its ``custom_imports``, where all that the config inherits is kept.

    Args:
        config: The config.
        module: A dotted name.
        name: The class to import from it, in the pure-Python style.

    Returns:
        ``None`` if the config imports it already.

    Raises:
        ConfigError: If a pure-Python config is given no name to import.
    """
    if config.style is Style.PURE_PYTHON:
        if name is None:
            raise ConfigError("a pure-Python config imports names, not modules")
        return add_imports(config, module, [name])
    existing = config.get("custom_imports")
    if not isinstance(existing, dict):
        return add_statement(config.parsed, "custom_imports", new_custom_imports(module))
    modules = existing.get("imports") or []
    modules = [modules] if isinstance(modules, str) else list(modules)
    if module in modules:
        return None
    origin = origin_of(config.own.get("custom_imports"), "imports")
    if origin is None or origin.parsed is not config.parsed:
        return add_statement(config.parsed, "custom_imports", {"imports": [*modules, module]})
    if isinstance(origin.node, ast.List):
        return add_element(config.python, origin.node, render(module))
    return replace(origin, [*modules, module])


def new_custom_imports(module: str) -> dict[str, Any]:
    """The ``custom_imports`` of a config that had none: a module that cannot be imported fails."""
    return {"imports": [module], "allow_failed_imports": False}


def _python(parsed: ParsedFile) -> ParsedSource:
    if not isinstance(parsed, ParsedSource):
        raise ConfigError("is not a Python config", where=str(parsed.path))
    return parsed


def _expression(parsed: ParsedFile, node: Any) -> ast.expr:
    if not isinstance(node, ast.expr):
        raise ConfigError("no value is written there", where=parsed.where(node))
    return node
