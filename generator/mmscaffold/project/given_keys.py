"""Which keys the code of a class puts into the dicts that it gets, before it builds of them.

``bbox_head.update(train_cfg=train_cfg)`` in a detector gives its head what no config says, and
``MODELS.build(neck, default_args=dict(in_channels=3))`` gives the neck an argument.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from mmscaffold.config.text.syntax_nodes import children
from mmscaffold.facts.classes.known_class import ANY
from mmscaffold.project.code import Package
from mmscaffold.project.constructor import init_of, signature

_SETTERS = frozenset({"update", "setdefault", "__setitem__"})
_CHANGING = frozenset({ast.Call, ast.Dict, ast.Subscript, ast.Assign, ast.Attribute})
_DICTS = frozenset({"dict", "ConfigDict"})


class GivenKeys:
    """What the classes of a package give to the parts that they build.

    All that is written like a change of a dict counts, whatever dict it is; so does what the
    functions and classes of the package do that a class calls, by their names.

    Args:
        package: The package.
    """

    def __init__(self, package: Package) -> None:
        self._nodes: dict[str, list[ast.AST]] = {}
        """The functions and classes of a name."""
        arguments: set[str] = set()
        for module in package.modules.values():
            for node in module.tree.body:
                if isinstance(node, ast.FunctionDef):
                    self._nodes.setdefault(node.name, []).append(node)
        for definition in package.classes.values():
            self._nodes.setdefault(definition.node.name, []).append(definition.node)
            init = init_of(definition.node)
            arguments |= signature(init).arguments if init is not None else frozenset()
        # Nothing else can be lacking; most keys are those of samples.
        self._arguments = frozenset(arguments)
        self._known: dict[int, tuple[frozenset[str], frozenset[str]]] = {}

    def of(self, node: ast.ClassDef) -> frozenset[str]:
        """The arguments of classes of the package that the code of a class gives to dicts.

        Args:
            node: The class, without what its bases do.
        """
        found: set[str] = set()
        seen: set[str] = set()
        pending: list[ast.AST] = [node]
        while pending:
            given, called = self._read(pending.pop())
            found |= given
            for name in called - seen:
                pending += self._nodes[name]
            seen |= called
        return frozenset(found)

    def _read(self, node: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
        if id(node) not in self._known:
            given: set[str] = set()
            called: set[str] = set()
            for inner in _building(node):
                given.update(_given(inner))
                if isinstance(inner, ast.Call) and (name := _name(inner.func)) in self._nodes:
                    called.add(name)
            wanted = self._arguments | {ANY}
            self._known[id(node)] = frozenset(given & wanted), frozenset(called)
        return self._known[id(node)]


def _building(node: ast.AST) -> Iterator[ast.AST]:
    """What of a class or function may put something into the dict of a part.

    A default is taken where a config says nothing, not added to what it says; ``init_weights``
    comes when all is built.
    """
    pending = [node]
    while pending:
        one = pending.pop()
        if isinstance(one, ast.FunctionDef):
            if one.name != "init_weights":
                pending += one.body
            continue
        if type(one) in _CHANGING:
            yield one
        pending += children(one)


def _given(node: ast.AST) -> Iterator[str]:
    """The keys that one expression puts into a dict."""
    if isinstance(node, ast.Call):
        name = _name(node.func)
        # super().__init__(in_channels=3, **kwargs) gives its own base an argument, no part.
        is_merge = name != "__init__" and any(one.arg is None for one in node.keywords)
        if is_merge or name in _SETTERS | _DICTS or name.startswith("build"):
            yield from (one.arg for one in node.keywords if one.arg is not None)
        if any(map(_is_type, node.args)) or (name == "pop" and "type" in _texts(node.args[:1])):
            # Whoever looks up the class calls it as it likes.
            yield ANY
        if name.startswith("build") and any(not _name(one).isupper() for one in node.args[1:]):
            # build_conv_layer(cfg, 3, 64): only the class that it builds names them. What
            # build_from_cfg(cfg, MODELS) gets beside the dict is a registry.
            yield ANY
        if name in _SETTERS:
            yield from _texts(node.args[:1])
    elif isinstance(node, ast.Dict):
        yield from _texts(one for one in node.keys if one is not None)
    elif isinstance(node, ast.Subscript):
        if isinstance(node.ctx, ast.Store):
            yield from _texts([node.slice])
        if _is_type(node.slice):
            yield ANY
    elif isinstance(node, ast.Assign) and _is_type(node.value):
        yield ANY
    elif (
        isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and getattr(node.value, "id", None) != "self"
    ):
        # A ConfigDict takes its keys as attributes, too.
        yield node.attr


def _is_type(node: ast.expr) -> bool:
    """Whether an expression is ``cfg['type']``."""
    return isinstance(node, ast.Subscript) and "type" in _texts([node.slice])


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for one in nodes:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
