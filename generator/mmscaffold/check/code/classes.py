"""The classes of some code, with their lineage across files and into mmengine."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from mmscaffold.check.code.known_bases import KnownBases
from mmscaffold.check.code.syntax import (
    Function,
    assigned_names,
    class_body,
    is_marked,
    is_setter,
    property_call,
    self_targets,
)
from mmscaffold.check.diagnostic import Diagnostic, Place
from mmscaffold.facts.base_classes import (
    BASE_LOOP,
    EPOCH_LOOP,
    ITER_LOOP,
    RUNNER_BASES,
    TEST_LOOP,
    TRAIN_LOOP_BASES,
    VAL_LOOP,
)
from mmscaffold.facts.packages import is_openmmlab
from mmscaffold.facts.runner import STEP_METHODS
from mmscaffold.project.code import ClassDefinition, Module, Package
from mmscaffold.project.lineage import Lineages
from mmscaffold.project.registered import RegisteredClass, registered_classes

# Bases that have nothing that a loop, a Runner or a model could inherit unseen.
_HARMLESS = {"object", "ABC", "Module", "Generic", "Protocol"}
_ITER_STYLE_MAX_EPOCHS = 1  # what mmengine's IterBasedTrainLoop sets


@dataclass
class Code:
    """The code of one run.

    Attributes:
        package: All modules that were read.
        checked: The files to report on; the others are read for their classes only.
        imported: Modules that configs of this run import (``custom_imports``).
        forks: The packages of OpenMMLab that lie in the tree itself: their code counts, not
            the table.
        table: What is known of the classes of the family.
        loops: For each loop that configs of this run name, in which modes they use it.
        flows: What ``flow_of`` has read already, for many rules ask it.
        runner_writes: The same for ``runner_code.runner_writes``.
    """

    package: Package
    checked: frozenset[Path]
    imported: frozenset[str] = frozenset()
    forks: frozenset[str] = frozenset()
    table: KnownBases = field(default_factory=KnownBases)
    loops: Mapping[str, frozenset[str]] = field(default_factory=dict)
    flows: dict[tuple[str, str], Any] = field(default_factory=dict, init=False, repr=False)
    runner_writes: list[Any] | None = field(default=None, init=False, repr=False)
    _views: dict[str, ClassView] = field(default_factory=dict, init=False, repr=False)
    _bases: dict[str, Sequence[str]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def classes(self) -> list[ClassView]:
        """The classes of the checked files, file by file."""
        return [
            self.view(definition)
            for module in self.modules
            for definition in module.classes.values()
        ]

    def view(self, definition: ClassDefinition) -> ClassView:
        """The view of a class; the same each time."""
        if definition.dotted not in self._views:
            self._views[definition.dotted] = ClassView(definition, self)
        return self._views[definition.dotted]

    def bases(self, dotted: str) -> Sequence[str]:
        """The direct bases of a class; of one that was not read, all that the table has."""
        if dotted not in self._bases:
            known = self.package.classes.get(dotted)
            if known is not None:
                named = [self.table.canonical(one) for one in self.package.bases(known)]
                self._bases[dotted] = tuple(dict.fromkeys(named))
            else:
                self._bases[dotted] = tuple(self.table.lineage(dotted))[1:]
        return self._bases[dotted]

    @cached_property
    def lineages(self) -> Lineages:
        """The order of each class and its bases."""
        return Lineages(self.bases)

    @cached_property
    def derived_from(self) -> frozenset[str]:
        """Every class that is a direct base of a class that was read."""
        return frozenset(base for one in self.package.classes for base in self.bases(one))

    @cached_property
    def modules(self) -> list[Module]:
        """The checked files."""
        return [one for one in self.package.modules.values() if one.path in self.checked]

    @cached_property
    def registered(self) -> list[RegisteredClass]:
        """Every registration in all the code."""
        return list(registered_classes(self.package))

    @cached_property
    def loop_modes(self) -> Mapping[str, frozenset[str]]:
        """The same by the names of definitions: ``train``, ``val``, ``test``."""
        registered = {
            one.name: one.definition.dotted for one in self.registered if one.registry == "LOOPS"
        }
        found: dict[str, frozenset[str]] = {}
        for name, modes in self.loops.items():
            bare = name.rpartition(".")[2]
            path = self.package.canonical(name)
            dotted = path if path in self.package.classes else registered.get(bare)
            if dotted is not None:
                found[dotted] = found.get(dotted, frozenset()) | modes
        return found

    def of_kind(self, *uppermost: str) -> Iterator[ClassView]:
        """The checked classes that derive from any of some upstream classes."""
        for view in self.classes:
            if any(view.inherits(one) for one in uppermost):
                yield view

    @property
    def train_loops(self) -> Iterator[ClassView]:
        """The checked train loops."""
        return (view for view in self.of_kind(BASE_LOOP) if view.is_train_loop)

    @property
    def evaluation_loops(self) -> Iterator[ClassView]:
        """The checked validation and test loops."""
        return (view for view in self.of_kind(BASE_LOOP) if view.is_evaluation_loop)

    @property
    def runners(self) -> Iterator[ClassView]:
        """The checked Runners."""
        return self.of_kind(*RUNNER_BASES)


@dataclass(frozen=True)
class ClassView:
    """One class, with what it inherits.

    Attributes:
        definition: The class itself.
        code: The code it is part of.
    """

    definition: ClassDefinition
    code: Code

    @property
    def name(self) -> str:
        """Its name."""
        return self.definition.node.name

    @property
    def node(self) -> ast.ClassDef:
        """Its syntax."""
        return self.definition.node

    @cached_property
    def lineage(self) -> tuple[str, ...]:
        """The class and all its bases, nearest first; those of mmengine included."""
        return self.code.lineages.of(self.definition.dotted)

    @cached_property
    def own_lineage(self) -> tuple[ClassDefinition, ...]:
        """The class and those of its bases whose code was read, nearest first."""
        known = self.code.package.classes
        return tuple(known[one] for one in self.lineage if one in known)

    def is_upstream(self, dotted: str) -> bool:
        """Whether a class of the lineage is known from the table, not from its code."""
        return dotted not in self.code.package.classes and self.code.table.knows(dotted)

    @cached_property
    def is_understood(self) -> bool:
        """Whether every base was read or is in the table: nothing hides in a third place."""
        known = self.code.package.classes
        if any(
            definition.module.dotted(base) is None
            for definition in self.own_lineage
            for base in definition.node.bases
            # Generic[T] and the like.
            if not isinstance(base, ast.Subscript)
        ):
            return False
        return all(
            one in known or self.code.table.knows(one) or one.rpartition(".")[2] in _HARMLESS
            for one in self.lineage
        )

    def inherits(self, dotted: str) -> bool:
        """Whether an upstream class is among its bases (itself does not count)."""
        return dotted in self.lineage[1:]

    @cached_property
    def own_methods(self) -> dict[str, Function]:
        """The functions that the class itself defines, setters left out."""
        found: dict[str, Function] = {}
        for node in class_body(self.node):
            if isinstance(node, ast.FunctionDef) and not is_setter(node):
                found[node.name] = node
        return found

    def method(self, name: str) -> tuple[ClassDefinition, Function] | None:
        """The nearest definition of a method in the code that was read.

        ``None`` if there is none, or an upstream base, which comes first, has it.
        """
        return self.method_behind(None, name)

    def method_behind(
        self, definition: ClassDefinition | None, name: str
    ) -> tuple[ClassDefinition, Function] | None:
        """As ``method``, but what ``super()`` in some class of the lineage finds."""
        for dotted in self.lineage_behind(definition):
            known = self.code.package.classes.get(dotted)
            if known is None:
                if self.code.table.defines(dotted, name):
                    return None
                continue
            found = own_function(known, name)
            if found is not None:
                return known, found
        return None

    def lineage_behind(self, definition: ClassDefinition | None) -> tuple[str, ...]:
        """Where ``super()`` in some class of the lineage looks, or all of it."""
        if definition is None or definition.dotted not in self.lineage:
            return self.lineage
        return self.lineage[self.lineage.index(definition.dotted) + 1 :]

    def is_property(self, name: str) -> bool:
        """Whether the class or a base has a property of a name, and nothing overrides it."""
        for dotted in self.lineage:
            known = self.code.package.classes.get(dotted)
            if known is not None:
                for node in class_body(known.node):
                    if isinstance(node, ast.FunctionDef) and node.name == name:
                        return is_marked(node, "property")
                    if name in assigned_names(node):
                        return property_call(node) is not None
            elif name in self.code.table.properties(dotted):
                return True
        return False

    def has_setter(self, name: str) -> bool:
        """Whether any class of its own lineage defines a setter for a property."""
        return any(
            (isinstance(node, ast.FunctionDef) and node.name == name and is_setter(node))
            or (name in assigned_names(node) and _has_two_arguments(property_call(node)))
            for definition in self.own_lineage
            for node in class_body(definition.node)
        )

    @cached_property
    def assigned(self) -> dict[str, list[tuple[ClassDefinition, Function, ast.AST]]]:
        """Every ``self.x = ...`` in the code of its lineage: by name, with the method."""
        found: dict[str, list[tuple[ClassDefinition, Function, ast.AST]]] = {}
        for definition in self.own_lineage:
            for node in class_body(definition.node):
                if isinstance(node, ast.FunctionDef):
                    for name, target in self_targets(node):
                        found.setdefault(name, []).append((definition, node, target))
        return found

    def sets(self, name: str) -> bool:
        """Whether the class or a base gives itself an attribute, or has it as a member."""
        if name in self.assigned or self.is_property(name):
            return True
        return any(
            name in assigned_names(node)
            or (isinstance(node, ast.FunctionDef) and node.name == name)
            for definition in self.own_lineage
            for node in class_body(definition.node)
        )

    @property
    def is_runner(self) -> bool:
        """Whether it derives from a Runner of mmengine."""
        return any(self.inherits(one) for one in RUNNER_BASES)

    @property
    def extends_train_loop(self) -> bool:
        """Whether it derives from a train loop of mmengine, not from ``BaseLoop`` alone."""
        return any(self.inherits(one) for one in TRAIN_LOOP_BASES)

    @property
    def extends_evaluation_loop(self) -> bool:
        """Whether it derives from a loop of mmengine that validates or tests."""
        return self.inherits(VAL_LOOP) or self.inherits(TEST_LOOP)

    @property
    def used_as(self) -> frozenset[str]:
        """The modes for which configs of this run use it as a loop; none where they do not.

        What a fork of mmengine has is what mmengine has, whatever its configs say.
        """
        if is_openmmlab(self.definition.dotted):
            return frozenset()
        return self.code.loop_modes.get(self.definition.dotted, frozenset())

    @cached_property
    def is_train_loop(self) -> bool:
        """Whether it trains: a config says so, or what it derives from, or its steps."""
        if self.used_as:
            return "train" in self.used_as and self.inherits(BASE_LOOP)
        if self.extends_train_loop:
            return True
        return self._takes_steps("train") and not self.extends_evaluation_loop

    @cached_property
    def is_evaluation_loop(self) -> bool:
        """Whether it validates or tests."""
        if self.is_train_loop:
            return False
        if self.used_as:
            return self.inherits(BASE_LOOP)
        if self.extends_evaluation_loop:
            return True
        return self._takes_steps("val", "test")

    def _takes_steps(self, *modes: str) -> bool:
        """Whether it is a loop whose code names a step of any of some modes."""
        methods = {name for name, mode in STEP_METHODS.items() if mode in modes}
        return self.inherits(BASE_LOOP) and any(
            isinstance(node, ast.Attribute) and node.attr in methods
            for definition in self.own_lineage
            for node in ast.walk(definition.node)
        )

    @cached_property
    def counts_epochs(self) -> bool:
        """Whether a train loop counts epochs; the others count iterations only."""
        if self.inherits(EPOCH_LOOP):
            return True
        return not self.inherits(ITER_LOOP) and (
            self.method("run_epoch") is not None
            or any(
                not _is_iteration_style(node)
                for _, _, node in self.assigned.get("_max_epochs", ())
            )
        )

    @property
    def is_abstract(self) -> bool:
        """Whether it says so, or other classes of the code derive from it."""
        if self.name.startswith(("_", "Base", "Abstract")) or "Mixin" in self.name:
            return True
        return self.definition.dotted in self.code.derived_from

    def place(self, node: ast.AST | None = None) -> Place:
        """The place of a node of the class, by default of the class itself."""
        return place(self.definition.module, node or self.node)

    def found(self, node: ast.AST | None, message: str, hint: str) -> Diagnostic:
        """A finding in the class."""
        return Diagnostic(message, self.place(node), hint)


def own_function(definition: ClassDefinition, name: str) -> Function | None:
    """The method that a class itself defines under a name, setters left out."""
    for node in class_body(definition.node):
        if isinstance(node, ast.FunctionDef) and node.name == name and not is_setter(node):
            return node
    return None


def _has_two_arguments(call: ast.Call | None) -> bool:
    return call is not None and len(call.args) + len(call.keywords) > 1


def _is_iteration_style(node: ast.AST) -> bool:
    value = getattr(node, "value", None)
    return isinstance(value, ast.Constant) and value.value == _ITER_STYLE_MAX_EPOCHS


def place(module: Module, node: ast.AST) -> Place:
    """The place of a node; a class's is its name, whatever decorates it."""
    found = Place.at(module.path, node)
    if isinstance(node, ast.ClassDef):
        return replace(found, column=found.end_column - len(node.name))
    return found
