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


def test_to_keep_going_a_named_file_that_does_not_resolve_is_listed(tmp_path):
    broken, missing_base, script = (tmp_path / name for name in ("a.py", "b.py", "c.py"))
    broken.write_text("model = dict(\n")
    missing_base.write_text("_base_ = 'nowhere.py'\n")
    script.write_text("from mmengine.runner import Runner\nRunner.from_cfg({}).train()\n")
    fine = tmp_path / "d.py"
    fine.write_text("model = dict(type='A')\n")
    named = [broken, missing_base, script, fine]
    selection = select(named, Resolver(), keep_going=True)
    assert [one.config.path for one in selection.configs] == [fine]
    assert [path for path, _ in selection.failed] == [broken, missing_base, script]
    for path in named[:3]:
        with pytest.raises(ConfigError):
            select([path], Resolver())
    with pytest.raises(ConfigError, match="no such file"):
        select([tmp_path / "nowhere.py", fine], Resolver(), keep_going=True)
