"""By what names the modules of a run are imported."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from mmscaffold.check.import_names import RunNames, module_name, package_folders


def names_of(root: Path, files: dict[str, str], imported: tuple[str, ...] = ()) -> RunNames:
    trees = {}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        trees[path] = ast.parse(text)
    return RunNames(trees, imported)


def test_a_repository_is_no_package(tmp_path):
    root = tmp_path / "work"
    names = names_of(root, {"__init__.py": "", "own/__init__.py": "", "own/net.py": ""})
    assert names.names[root / "own/net.py"] == "work.own.net"
    (root / "pyproject.toml").write_text("")
    names = RunNames({root / "own/net.py": ast.parse("")}, ())
    assert names.names == {root / "own/net.py": "own.net"}


def test_a_stray_init_is_known_by_what_the_code_below_imports(tmp_path):
    root = tmp_path / "work"
    files = {"__init__.py": "", "own/__init__.py": "from own.net import Net\n", "own/net.py": ""}
    names = names_of(root, files)
    assert names.names[root / "own/net.py"] == "own.net"
    # A config that imports it by the name of the folder knows better.
    names = names_of(root, files, imported=("work.own.net",))
    assert names.names[root / "own/net.py"] == "work.own.net"


def test_a_module_with_the_name_of_one_of_the_standard_library_proves_nothing(tmp_path):
    names = names_of(
        tmp_path, {"own/__init__.py": "import logging\n", "own/logging.py": "def getLogger(): 1\n"}
    )
    assert names.names[tmp_path / "own/logging.py"] == "own.logging"
    assert names.absolute(tmp_path / "own/__init__.py", "logging.x") == "logging.x"


@pytest.mark.parametrize("mark", ["version.py", "registry.py"])
def test_a_fork_keeps_its_name_wherever_it_lies(tmp_path, mark):
    names = names_of(
        tmp_path,
        {"work/__init__.py": "", "work/mmdet/__init__.py": "", f"work/mmdet/{mark}": ""},
    )
    assert names.names[tmp_path / "work/mmdet/__init__.py"] == "mmdet"


def test_two_packages_of_one_name_are_two_and_each_is_found_from_around_it(tmp_path):
    files = {
        f"projects/{project}/{file}": ""
        for project in "ab"
        for file in ("models/__init__.py", "models/net.py", "train.py")
    }
    names = names_of(tmp_path, files)
    for project in "ab":
        folder = tmp_path / "projects" / project
        assert names.names[folder / "models/net.py"] == f"{project}.models.net"
        assert names.absolute(folder / "train.py", "models.net.Net") == f"{project}.models.net.Net"
        assert names.relative(folder / "models/__init__.py", 1, ["net", "Net"]) == (
            f"{project}.models.net.Net"
        )
        assert names.everywhere(f"projects.{project}.models.net") == {f"{project}.models.net"}
    assert names.everywhere("models.net") == {"a.models.net", "b.models.net"}
    assert len(set(names.names.values())) == len(files)


def test_a_module_within_a_package_is_not_imported_by_its_last_name(tmp_path):
    names = names_of(
        tmp_path,
        {"own/__init__.py": "", "own/utils.py": "", "own/run.py": "", "tools/train.py": ""},
    )
    assert names.absolute(tmp_path / "tools/train.py", "utils.x") == "utils.x"
    # A script finds what lies beside it.
    assert names.absolute(tmp_path / "own/run.py", "utils.x") == "own.utils.x"


def test_the_names_of_one_file(tmp_path):
    names_of(tmp_path, {"a/__init__.py": "", "a/b/__init__.py": "", "a/b/c.py": ""})
    assert module_name(tmp_path / "a/b/c.py") == "a.b.c"
    assert package_folders(tmp_path / "a/b/c.py") == [tmp_path / "a", tmp_path / "a/b"]
    assert package_folders(tmp_path / "alone.py") == []
