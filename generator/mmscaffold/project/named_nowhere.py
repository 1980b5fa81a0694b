"""A class map whose names exist nowhere is a misspelt one: refused, with what was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from mmscaffold.config.text.disk import is_file
from mmscaffold.facts.base_classes import RUNNER_NAME
from mmscaffold.facts.classes import upstream
from mmscaffold.facts.classes.tables import PACKAGES_OF_SCOPE, TABLED
from mmscaffold.facts.packages import PACKAGES
from mmscaffold.project.class_map import REGISTRIES, ClassMap
from mmscaffold.project.code import Package
from mmscaffold.project.errors import ProjectError
from mmscaffold.project.family import Verdict
from mmscaffold.project.packages_here import family_of, module_file, package_here
from mmscaffold.project.project import Project, named_entries
from mmscaffold.project.registered import package_folder
from mmscaffold.project.registrations import registrations
from mmscaffold.project.table import Table, find_table

_WITHOUT_TABLE = frozenset(PACKAGES) - {one.package for one in TABLED}
_USUAL_SCOPES = ("mmdet", "mmengine")


def refuse_unknown_names(project: Project, mapped: Iterable[str] = ()) -> None:
    """Refuse a package that is nowhere, and classes that neither it nor any other package has.

    What cannot be looked up is let pass: a class of a package that is not installed and that no
    table knows, or one of a package that registers its classes by names that only running it
    could tell.

    Args:
        project: The project.
        mapped: What ``--map`` named.

    Raises:
        ProjectError: For the first name that is nowhere.
    """
    table = find_table(project.root)
    if table is None:
        return
    names = _Names(table, project.class_map)
    names.refuse_package()
    for theirs, ours, where in named_entries(project, mapped):
        place = where or table.where("runner" if theirs == RUNNER_NAME else theirs)
        names.refuse_upstream(theirs, place)
        names.refuse_own(ours, place)


class _Names:
    """What a project sees."""

    def __init__(self, table: Table, class_map: ClassMap) -> None:
        self._table = table
        self._root = table.file.parent
        self._class_map = class_map
        self._family = family_of(self._root)
        self._code: Package | None = None
        self._unread: list[ProjectError] = []

    def refuse_package(self) -> None:
        name = self._class_map.package
        if package_folder(self._root, name) or module_file(self._root, name):
            return
        there = [
            one.parent.name
            for folder in (self._root, self._root / "src")
            for one in sorted(folder.glob("*/__init__.py"))
        ]
        near = difflib.get_close_matches(name, there, n=1)
        raise ProjectError(
            f"package = {name!r}: no such package lies in {self._root}, nor is it installed",
            where=self._table.where("package"),
            hint=f"Did you mean {near[0]!r}?"
            if near
            else f"Packages there: {', '.join(there) or 'none'}.",
        )

    def refuse_upstream(self, name: str, where: str) -> None:
        scope, _, bare = name.rpartition(".")
        if name == RUNNER_NAME or self._is_upstream(scope, bare):
            return
        scopes = (scope,) if scope in PACKAGES_OF_SCOPE else _USUAL_SCOPES
        known = {
            one for each in scopes for kind in REGISTRIES for one in self._family.names(each, kind)
        }
        raise ProjectError(
            f"{name!r} is to be replaced, and no package has a class of that name",
            where=where,
            hint=_meant(bare, known if scope else known | set(self._own()), f"{scope}."),
        )

    def _is_upstream(self, scope: str, bare: str) -> bool:
        if not scope:
            if any(bare in upstream().names(registry) for registry in REGISTRIES):
                return True
            # A package of which nothing is known may have it.
            if any(package_here(self._root, one) for one in _WITHOUT_TABLE):
                return True
            # What some package may make of names at run time is named with its scope.
            not_there = (Verdict.ABSENT, Verdict.UNSURE)
            return bare in self._own() or any(
                self._scope_has(one, bare, not_there) for one in PACKAGES_OF_SCOPE
            )
        if scope in PACKAGES_OF_SCOPE:
            return self._scope_has(scope, bare)
        top = scope.partition(".")[0]
        if top == self._class_map.package.partition(".")[0]:
            return bare in self._own()
        tables = self._family.tables(top) if top in PACKAGES else ()
        return not tables or any(one.named(bare) for one in tables)

    def _scope_has(
        self, scope: str, bare: str, not_there: Sequence[Verdict] = (Verdict.ABSENT,)
    ) -> bool:
        found = (self._family.find(scope, registry, bare) for registry in sorted(REGISTRIES))
        if any(one.verdict not in not_there for one in found):
            return True
        packages = PACKAGES_OF_SCOPE[scope]
        return any(one.named(bare) for name in packages for one in self._family.tables(name))

    def refuse_own(self, name: str, where: str) -> None:
        if name in self._class_map.modules:
            return
        module, _, bare = name.rpartition(".")
        if module and module not in PACKAGES_OF_SCOPE:
            self._refuse_path(module, bare, where)
            return
        if bare in self._own() or self._is_open() or self._is_upstream(module, bare):
            return
        raise ProjectError(
            f"{name!r} is to replace a class, and {self._class_map.package} has no class of that "
            "name",
            where=where,
            hint=_meant(bare, self._own()),
        )

    def _refuse_path(self, module: str, bare: str, where: str) -> None:
        """Refuse a class that is named by where it lies, and lies elsewhere."""
        top = module.partition(".")[0]
        file = module_file(self._root, module)
        if top != self._class_map.package.partition(".")[0]:
            if file is None and module_file(self._root, top) is not None:
                raise ProjectError(
                    f"there is no module {module!r}", where=where, hint="Correct the name."
                )
            return
        code = self._package()
        dotted = f"{module}.{bare}"
        canonical = code.canonical(dotted)
        known = code.modules.get(canonical.rpartition(".")[0])
        if canonical in code.classes or self._unread:
            return
        if known is not None and (known.stars or canonical.rpartition(".")[2] in known.names):
            return
        lying = [one.dotted for one in code.classes.values() if one.node.name == bare]
        raise ProjectError(
            f"there is no module {module!r}" if file is None else f"{module} has no {bare!r}",
            where=where,
            hint=f"Did you mean {lying[0]!r}?" if lying else _meant(bare, self._own()),
        )

    def _package(self) -> Package:
        """The code of the project's package."""
        if self._code is None:
            name = self._class_map.package
            folder = package_folder(self._root, name) or self._installed(name)
            self._code = (
                Package.read(folder, name, self._unread) if folder is not None else Package({})
            )
        return self._code

    def _installed(self, name: str) -> Path | None:
        file = module_file(self._root, name)
        return file.parent if file is not None and is_file(file.parent / "__init__.py") else None

    def _own(self) -> list[str]:
        """The names of the project's classes, and those that they are registered under."""
        return list(dict.fromkeys(self._own_names()))

    def _own_names(self) -> Iterator[str]:
        code = self._package()
        for one in registrations(code):
            yield from one.names
        for definition in code.classes.values():
            yield definition.node.name

    def _is_open(self) -> bool:
        """Whether the package may register names that reading it does not show."""
        code = self._package()
        if self._unread or any(one.is_open for one in registrations(code)):
            return True
        # Single modules, and packages that import what is not read, may have anything.
        return not code.modules


def _meant(name: str, known: Iterable[str], before: str = "") -> str:
    folded = {one.lower(): one for one in known}
    near = difflib.get_close_matches(name.lower(), folded, n=2, cutoff=0.7)
    before = before if len(before) > 1 else ""
    if near:
        return f"Did you mean {' or '.join(repr(before + folded[one]) for one in near)}?"
    return "Correct the name, or take the entry out."
