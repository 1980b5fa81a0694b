"""The class map: upstream class -> project class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ClassMap:
    """What a config must name so that it uses a project's classes.

    Attributes:
        package: The project's package, which registers the classes when imported
            through ``custom_imports``.
        runner: The class for ``runner_type``; ``None`` leaves the Runner alone.
        classes: The project class for each upstream class, by registered name.
    """

    package: str
    runner: str | None = None
    classes: Mapping[str, str] = field(default_factory=dict)

    def replacement(self, name: str) -> str | None:
        """The project class for a ``type``, whose registry scope is kept.

        Args:
            name: As a config writes it: ``RetinaNet`` or ``mmdet.RetinaNet``.

        Returns:
            The name to write instead, or ``None`` if the map has no such class.
        """
        scope, dot, bare = name.rpartition(".")
        new = self.classes.get(bare)
        if new is None or new == bare:
            return None
        # A scope names the registry that the class is found in ("mmdet.RetinaNet"), and
        # a subclass registers where its base did. A dotted path is complete by itself.
        return new if "." in new else f"{scope}{dot}{new}"
