"""Make the table of upstream classes from unpacked wheels: run when a version is added.

``python -m mmscaffold.project.class_table WHEEL_FOLDER...``, each folder named after what it
holds, such as ``mmengine-0.10.7``. Nothing of the wheels is imported. A class is taken over
as the union of what the versions have, so that no supported version raises a false alarm.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mmscaffold.facts.classes import TABLE
from mmscaffold.facts.runner import REGISTRY_OF_KEY
from mmscaffold.project.code import ClassDefinition, Package
from mmscaffold.project.constructor import own_constructor
from mmscaffold.project.registered import registered_classes

# What configs can name; of models, only the names and the bases are wanted.
_WANTED = frozenset(REGISTRY_OF_KEY.values())
_WITH_CONSTRUCTOR = _WANTED - {REGISTRY_OF_KEY["model"]}


def make_table(folders: list[Path]) -> dict[str, Any]:
    """The table of the classes in unpacked wheels."""
    table: dict[str, Any] = {"versions": {}, "registered": {}, "classes": {}, "exports": {}}
    for folder in folders:
        name, _, version = folder.name.partition("-")
        table["versions"].setdefault(name, []).append(version)
        _add(table, Package.read(folder / name, name))
    for registry, names in table["registered"].items():
        table["registered"][registry] = dict(sorted(names.items()))
    return table


def _add(table: dict[str, Any], package: Package) -> None:
    wanted: dict[str, bool] = {}
    for one in registered_classes(package):
        if one.registry in _WANTED:
            table["registered"].setdefault(one.registry, {})[one.name] = one.definition.dotted
            _want(package, one.definition, wanted, one.registry in _WITH_CONSTRUCTOR)
    for module in package.modules.values():
        for definition in module.classes.values():
            if definition.dotted.startswith(
                ("mmengine.hooks", "mmengine.runner", "mmengine.model")
            ):
                _want(package, definition, wanted, "runner" in definition.dotted)
    for dotted, constructor in wanted.items():
        definition = package.classes[dotted]
        entry = table["classes"].setdefault(dotted, {"bases": []})
        bases = package.bases(definition)
        entry["bases"] += [base for base in bases if base not in entry["bases"]]
        if constructor:
            _add_members(entry, package, definition)
    for module in package.modules.values():
        if module.path.name == "__init__.py":
            for name in (*module.names, *_starred(package, module.stars)):
                target = package.canonical(f"{module.name}.{name}")
                if target in wanted:
                    table["exports"][f"{module.name}.{name}"] = target


def _starred(package: Package, stars: list[str]) -> Iterator[str]:
    for star in stars:
        module = package.modules.get(star)
        if module is not None:
            yield from (*module.names, *module.classes)
            yield from _starred(package, module.stars)


def _want(
    package: Package, definition: ClassDefinition, wanted: dict[str, bool], constructor: bool
) -> None:
    for dotted in (definition.dotted, *package.ancestors(definition)):
        if dotted in package.classes:
            wanted[dotted] = wanted.get(dotted, False) or constructor


def _add_members(entry: dict[str, Any], package: Package, definition: ClassDefinition) -> None:
    methods = entry.setdefault("methods", [])
    properties = entry.setdefault("properties", [])
    for node in definition.node.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        is_property = any(
            isinstance(mark, ast.Name) and mark.id == "property" for mark in node.decorator_list
        )
        listed = properties if is_property else methods
        if node.name not in listed:
            listed.append(node.name)
    found = own_constructor(definition)
    if found is None:
        return
    entry["arguments"] = sorted(found.arguments.union(entry.get("arguments", ())))
    # Required is what every version requires.
    entry["required"] = sorted(found.required.intersection(entry.get("required", found.required)))
    entry["open"] = found.is_open or entry.get("open", False)


if __name__ == "__main__":
    made = make_table([Path(argument) for argument in sys.argv[1:]])
    TABLE.write_text(json.dumps(made, indent=0, sort_keys=True) + "\n", encoding="utf-8")
