from __future__ import annotations

import pytest
from mmscaffold.check import Settings, all_rules, check_paths
from mmscaffold.check.discovery import discover, package_around
from mmscaffold.check.import_names import module_name
from mmscaffold.config import ConfigError, Resolver
from mmscaffold.migrate.selection import select

BROKEN = "train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=1)\n"


def test_folders_of_others_are_skipped_and_looked_at_when_named(tmp_path):
    for folder in (".hidden", "work_dirs", "build", "node_modules", "venv", "configs"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.py").write_text("a = 1\n")
    (tmp_path / "venv" / "pyvenv.cfg").write_text("")
    assert discover([tmp_path]).configs == [tmp_path / "configs" / "a.py"]
    assert discover([tmp_path / "work_dirs"]).configs == [tmp_path / "work_dirs" / "a.py"]


def test_check_and_migrate_see_the_same_files(tmp_path):
    for path in (
        "configs/a.py",
        "configs/b.yaml",
        "venv/lib/x.py",
        "work_dirs/run1/config.py",
        "work_dirs/run1/vis_data/config.py",
        "build/x.py",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("model: {}\n" if path.endswith("yaml") else "model = {}\n")
    (tmp_path / "venv" / "pyvenv.cfg").write_text("")
    report = check_paths([tmp_path], Settings(all_rules()))
    selection = select([tmp_path], Resolver())
    wanted = [tmp_path / "configs" / "a.py", tmp_path / "configs" / "b.yaml"]
    assert report.configs == wanted
    assert [one.config.path for one in selection.configs] == wanted
    skipped = {"venv", "work_dirs", "build"}
    assert {path.name for path, _ in report.skipped} == skipped
    assert {path.name for path, _ in selection.skipped} == skipped


def test_a_docstring_that_looks_like_code_hides_no_finding(tmp_path):
    path = tmp_path / "a.py"
    path.write_text(f"'''A config.\n\nclass names are below.\n'''\n{BROKEN}")
    report = check_paths([path], Settings(all_rules()))
    assert [one.rule.id for one in report.findings] == ["MMS101"]
    assert report.exit_code == 1


def test_nothing_to_check_is_an_error(tmp_path):
    (tmp_path / "a.yaml").write_text("a: 1\n")
    with pytest.raises(ConfigError, match="nothing to check"):
        discover([tmp_path])
    assert discover([tmp_path / "a.yaml"]).configs == [tmp_path / "a.yaml"]


def test_modules_are_named_as_they_are_imported(tmp_path):
    package = tmp_path / "outer" / "inner"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").write_text("")
    assert module_name(package / "loops.py") == "outer.inner.loops"
    assert module_name(package / "__init__.py") == "outer.inner"
    assert module_name(tmp_path / "alone.py") == "alone"
    assert package_around(package / "loops.py") == tmp_path / "outer"
    assert package_around(tmp_path / "alone.py") is None
