"""Reads the classes of one package of the family: nothing of it is imported."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmscaffold.config.text.syntax_nodes import syntax_nodes
from mmscaffold.facts.classes.known_class import NOT_TOLD, KnownClass
from mmscaffold.facts.classes.package_table import table_text
from mmscaffold.facts.runner import REGISTRIES
from mmscaffold.project.code import (
    ClassDefinition,
    Module,
    Package,
    named_modules,
    nodes_of,
    parse,
)
from mmscaffold.project.constructor import (
    init_of,
    is_made_otherwise,
    last_name,
    signature,
    skips_a_base,
)
from mmscaffold.project.errors import ProjectError
from mmscaffold.project.further_keywords import further_keywords
from mmscaffold.project.given_keys import GivenKeys
from mmscaffold.project.registrations import registrations

if TYPE_CHECKING:
    from typing import TypeGuard

# Of data sets with more classes than this, only their number is kept.
_MOST_NAMES = 150
_WITH_MEMBERS = ("LOOPS", "RUNNERS", "HOOKS")
_TEXTS = ("default_prefix",)


def read_table(folder: Path, name: str, distribution: str, version: str) -> str:
    """The table of a package, as it is written.

    Args:
        folder: Of the package itself.
        name: What Python imports.
        distribution: What pip installs.
        version: Its version.
    """
    files = named_modules(folder, name)
    modules = {one: path for one, path in files.items() if ".testing" not in one}
    package = _package(modules)
    reader = _Reader(package, name)
    head = {
        "package": name,
        "distribution": distribution,
        "version": version,
        "scope": reader.scope(),
        "registries": reader.registries(),
        "registered": reader.registered,
        "open": sorted(reader.open),
        "popped": sorted(reader.popped()),
    }
    return table_text(head, reader.classes())


def _package(files: Mapping[str, Path]) -> Package:
    found = {}
    for dotted, path in files.items():
        with contextlib.suppress(ProjectError):
            found[dotted] = Module(dotted, path, parse(path))
    return Package(found)


class _Reader:
    def __init__(self, package: Package, name: str) -> None:
        self._package = package
        self._name = name
        self._given = GivenKeys(package)
        self.registered: dict[str, dict[str, str]] = {}
        self.open: set[str] = set()
        self._with_members: set[str] = set()
        aliases = dict(_aliases(package))
        for module in package.modules.values():
            for registry, name_in_loop in _looped(module):
                registry = aliases.get(registry, registry)
                self.registered.setdefault(registry, {})[name_in_loop] = ""
        looped = {id(mark) for module in package.modules.values() for mark in _loop_marks(module)}
        for one in registrations(package):
            if id(one.mark) in looped or not one.kind.isupper():
                continue
            kind = aliases.get(one.kind, one.kind)
            for registered in one.names:
                target = one.definition.dotted if one.definition is not None else ""
                self.registered.setdefault(kind, {})[registered] = target
                if target and kind in _WITH_MEMBERS:
                    self._want_members(one.definition)
            if one.is_open:
                self.open.add(kind)
        self.open |= set(self._hidden())

    def _want_members(self, definition: ClassDefinition | None) -> None:
        if definition is not None:
            self._with_members.add(definition.dotted)
            self._with_members.update(self._package.ancestors(definition))

    def _hidden(self) -> Iterator[str]:
        """The registries to which functions of the package add what calls of theirs decide."""
        for module in self._package.modules.values():
            nodes = nodes_of(module.tree)
            # Few modules have any, and functions lie within each other.
            if not any(map(_is_mark, nodes)):
                continue
            for function in nodes:
                for node in (
                    syntax_nodes(function) if isinstance(function, ast.FunctionDef) else ()
                ):
                    if _is_mark(node):
                        dotted = (module.dotted(node.value) or "").rpartition(".")[2]
                        if dotted.isupper():
                            yield dotted

    def registries(self) -> dict[str, str | None]:
        """Each registry that the package makes, with its parent by dotted name."""
        found: dict[str, str | None] = {}
        for module in self._package.modules.values():
            for node in module.tree.body:
                if isinstance(node, ast.Assign) and _is_registry(node.value):
                    for target in node.targets:
                        if isinstance(target, ast.Name):
                            parent = _keyword(node.value, "parent")
                            dotted = module.dotted(parent) if parent is not None else None
                            found[target.id] = dotted
        return found

    def scope(self) -> str | None:
        """The scope of its registries, which mmengine infers from the package's name."""
        if not self.registries():
            # mmcv registers in the registries of mmengine.
            return None
        for module in self._package.modules.values():
            for node in module.tree.body:
                if isinstance(node, ast.Assign) and _is_registry(node.value):
                    scope = _keyword(node.value, "scope")
                    if isinstance(scope, ast.Constant) and isinstance(scope.value, str):
                        return scope.value
        return self._name

    def popped(self) -> set[str]:
        """The literal keys that some code takes out of a dict."""
        return {
            node.args[0].value
            for module in self._package.modules.values()
            for node in nodes_of(module.tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "pop"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        }

    def classes(self) -> Iterator[KnownClass]:
        """All classes of the package."""
        for definition in self._package.classes.values():
            yield self._known(definition)

    def _known(self, definition: ClassDefinition) -> KnownClass:
        node = definition.node
        values: dict[str, Any] = {}
        bases = self._package.bases(definition)
        init = init_of(node)
        if init is not None:
            values.update(_constructor_values(node, init))
        if len(bases) < len(node.bases) or is_made_otherwise(node):
            values["is_open"] = True
            values.setdefault("arguments", ())
        if definition.dotted in self._with_members:
            values["members"] = tuple(
                dict.fromkeys(
                    one.name
                    for one in node.body
                    if isinstance(one, ast.FunctionDef) and one.name != "__init__"
                )
            )
        values["classes"] = metainfo_classes(node)
        values["given"] = self._given.of(node)
        texts = {name: text for name, text in _class_texts(node) if name in _TEXTS}
        return KnownClass(definition.dotted, tuple(bases), **values, texts=texts)


def _constructor_values(node: ast.ClassDef, init: ast.FunctionDef) -> dict[str, Any]:
    own, rest = signature(init), further_keywords(init)
    found = init.args
    names = [one.arg for one in (*found.posonlyargs, *found.args)][1:]
    names += [one.arg for one in found.kwonlyargs]
    values: dict[str, Any] = {
        "arguments": tuple(names),
        "required": own.required,
        "supplied": own.supplied,
        "passed": own.passed,
    }
    # That a class takes anything costs a finding, and makes no false one.
    if rest is not None and rest.go_on and rest.is_plain:
        values["hands_on"] = True
        values["arguments"] = tuple(dict.fromkeys((*names, *sorted(rest.taken))))
    elif rest is not None:
        values["is_open"] = True
    # A decorator may rename what it takes, and another base's constructor may be called.
    if init.decorator_list or skips_a_base(node, init):
        values["is_open"] = True
    return values


def _aliases(package: Package) -> Iterator[tuple[str, str]]:
    """Other names of a package's registries: ``HEADS = LOSSES = MODELS``."""
    for module in package.modules.values():
        for node in module.tree.body:
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Name):
                continue
            if node.value.id in REGISTRIES:
                for target in node.targets:
                    if isinstance(target, ast.Name) and target.id.isupper():
                        yield target.id, node.value.id


def _looped(module: Module) -> Iterator[tuple[str, str]]:
    """What ``for module in [nn.ReLU, nn.ELU]: MODELS.register_module(module=module)`` adds."""
    for loop in _loops(module):
        for mark in _marks(loop):
            registry = (module.dotted(mark.value) or "").rpartition(".")[2]
            for one in loop.iter.elts:  # type: ignore[attr-defined]
                yield registry, last_name(one)


def _loop_marks(module: Module) -> Iterator[ast.Attribute]:
    for loop in _loops(module):
        yield from _marks(loop)


def _loops(module: Module) -> Iterator[ast.For]:
    for node in module.tree.body:
        if isinstance(node, ast.For) and isinstance(node.iter, ast.List | ast.Tuple):
            yield node


def _marks(loop: ast.For) -> Iterator[ast.Attribute]:
    return filter(_is_mark, syntax_nodes(loop))


def _is_mark(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and node.attr == "register_module"


def _is_registry(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) == "Registry"


def _keyword(call: ast.expr, name: str) -> ast.expr | None:
    keywords = call.keywords if isinstance(call, ast.Call) else []
    return next((one.value for one in keywords if one.arg == name), None)


def _assigned(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for one in node.body:
        if isinstance(one, ast.Assign):
            for target in one.targets:
                if isinstance(target, ast.Name):
                    yield target.id, one.value
        elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.value:
            yield one.target.id, one.value


def _class_texts(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for name, value in _assigned(node):
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield name, value.value


def sets_metainfo(node: ast.ClassDef) -> bool:
    """Whether a data set has a ``METAINFO`` of its own, which takes the place of its base's."""
    return any(name == "METAINFO" for name, _ in _assigned(node))


def metainfo_classes(node: ast.ClassDef) -> tuple[str, ...] | int | None:
    """The classes that the ``METAINFO`` of a data set names, where it is written out.

    Args:
        node: The data set.

    Returns:
        Their number, where they are many; ``NOT_TOLD`` if they are not written out; ``None`` if
        it names none.
    """
    for name, value in _assigned(node):
        if name != "METAINFO":
            continue
        named: ast.expr | None = None
        if isinstance(value, ast.Dict):
            pairs = zip(value.keys, value.values, strict=True)
            named = next(
                (one for key, one in pairs if getattr(key, "value", "") == "classes"), None
            )
        elif isinstance(value, ast.Call):
            named = _keyword(value, "classes")
        classes: Any = None
        if named is not None:
            with contextlib.suppress(
                ValueError, TypeError, SyntaxError, MemoryError, RecursionError
            ):
                classes = ast.literal_eval(named)
        are_names = isinstance(classes, list | tuple) and all(isinstance(c, str) for c in classes)
        if are_names and not _sets_classes_itself(node):
            return tuple(classes) if len(classes) <= _MOST_NAMES else len(classes)
        # Those of a base are replaced, by what only running the code tells.
        return NOT_TOLD if named is not None else None
    return None


def _sets_classes_itself(node: ast.ClassDef) -> bool:
    """Whether the code of a data set gives it other classes than its ``METAINFO``.

    mmrotate's HRSCDataset has one class instead of 31, unless it is given ``classwise=True``.
    """
    return any(
        isinstance(one, ast.Subscript)
        and isinstance(one.ctx, ast.Store)
        and isinstance(one.value, ast.Attribute)
        and one.value.attr in {"_metainfo", "METAINFO"}
        and isinstance(one.slice, ast.Constant)
        and one.slice.value == "classes"
        for one in ast.walk(node)
    )
