from __future__ import annotations

import pytest
from mmscaffold.config import ConfigError, Resolver
from mmscaffold.migrate.selection import select


def names(selection) -> list[str]:
    return [selected.config.path.name for selected in selection.configs]


def test_bases_come_before_their_children(tree):
    folder = tree(a="_base_ = './b.py'\n", b="_base_ = './c.py'\n", c="x = 1\n", d="y = 2\n")
    assert names(select([folder], Resolver())) == ["c.py", "b.py", "a.py", "d.py"]


def test_a_named_file_brings_no_other(tree):
    folder = tree(a="_base_ = './b.py'\n", b="x = 1\n")
    selection = select([folder / "a.py"], Resolver())
    assert names(selection) == ["a.py"]
    assert selection.configs[0].named


def test_a_file_named_beside_its_folder_counts_once(tree):
    folder = tree(a="x = 1\n")
    assert names(select([folder / "a.py", folder], Resolver())) == ["a.py"]


def test_hidden_and_cache_folders_are_passed_over(tree):
    folder = tree(a="x = 1\n")
    for hidden in (".git", "__pycache__"):
        (folder / hidden).mkdir()
        (folder / hidden / "b.py").write_text("x = 1\n")
    assert names(select([folder], Resolver())) == ["a.py"]


def test_a_folder_without_configs_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="holds no config files"):
        select([tmp_path], Resolver())


def test_a_missing_path_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        select([tmp_path / "nope.py"], Resolver())
