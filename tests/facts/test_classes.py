"""The table of upstream classes, held against mmengine itself."""

from __future__ import annotations

import inspect

import mmengine.runner  # noqa: F401, it registers all that mmengine has
import pytest
from mmengine.registry import HOOKS, LOG_PROCESSORS, LOOPS, PARAM_SCHEDULERS, RUNNERS
from mmscaffold.facts.classes import Upstream, upstream
from mmscaffold.project.class_table import make_table
from support import corpora

REGISTRIES = {
    "HOOKS": HOOKS,
    "LOG_PROCESSORS": LOG_PROCESSORS,
    "LOOPS": LOOPS,
    "PARAM_SCHEDULERS": PARAM_SCHEDULERS,
    "RUNNERS": RUNNERS,
}


def registered() -> list:
    return [
        pytest.param(name, key, found, id=key)
        for name, registry in REGISTRIES.items()
        for key, found in registry.module_dict.items()
        if found.__module__.startswith("mmengine.")
    ]


def own_arguments(found: type) -> tuple[set[str], bool]:
    """All names that the constructors of a class and its bases take, and whether any is open."""
    names: set[str] = set()
    for base in found.__mro__:
        if "__init__" not in vars(base) or base is object:
            continue
        parameters = list(inspect.signature(vars(base)["__init__"]).parameters.values())[1:]
        kinds = {one.kind for one in parameters}
        names |= {
            one.name for one in parameters if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
        }
        if inspect.Parameter.VAR_KEYWORD not in kinds:
            return names, False
    return names, bool(names)


@pytest.mark.parametrize(("registry", "name", "found"), registered())
def test_each_class_takes_what_mmengine_s_takes(registry, name, found):
    dotted = upstream().registered(registry, name)
    assert dotted == f"{found.__module__}.{found.__qualname__}"
    constructor = upstream().constructor(dotted)
    names, is_open = own_arguments(found)
    # The table joins versions, so it may know of more.
    assert names <= constructor.arguments
    assert is_open <= constructor.is_open
    taken = inspect.signature(found).parameters.values()
    required = {one.name for one in taken if one.default is one.empty and one.kind is
                one.POSITIONAL_OR_KEYWORD}  # fmt: skip
    assert required <= constructor.required


def test_scopes_and_dotted_paths_find_the_same_class():
    table = upstream()
    found = "mmengine.runner.loops.EpochBasedTrainLoop"
    assert table.registered("LOOPS", "EpochBasedTrainLoop") == found
    assert table.registered("LOOPS", "mmengine.EpochBasedTrainLoop") == found
    assert table.registered("LOOPS", "mmengine.runner.EpochBasedTrainLoop") == found
    assert table.registered("LOOPS", "mmpose.EpochBasedTrainLoop") is None
    assert table.registered("HOOKS", "EpochBasedTrainLoop") is None


def test_a_class_of_mmdet_has_the_constructor_of_its_base_in_mmengine():
    table = upstream()
    dotted = table.registered("LOOPS", "TeacherStudentValLoop")
    assert list(table.lineage(dotted))[1] == "mmengine.runner.loops.ValLoop"
    assert table.constructor(dotted) == table.constructor("mmengine.runner.ValLoop")


def test_nothing_is_said_of_a_class_with_a_base_that_is_not_in_the_table():
    table = {
        "classes": {"a.Child": {"bases": ["elsewhere.Base"]}, "a.Alone": {"bases": []}},
        "exports": {}, "registered": {}, "versions": {},
    }  # fmt: skip
    assert Upstream(table).constructor("a.Child") is None
    assert Upstream(table).constructor("a.Alone").arguments == frozenset()


@pytest.mark.slow
@pytest.mark.skipif(corpora.offline(), reason="MMSCAFFOLD_OFFLINE=1")
def test_the_newest_versions_made_anew_are_part_of_the_table():
    folders = [
        corpora.unpacked_wheel("mmengine", "0.10.7"),
        corpora.unpacked_wheel("mmdet", "3.3.0"),
    ]
    made, table = Upstream(make_table(folders)), upstream()
    for registry in (*REGISTRIES, "MODELS"):
        assert made.names(registry)
        for name in made.names(registry):
            dotted = made.registered(registry, name)
            assert table.registered(registry, name) == dotted
            if registry in REGISTRIES:
                assert made.constructor(dotted).arguments <= table.constructor(dotted).arguments
    assert {"0.10.7"} <= set(table.versions["mmengine"])
