"""Who may import whom: lower rooms know nothing of higher ones, and nothing goes in circles."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import mmscaffold
import pytest

ROOT = Path(mmscaffold.__file__).parent
# From the ground up; what stands in one line does not know each other.
ROOMS = [
    {"errors", "lazy", "publication"},
    {"facts", "writing"},
    {"config"},
    {"schedule"},
    {"project"},
    {"scaffold", "check", "pictures"},
    {"diagnose", "migrate"},
    {"upgrade", "report"},
    {"places"},
    {"lsp"},
    {"cli"},
]
INSIDE = {
    "config": [
        {"errors", "key_path"},
        {"text", "walk"},
        {"evaluate", "kind"},
        {"change", "files"},
        {"resolve"},
        {"edit"},
    ],
    "check": [
        {"config_names", "diagnostic", "discovery", "known_code", "known_keys"},
        {"code", "config_view", "rule"},
        {"code_run", "config_types", "refused", "report", "variables"},
        {"config_rules", "code_rules", "unused_ignore"},
        {"registry"},
        {"ignores", "pages", "settings"},
        {"run_code", "run_configs"},
        {"engine"},
        {"open_file"},
    ],
}


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name; what the wheel carries is none of it."""
    found = {}
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        if "_template" not in parts and "component_templates" not in parts:
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


def imports(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules of the package that a module imports, wherever it does, lazily or not."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module


MODULES = modules()
IMPORTS = {name: sorted(set(imports(path, MODULES))) for name, path in MODULES.items()}


def storey(name: str, package: str, storeys: list[set[str]]) -> int | None:
    """The storey that a module lies on; ``None`` for a face such as ``mmscaffold.config``."""
    if not name.startswith(f"{package}."):
        return None
    room = name.removeprefix(f"{package}.").partition(".")[0]
    return next((level for level, rooms in enumerate(storeys) if room in rooms), None)


def upward(package: str, storeys: list[set[str]]) -> Iterator[str]:
    """Each import that goes up, or across to a room on the same storey."""
    for name, targets in IMPORTS.items():
        here = storey(name, package, storeys)
        for target in targets:
            there = storey(target, package, storeys)
            if here is None or there is None or there < here:
                continue
            depth = package.count(".") + 1
            if there > here or name.split(".")[depth] != target.split(".")[depth]:
                yield f"{name} imports {target}"


def test_every_room_has_its_storey():
    rooms = {name.split(".")[1] for name in MODULES if name.count(".") >= 1}
    assert rooms - {"__main__"} == set().union(*ROOMS)


def test_lower_rooms_know_nothing_of_higher_ones():
    assert list(upward("mmscaffold", ROOMS)) == []


@pytest.mark.parametrize("room", INSIDE)
def test_inside_a_room_it_is_the_same(room):
    assert list(upward(f"mmscaffold.{room}", INSIDE[room])) == []


def test_no_import_goes_in_a_circle():
    try:
        TopologicalSorter(IMPORTS).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' -> '.join(error.args[1])}")


def test_the_test_sees_lazy_imports_and_those_for_types_only():
    # Both are used on purpose: to start fast, and to name a type.
    assert "mmscaffold.cli.main" in MODULES
    lazy = IMPORTS["mmscaffold.cli.migrate"]
    assert any(target.startswith("mmscaffold.migrate") for target in lazy)


@pytest.mark.parametrize(
    "folder",
    [
        "upgrade.rules",
        "check.config_rules",
        "check.code_rules",
        "diagnose.symptoms",
        "lsp.features",
    ],
)
def test_what_registers_by_lying_in_a_folder_knows_no_neighbour(folder: str):
    inside = f"mmscaffold.{folder}."
    neighbours = [
        f"{name} imports {target}"
        for name, targets in IMPORTS.items()
        for target in targets
        if name.startswith(inside) and target.startswith(inside)
    ]
    assert neighbours == []
