"""The class map: upstream class -> project class."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from mmscaffold.facts.base_classes import RUNNER_NAME
from mmscaffold.facts.packages import TABLED_SCOPES
from mmscaffold.project.errors import ProjectError

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
    """

    package: str
    runner: str | None = None
    classes: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)
    own_names: Mapping[str, str] = field(default_factory=dict)

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

    def replacement(self, name: str, written_scope: str | None = None) -> str | None:
        """The project class for a ``type``, whose registry scope is kept.

        Args:
            name: As a config writes it: ``RetinaNet`` or ``mmdet.RetinaNet``.
            written_scope: The ``_scope_`` in which it is looked up, if one is written.

        Returns:
            The name to write instead, or ``None`` if the map has no such class.
        """
        scope, dot, bare = name.rpartition(".")
        package = scope.partition(".")[0]
        # mmpretrain.ResNet is another class than mmdet's, which a map names without a scope.
        is_ours = not package or package in TABLED_SCOPES
        if not package and written_scope not in {None, *TABLED_SCOPES}:
            # The map may name it with that scope.
            new = self.classes.get(f"{written_scope}.{name}")
            return None if new == bare else new
        new = self.classes.get(name) or (self.classes.get(bare) if is_ours else None)
        if new is None or new == bare:
            return None
        # A scope names the registry that the class is found in ("mmdet.RetinaNet"), and
        # a subclass registers where its base did. A dotted path is complete on its own, and
        # what is named by one ("mmdet.models.RetinaNet") is named by its registry then.
        return new if "." in new or "." in scope else f"{scope}{dot}{new}"


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
