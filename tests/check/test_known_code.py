from __future__ import annotations

from pathlib import Path

import pytest
from mmengine import registry
from mmscaffold.check.known_code import KnownCode, find_module, is_upstream_module
from mmscaffold.facts.runner import REGISTRIES
from mmscaffold.project.family import Family

LOOP = (
    "from mmengine.registry import LOOPS\nfrom mmengine.runner import EpochBasedTrainLoop\n\n\n"
    "@LOOPS.register_module()\nclass {0}(EpochBasedTrainLoop):\n"
    "    def __init__(self, *args, extra=1, **kwargs):\n"
    "        super().__init__(*args, **kwargs)\n"
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Write files by path; the folder of the configs."""
    monkeypatch.chdir(tmp_path)

    def write(**files):
        for name, text in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        folder = tmp_path / "project" / "configs" / "deep"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    return write


@pytest.mark.parametrize("place", ["project__", "project__configs__", "", "project__src__"])
def test_a_module_is_found_above_the_config_and_in_src(project, place):
    folder = project(**{f"{place}own_code__loops": LOOP.format("Own")})
    found = find_module("own_code.loops", folder)
    assert found is not None
    assert found.name == "loops.py"
    assert find_module("own_code", folder) == found.parent
    assert find_module("own_code.nothing", folder) is None


def test_installed_packages_and_single_modules_are_found_and_not_imported(project):
    folder = project(project__single=LOOP.format("Own"))
    assert find_module("mmengine.runner.loops", folder).name == "loops.py"
    assert find_module("single", folder).name == "single.py"
    assert find_module("no_such_package", folder) is None


def test_modules_in_single_files_and_built_in_ones_are_installed_too(project):
    folder = project()
    assert find_module("typing_extensions", folder).name == "typing_extensions.py"
    assert find_module("sys", folder) is not None
    assert find_module("sys.nothing", folder) is None


def test_what_a_module_registers_and_can_be_built_with(project):
    folder = project(project__own_code__loops=LOOP.format("Own"), project__own_code____init__="")
    code = KnownCode().imported(("own_code.loops",), folder)
    assert (code.missing, code.unread) == ((), ())
    assert list(code.registered) == ["LOOPS"]
    assert code.knows("Own")
    assert not code.knows("Other")
    constructor = code.constructor("Own", Family(lambda _: None))
    assert {"extra", "max_epochs", "val_interval"} <= constructor.arguments
    assert "max_epochs" in constructor.required
    assert not constructor.is_open


def test_the_whole_package_of_a_module_counts(project):
    folder = project(project__own_code__a=LOOP.format("A"), project__own_code__b=LOOP.format("B"))
    code = KnownCode().imported(("own_code.a",), folder)
    assert code.knows("B")


def test_modules_that_are_missing_or_broken_are_told_apart(project):
    folder = project(project__broken="class (\n", project__fine=LOOP.format("Own"))
    code = KnownCode().imported(("broken", "nowhere", "fine"), folder)
    assert code.missing == ("nowhere",)
    assert code.unread == ("broken",)
    assert code.knows("Own")


def test_upstream_modules_are_not_read_for_the_table_knows_them(project):
    folder = project()
    code = KnownCode().imported(("mmengine.runner", "mmengine.nothing"), folder)
    assert code.missing == ("mmengine.nothing",)
    assert not code.unread
    assert not code.package.modules


def test_code_is_read_once(project):
    folder = project(project__own_loops=LOOP.format("Own"))
    known = KnownCode()
    first = known.imported(("own_loops",), folder)
    Path(find_module("own_loops", folder)).write_text("")
    assert known.imported(("own_loops",), folder) is first
    assert not KnownCode().imported(("own_loops",), folder).knows("Own")


@pytest.mark.parametrize(
    ("text", "name", "known"),
    [
        (LOOP.format("Own"), "Own", True),
        (LOOP.format("Own").replace("register_module()", "register_module('New')"), "New", True),
        (LOOP.format("Own").replace("register_module()", "register_module('New')"), "Own", False),
        (LOOP.format("Own"), "EpochBasedTrainLoop", False),
        ("class Own:\n    pass\n", "Own", False),
        ("import elsewhere\n\nelsewhere.register_module(module=elsewhere.Own)\n", "Own", False),
    ],
)
def test_what_a_fork_registers_is_found_without_reading_all_of_it(project, text, name, known):
    folder = project(
        project__mmdet____init__="", project__mmdet__registry="", project__mmdet__own=text
    )
    code = KnownCode()
    (fork,) = code.large_forks(folder)
    found = fork.registering(name)
    assert (found is not None) is known
    assert code.fork("mmdet", folder).knows(name) is known
    if found is not None:
        family = code.family(folder)
        constructor = found.constructor(name, family)
        assert constructor == code.fork("mmdet", folder).constructor(name, family)
        assert "extra" in constructor.arguments
    # Elsewhere there is no fork.
    assert code.large_forks(folder.parents[2]) == ()


def test_upstream_modules():
    assert is_upstream_module("mmdet.engine")
    assert is_upstream_module("mmengine")
    assert not is_upstream_module("mmdetection.engine")


def test_the_registries_are_mmengine_s():
    found = {key for key, one in vars(registry).items() if isinstance(one, registry.Registry)}
    assert found == REGISTRIES


@pytest.mark.parametrize(
    ("code", "may"),
    [
        ("class Own: ...", False),
        ("@LOOPS.register_module()\nclass Own: ...", False),
        ("class Own: ...\nLOOPS.register_module(module=Own)", False),
        ("class Own: ...\nLOOPS.register_module()(Own)", False),
        ("if True:\n    @LOOPS.register_module()\n    class Own: ...", False),
        ("@LOOPS.register_module(name=NAME)\nclass Other: ...", True),
        ("@mark\nclass Own: ...", True),
        ("@mark\nclass Other: ...", False),
        ("for one in classes:\n    LOOPS.register_module(module=one)", True),
        ("def register():\n    LOOPS.register_module(module=Own)", True),
    ],
)
def test_ways_to_register_that_reading_does_not_show(project, code, may):
    folder = project(project__own_loops=f"from mmengine.registry import LOOPS\n\n{code}")
    assert KnownCode().imported(("own_loops",), folder).may_register_otherwise("Own") is may
