"""The hooks that other projects run through pre-commit, run as pre-commit runs them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from mmscaffold.cli.main import group
from support.packages import write_package

HOOKS = {
    hook["id"]: hook
    for hook in yaml.safe_load((Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text())
}
BROKEN = "train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=1)\n"
PROJECT = """
[tool.mmscaffold]
package = "ours"
runner = "OurRunner"
[tool.mmscaffold.classes]
RetinaNet = "OurRetinaNet"
"""


def commit(hook: dict, names: list[str]):
    """Run a hook over those of the changed files that it is for."""
    assert hook["language"] == "python"
    command, *words = hook["entry"].split()
    assert command == "mmscaffold"
    chosen = [
        name
        for name in names
        if re.search(hook.get("files", ""), name)
        and not (hook.get("exclude") and re.search(hook["exclude"], name))
        and (hook.get("types") != ["python"] or name.endswith(".py"))
    ]
    assert chosen
    return CliRunner().invoke(group, [*words, *chosen])


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    write_package(tmp_path, "ours", "OurRunner", "OurRetinaNet")
    (tmp_path / "configs" / "_base_").mkdir(parents=True)
    return tmp_path


def test_check_refuses_a_faulty_config_and_lets_a_good_one_pass(project):
    names = ["configs/a.py", "ours/__init__.py", "README.md"]
    (project / "configs" / "a.py").write_text(BROKEN)
    assert commit(HOOKS["mmscaffold-check"], names).exit_code == 1
    (project / "configs" / "a.py").write_text(BROKEN.replace("by_epoch=True, ", ""))
    assert commit(HOOKS["mmscaffold-check"], names).exit_code == 0


def test_migrate_refuses_a_config_that_is_not_on_the_projects_classes(project):
    text = (
        "model = dict(type='{}')\n"
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=1)\n"
        "custom_imports = dict(imports=['ours'], allow_failed_imports=False)\n"
        "runner_type = 'OurRunner'\n"
    )
    names = ["configs/a.py", "configs/_base_/b.py", "ours/__init__.py"]
    (project / "configs" / "a.py").write_text(text.format("RetinaNet"))
    assert commit(HOOKS["mmscaffold-migrate"], names).exit_code == 1
    (project / "configs" / "a.py").write_text(text.format("OurRetinaNet"))
    assert commit(HOOKS["mmscaffold-migrate"], names).exit_code == 0
