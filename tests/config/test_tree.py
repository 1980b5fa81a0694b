"""Whole folders: every file once, faults kept apart, bases confined on request."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref

import pytest
from mmscaffold.config import (
    ConfigError,
    ResolvedConfig,
    Resolver,
    Unknown,
    map_tree,
    resolve_tree,
)
from mmscaffold.config import resolve as resolve_one
from mmscaffold.config.resolve.tree import in_processes
from mmscaffold.config.text.source import ParsedSource


@pytest.fixture
def tree(write):
    write(
        base="x = dict(a=1)\n",
        one="_base_ = './base.py'\ny = 1\n",
        two="_base_ = './base.py'\ny = 2\n",
        broken="x = = 1\n",
    )
    return write(lost="_base_ = ['./one.py', './absent.py']\n").parent


def test_faults_of_single_files_stay_with_them(tree):
    found = resolve_tree(tree)
    assert [path.name for path in found.configs] == ["base.py", "one.py", "two.py"]
    assert {path.name for path in found.failed} == {"broken.py", "lost.py"}
    assert found.configs[tree / "two.py"].to_dict() == {"x": {"a": 1}, "y": 2}


def test_a_shared_base_is_parsed_once(tree):
    found = resolve_tree(tree).configs
    origins = [found[tree / name].origin("x.a") for name in ("one.py", "two.py")]
    assert origins[0].parsed is origins[1].parsed


@pytest.mark.parametrize("processes", [None, 1, 2])
def test_processes_change_nothing(tree, processes):
    found = map_tree(tree, ResolvedConfig.to_dict, processes=processes)
    assert list(found.configs.values()) == [
        {"x": {"a": 1}},
        {"x": {"a": 1}, "y": 1},
        {"x": {"a": 1}, "y": 2},
    ]
    assert {path.name for path in found.failed} == {"broken.py", "lost.py"}
    assert all(isinstance(error, ConfigError) for error in found.failed.values())


def test_the_files_of_one_folder_are_shared_out_too(tmp_path):
    files = [tmp_path / f"{number:03}.py" for number in range(250)]
    assert list(in_processes(len, files, 2)) == [125, 125]


def test_a_folder_that_ends_soon_is_not_torn(tmp_path):
    files = [tmp_path / "a" / f"{number}.py" for number in range(9)]
    files += [tmp_path / "b" / f"{number}.py" for number in range(7)]
    assert list(in_processes(len, files, 2)) == [9, 7]


def test_as_many_processes_as_pay_are_started(tmp_path):
    here = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    files = [tmp_path / f"{number}.py" for number in range(250)]
    assert len(list(in_processes(len, files, None))) == min(2, here)
    assert len(list(in_processes(len, files[:199], None))) == 1


SCRIPT = """
import multiprocessing, sys
multiprocessing.set_start_method("spawn")
from pathlib import Path
from mmscaffold.check import Settings, all_rules, check_paths
from mmscaffold.config import ResolvedConfig, map_tree
print(len(map_tree(sys.argv[1], ResolvedConfig.to_dict).configs))
print(len(check_paths([Path(sys.argv[1])], Settings(all_rules())).configs))
"""


def test_a_script_needs_no_main_guard(write, tmp_path):
    # Where processes are not forked they run the script again: it would start them without end.
    folder = write(**{f"c{number}": f"x = {number}\n" for number in range(220)}).parent
    script = tmp_path / "script.pyw"
    script.write_text(SCRIPT)
    ran = subprocess.run(
        [sys.executable, script, folder], capture_output=True, text=True, check=False
    )
    assert (ran.stdout, ran.stderr) == ("220\n220\n", "")


def test_a_missing_base_is_told_with_its_chain(write):
    path = write(a="_base_ = './absent.py'\n", b="_base_ = './a.py'\n", c="_base_ = './b.py'\n")
    with pytest.raises(ConfigError, match=r"does not exist \(reached by .*c\.py -> .*a\.py\)"):
        resolve_one(path)


def test_a_base_outside_is_refused_on_request(tree, write):
    inner = tree / "inner"
    inner.mkdir()
    (inner / "x.py").write_text("_base_ = '../base.py'\n")
    assert not resolve_tree(inner).failed
    (error,) = resolve_tree(inner, within=inner).failed.values()
    assert "outside" in error.message
    assert error.where == f"{inner / 'x.py'}:1:10"


def test_the_garbage_collector_is_left_as_it_was(tree):
    assert gc.isenabled()
    resolve_tree(tree)
    assert gc.isenabled()
    gc.disable()
    try:
        resolve_tree(tree)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_base_of_an_absent_package_leaves_the_rest_known(write):
    path = write(
        a="_base_ = 'mmpretrain::resnet/x.py'\ny = _base_.y\nz = 1\nm = dict(a=1)\n"
        "d = dict(_delete_=True, a=1)\nw = {{_base_.model.x}}\n",
        b="_base_ = './a.py'\nz = 2\n",
    )
    config = resolve_one(path)
    assert config.get("z") == 2
    assert config.get("d") == {"a": 1}
    for key in ("y", "m", "w", "_base_"):
        value = config.get(key)
        assert isinstance(value, Unknown)
        assert "pip install mmpretrain" in value.reason


def test_a_base_of_an_installed_package_is_found_and_not_imported(tmp_path, write, monkeypatch):
    package = tmp_path / "site" / "mmpose"
    configs = package / ".mim" / "configs" / "body"
    configs.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('imported')\n")
    (configs / "base.py").write_text("x = dict(a=1)\n")
    monkeypatch.syspath_prepend(package.parent)
    path = write(a="_base_ = 'mmpose::body/base.py'\nx = dict(b=2)\n")
    assert resolve_one(path).to_dict() == {"x": {"a": 1, "b": 2}}


def test_a_package_that_mmengine_does_not_know_is_refused(write):
    with pytest.raises(ConfigError, match="accepts no base from"):
        resolve_one(write(a="_base_ = 'numpy::x/y.py'\n"))


def test_results_are_let_go_when_no_later_config_needs_them(tree):
    alive = []
    found = map_tree(tree, lambda config: alive.append(weakref.ref(config)), processes=1)
    assert len(found.configs) == 3
    assert [one() for one in alive] == [None] * 3


def test_a_base_is_kept_until_its_last_config(tree, monkeypatch):
    parsed = []
    read = ParsedSource.__init__

    def counted(self, source, *arguments):
        parsed.append(source.path.name)
        read(self, source, *arguments)

    monkeypatch.setattr(ParsedSource, "__init__", counted)
    map_tree(tree, ResolvedConfig.to_dict, processes=1)
    assert parsed.count("base.py") == 1
    assert parsed.count("one.py") == 1


def test_a_pure_python_base_is_kept_until_its_last_config(tmp_path, monkeypatch):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "base.py").write_text("from torch.optim import SGD\nx = dict(type=SGD)\n")
    for name in ("a", "b"):
        (inner / f"{name}.py").write_text(
            "from mmengine.config import read_base\n\nwith read_base():\n"
            "    from ..base import *\ny = 1\n"
        )
    forgotten = []
    forget = Resolver.forget

    def recorded(self, path):
        forgotten.append(path.relative_to(tmp_path).as_posix())
        forget(self, path)

    monkeypatch.setattr(Resolver, "forget", recorded)
    found = map_tree(tmp_path, ResolvedConfig.to_dict, processes=1)
    assert not found.failed
    assert forgotten == ["inner/a.py", "base.py", "inner/b.py"]
