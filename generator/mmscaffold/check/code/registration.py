"""Who registers what where, and which modules the import of a package reaches."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from mmscaffold.check.code.classes import Code
from mmscaffold.facts.packages import TABLED_PACKAGES
from mmscaffold.project.code import Module, Package

Registrable = ast.ClassDef | ast.FunctionDef
_DYNAMIC = {"import_module", "__import__", "walk_packages", "iter_modules", "import_modules"}
_DYNAMIC |= {"import_modules_from_strings", "exec", "glob", "rglob"}


@dataclass(frozen=True)
class Registration:
    """One name that a registry gets when a module is imported.

    Attributes:
        name: The name.
        registry: The registry: ``mmengine.registry.LOOPS``, or where a package makes its own.
        module: The module that does it.
        node: The class or function, or the call where that is not in the same module.
        force: Whether it replaces what has the name already, or may do so.
        sure: Whether it happens on every import: it stands below no ``if`` or ``try``.
    """

    name: str
    registry: str
    module: Module
    node: ast.AST
    force: bool
    sure: bool

    @property
    def kind(self) -> str:
        """The last name of the registry, such as ``LOOPS``."""
        return self.registry.rpartition(".")[2]


def registrations(code: Code) -> Iterator[Registration]:
    """Every registration at the top level of every module that was read."""
    for module in code.package.modules.values():
        yield from _in_body(code.package, module, module.tree.body, sure=True)


def _in_body(
    package: Package, module: Module, body: list[ast.stmt], *, sure: bool
) -> Iterator[Registration]:
    for node in body:
        if isinstance(node, Registrable):
            for mark in node.decorator_list:
                yield from _by_call(package, module, mark, node, sure=sure)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield from _by_statement(package, module, node.value, sure=sure)
        else:
            for inner in _blocks(node):
                yield from _in_body(package, module, inner, sure=False)


def _blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list) and all(isinstance(one, ast.stmt) for one in block):
            yield block
    for handler in getattr(node, "handlers", ()):
        yield handler.body


def _by_statement(
    package: Package, module: Module, call: ast.Call, *, sure: bool
) -> Iterator[Registration]:
    # REGISTRY.register_module(module=X), or REGISTRY.register_module(...)(X)
    inner = call.func if isinstance(call.func, ast.Call) else call
    given = next((one.value for one in call.keywords if one.arg == "module"), None)
    if inner is not call and call.args:
        given = call.args[0]
    if isinstance(given, ast.Name | ast.Attribute):
        own = module.classes.get(given.id) if isinstance(given, ast.Name) else None
        last = given.id if isinstance(given, ast.Name) else given.attr
        node: ast.AST = own.node if own is not None else call
        yield from _by_call(package, module, inner, node, sure=sure, default=last)


def _by_call(
    package: Package,
    module: Module,
    call: ast.expr,
    node: ast.AST,
    *,
    sure: bool,
    default: str = "",
) -> Iterator[Registration]:
    function = call.func if isinstance(call, ast.Call) else call
    if not isinstance(function, ast.Attribute) or function.attr != "register_module":
        return
    dotted = module.dotted(function.value)
    if dotted is None:
        return
    keywords = {one.arg: one.value for one in call.keywords} if isinstance(call, ast.Call) else {}
    first = call.args[0] if isinstance(call, ast.Call) and call.args else None
    named = keywords.get("name", first)
    force = keywords.get("force", ast.Constant(value=False))
    forced = not (isinstance(force, ast.Constant) and force.value is False) or None in keywords
    registry = _registry(package, dotted)
    for name in _names(named, default or getattr(node, "name", "")):
        yield Registration(name, registry, module, node, forced, sure)


def _names(named: ast.expr | None, default: str) -> list[str]:
    if named is None or (isinstance(named, ast.Constant) and named.value is None):
        return [default] if default else []
    parts = named.elts if isinstance(named, ast.List | ast.Tuple) else [named]
    return [
        one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]


def _registry(package: Package, dotted: str) -> str:
    """One name for one registry, whatever it is imported from."""
    found = package.canonical(dotted)
    top, _, rest = found.partition(".")
    if top in TABLED_PACKAGES and top not in package.modules:
        return f"{top}.registry.{rest.rpartition('.')[2]}"
    return found


class Imports:
    """Which modules the import of others reaches.

    Args:
        package: All modules that were read.
        certain: Follow only what every import of a module does: no import within a function,
            an ``if`` or a ``try``.
    """

    def __init__(self, package: Package, *, certain: bool = False) -> None:
        self._package = package
        self._certain = certain
        self._direct: dict[str, set[str]] = {}

    def reached(self, start: set[str]) -> set[str]:
        """The modules that are imported when some are."""
        seen: set[str] = set()
        queue = [one for name in start for one in self._with_parents(name)]
        while queue:
            name = queue.pop()
            if name not in seen:
                seen.add(name)
                queue += self.direct(name)
        return seen

    def direct(self, name: str) -> set[str]:
        """The modules that a module itself imports, and their packages."""
        if name not in self._direct:
            module = self._package.modules[name]
            dotted = {*module.stars, *self._named(module)}
            self._direct[name] = {one for part in dotted for one in self._with_parents(part)}
        return self._direct[name]

    def is_dynamic(self, name: str) -> bool:
        """Whether a module imports others by names that only running it could tell."""
        return any(
            (isinstance(node, ast.Name) and node.id in _DYNAMIC)
            or (isinstance(node, ast.Attribute) and node.attr in _DYNAMIC)
            for node in ast.walk(self._package.modules[name].tree)
        )

    def _named(self, module: Module) -> Iterator[str]:
        for node in module.tree.body if self._certain else ast.walk(module.tree):
            if isinstance(node, ast.Import):
                # `import a.b.c` gives the module only the name `a`.
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                names = [alias.asname or alias.name for alias in node.names]
                yield from (module.names[name] for name in names if name in module.names)

    def _with_parents(self, dotted: str) -> list[str]:
        parts = dotted.split(".")
        prefixes = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
        return [one for one in prefixes if one in self._package.modules]


def module_names_in_texts(package: Package) -> set[str]:
    """The modules that any text in the code names, such as ``locations`` of a registry."""
    return {
        node.value
        for module in package.modules.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and "." in node.value
        and node.value in package.modules
    }
