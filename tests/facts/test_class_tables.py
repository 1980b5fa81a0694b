"""The tables of classes, held against mmengine itself."""

from __future__ import annotations

import inspect
from pathlib import Path

import mmengine
import mmengine.evaluator
import mmengine.hooks
import mmengine.model
import mmengine.runner
import mmengine.visualization
import pytest
from mmengine import registry as registries
from mmengine.registry import Registry
from mmscaffold.facts.classes.known_class import KnownClass
from mmscaffold.facts.classes.package_table import PackageTable, table_text
from mmscaffold.facts.classes.tables import FOLDER, TABLED, table_of
from mmscaffold.facts.packages import PACKAGES
from mmscaffold.project.class_reader import read_table
from mmscaffold.project.family import Family, Verdict

MMENGINE = next(one for one in TABLED if one.distribution == "mmengine")
REGISTRIES = {name: one for name, one in vars(registries).items() if isinstance(one, Registry)}


def registered() -> list:
    return [
        pytest.param(kind, name, found, id=f"{kind}-{name}")
        for kind, registry in REGISTRIES.items()
        for name, found in registry.module_dict.items()
        if str(getattr(found, "__module__", "")).startswith("mmengine.")
    ]


@pytest.mark.parametrize(("kind", "name", "found"), registered())
def test_all_that_mmengine_registers_is_known_with_its_arguments(kind, name, found):
    family = Family(lambda name: None)
    seen = family.find("mmengine", kind, name)
    assert seen.verdict in (Verdict.KNOWN, Verdict.THERE)
    if not inspect.isclass(found) or seen.verdict is Verdict.THERE:
        return
    assert f"{found.__module__}.{found.__qualname__}" in {one.dotted for one in seen.classes}
    constructor = family.constructor(seen)
    if constructor is None:
        return
    parameters = inspect.signature(found).parameters.values()
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    assert {one.name for one in parameters if one.kind in named} <= constructor.arguments
    for one in constructor.required:
        # The fork may require less: only what all require counts.
        with pytest.raises(TypeError):
            inspect.signature(found).bind(
                **dict.fromkeys(constructor.arguments - {one})
            ) if not any(p.kind is p.VAR_KEYWORD for p in parameters) else _missing(found, one)


def _missing(found: type, argument: str) -> None:
    """Fail as the constructor of the class that demands an argument does."""
    for base in found.__mro__:
        signature = inspect.signature(base.__init__)
        if argument in signature.parameters:
            if signature.parameters[argument].default is inspect.Parameter.empty:
                raise TypeError
            return


def test_the_table_of_mmengine_is_what_its_code_says_byte_for_byte():
    folder = Path(mmengine.__file__).parent
    if mmengine.__version__ != MMENGINE.version:
        pytest.fail(f"mmengine {mmengine.__version__} is installed, not {MMENGINE.version}")
    made = read_table(folder, "mmengine", MMENGINE.distribution, MMENGINE.version)
    assert made == MMENGINE.file.read_text(encoding="utf-8")


@pytest.mark.parametrize("tabled", TABLED, ids=lambda one: one.distribution)
def test_every_table_can_be_read(tabled):
    table = table_of(tabled)
    assert (table.package, table.version) == (tabled.package, tabled.version)
    for names in table.registered.values():
        assert all(not dotted or table.find(dotted) is not None for dotted in names.values())


def test_the_tables_are_small():
    assert sum(one.stat().st_size for one in FOLDER.iterdir()) < 2_000_000


def test_every_package_of_a_table_is_one_of_the_family():
    assert {one.package for one in TABLED} - {"xtuner"} <= PACKAGES.keys()
    assert {one.file for one in TABLED} == set(FOLDER.iterdir())


def test_a_class_is_written_and_read_the_same():
    known = KnownClass(
        "a.b.C", ("a.Base",), ("x", "y"), frozenset({"x"}), True, False, frozenset({"z"}), 1,
        ("run",), ("cat",), {"default_prefix": "coco"},
    )  # fmt: skip
    head = {
        "package": "a", "distribution": "a", "version": "1", "scope": "a", "registries": {},
        "registered": {}, "open": [], "popped": [],
    }  # fmt: skip
    table = PackageTable(table_text(head, [known, KnownClass("a.Base")]))
    assert table.find("a.b.C") == known
    assert table.find("a.C") == known
    assert table.find("b.C") is None
