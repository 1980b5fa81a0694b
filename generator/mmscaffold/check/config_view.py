"""One resolved config, as the config rules see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar

from mmscaffold.check.diagnostic import Diagnostic, Fix, at
from mmscaffold.check.known_code import KnownCode
from mmscaffold.check.parts import KEYS_OF_PARTS, Part
from mmscaffold.check.shared_parts import DictsBelow, LookUp, Misfit, PartsBelow
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import LazyName, Unknown, to_plain
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.registry_scope import written_scope
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.facts.classes import Upstream, upstream
from mmscaffold.facts.classes.tables import is_released
from mmscaffold.facts.hooks import Hook
from mmscaffold.facts.loops import TRAIN_LOOPS, TrainLoop, default_train_loop
from mmscaffold.facts.packages import (
    ROOT_SCOPE,
    TABLED_PACKAGES,
    TABLED_SCOPES,
    is_openmmlab,
)
from mmscaffold.facts.runner import HOOK_KEYS, MODES, TRAINING_KEYS
from mmscaffold.facts.units import Unit
from mmscaffold.project.family import Family, Found, Verdict
from mmscaffold.schedule.hooks import hooks, known_hooks
from mmscaffold.schedule.legacy import legacy_keys
from mmscaffold.schedule.schedulers import Scheduler, scheduler_dicts, schedulers
from mmscaffold.schedule.training_length import TrainingLength, training_length

if TYPE_CHECKING:
    from mmscaffold.check.imported_code import ImportedCode, LargeFork

T = TypeVar("T")

# A loop that overrides one of these may do anything; run_iter only trains on one batch.
_METHODS_OF_LOOP = ("run", "run_epoch")


class ConfigView:
    """One config, with what the rules ask of it again and again.

    Attributes:
        config: The resolved config.
        known_code: The code that its ``custom_imports`` can reach.
        taken_as_whole: Whether a part of configs is looked at as if it were run.
    """

    def __init__(
        self, config: ResolvedConfig, known_code: KnownCode, *, taken_as_whole: bool = False
    ) -> None:
        self.config = config
        self.known_code = known_code
        self.taken_as_whole = taken_as_whole

    @property
    def path(self) -> Path:
        """The file."""
        return self.config.path

    @cached_property
    def folder(self) -> Path:
        """The folder that holds it."""
        return self.config.path.parent

    @property
    def root(self) -> Mapping[str, Any]:
        """The merged values."""
        return self.config.root

    @property
    def table(self) -> Upstream:
        """What is known about mmengine and mmdet."""
        return upstream()

    def get(self, key: str | KeyPath, default: Any = None) -> Any:
        """The value at a key path; what cannot be known counts as the default."""
        value = self.config.get(key, default)
        return default if isinstance(value, Unknown) else value

    def origin(self, key: str | KeyPath) -> Origin:
        """Where the value at a key path was written."""
        return self.config.origin(key)

    def found(self, key: str | KeyPath, message: str, hint: str, fix: Fix = ()) -> Diagnostic:
        """A finding at a key, or at the nearest key around it whose place is known."""
        path: KeyPath = (key,) if isinstance(key, str) else key
        while True:
            try:
                return at(self.config.origin(path), message, hint, fix)
            except ConfigError:
                if len(path) == 1:
                    raise
                path = path[:-1]

    @cached_property
    def plain(self) -> Mapping[str, Any]:
        """What sets the training, with classes as names, whatever the style."""
        return {key: to_plain(self.root[key]) for key in TRAINING_KEYS if key in self.root}

    @cached_property
    def loop(self) -> Mapping[str, Any] | None:
        """``train_cfg``, where it sets a training loop."""
        loop = self.plain.get("train_cfg")
        return loop if isinstance(loop, Mapping) else None

    @cached_property
    def upstream_loop(self) -> TrainLoop | None:
        """The train loop of mmengine that it uses; ``None`` if another, or not decided."""
        if self.loop is None:
            return None
        if "type" in self.loop:
            name = self.known_as(self.loop["type"], "LOOPS", overrides=_METHODS_OF_LOOP)
            return TRAIN_LOOPS.get(name or "")
        by_epoch = self.loop.get("by_epoch")
        return default_train_loop(by_epoch) if isinstance(by_epoch, bool) else None

    @cached_property
    def length(self) -> TrainingLength | None:
        """How long it trains; ``None`` if that is not known, or not at all (MMS163 tells)."""
        length = training_length(self.plain)
        return length if length is not None and length.maximum > 0 else None

    @cached_property
    def unit(self) -> Unit | None:
        """What the train loop counts, as far as that is known."""
        if self.length is not None:
            return self.length.unit
        if self.loop is None:
            return None
        if isinstance(self.loop.get("by_epoch"), bool):
            return default_train_loop(self.loop["by_epoch"]).unit
        row = TRAIN_LOOPS.get(self.known_as(self.loop.get("type"), "LOOPS") or "")
        return None if row is None else row.unit

    @cached_property
    def schedulers(self) -> list[Scheduler]:
        """The schedulers that are fully known."""
        return list(schedulers(self.plain))

    @cached_property
    def scheduler_dicts(self) -> list[tuple[KeyPath, Mapping[str, Any]]]:
        """Every scheduler as it is written."""
        return list(scheduler_dicts(self.plain))

    @cached_property
    def hooks(self) -> list[tuple[KeyPath, Mapping[str, Any]]]:
        """Every hook as it is written."""
        return list(hooks(self.plain))

    @cached_property
    def known_hooks(self) -> list[tuple[KeyPath, Mapping[str, Any], Hook]]:
        """The hooks of which something is known, each with that."""
        parts = {key: self.plain[key] for key in HOOK_KEYS if key in self.plain}
        own = {path: self.known_as(hook["type"], "HOOKS") for path, hook in self.hooks}
        named = dict(self.hooks)
        found = known_hooks(_with_types(parts, own), self.get("default_scope"))
        return [(path, named[path], row) for path, _, row in found]

    def known_as(self, value: Any, registry: str, overrides: tuple[str, ...] = ()) -> str | None:
        """The class of mmengine or mmdet that a ``type`` names, or the one it derives from.

        Args:
            value: The ``type``.
            registry: Where it is looked up.
            overrides: Methods by which a class of the project becomes something else.

        Returns:
            The name of the class without its module; the project's own, where nothing is known
            of it.
        """
        full, bare = full_name(value), class_name(value)
        if full is None or bare is None or self.table.registered(registry, full) is not None:
            return bare
        module = full.rpartition(".")[0]
        if module and module not in TABLED_SCOPES and not is_openmmlab(full):
            code = self.known_code.imported((module,), self.folder)
            found = code.upstream(full, overrides)
        else:
            own = self.imported_code
            found = own.upstream(bare, overrides) if own is not None else None
        return found.rpartition(".")[2] if found else bare

    @cached_property
    def custom_imports(self) -> tuple[str, ...] | None:
        """The modules that ``custom_imports`` names; ``None`` if none, or unknown ones."""
        imports = self.get("custom_imports.imports")
        named = [imports] if isinstance(imports, str) else imports
        if not isinstance(named, list | tuple) or not named:
            return None
        return tuple(named) if all(isinstance(one, str) for one in named) else None

    @cached_property
    def _dicts(self) -> Sequence[DictsBelow]:
        shared = self.known_code.parts
        return [
            shared.dicts(key, value)
            for key, value in self.root.items()
            if isinstance(value, dict | list | tuple)
        ]

    @property
    def dicts_with_delete(self) -> Iterator[tuple[KeyPath, dict[Any, Any]]]:
        """The dicts below the top level with ``_delete_``, each before those in it."""
        return (one for below in self._dicts for one in below.with_delete)

    @property
    def dotted_types(self) -> frozenset[str]:
        """The classes that it names by their modules, which mmengine imports for it."""
        return frozenset().union(*(below.dotted_types for below in self._dicts))

    @cached_property
    def _below(self) -> Mapping[str, PartsBelow]:
        shared, root = self.known_code.parts, self.root
        return {key: shared.below(key, root[key]) for key in KEYS_OF_PARTS if key in root}

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Everything that mmengine builds of this config, each part before those in it."""
        return tuple(part for below in self._below.values() for part in below.parts)

    def part_around(self, part: Part) -> Part | None:
        """The nearest part within whose dict another one stands, if any."""
        around = [
            one
            for one in self.parts_below(str(part.path[0]))
            if len(one.path) < len(part.path) and part.path[: len(one.path)] == one.path
        ]
        return max(around, key=lambda one: len(one.path), default=None)

    def parts_below(self, key: str) -> tuple[Part, ...]:
        """The parts below a key of the top level, and that which is its value."""
        return self._below[key].parts if key in self._below else ()

    def seen_in_parts(self, look: Callable[[Part], Iterable[T]]) -> Iterator[tuple[Part, T]]:
        """What a function finds in the parts, once for all configs that share them.

        Args:
            look: Looks at nothing but the part that it gets.
        """
        return (found for below in self._below.values() for found in below.seen(look))

    @property
    def absent_parts(self) -> Iterator[Part]:
        """The parts that no registry of the family has."""
        return (
            part for below in self._below.values() for part in below.found(self._look_up).absent
        )

    @property
    def misfits(self) -> Iterator[Misfit]:
        """The parts that their classes in the family cannot be built with."""
        return (
            one for below in self._below.values() for one in below.found(self._look_up).misfits
        )

    @cached_property
    def family(self) -> Family:
        """The classes of the packages of the family, as this config sees them."""
        return self.known_code.family(self.folder)

    @cached_property
    def _look_up(self) -> LookUp:
        return LookUp(self.family, self.scope, "default_scope" in self.root)

    def find(self, part: Part) -> Found:
        """What the registries of the family give for a part; those of the project count not."""
        return self._look_up.find(part)

    def scope_of(self, part: Part) -> str | None:
        """The scope in which a part is looked up, as ``scope_at`` says it of any dict."""
        return part.scope(self.scope)

    @cached_property
    def lazy_imports(self) -> tuple[str, ...]:
        """What a pure-Python config imports: dotted names of classes and modules."""
        named = [self.config.names.get(name) for name in self.config.imported]
        return tuple(one.dotted for one in named if isinstance(one, LazyName))

    @cached_property
    def imported_code(self) -> ImportedCode | None:
        """What those modules give; ``None`` if there are none, or unknown ones."""
        if self.custom_imports is None:
            return None
        return self.known_code.imported(self.custom_imports, self.folder)

    def is_own(self, name: str) -> bool:
        """Whether that code registers a class by a name, whatever the family has by it.

        Args:
            name: The name in a registry, without a scope.
        """
        own = self.imported_code
        return own is not None and own.knows(name)

    def is_of_a_package(self, part: Part) -> bool:
        """Whether a part is of a class as a package of the family has it in a release.

        That of the project is not, nor what a fork in the tree has and the package has not.
        """
        if self.is_own(part.bare):
            return False
        found = self.find(part)
        if found.verdict is not Verdict.KNOWN:
            return found.verdict is Verdict.THERE
        return any(is_released(one.dotted) for one in found.classes)

    @cached_property
    def forks(self) -> tuple[ImportedCode, ...]:
        """The packages of OpenMMLab that lie in the tree itself: they win over the table."""
        found = (self.known_code.fork(one, self.folder) for one in sorted(TABLED_PACKAGES))
        return tuple(one for one in found if one is not None)

    def code_registering(self, name: str) -> ImportedCode | None:
        """The code of the tree itself that registers a class, if any does.

        Args:
            name: The name in a registry, without a scope.
        """
        own = self.imported_code
        if own is not None and own.knows(name):
            return own
        if not self._large_forks:
            return None
        found = (fork.registering(name) for fork in self._large_forks)
        return next((one for one in found if one is not None), None)

    @cached_property
    def _large_forks(self) -> tuple[LargeFork, ...]:
        return self.known_code.large_forks(self.folder)

    @cached_property
    def is_runnable(self) -> bool:
        """Whether it is a whole config: a model and the data to train or test it with.

        What a name that begins with ``_base_`` marks is a part of configs, whatever it holds;
        one whose base is not there is not known as a whole.
        """
        if self.taken_as_whole:
            return True
        is_part = any(part.startswith("_base_") for part in self.path.parts)
        if is_part or "_base_" in self.root or not isinstance(self.get("model"), Mapping):
            return False
        return any(f"{mode}_dataloader" in self.root for mode in MODES)

    @cached_property
    def scope(self) -> str | None:
        """Its ``default_scope``; ``None`` where it cannot be known."""
        if "_base_" in self.root:
            return None
        scope = self.root.get("default_scope", ROOT_SCOPE)
        return scope if isinstance(scope, str) else None

    def scope_at(self, path: KeyPath) -> str | None:
        """The scope in which the ``type`` of a dict is looked up: ``_scope_``, or the default.

        Args:
            path: Of the dict.
        """
        written = written_scope(self.root, path)
        if written is None:
            return self.scope
        return written if isinstance(written, str) else None

    @cached_property
    def is_legacy(self) -> bool:
        """Whether it was written for MMDetection 2.x, where the same keys meant other things."""
        return len(legacy_keys(self.root)) > 1


def _with_types(value: Any, types: Mapping[KeyPath, str | None], path: KeyPath = ()) -> Any:
    """The same, with other types at some key paths."""
    if isinstance(value, Mapping):
        inner = {key: _with_types(one, types, (*path, key)) for key, one in value.items()}
        return {**inner, "type": types[path]} if types.get(path) else inner
    if isinstance(value, list | tuple):
        return [_with_types(one, types, (*path, index)) for index, one in enumerate(value)]
    return value


def class_name(value: Any) -> str | None:
    """The name of a class that a config names, without scope or module."""
    if isinstance(value, LazyName):
        value = value.dotted
    return value.rpartition(".")[2] if isinstance(value, str) else None


def full_name(value: Any) -> str | None:
    """The name of a class that a config names, with its scope or module."""
    if isinstance(value, LazyName):
        return value.dotted
    return value if isinstance(value, str) else None


def is_number(value: Any) -> TypeGuard[int]:
    """Whether a value is a whole number, and no bool."""
    return isinstance(value, int) and not isinstance(value, bool)
