"""What the package promises: documented, in one place, and changed only where that is said."""

from __future__ import annotations

import importlib
import importlib.util
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

griffe = pytest.importorskip("griffe")
ROOT = Path(__file__).parents[1]
_SPEC = importlib.util.spec_from_file_location("make_api", ROOT / "docs" / "make_api.py")
assert _SPEC is not None
assert _SPEC.loader is not None
make_api = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(make_api)


@pytest.mark.parametrize("face", make_api.FACES)
def test_every_public_object_is_there_and_documented(face):
    module = importlib.import_module(f"mmscaffold.{face}")
    names = list(map(str, make_api.package()[face].exports))
    assert names == module.__all__
    assert names
    for name, target in make_api.public(face):
        assert getattr(module, name) is not None
        assert target.has_docstring, f"{face}.{name}"
        assert list(undocumented(target)) == [], f"{face}.{name}"


def undocumented(target):
    """Public members that neither say what they are, nor are told by their class."""
    if not target.is_class:
        return
    bases = {str(base) for base in target.bases}
    text = target.docstring.value
    for name, member in target.members.items():
        if name.startswith("_") or member.is_alias or member.has_docstring:
            continue
        # The words of an enumeration are its documentation.
        if f"{name}:" not in text and not bases & {"Enum", "enum.Enum"}:
            yield name


def test_nothing_is_public_in_two_places():
    places = Counter(
        target.canonical_path for face in make_api.FACES for _, target in make_api.public(face)
    )
    assert [path for path, times in places.items() if times > 1] == []


@pytest.mark.parametrize("face", make_api.FACES)
def test_public_functions_name_only_arguments_that_exist(face):
    for name, target in make_api.public(face):
        if not target.is_function:
            continue
        own = {one.name.lstrip("*") for one in target.parameters}
        told = {
            item.name.lstrip("*")
            for section in target.docstring.parsed
            if section.kind.value == "parameters"
            for item in section.value
        }
        assert told <= own, f"{face}.{name}"


def test_what_is_not_there_is_an_attribute_error():
    for face in make_api.FACES:
        module = importlib.import_module(f"mmscaffold.{face}")
        with pytest.raises(AttributeError):
            _ = module.nothing_of_that_name


def test_a_light_part_of_a_face_loads_none_of_the_heavy_ones():
    code = (
        "import sys\nfrom mmscaffold.upgrade import CODES\nfrom mmscaffold.schedule import Unit\n"
        "print(sorted(one for one in sys.modules if one.startswith(('mmscaffold.upgrade.rules',"
        "'mmscaffold.schedule.curves', 'mmscaffold.upgrade.planner'))))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"


def test_the_pages_are_those_of_the_package():
    for name, text in make_api.pages().items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == text, (
            "python docs/make_api.py"
        )


def test_generated_projects_ask_for_what_is_public():
    asked = []
    for path in (ROOT / "template").rglob("*.jinja"):
        for module, names in re.findall(
            r"from mmscaffold\.([\w.]+) import ([\w, ]+)", path.read_text(encoding="utf-8")
        ):
            asked += [(module, name.strip()) for name in names.split(",")]
    assert asked
    for module, name in asked:
        assert module == "errors" or name in map(str, make_api.package()[module].exports), (
            module,
            name,
        )


def test_nothing_public_changed_unsaid():
    """Against the last release: what breaks is a fragment of the changelog that says so."""
    listed = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("no release yet: there is nothing to compare with")
    old = griffe.load_git(
        "mmscaffold", ref=listed.stdout.strip(), repo=ROOT, search_paths=["generator"]
    )
    broken = [
        breakage.explain()
        for face in make_api.FACES
        for breakage in griffe.find_breaking_changes(old[face], make_api.package()[face])
    ]
    said = any((ROOT / "changes").glob("*.breaking.md"))
    assert said or broken == []
