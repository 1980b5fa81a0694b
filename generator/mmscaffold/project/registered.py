"""Find the classes that a package registers, and the upstream class each stands in for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mmscaffold.config.text.disk import is_folder
from mmscaffold.facts.base_classes import RUNNER_NAME, is_abstract
from mmscaffold.facts.packages import PACKAGES, TABLED_PACKAGES, is_openmmlab
from mmscaffold.project.class_map import REGISTRIES, ClassMap
from mmscaffold.project.code import ClassDefinition, Package
from mmscaffold.project.errors import ProjectError
from mmscaffold.project.registrations import registrations
from mmscaffold.project.stand_ins import Candidate, Declined, Judge
from mmscaffold.project.table import TABLE, Table
from mmscaffold.project.uses import arguments_in_configs


@dataclass(frozen=True)
class RegisteredClass:
    """A class that a package registers.

    Attributes:
        name: The name that configs use.
        registry: The registry: ``LOOPS``, ``MODELS``...
        definition: The class.
    """

    name: str
    registry: str
    definition: ClassDefinition


def registered_classes(package: Package) -> Iterator[RegisteredClass]:
    """Every class that a package registers, once for each name that can be determined."""
    for one in registrations(package):
        if one.definition is not None:
            for name in one.names:
                yield RegisteredClass(name, one.kind, one.definition)


def scanned_class_map(folder: Path, decided: ClassMap, table: Table) -> ClassMap:
    """The class map that a package's own registrations make, beside what is settled.

    A class is taken if it can stand in for the one that it derives from (``stand_ins``) and no
    other can; the rest is listed as declined. A file that cannot be read ends nothing.

    Args:
        folder: The folder of the package.
        decided: The package's name, and the classes that are settled already.
        table: The table of the project.

    Raises:
        ProjectError: If two classes could stand in for the same upstream class, and the
            table chooses none.
    """
    unread: list[ProjectError] = []
    code = Package.read(folder, decided.package, unread)
    candidates = _candidates(code, decided)
    names = {one.name for found in candidates.values() for one in found}
    judge = Judge(
        code,
        decided.package,
        (one for found in candidates.values() for one in found),
        table.text,
        arguments_in_configs(table.file.parent, folder, names),
    )
    taken: dict[str, Candidate] = {}
    declined: dict[str, tuple[Declined, ...]] = {}
    conflicts: dict[str, list[Candidate]] = {}
    for upstream, found in sorted(candidates.items()):
        reasons = [judge.objection(one) for one in found]
        able = [one for one, reason in zip(found, reasons, strict=True) if reason is None]
        if len(able) == 1:
            taken[upstream] = able[0]
            continue
        if able:
            conflicts[upstream] = able
        others = "could replace it just as well as another"
        declined[upstream] = tuple(
            Declined(one.name, one.definition.where, reason or others)
            for one, reason in zip(found, reasons, strict=True)
        )
    if conflicts and "classes" not in table.values:
        raise _ambiguous(conflicts)
    classes = {upstream: one.name for upstream, one in taken.items()}
    runner = classes.pop(RUNNER_NAME, None)
    return replace(
        decided,
        runner=decided.runner or runner,
        classes={**classes, **decided.classes},
        modules=_modules(code),
        own_names=_own_names(code),
        declined=declined,
        unread=tuple(str(error) for error in unread),
    )


def _modules(code: Package) -> dict[str, str]:
    return {one.name: one.definition.module.name for one in registered_classes(code)}


def _own_names(code: Package) -> dict[str, str]:
    found = {one.name: one.definition.node.name for one in registered_classes(code)}
    return {name: own for name, own in found.items() if own != name}


def _candidates(code: Package, decided: ClassMap) -> dict[str, list[Candidate]]:
    """The classes that derive from an upstream class for which nothing is settled."""
    candidates: dict[str, list[Candidate]] = {}
    named = (decided.runner or "", *decided.classes.values(), *decided.classes)
    settled = {one.rpartition(".")[2] for one in named}
    for registered in registered_classes(code):
        base = _upstream(code, registered.definition)
        if registered.registry not in REGISTRIES or base is None or registered.name in settled:
            continue
        key = _key(base)
        if key == RUNNER_NAME and decided.runner is not None:
            # The table settles it.
            continue
        if decided.key_of(key, None, decided.classes) is not None:
            continue
        found = candidates.setdefault(key, [])
        # Of the names of one class, the first serves.
        known = {id(one.definition.node) for one in found}
        if (
            key.rpartition(".")[2] != registered.name
            and id(registered.definition.node) not in known
        ):
            found.append(Candidate(registered.name, key, base, registered.definition))
    return {upstream: found for upstream, found in candidates.items() if found}


def _upstream(package: Package, definition: ClassDefinition) -> str | None:
    """The OpenMMLab class that a class derives from, through classes of the project."""
    for base in package.ancestors(definition):
        # A base of torch is nothing that a config names, either.
        if base not in package.classes and is_openmmlab(base):
            name = base.rpartition(".")[2]
            if not is_abstract(name):
                return base
    return None


def _key(base: str) -> str:
    """What a class map calls a class: by its package, where that is not mmengine or mmdet."""
    top, name = base.partition(".")[0], base.rpartition(".")[2]
    return name if top in TABLED_PACKAGES else f"{PACKAGES[top].scope}.{name}"


def _ambiguous(conflicts: Mapping[str, list[Candidate]]) -> ProjectError:
    parts = []
    for upstream, found in conflicts.items():
        places = " and ".join(f"{one.name} ({one.definition.where})" for one in found)
        parts.append(f"{upstream}: {places}")
    first, able = next(iter(conflicts.items()))
    return ProjectError(
        "more than one class could replace " + "; ".join(parts),
        hint=f"Choose in pyproject.toml, or with --map {first}={able[0].name}:\n"
        + table_text({key: [one.name for one in found] for key, found in conflicts.items()}),
    )


def table_text(choices: Mapping[str, Sequence[str]], why: Mapping[str, str] | None = None) -> str:
    """Lines to paste into ``pyproject.toml``: the first class for each, the others as comments.

    Args:
        choices: The classes of the project for each upstream class; ``Runner`` is one.
        why: What to say of classes, by their names.
    """
    lines: dict[str, list[str]] = {"": [], ".classes": []}
    for upstream, names in choices.items():
        table = "" if upstream == RUNNER_NAME else ".classes"
        key = "runner" if upstream == RUNNER_NAME else upstream
        key = f'"{key}"' if "." in key else key
        for number, name in enumerate(names):
            comment = f"  # it {(why or {})[name]}" if name in (why or {}) else ""
            lines[table].append(f'{"# " if number else ""}{key} = "{name}"{comment}')
    return "\n".join(
        "\n".join([f"    [{TABLE}{table}]", *(f"    {line}" for line in found)])
        for table, found in lines.items()
        if found
    )


def package_folder(root: Path, package: str) -> Path | None:
    """The folder of a project's package, beside ``pyproject.toml`` or below ``src``."""
    for parent in (root, root / "src"):
        folder = parent.joinpath(*package.split("."))
        if is_folder(folder):
            return folder
    return None
