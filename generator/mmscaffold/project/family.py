"""Every class of the family, found as mmengine's registries find them.

mmengine/registry/registry.py, ``Registry.get``: a name without a scope is looked up in the
registry of the scope that holds, then in those of its parents; ``mmdet.FasterRCNN`` in that of
mmdet; what is in none is taken for the dotted path of a class.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from pathlib import Path

from mmscaffold.facts.building import HANDED_ON
from mmscaffold.facts.classes.constructor import (
    WITHOUT_ARGUMENTS,
    Constructor,
    joined_constructors,
)
from mmscaffold.facts.classes.known_class import KnownClass
from mmscaffold.facts.classes.package_table import PackageTable
from mmscaffold.facts.classes.tables import (
    OPTIMIZER_PREFIXES,
    OPTIMIZERS,
    PACKAGES_OF_SCOPE,
    TABLED,
    table_of,
)
from mmscaffold.facts.packages import PACKAGES, ROOT_SCOPE
from mmscaffold.project.class_cache import Source, source_of
from mmscaffold.project.lineage import Lineages

# Registries that nothing within a model or a transform builds from.
_NOT_OF_MODELS = frozenset({"FUNCTIONS", "MIXED_PRECISIONS", "OPTIMIZERS", "PLUGINS"})
_PACKAGES = frozenset(PACKAGES) | {one.package for one in TABLED}


class Verdict(enum.Enum):
    """What is known of a name."""

    KNOWN = "a class that is known"
    THERE = "there, but not known as a class"
    ABSENT = "nowhere in the registries that are looked through"
    UNSURE = "not known"


class Found:
    """What a look-up found; a family gives the same one for the same look-up.

    Args:
        verdict: What is known.
        classes: The class, in every variant of its package that may be installed.
        registries: The registries in which it is.
    """

    def __init__(
        self,
        verdict: Verdict,
        classes: tuple[KnownClass, ...] = (),
        registries: frozenset[str] = frozenset(),
    ) -> None:
        self.verdict = verdict
        self.classes = classes
        self.registries = registries


UNSURE = Found(Verdict.UNSURE)
"""What is not looked up."""
ABSENT = Found(Verdict.ABSENT)
"""A dotted path at which no class is."""


class Family:
    """The classes of the packages of the family.

    Args:
        locate: Finds the folder of a package that lies in the tree of a project, or is
            installed, by its import name.
    """

    def __init__(self, locate: Callable[[str], Path | None]) -> None:
        self._locate = locate
        self._tables: dict[str, tuple[PackageTable, ...]] = {}
        self._lineages: dict[int, list[KnownClass | str]] = {}
        self._here: dict[str, PackageTable] = {}
        self._found: dict[tuple[str, str | None, str], Found] = {}
        self._constructors: dict[Found, Constructor | None] = {}
        self._of_bases: dict[str, Constructor | None] = {}
        self._orders = Lineages(self._bases)
        self.described: dict[str, str] = {}
        """For each package that was asked for, where its classes were read."""

    def tables(self, package: str) -> tuple[PackageTable, ...]:
        """What is known of a package: of the one that is there, else of all its releases."""
        if package not in self._tables:
            self._tables[package] = tuple(self._sources(package))
        return self._tables[package]

    def table_here(self, package: str) -> PackageTable | None:
        """What is known of a package as it lies here; ``None`` if it does not, or is torn."""
        self.tables(package)
        return self._here.get(package)

    def _sources(self, package: str) -> Iterator[PackageTable]:
        folder = self._locate(package)
        source: Source | None = source_of(folder, package) if folder is not None else None
        if source is not None:
            self.described[package] = source.described
            self._here[package] = source.table
            yield source.table
            if not source.is_editable:
                return
        rows = [one for one in TABLED if one.package == package]
        if source is None:
            names = " or ".join(f"{one.distribution} {one.version}" for one in rows)
            self.described[package] = f"the table of {names}" if rows else "nothing"
        # A part of a package that lies in a tree does not say what the rest of it has.
        for one in rows:
            yield table_of(one)

    def find(self, scope: str, registry: str | None, name: str) -> Found:
        """What a registry gives for a name.

        Args:
            scope: The scope that holds where the name stands.
            registry: ``MODELS``, ...; ``None`` for any.
            name: The name, maybe with a scope; or the dotted path of a class.
        """
        key = (scope, registry, name)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._find(scope, registry, name)
        return found

    def _find(self, scope: str, registry: str | None, name: str) -> Found:
        start, _, rest = name.partition(".")
        if rest:
            if "." not in rest and start in PACKAGES_OF_SCOPE:
                scope, name = start, rest
            else:
                return self._dotted(name)
        if scope not in PACKAGES_OF_SCOPE or "/" in name:
            return UNSURE
        if registry in (None, "OPTIMIZERS") and (
            name in OPTIMIZERS or name.startswith(OPTIMIZER_PREFIXES)
        ):
            return Found(Verdict.THERE, registries=frozenset({"OPTIMIZERS"}))
        classes: list[KnownClass] = []
        registries: set[str] = set()
        is_open = False
        for package in self._packages(scope):
            for table in self.tables(package):
                for kind, names in table.registered.items():
                    if name in names:
                        registries.add(kind)
                        known = table.find(names[name]) if names[name] else None
                        if registry in (None, kind) and known is not None:
                            classes.append(known)
                wanted = table.open - _NOT_OF_MODELS if registry is None else {registry}
                is_open = is_open or bool(table.open & wanted - {"OPTIMIZERS"})
            if registries and (registry is None or registry in registries):
                # What a scope has, its parents are not asked for.
                break
        there = registry in registries if registry is not None else bool(registries)
        if there:
            verdict = Verdict.KNOWN if classes else Verdict.THERE
            return Found(verdict, tuple(classes), frozenset(registries))
        if is_open:
            return Found(Verdict.UNSURE, registries=frozenset(registries))
        return Found(Verdict.ABSENT, registries=frozenset(registries))

    def _dotted(self, dotted: str) -> Found:
        classes = self.named(dotted)
        if classes:
            return Found(Verdict.KNOWN, classes)
        return ABSENT if self._is_nowhere(dotted) else UNSURE

    def _is_nowhere(self, dotted: str) -> bool:
        """Whether no release of a package has a class of that name, but the module is known.

        mmengine/utils/misc.py, ``get_object_from_string``, takes any object of any module, so a
        class that another module imports counts, and what may be no class is not known.
        """
        module, _, name = dotted.rpartition(".")
        releases = self._releases(dotted)
        return (
            name[:1].isupper()
            and any(table.has_below(module) for table in releases)
            and not any(table.named(name) for table in releases)
        )

    def names_below(self, module: str) -> list[str]:
        """The classes that a module, or a package's folder, has or may import from below."""
        start = f"{module}."
        return sorted(
            {
                one.rpartition(".")[2]
                for table in self._releases(module)
                for one in table
                if one.startswith(start)
            }
        )

    def named(self, dotted: str) -> tuple[KnownClass, ...]:
        """A class by its dotted name, in every variant of its package that may be installed."""
        found = (table.find(dotted) for table in self._releases(dotted))
        return tuple(one for one in found if one is not None)

    def _releases(self, dotted: str) -> tuple[PackageTable, ...]:
        """The tables in which a class may be, by the name of its definition."""
        package = dotted.partition(".")[0]
        return self.tables(package) if package in _PACKAGES else ()

    @staticmethod
    def _packages(scope: str) -> tuple[str, ...]:
        own = PACKAGES_OF_SCOPE[scope]
        return own if scope == ROOT_SCOPE else (*own, *PACKAGES_OF_SCOPE[ROOT_SCOPE])

    def names(self, scope: str, registry: str | None) -> list[str]:
        """Every name that can be given in a scope, sorted; none in one that is not known."""
        if scope not in PACKAGES_OF_SCOPE:
            return []
        return sorted(
            {
                name
                for package in self._packages(scope)
                for table in self.tables(package)
                for kind, names in table.registered.items()
                if registry in (None, kind)
                for name in names
            }
        )

    def may_lend(self, scope: str, other: str, name: str) -> bool:
        """Whether a package of a scope may register a class of its own with another package.

        Those are in no registry of their own package, or derive from a class of the other one:
        mmaction/models/roi_heads/__init__.py registers heads with mmdet's registry, in a loop.
        """
        packages = PACKAGES_OF_SCOPE.get(other, ())
        for package in PACKAGES_OF_SCOPE.get(scope, ()):
            for table in self.tables(package):
                own = any(name in names for names in table.registered.values())
                for known in table.named(name):
                    bases = {_dotted(one).partition(".")[0] for one in self.lineage(known)}
                    if not own or bases.intersection(packages):
                        return True
        return False

    def is_popped(self, scope: str, key: str) -> bool:
        """Whether some code of a scope takes a key out of dicts before it builds of them."""
        return any(
            key in table.popped
            for package in self._packages(scope if scope in PACKAGES_OF_SCOPE else ROOT_SCOPE)
            for table in self.tables(package)
        )

    def given(self, found: Found) -> frozenset[str] | None:
        """What the code of a class may put into the dicts of its parts before it builds these.

        Args:
            found: What ``find`` gave for it.

        Returns:
            ``None`` where a base of it is not known.
        """
        given: set[str] = set()
        for known in found.classes:
            for one in self.lineage(known):
                if isinstance(one, KnownClass):
                    given |= one.given
                elif one not in WITHOUT_ARGUMENTS:
                    return None
        return frozenset(given) if found.classes else None

    def lineage(self, known: KnownClass) -> list[KnownClass | str]:
        """A class and all its bases in Python's order; a base that is not known by its name."""
        # The tables keep their classes: none of them loses its identity to another one.
        if id(known) not in self._lineages:
            self._lineages[id(known)] = self._lineage(known)
        return self._lineages[id(known)]

    def _lineage(self, known: KnownClass) -> list[KnownClass | str]:
        package = known.dotted.partition(".")[0]
        releases = enumerate(self.tables(package))
        number = next((one for one, table in releases if table.find(known.dotted) is known), 0)
        bases = self._orders.of(f"{known.dotted}@{number}")[1:]
        return [known, *(self._variant(one) or one for one in bases)]

    def _variant(self, name: str) -> KnownClass | None:
        """A class of one of the releases of its package: ``mmdet.models.FPN@1``."""
        dotted, _, number = name.rpartition("@")
        tables = self.tables(dotted.partition(".")[0]) if dotted else ()
        return tables[int(number)].find(dotted) if tables else None

    def _bases(self, name: str) -> list[str]:
        known = self._variant(name)
        if known is None:
            return []
        package, number = known.dotted.partition(".")[0], int(name.rpartition("@")[2])
        found = []
        for base in known.bases:
            tables = list(enumerate(self._releases(base)))
            if base.startswith(f"{package}."):
                # A class derives from those of its own release.
                tables.sort(key=lambda one: one[0] != number)
            having = ((one, table.find(base)) for one, table in tables)
            found.append(next((f"{one.dotted}@{place}" for place, one in having if one), base))
        return found

    def constructor_of(self, dotted: str) -> Constructor | None:
        """What a class can be built with as the base of another, by its dotted name.

        A mixin hands on to what comes after it in the order of that one's bases.
        """
        if dotted not in self._of_bases:
            found = self._dotted(dotted) if "." in dotted else UNSURE
            self._of_bases[dotted] = self._joined(found.classes, is_base=True)
        return self._of_bases[dotted]

    def constructor(self, found: Found) -> Constructor | None:
        """What a class can be built with, whichever variant of its package is installed.

        Args:
            found: What ``find`` gave for it.

        Returns:
            ``None`` where that cannot be told.
        """
        if found not in self._constructors:
            self._constructors[found] = self._joined(found.classes)
        return self._constructors[found]

    def _joined(
        self, classes: tuple[KnownClass, ...], *, is_base: bool = False
    ) -> Constructor | None:
        found = [self._constructor(one, is_base=is_base) for one in classes]
        parts = [one for one in found if one is not None]
        if not parts or len(parts) < len(found):
            return None
        return Constructor(
            frozenset().union(*(one.arguments for one in parts)),
            frozenset.intersection(*(one.required for one in parts)),
            any(one.is_open for one in parts),
        )

    def _constructor(self, known: KnownClass, *, is_base: bool = False) -> Constructor | None:
        parts: list[Constructor] = []
        for one in self.lineage(known):
            if isinstance(one, str):
                if one in WITHOUT_ARGUMENTS:
                    continue
                return None
            # Of a class derived from it, its own code may take out what it hands on.
            hands_on_in_vain = one.dotted in HANDED_ON and one == known and not is_base
            if one.is_open and not hands_on_in_vain:
                return None
            if one.arguments is None:
                continue
            parts.append(
                Constructor(
                    frozenset(one.arguments),
                    one.required,
                    one.hands_on,
                    one.supplied,
                    one.arguments,
                    one.passed,
                )
            )
            if not one.hands_on:
                break
        if not parts:
            if not known.bases:
                # A mixin, whose methods something else calls with what the config says: it is
                # not built at all, as FlamingoLMAdapter.
                return None
            return Constructor(frozenset(), frozenset(), is_open=False)
        joined = joined_constructors(parts)
        if joined is None or not joined.is_open or is_base:
            return joined
        # All bases are known, and none of them takes what no other does.
        return Constructor(joined.arguments, joined.required, is_open=False)


def _dotted(one: KnownClass | str) -> str:
    return one if isinstance(one, str) else one.dotted
