from __future__ import annotations

import pytest
from mmscaffold.check import Settings, all_rules, check_paths, find_rule, load_settings
from mmscaffold.errors import MmscaffoldError


@pytest.fixture
def project(tmp_path):
    def make(table: str):
        (tmp_path / "pyproject.toml").write_text(f"[tool.mmscaffold.check]\n{table}\n")
        return tmp_path

    return make


def ids(settings: Settings) -> set[str]:
    return {rule.id for rule in settings.rules}


def test_without_a_table_all_rules_run(tmp_path):
    assert ids(load_settings(tmp_path)) == {rule.id for rule in all_rules()}


def test_the_table_selects_and_ignores_and_the_command_line_wins(project):
    folder = project('select = ["MMS1"]\nignore = ["MMS104"]')
    assert "MMS101" in ids(load_settings(folder))
    assert not {"MMS104", "MMS001"} & ids(load_settings(folder))
    assert ids(load_settings(folder, select=["MMS102", "MMS104"])) == {"MMS102"}
    assert "MMS101" not in ids(load_settings(folder, ignore=["loop-type-beside-by-epoch"]))


def test_the_table_is_found_from_below_and_from_a_file(project):
    folder = project('select = ["MMS101"]')
    (folder / "configs" / "deep").mkdir(parents=True)
    (folder / "configs" / "a.py").write_text("")
    assert ids(load_settings(folder / "configs" / "deep")) == {"MMS101"}
    assert ids(load_settings(folder / "configs" / "a.py")) == {"MMS101"}


def test_a_rule_keeps_silent_in_files_that_match(project):
    folder = project('per-file-ignores = { "old/*.py" = ["MMS1"], "b.py" = ["MMS101"] }')
    broken = "train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=1)\n"
    (folder / "old").mkdir()
    for path in ("a.py", "b.py", "old/c.py"):
        (folder / path).write_text(broken)
    report = check_paths([folder], load_settings(folder))
    assert [one.diagnostic.place.path.name for one in report.findings] == ["a.py"]
    settings = load_settings(folder)
    assert not settings.is_ignored(find_rule("MMS102"), folder / "b.py")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('selects = ["MMS101"]', "unknown key 'selects'"),
        ('select = "MMS101"', "must be a list of rules"),
        ('select = ["MMS999"]', "no rule 'MMS999'"),
        ("per-file-ignores = 3", "must be a table"),
        ('per-file-ignores = { "a.py" = ["nope"] }', "no rule 'nope'"),
    ],
)
def test_a_wrong_table_is_an_error_that_names_the_file(project, table, message):
    folder = project(table)
    with pytest.raises(MmscaffoldError, match=message) as raised:
        load_settings(folder)
    assert raised.value.where == str(folder / "pyproject.toml")


def test_a_table_that_is_none_is_an_error(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.mmscaffold]\ncheck = 3\n")
    with pytest.raises(MmscaffoldError, match="must be a table"):
        load_settings(tmp_path)


def test_a_nearer_file_without_a_table_hides_nothing(project):
    folder = project('select = ["MMS101"]')
    inner = folder / "packages" / "one"
    inner.mkdir(parents=True)
    (inner / "pyproject.toml").write_text("[project]\nname = 'one'\n")
    settings = load_settings(inner / "configs")
    assert ids(settings) == {"MMS101"}
    assert settings.root == folder


def test_the_nearest_table_of_any_command_is_the_one(project):
    folder = project('select = ["MMS101"]')
    inner = folder / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[tool.mmscaffold]\npackage = 'inner'\n")
    assert ids(load_settings(inner)) == {rule.id for rule in all_rules()}


@pytest.mark.parametrize("place", ["", "inner"])
def test_broken_toml_on_the_way_is_an_error_with_its_line(project, place):
    folder = project('select = ["MMS101"]')
    (folder / "inner" / "deep").mkdir(parents=True)
    (folder / place / "pyproject.toml").write_text("[project]\nname = = 1\n")
    with pytest.raises(MmscaffoldError, match="is not valid TOML") as raised:
        load_settings(folder / "inner" / "deep")
    assert raised.value.where == f"{folder / place / 'pyproject.toml'}:2"
