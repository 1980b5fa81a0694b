"""What importing modules registers: the one reader of ``register_module``.

mmengine's ``Registry.register_module(name=None, force=False, module=None)``
(mmengine/registry/registry.py) is a decorator with or without a call, and a function that
takes the class: ``LOOPS.register_module(module=Loop)``, ``LOOPS.register_module()(Loop)``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from mmscaffold.project.code import ClassDefinition, Module, Package

Registrable = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_PARAMETERS = ("name", "force", "module")


class Registration(NamedTuple):
    """What one ``register_module`` puts into a registry when its module is imported.

    Attributes:
        names: The names that are known, the first first; a class may have several.
        is_open: Whether there are names, or one, that only running the code could tell.
        registry: The registry as the module names it, re-exports not followed:
            ``mmdet.registry.LOOPS``; empty where that is not a dotted name.
        module: The module that does it.
        mark: The ``REGISTRY.register_module`` itself.
        node: The class or function where it is in the same module, the call elsewhere.
        definition: The class, if it is one of the package.
        force: Whether it replaces what has the name already, or may do so.
        sure: Whether it happens on every import: it stands below no ``if`` or ``try``.
    """

    names: tuple[str, ...]
    is_open: bool
    registry: str
    module: Module
    mark: ast.expr
    node: ast.AST
    definition: ClassDefinition | None
    force: bool
    sure: bool

    @property
    def kind(self) -> str:
        """The last name of the registry, such as ``LOOPS``."""
        return self.registry.rpartition(".")[2]


def registrations(package: Package) -> Iterator[Registration]:
    """Everything that importing the modules of a package registers, in order."""
    for module in package.modules:
        yield from registrations_in(package, module)


def registrations_in(package: Package, module: str) -> Iterator[Registration]:
    """Everything that importing one module of a package registers, in order.

    Args:
        package: The package.
        module: The dotted name of the module.
    """
    one = package.modules[module]
    yield from _Reader(package, one).in_body(one.tree.body, sure=True)


class _Reader:
    """Reads one module."""

    def __init__(self, package: Package, module: Module) -> None:
        self._package = package
        self._module = module
        self._functions = _functions(module)

    def in_body(self, body: list[ast.stmt], *, sure: bool) -> Iterator[Registration]:
        for node in body:
            if isinstance(node, Registrable):
                for decorator in node.decorator_list:
                    yield from self._decorated(decorator, node, sure=sure)
                if isinstance(node, ast.ClassDef):
                    yield from self.in_body(node.body, sure=sure)
            elif isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign):
                if isinstance(node.value, ast.Call):
                    yield from self._called(node.value, sure=sure)
            else:
                for inner in _blocks(node):
                    yield from self.in_body(inner, sure=False)

    def _decorated(
        self, decorator: ast.expr, node: Registrable, *, sure: bool
    ) -> Iterator[Registration]:
        definition = None
        if isinstance(node, ast.ClassDef):
            definition = self._module.classes.get(node.name)
            if definition is None or definition.node is not node:
                # Another class of the module has the same name.
                dotted = f"{self._module.name}.{node.name}"
                definition = ClassDefinition(dotted, node, self._module)
        yield from self._registration(decorator, node, definition, node.name, sure=sure)

    def _called(self, call: ast.Call, *, sure: bool) -> Iterator[Registration]:
        # REGISTRY.register_module(module=X), or REGISTRY.register_module(...)(X)
        inner = call.func if isinstance(call.func, ast.Call) else call
        given = _arguments(call).get("module")
        if inner is not call:
            given = call.args[0] if call.args else None
        if given is None or (isinstance(given, ast.Constant) and given.value is None):
            return
        name, node, definition = self._given(given)
        yield from self._registration(inner, node or call, definition, name, sure=sure)

    def _given(self, given: ast.expr) -> tuple[str | None, ast.AST | None, ClassDefinition | None]:
        """The ``__name__`` of what is registered, its node in this module, and its class."""
        if isinstance(given, ast.Name):
            own = self._module.classes.get(given.id)
            if own is not None:
                return own.node.name, own.node, own
            if given.id in self._functions:
                return given.id, self._functions[given.id], None
            if given.id not in self._module.names:
                # A variable: only running the code could tell.
                return None, None, None
        dotted = self._module.dotted(given)
        if dotted is None:
            return None, None, None
        found = self._package.canonical(dotted)
        owner, _, name = found.rpartition(".")
        definition = self._package.classes.get(found)
        inside = self._package.modules.get(owner)
        if inside is not None and definition is None and name not in _functions(inside):
            # A variable of another module.
            return None, None, None
        return name, None, definition

    def _registration(
        self,
        mark: ast.expr,
        node: ast.AST,
        definition: ClassDefinition | None,
        default: str | None,
        *,
        sure: bool,
    ) -> Iterator[Registration]:
        function = register_module_of(mark)
        if function is None:
            return
        arguments = _arguments(mark) if isinstance(mark, ast.Call) else {}
        names, is_open = _names(arguments.get("name"), default)
        if None in arguments:
            names, is_open = (), True
        force = arguments.get("force")
        forced = None in arguments or not (
            force is None or (isinstance(force, ast.Constant) and not force.value)
        )
        registry = self._module.dotted(function.value) or ""
        yield Registration(
            names, is_open, registry, self._module, function, node, definition, forced, sure
        )


def _functions(module: Module) -> dict[str, ast.stmt]:
    """The functions of a module by name."""
    return {
        node.name: node
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def register_module_of(node: ast.expr) -> ast.Attribute | None:
    """The ``REGISTRY.register_module`` that an expression is, or calls."""
    function = node.func if isinstance(node, ast.Call) else node
    is_it = isinstance(function, ast.Attribute) and function.attr == "register_module"
    return function if is_it else None  # type: ignore[return-value]


def _arguments(call: ast.Call) -> dict[str | None, ast.expr]:
    """The arguments of ``register_module`` by name; ``None`` stands for ``*`` and ``**``."""
    found: dict[str | None, ast.expr] = dict(zip(_PARAMETERS, call.args, strict=False))
    for one in call.args:
        if isinstance(one, ast.Starred):
            found[None] = one
    for keyword in call.keywords:
        found[keyword.arg] = keyword.value
    return found


def _names(given: ast.expr | None, default: str | None) -> tuple[tuple[str, ...], bool]:
    """The names that are known, and whether there are others."""
    if given is None or (isinstance(given, ast.Constant) and given.value is None):
        return ((default,), False) if default else ((), True)
    parts = given.elts if isinstance(given, ast.List | ast.Tuple) else [given]
    texts = [one.value for one in parts if isinstance(one, ast.Constant)]
    names = tuple(one for one in texts if isinstance(one, str))
    return names, len(names) < len(parts)


def _blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The statements within one that run when it does."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield part.body
