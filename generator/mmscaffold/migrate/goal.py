"""What a migrated config must resolve to: the old one plus exactly these changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mmscaffold.config.change import (
    MISSING,
    Change,
    apply,
    differences,
    first_difference,
    value_at,
)
from mmscaffold.config.edit.by_meaning import new_custom_imports
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.values import LazyName, Unknown, to_plain
from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.config.registry_scope import written_scope
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.text.style import Style
from mmscaffold.config.walk import dicts
from mmscaffold.facts.base_classes import RUNNER_NAME
from mmscaffold.facts.loops import (
    EVALUATION_LOOPS,
    LOOP_KEYS,
    UNIT_OF_MAXIMUM,
    default_train_loop,
)
from mmscaffold.facts.packages import ROOT_SCOPE, TABLED_SCOPES, ignores_runner_type
from mmscaffold.facts.runner import HOOK_KEYS, KNOWN_KEYS
from mmscaffold.migrate.task import Step, Task
from mmscaffold.project.class_map import ClassMap
from mmscaffold.schedule.hooks import hooks
from mmscaffold.schedule.legacy import holds_model_settings

_OF_LOOPS = frozenset({*UNIT_OF_MAXIMUM, "val_interval", "val_begin", "dynamic_intervals", "fp16"})


class Goal:
    """The changes that move one config onto a project's classes.

    Args:
        config: The config as it resolves now.
        task: What the migration must do.
        first: Changes that are made before: another length, another unit.

    Attributes:
        notes: What is left alone, and why.
        declined: The upstream classes in it from which classes of the project derive that do
            not replace them by themselves.

    Raises:
        ConfigError: If a ``type`` to be mapped is not known without running code.
    """

    def __init__(self, config: ResolvedConfig, task: Task, first: Iterable[Change] = ()) -> None:
        self.notes: list[str] = []
        self.declined: set[str] = set()
        self._config = config
        self._changes = {change.path: change for change in first}
        self._root = apply(config.root, self._changes.values())
        self._task = task
        self._map = task.class_map or ClassMap("")
        self._default_scope = _default_scope(self._root)
        if task.class_map is not None:
            self.notes += (
                f"{one}; what it registers is not known" for one in task.class_map.unread
            )
        if task.does(Step.LOOPS):
            for key in LOOP_KEYS:
                self._move_loop(key)
        if task.does(Step.MODEL):
            self._move_model()
        if task.does(Step.HOOKS):
            self._move_hooks()

    def register_project(self) -> None:
        """Also name the project's Runner, and have its package imported."""
        if self._task.does(Step.RUNNER):
            self._move_runner()
        if self._task.does(Step.IMPORTS):
            self._join_custom_imports()

    def follow(self, current: ResolvedConfig) -> None:
        """Let what a pure-Python config imports be what the edited bases make of it.

        ``from .small import model as student`` is a variable that is migrated with ``small.py``.

        Args:
            current: The config over its bases as they are planned.
        """
        if current is self._config or self._config.style is not Style.PURE_PYTHON:
            return
        for key, value in current.root.items():
            if key in KNOWN_KEYS or (key,) in self._changes or key not in self._config.root:
                continue
            for change in differences(self._config.root[key], value):
                path = (key, *change.path)
                self._change(path, change.new, "follows from its bases")

    @property
    def changes(self) -> list[Change]:
        """The changes, one for each key."""
        return [
            change
            for change in self._changes.values()
            if first_difference(value_at(self._config.root, change.path), change.new) is not None
        ]

    def resolved(self) -> dict[str, Any]:
        """The whole config as it must resolve afterwards."""
        return apply(self._config.root, self.changes)

    def _change(self, path: KeyPath, new: Any, why: str) -> None:
        self._changes[path] = Change(path, new, why)

    def _known(self, path: KeyPath) -> Any:
        value = value_at(self._root, path)
        if isinstance(value, Unknown):
            raise ConfigError(
                f"{format_key_path(path)} cannot be known: {value.reason}",
                where=value.where,
                hint="Write it as a literal, then migrate again.",
            )
        return value

    def _move_loop(self, key: str) -> None:
        loop = self._known((key,))
        if not isinstance(loop, dict) or holds_model_settings(loop, _OF_LOOPS):
            return
        by_epoch = self._known((key, "by_epoch")) if key == "train_cfg" else MISSING
        current = self._known((key, "type"))
        upstream = current
        if current is MISSING:
            upstream = EVALUATION_LOOPS.get(key, MISSING)
            if by_epoch is not MISSING:
                upstream = default_train_loop(by_epoch).name
        new = self._replacement((key, "type"), upstream, named=current is not MISSING)
        if new is None:
            return
        self._change((key, "type"), new, f"the project's class for {upstream}")
        if by_epoch is not MISSING:
            self._change(
                (key, "by_epoch"), MISSING, "the Runner refuses by_epoch beside a loop type"
            )

    def _move_model(self) -> None:
        model = self._known(("model",))
        if not isinstance(model, dict):
            return
        self._known(("model", "type"))
        for path, current in _named_types(model):
            if current.endswith("Loop"):
                # model.train_cfg is not the training loop's.
                continue
            new = self._replacement(path, current, named=len(path) == 2)
            if new is not None:
                self._change(path, new, f"the project's class for {current}")

    def _move_hooks(self) -> None:
        plain = {key: to_plain(self._root[key]) for key in HOOK_KEYS if key in self._root}
        for path, hook in hooks(plain):
            new = self._replacement((*path, "type"), hook["type"], named=False)
            if new is not None:
                self._change((*path, "type"), new, f"the project's class for {hook['type']}")

    def _replacement(self, path: KeyPath, upstream: Any, *, named: bool) -> str | LazyName | None:
        upstream = _name(upstream)
        if upstream is None:
            return None
        scope = written_scope(self._root, path[:-1])
        if isinstance(scope, Unknown):
            self.notes.append(
                f"{format_key_path(path)} = {upstream!r} left alone: its _scope_ cannot be "
                f"known: {scope.reason}"
            )
            return None
        if scope == self._root.get("default_scope"):
            # It says what holds anyway.
            scope = None
        new = self._map.replacement(upstream, scope, self._default_scope)
        if new is not None:
            return self._in_style(self._found_in(new, scope))
        reason = self._why_left_alone(upstream)
        if reason is None and named and upstream.rpartition(".")[2] not in self._ours():
            reason = "the class map has no class for it"
        if reason is not None and scope is None:
            self.notes.append(f"{format_key_path(path)} = {upstream!r} left alone: {reason}")
        return None

    def _why_left_alone(self, upstream: str) -> str | None:
        """Why a class is not replaced, although the project has one like it."""
        bare = upstream.rpartition(".")[2]
        key = self._map.key_of(upstream, self._default_scope, self._map.declined)
        if key is not None:
            self.declined.add(key)
            return "; ".join(
                f"{one.name} ({one.where}) derives from it, but {one.reason}"
                for one in self._map.declined[key]
            )
        alike = [one for one in self._map.classes if one.rpartition(".")[2] == bare]
        if upstream not in self._map.classes and any(
            self._map.classes[one] != bare for one in alike
        ):
            package = upstream.partition(".")[0] if "." in upstream else self._default_scope
            others = " and ".join(map(repr, alike))
            return (
                f"the class map has {others}, which may be another class; for this one, write "
                f'"{package}.{bare}" = "..." in [tool.mmscaffold.classes]'
            )
        return None

    def _found_in(self, name: str, scope: str | None) -> str:
        """The name by which a class of the project is found in the scope of a dict.

        In the registry of another package than the ``default_scope`` there may be no such
        class; a dotted name is found from anywhere.
        """
        if scope is None or self._root.get("default_scope", ROOT_SCOPE) in TABLED_SCOPES:
            return name
        return self._map.locate(name) or name

    def _ours(self) -> set[str]:
        """The project's classes, by their bare names."""
        return {one.rpartition(".")[2] for one in self._map.classes.values()}

    def _in_style(self, name: str) -> str | LazyName:
        """A class as the config names classes: by its registered name, or by an import."""
        if self._config.style is not Style.PURE_PYTHON:
            return name
        dotted = self._map.locate(name)
        if dotted is None:
            raise ConfigError(
                f"imports its classes, and the module that defines {name} is not known",
                where=str(self._config.path),
                hint=f"Name it: --map Upstream={self._map.package}.models:{name}.",
            )
        return LazyName(dotted)

    def _move_runner(self) -> None:
        runner = self._map.runner
        if runner is None and RUNNER_NAME in self._map.declined:
            self.notes.append(f"runner_type left alone: {self._why_left_alone(RUNNER_NAME)}")
        current = self._known(("runner_type",))
        name = (_name(current) or "").rpartition(".")[2]
        if runner is None or name == runner.rpartition(".")[2]:
            return
        if current is MISSING or name == RUNNER_NAME:
            self._change(("runner_type",), self._in_style(runner), "the project's Runner")
            scope = self._config.get("default_scope")
            if ignores_runner_type(scope):
                self.notes.append(
                    f"{scope}'s tools/train.py ignores runner_type: train with the project's own"
                )
        else:
            self.notes.append(
                f"runner_type = {name!r} left alone: {runner} replaces mmengine's Runner only"
            )

    def _join_custom_imports(self) -> None:
        if self._config.style is Style.PURE_PYTHON:
            # Its own imports register the classes; mmengine ignores custom_imports there.
            return
        package = self._map.package
        path: KeyPath = ("custom_imports", "imports")
        why = f"registers the classes of {package}"
        existing = self._known(("custom_imports",))
        if existing is MISSING or existing is None:
            self._change(("custom_imports",), new_custom_imports(package), why)
            return
        imports = self._known(path)
        if imports is MISSING or imports is None:
            modules: list[Any] = []
        else:
            modules = [imports] if isinstance(imports, str) else list(imports)
        if package not in modules:
            self._change(path, [*modules, package], why)


def _default_scope(root: Mapping[str, Any]) -> str | None:
    """The ``default_scope`` of a config; ``None`` where it cannot be known."""
    scope = root.get("default_scope", ROOT_SCOPE)
    return scope if isinstance(scope, str) else None


def _name(value: Any) -> str | None:
    """The name of a class that a config gives as a string, or imports."""
    if isinstance(value, LazyName):
        return value.dotted
    return value if isinstance(value, str) else None


def _named_types(model: dict[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Every ``type`` within a model, its own first: wrapped detectors, heads, backbones."""
    for path, value in dicts(model, ("model",)):
        name = _name(value.get("type"))
        if name is not None:
            yield (*path, "type"), name
