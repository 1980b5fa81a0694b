"""What is known of the classes that code derives from, and that are no part of it.

Of mmengine and mmdet that is what all their supported versions have together; of the other
packages of the family, what their tables hold.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.facts.classes import Upstream, upstream
from mmscaffold.facts.classes.constructor import Constructor
from mmscaffold.facts.classes.known_class import KnownClass
from mmscaffold.facts.classes.tables import TABLED
from mmscaffold.project.family import Family

_TABLED = frozenset(one.package for one in TABLED)


class KnownBases:
    """The classes of the packages of the family, by the names of their definitions.

    Args:
        joined: Those of mmengine and mmdet; by default the table that comes with the tool.
    """

    def __init__(self, joined: Upstream | None = None) -> None:
        self._joined = joined or upstream()
        # No version is looked for: what is installed here need not be what the code runs with.
        self._family = Family(lambda _: None)
        self._found: dict[str, KnownClass | None] = {}

    def _other(self, dotted: str) -> KnownClass | None:
        """A class of one of the other packages, also by a name under which it is exported."""
        package, _, rest = dotted.partition(".")
        if "." not in rest or package not in _TABLED or package in self._joined.versions:
            return None
        if dotted not in self._found:
            classes = self._family.named(dotted) or self._by_name(dotted)
            self._found[dotted] = classes[0] if classes else None
        return self._found[dotted]

    def _by_name(self, dotted: str) -> tuple[KnownClass, ...]:
        """The one class of a package that a name can mean in a module that only imports it."""
        package, _, name = dotted.partition(".")
        tables = self._family.tables(package)
        named = [table.named(name.rpartition(".")[2]) for table in tables]
        return tuple(one[0] for one in named if len(one) == 1)

    def canonical(self, dotted: str) -> str:
        """Where a class is defined: ``mmengine.runner.BaseLoop`` is one of ``base_loop``."""
        other = self._other(dotted)
        return self._joined.defined(dotted) if other is None else other.dotted

    def knows(self, dotted: str) -> bool:
        """Whether a class is known."""
        return self._joined.knows(dotted) or self._other(dotted) is not None

    def lineage(self, dotted: str) -> Iterator[str]:
        """A class and all its bases, nearest first."""
        other = self._other(dotted)
        if other is None:
            yield from self._joined.lineage(dotted)
            return
        seen = set()
        for one in self._family.lineage(other):
            # What the joined table has, it says of all versions.
            name = self.canonical(one if isinstance(one, str) else one.dotted)
            if name not in seen:
                seen.add(name)
                yield name

    def properties(self, dotted: str) -> frozenset[str]:
        """The properties of a class and its bases, as far as known; none of them has a setter."""
        if self._other(dotted) is None:
            return self._joined.properties(dotted)
        # The tables do not tell methods from properties.
        return frozenset()

    def defines(self, dotted: str, name: str) -> bool:
        """Whether a class itself has a method or property of a name; ``False`` if unknown."""
        other = self._other(dotted)
        if other is None:
            return self._joined.defines(dotted, name)
        if name == "__init__":
            return other.arguments is not None
        return name in other.members

    def methods(self, dotted: str) -> frozenset[str]:
        """The methods of a class of mmengine or mmdet, and of its bases."""
        return self._joined.methods(dotted)

    def constructor(self, dotted: str) -> Constructor | None:
        """What a class can be built with, the constructors of its bases included.

        Returns:
            ``None`` if the class, or a base that matters, is not known.
        """
        if self._other(dotted) is None:
            return self._joined.constructor(dotted)
        return self._family.constructor_of(dotted)

    def registered(self, package: str, registry: str, name: str) -> str | None:
        """The class that a registry of mmengine or mmdet itself has under a name.

        Args:
            package: The package that makes the registry, such as ``mmdet``.
            registry: The registry, such as ``MODELS``.
            name: The name.

        Returns:
            ``None`` where some release does not have it, and for the other packages: which of
            their modules they import is not known.
        """
        if package not in self._joined.versions:
            return None
        joined = self._joined.registered(registry, name)
        if joined is not None:
            return joined if joined.startswith(f"{package}.") else None
        tables = self._family.tables(package)
        found = [table.registered.get(registry, {}).get(name, "") for table in tables]
        return found[0] if all(found) else None
