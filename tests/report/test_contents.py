from __future__ import annotations

import pytest
from mmscaffold.check import load_settings
from mmscaffold.config import ConfigError
from mmscaffold.report import Contents, gather
from report import trees


@pytest.fixture(scope="module")
def contents(tmp_path_factory) -> Contents:
    folder = trees.write(tmp_path_factory.mktemp("tree") / "configs")
    return gather([folder], load_settings(folder))


def named(contents: Contents, name: str):
    return next(one for one in contents.configs if contents.values.files[one.file].name == name)


def values_of(contents: Contents, name: str) -> dict[str, tuple[str, str, int]]:
    """Each key with its value, and the file and line where it was written."""
    tables, found = contents.values, {}
    for number in named(contents, name).entries:
        key, text, place, _ = tables.entries[number]
        file, line, _ = tables.places[place]
        found[tables.keys[key]] = (tables.texts[text], tables.files[file].name, line)
    return found


def test_each_value_has_its_place(contents):
    values = values_of(contents, "grandchild.py")
    assert values["train_cfg.max_epochs"] == ("24", "grandchild.py", 2)
    assert values["train_cfg.val_interval"] == ("1", "base.py", 1)
    assert values["param_scheduler[0].milestones[1]"] == ("22", "grandchild.py", 3)
    assert values["optim_wrapper.optimizer.lr"] == ("0.02", "base.py", 2)
    assert values["model.backbone.type"] == ("'ResNet'", "child.py", 3)


def test_what_was_replaced_is_told(contents):
    tables = contents.values
    number = next(
        one
        for one in named(contents, "grandchild.py").entries
        if tables.keys[tables.entries[one][0]] == "train_cfg.max_epochs"
    )
    [place] = tables.entries[number][3]
    file, line, text = tables.places[place]
    assert (tables.files[file].name, line, tables.texts[text]) == ("base.py", 1, "12")


def test_what_several_configs_share_is_held_once(contents):
    child, heir = (set(named(contents, name).entries) for name in ("child.py", trees.HOSTILE))
    assert child < heir
    assert len(heir - child) == 1


def test_the_bases_of_each_file_are_known(contents):
    names = {
        contents.values.files[file].name: [contents.values.files[one].name for one in bases]
        for file, bases in contents.bases.items()
    }
    assert names["grandchild.py"] == ["child.py"]
    assert names["child.py"] == ["base.py"]
    assert names["base.py"] == []


def test_findings_have_their_lines(contents):
    found = next(one for one in contents.found if one.rule[0] == "MMS102")
    assert contents.values.files[found.file].name == "grandchild.py"
    assert found.excerpt[found.line - found.first].strip()
    assert str(contents.root) not in found.message


def test_what_cannot_be_read_is_told(contents):
    [(file, message)] = contents.failed
    assert contents.values.files[file].name == "torn.py"
    assert "no_such_base.py" in message


def test_no_configs_are_an_error(tmp_path):
    with pytest.raises(ConfigError, match="no configs"):
        gather([tmp_path], load_settings(tmp_path))
