"""What a constructor does with the keywords that it takes beside its arguments: ``**kwargs``."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mmscaffold.config.text.syntax_nodes import syntax_nodes

# What looks at them, and what adds to them, leaves all of them in.
_LOOKING = frozenset({"items", "keys", "values", "copy"})
_BY_KEY = frozenset({"pop", "get", "setdefault", "__setitem__"})


class FurtherKeywords(NamedTuple):
    """What becomes of the ``**kwargs`` of a constructor.

    Attributes:
        taken: The keys that it takes out of them, or asks for.
        go_on: Whether all others are handed to the constructor of a base. If not, they are
            kept, or what becomes of them cannot be told.
        joined: Whether that base also gets keywords that cannot be told: ``**parts``.
        is_plain: Whether nothing else is done with them than to hand them on, and to ask for
            single keys.
    """

    taken: frozenset[str]
    go_on: bool
    joined: bool
    is_plain: bool


def further_keywords(init: ast.FunctionDef) -> FurtherKeywords | None:
    """What a constructor does with further keywords; ``None`` if it takes none.

    They must be seen to go on: where the code does anything with them that is not known to
    leave them as they are (a copy is changed, another method gets them), they do not.

    Args:
        init: The ``__init__``.
    """
    if init.args.kwarg is None:
        return None
    reader = _Reader(init, init.args.kwarg.arg)
    return FurtherKeywords(
        frozenset(reader.taken),
        reader.hands_on and reader.knows_all_uses(init),
        reader.joined,
        reader.is_plain,
    )


def added_keys(init: ast.FunctionDef) -> Iterator[str]:
    """The keys that a constructor itself puts into its ``**kwargs``, as far as they are written.

    Args:
        init: The ``__init__``.
    """
    if init.args.kwarg is None:
        return
    kwargs = init.args.kwarg.arg
    for node in syntax_nodes(init):
        if isinstance(node, ast.Call) and _is(getattr(node.func, "value", None), kwargs):
            yield from (one.arg for one in node.keywords if one.arg is not None)
            method = getattr(node.func, "attr", "")
            if method in ("setdefault", "__setitem__"):
                yield from _texts(node.args[:1])
            elif method == "update":
                yield from _texts(key for one in node.args for key in getattr(one, "keys", ()))
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            if _is(node.value, kwargs):
                yield from _texts([node.slice])
        elif isinstance(node, ast.Assign) and any(_is(one, kwargs) for one in node.targets):
            # kwargs = dict(max_epochs=3, **kwargs)
            if isinstance(node.value, ast.Call):
                yield from (one.arg for one in node.value.keywords if one.arg is not None)
            elif isinstance(node.value, ast.Dict):
                yield from _texts(node.value.keys)


class _Reader:
    """Accounts for each use of the name of the keywords."""

    def __init__(self, init: ast.FunctionDef, kwargs: str) -> None:
        self._kwargs = kwargs
        self._positional = init.args.vararg.arg if init.args.vararg is not None else None
        self._known: set[int] = set()
        self.taken: set[str] = set()
        self.hands_on = False
        self.joined = False
        self.is_plain = True
        for node in syntax_nodes(init):
            if isinstance(node, ast.Call):
                self._call(node)
            elif isinstance(node, ast.Subscript) and _is(node.value, kwargs):
                self._subscript(node)
            elif isinstance(node, ast.Compare):
                self._compare(node)
            elif isinstance(node, ast.Assign):
                self._assign(node)

    def knows_all_uses(self, init: ast.FunctionDef) -> bool:
        return all(
            id(node) in self._known for node in syntax_nodes(init) if _is(node, self._kwargs)
        )

    def _call(self, node: ast.Call) -> None:
        function = node.func
        if not isinstance(function, ast.Attribute):
            return
        if function.attr == "__init__":
            for keyword in node.keywords:
                if keyword.arg is None and _is(keyword.value, self._kwargs):
                    self.hands_on = True
                    self._known.add(id(keyword.value))
                elif keyword.arg is None:
                    self.joined = True
            for one in node.args:
                # A config gives keywords alone: `*args` of the constructor itself are empty.
                if isinstance(one, ast.Starred) and not _is(one.value, self._positional):
                    self.joined = True
        elif _is(function.value, self._kwargs):
            keys = list(_texts(node.args[:1]))
            self.is_plain &= function.attr in ("pop", "get", "setdefault")
            if function.attr in _LOOKING or (function.attr in _BY_KEY and keys):
                self._known.add(id(function.value))
                self.taken.update(keys)
            elif function.attr == "update":
                self._known.add(id(function.value))
                self.joined |= any(one.arg is None for one in node.keywords)
                self.joined |= not all(map(_is_written_out, node.args))

    def _compare(self, node: ast.Compare) -> None:
        if all(isinstance(one, ast.In | ast.NotIn) for one in node.ops):
            found = {id(one) for one in node.comparators if _is(one, self._kwargs)}
            self._known |= found
            self.is_plain &= not found

    def _subscript(self, node: ast.Subscript) -> None:
        self.is_plain = False
        keys = list(_texts([node.slice]))
        if isinstance(node.ctx, ast.Del):
            if keys:
                self._known.add(id(node.value))
                self.taken.update(keys)
            return
        self._known.add(id(node.value))
        self.joined |= isinstance(node.ctx, ast.Store) and not keys

    def _assign(self, node: ast.Assign) -> None:
        if len(node.targets) != 1 or not _is(node.targets[0], self._kwargs):
            return
        value = node.value
        within: list[ast.expr] = []
        if isinstance(value, ast.Call) and getattr(value.func, "id", None) == "dict":
            within = [one.value for one in value.keywords if one.arg is None]
        elif isinstance(value, ast.Dict):
            within = [
                one for key, one in zip(value.keys, value.values, strict=True) if key is None
            ]
        self.is_plain = False
        if any(_is(one, self._kwargs) for one in within):
            self._known |= {id(one) for one in (*within, node.targets[0])}
            self.joined |= len(within) > 1


def _is(node: object, name: str | None) -> bool:
    return name is not None and isinstance(node, ast.Name) and node.id == name


def _is_written_out(node: ast.expr) -> bool:
    return isinstance(node, ast.Dict) and len(list(_texts(node.keys))) == len(node.keys)


def _texts(nodes: Iterable[ast.AST | None]) -> Iterator[str]:
    for one in nodes:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
