"""The class map: upstream class -> project class."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from mmscaffold.facts.base_classes import RUNNER_NAME
from mmscaffold.facts.classes import upstream
from mmscaffold.facts.packages import TABLED_SCOPES
from mmscaffold.project.errors import ProjectError
from mmscaffold.project.stand_ins import Declined

REGISTRIES = frozenset({"RUNNERS", "LOOPS", "MODELS", "HOOKS"})
"""Where the classes are registered that a migration replaces."""

_ENTRY = re.compile(r"([^\W\d][\w.]*)=([^\W\d][\w.]*(?::[^\W\d]\w*)?)")


@dataclass(frozen=True)
class ClassMap:
    """What a config must name so that it uses a project's classes.

    Attributes:
        package: The project's package, which registers the classes when imported
            through ``custom_imports``.
        runner: The class for ``runner_type``; ``None`` leaves the Runner alone.
        classes: The project class for each upstream class, by registered name.
        modules: The module that defines each class of the project, where that is known.
        own_names: The names of the classes that are registered under another.
        declined: For each upstream class, the classes of the project that derive from it and
            are not taken by themselves.
        unread: The files of the package that could not be read, each with the reason.
    """

    package: str
    runner: str | None = None
    classes: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)
    own_names: Mapping[str, str] = field(default_factory=dict)
    declined: Mapping[str, tuple[Declined, ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    def locate(self, name: str) -> str | None:
        """The dotted name by which a class of the project can be imported.

        Args:
            name: As a config would name it: ``MyRetinaNet``, or already dotted.
        """
        if "." in name:
            return name
        if name not in self.modules:
            return None
        return f"{self.modules[name]}.{self.own_names.get(name, name)}"

    def replacement(
        self, name: str, written_scope: str | None = None, default_scope: str | None = None
    ) -> str | None:
        """The project class for a ``type``, whose registry scope is kept.

        Args:
            name: As a config writes it: ``RetinaNet`` or ``mmdet.RetinaNet``.
            written_scope: The ``_scope_`` in which it is looked up, if one is written.
            default_scope: The ``default_scope`` of the config, if it is known.

        Returns:
            The name to write instead, or ``None`` if the map has no such class.
        """
        scope, dot, bare = name.rpartition(".")
        package = scope.partition(".")[0]
        if not package and written_scope not in {None, *TABLED_SCOPES}:
            # The map may name it with that scope.
            new = self.classes.get(f"{written_scope}.{name}")
            return None if new == bare else new
        key = self.key_of(name, default_scope, self.classes)
        new = None if key is None else self.classes[key]
        if new is None or new == bare:
            return None
        # A scope names the registry that the class is found in ("mmdet.RetinaNet"), and
        # a subclass registers where its base did. A dotted path is complete on its own, and
        # what is named by one ("mmdet.models.RetinaNet") is named by its registry then.
        return new if "." in new or "." in scope else f"{scope}{dot}{new}"

    def key_of(
        self, name: str, default_scope: str | None, keys: Mapping[str, object]
    ) -> str | None:
        """The key of a map that means the class that a config names.

        A bare name means mmengine's or mmdet's class, and any other package's that has a name
        of its own: ``SPOS`` is ``mmrazor.SPOS``, but ``mmpretrain.ResNet`` is another class than
        ``ResNet``.

        Args:
            name: As a config writes it; pure-Python ones write ``xtuner.model.X``.
            default_scope: The ``default_scope`` of the config, if it is known.
            keys: A map by upstream classes.
        """
        scope, _, bare = name.rpartition(".")
        package = scope.partition(".")[0]
        if name in keys:
            return name
        if bare in keys and (not package or package in TABLED_SCOPES):
            return bare
        alike = [key for key in keys if key.rpartition(".")[2] == bare]
        if len(alike) != 1:
            return None
        of_key = alike[0].partition(".")[0] if "." in alike[0] else ""
        if package and of_key:
            return alike[0] if package == of_key else None
        is_unique = not any(bare in upstream().names(registry) for registry in REGISTRIES)
        same_scope = not package and of_key == (default_scope or "")
        return alike[0] if is_unique or same_scope else None


def with_mapped(class_map: ClassMap, entries: Iterable[str]) -> ClassMap:
    """A class map with some entries replaced or added.

    Args:
        class_map: The map of the project.
        entries: Each ``Upstream=Ours``, ``Upstream=package.module.Ours`` or
            ``Upstream=package.module:Ours``. ``Runner`` as upstream means the Runner.

    Raises:
        ProjectError: If an entry has another form.
    """
    classes = dict(class_map.classes)
    runner = class_map.runner
    for entry in entries:
        match = _ENTRY.fullmatch(entry)
        if match is None:
            raise ProjectError(
                f"--map {entry!r} is not a valid pair of classes",
                hint="Write --map RetinaNet=my_project.models:MyRetinaNet.",
            )
        upstream, ours = match.group(1), match.group(2).replace(":", ".")
        if upstream == RUNNER_NAME:
            runner = ours
        else:
            classes[upstream] = ours
    return replace(class_map, runner=runner, classes=classes)
