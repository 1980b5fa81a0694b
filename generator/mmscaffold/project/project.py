"""Find a project and read its ``[tool.mmscaffold]`` table."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmscaffold.facts.base_classes import RUNNER_NAME
from mmscaffold.project.class_map import ClassMap, with_mapped
from mmscaffold.project.errors import ProjectError
from mmscaffold.project.registered import package_folder, scanned_class_map
from mmscaffold.project.table import FILE, TABLE, Table, find_table, read_table

Entry = tuple[str, str, str | None]
_KEYS = {"package", "runner", "classes", "check"}
_DOTTED_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_HINT = (
    "Name a project with --project DIR, or create one with `mmscaffold new DIR`. A project is "
    f"a folder whose pyproject.toml has a [{TABLE}] table."
)


@dataclass(frozen=True)
class Project:
    """A project whose classes configs can be moved onto.

    Attributes:
        root: The folder that holds its ``pyproject.toml``.
        class_map: What its ``[tool.mmscaffold]`` table says, and what its package registers
            beside that.
    """

    root: Path
    class_map: ClassMap


def find_project(starts: Iterable[Path], mapped: Iterable[str] = ()) -> Project:
    """The nearest project in or above one of some folders, tried in order.

    Args:
        starts: The folders.
        mapped: Entries that win over what the project says; see ``load_project``.

    Raises:
        ProjectError: If none of them lies in a project, or its table is wrong.
    """
    tried = []
    for start in starts:
        tried.append(start)
        table = find_table(start)
        if table is not None:
            return _project(table, mapped)
    looked = " or ".join(str(path) for path in dict.fromkeys(tried))
    raise ProjectError(f"no project in or above {looked}", hint=_HINT)


def load_project(root: Path, mapped: Iterable[str] = ()) -> Project:
    """Read the project in a folder.

    Beside what its table names stands what the package registers, where that can stand in for
    what it derives from.

    Args:
        root: The folder.
        mapped: Pairs ``Upstream=Ours`` that win over what the project says.

    Raises:
        ProjectError: If it has no ``pyproject.toml`` with a ``[tool.mmscaffold]`` table,
            or the table has an unknown key, misses ``package`` or holds no class names,
            or the package registers two classes for one, and the table has no classes.
    """
    file = root / FILE
    if not file.is_file():
        raise ProjectError(f"no {FILE} in {root}", hint=_HINT)
    table = read_table(file)
    if table is None:
        raise ProjectError(f"has no [{TABLE}] table", where=str(file), hint=_HINT)
    return _project(table, mapped)


def named_entries(project: Project, mapped: Iterable[str]) -> Iterator[Entry]:
    """What a project and ``--map`` name: what its package registers beside that is there anyway.

    Yields:
        The upstream class, that of the project, and where they are named: ``None`` for the table.
    """
    table = find_table(project.root)
    values = table.values if table is not None else {}
    if "runner" in values:
        yield RUNNER_NAME, values["runner"], None
    yield from ((theirs, ours, None) for theirs, ours in _flat(values.get("classes", {})))
    for entry in mapped:
        theirs, _, ours = entry.partition("=")
        yield theirs, ours.replace(":", "."), f"--map {entry}"


def _project(table: Table, mapped: Iterable[str]) -> Project:
    root = table.file.parent
    class_map = _TableReader(table).class_map()
    folder = package_folder(root, class_map.package)
    class_map = with_mapped(class_map, mapped)
    if folder is not None:
        class_map = scanned_class_map(folder, class_map, table)
    return Project(root, class_map)


def _flat(classes: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """The entries of a table of classes: ``mmrazor.SPOS = "X"`` without quotes is a table."""
    for key, value in classes.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


class _TableReader:
    """Turns the TOML table into a ClassMap; every complaint names its line."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._values = table.values

    def class_map(self) -> ClassMap:
        table = self._values
        for key in table:
            if key not in _KEYS:
                near = difflib.get_close_matches(key, _KEYS, n=1)
                meant = f"did you mean {near[0]!r}?" if near else f"known: {sorted(_KEYS)}."
                raise self._error(key, f"unknown key {key!r} in [{TABLE}]", meant.capitalize())
        if "package" not in table:
            raise self._error(
                "[tool.mmscaffold]",
                f"[{TABLE}] does not say which package registers the classes",
                'Add package = "my_project".',
            )
        package = self._name("package", table["package"])
        runner = self._name("runner", table["runner"]) if "runner" in table else None
        classes = table.get("classes", {})
        if not isinstance(classes, dict):
            raise self._error("classes", "classes must be a table", f"Write [{TABLE}.classes].")
        classes = dict(_flat(classes))
        for upstream, replacement in classes.items():
            self._name(upstream, replacement)
            if replacement != upstream and replacement in classes:
                raise self._error(
                    upstream,
                    f"{upstream} becomes {replacement}, which itself becomes "
                    f"{classes[replacement]}",
                    "A second migration would change the class again; map each class once.",
                )
        return ClassMap(package, runner, dict(classes))

    def _name(self, key: str, value: Any) -> str:
        if not isinstance(value, str) or not _DOTTED_NAME.fullmatch(value):
            raise self._error(
                key,
                f"{key} = {value!r} is not a valid Python name",
                'Write a name such as "MyRunner".',
            )
        return value

    def _error(self, key: str, message: str, hint: str) -> ProjectError:
        return ProjectError(message, where=self._table.where(key), hint=hint)
