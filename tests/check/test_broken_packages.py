"""Packages whose registrations fail: found by the rules, and really refused by mmengine."""

from __future__ import annotations

import importlib
import itertools
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("mmengine")

from mmscaffold.check import Settings, all_rules, check_paths, find_rule
from support.tiny_training import train

pytestmark = pytest.mark.slow

_numbers = itertools.count()
LOOP = """\
from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop


@LOOPS.register_module()
class {name}(EpochBasedTrainLoop):
    pass
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An empty package with a name of its own, which can be imported."""
    folder = tmp_path / f"own_package_{next(_numbers)}"
    folder.mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def write(package: Path, **modules: str) -> None:
    for name, text in modules.items():
        (package / f"{name}.py").write_text(text)


def found(*paths: Path) -> dict[str, Path]:
    report = check_paths(paths, Settings(all_rules()))
    assert not report.not_understood
    return {one.rule.id: one.diagnostic.place.path for one in report.findings}


def names(package: Path) -> tuple[str, str]:
    """Names of loops that no other test of this process registers."""
    number = package.name.rpartition("_")[2]
    return f"FirstLoop{number}", f"SecondLoop{number}"


def test_a_module_that_its_package_forgets_cannot_be_named_and_is_found(package, tmp_path):
    first, second = names(package)
    write(package, first=LOOP.format(name=first), second=LOOP.format(name=second))
    write(package, __init__="from . import first\n")
    importlib.import_module(package.name)
    seen = train(tmp_path / "run", train_cfg={"type": second, "max_epochs": 1})
    assert isinstance(seen.error, KeyError)
    assert f"{second} is not in the mmengine::loop registry" in str(seen.error)
    assert found(package) == {"MMS228": package / "second.py"}
    # Fixed:
    write(package, __init__="from . import first, second\n")
    importlib.reload(sys.modules[package.name])
    assert train(tmp_path / "again", train_cfg={"type": second, "max_epochs": 1}).error is None
    assert found(package) == {}


def test_what_configs_import_decides_where_the_package_imports_nothing(package, tmp_path):
    first, second = names(package)
    write(package, first=LOOP.format(name=first), second=LOOP.format(name=second), __init__="")
    config = tmp_path / "config.py"
    config.write_text(f"custom_imports = dict(imports=['{package.name}.first'])\n")
    assert found(package) == {}
    assert found(package, config) == {"MMS228": package / "second.py"}
    config.write_text(f"custom_imports = dict(imports=['{package.name}.{{}}'])\n".format("second"))
    assert found(package, config) == {"MMS228": package / "first.py"}


def test_two_modules_with_one_name_cannot_be_imported_together(package):
    first, _ = names(package)
    write(package, a=LOOP.format(name=first), b=LOOP.format(name=first))
    write(package, __init__="from . import a, b\n")
    with pytest.raises(KeyError, match=f"{first} is already registered in loop at"):
        importlib.import_module(package.name)
    assert found(package) == {"MMS240": package / "b.py"}
    write(package, b=LOOP.format(name=first).replace("()\n", "(force=True)\n", 1))
    for name in (f"{package.name}.b", package.name):
        sys.modules.pop(name, None)
    importlib.invalidate_caches()
    assert found(package) == {}


def test_what_a_pure_python_config_imports_is_imported(package, tmp_path):
    first, second = names(package)
    write(package, first=LOOP.format(name=first), second=LOOP.format(name=second))
    write(package, __init__="from . import first\n")
    config = tmp_path / "config.py"
    config.write_text(
        f"from {package.name}.second import {second}\n\n"
        f"train_cfg = dict(type={second}, max_epochs=3)\n"
    )
    assert found(package) == {"MMS228": package / "second.py"}
    assert found(package, config) == {}


def test_two_modules_that_different_configs_import_do_not_meet(package, tmp_path):
    first, _ = names(package)
    write(package, a=LOOP.format(name=first), b=LOOP.format(name=first), __init__="")
    for name in ("a", "b"):
        config = tmp_path / f"config_{name}.py"
        config.write_text(f"custom_imports = dict(imports=['{package.name}.{name}'])\n")
    assert found(package, tmp_path / "config_a.py", tmp_path / "config_b.py") == {}


@pytest.mark.parametrize("name", ["EpochBasedTrainLoop", "ValLoop"])
def test_the_names_of_mmengine_are_taken(package, name):
    text = (
        "from mmengine import runner\nfrom mmengine.registry import LOOPS\n\n\n"
        f"@LOOPS.register_module()\nclass {name}(runner.{name}):\n    pass\n"
    )
    write(package, __init__=text)
    with pytest.raises(KeyError, match=f"{name} is already registered in loop at"):
        importlib.import_module(package.name)
    assert found(package) == {"MMS240": package / "__init__.py"}


@pytest.mark.parametrize(
    ("rule", "symptom"),
    [
        ("MMS228", "is not in the mmengine::loop registry"),
        ("MMS240", "is already registered in loop at"),
    ],
)
def test_the_page_of_the_rule_tells_what_was_seen(rule, symptom):
    assert symptom in " ".join(find_rule(rule).sections["Symptoms"].split())
