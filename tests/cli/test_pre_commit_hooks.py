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
    assert hook["language"] in ("python", "system")
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


@pytest.mark.parametrize("name", ["mmscaffold-check", "mmscaffold-check-system"])
def test_a_base_that_is_not_there_is_no_good_config(project, name):
    (project / "configs" / "a.py").write_text("_base_ = 'mmpose::_base_/x.py'\n")
    ended = commit(HOOKS[name], ["configs/a.py"])
    assert ended.exit_code == 2
    assert "additional_dependencies: [mmpose]" in ended.output


def test_the_hooks_for_the_active_environment_do_the_same():
    for name in ("mmscaffold-check", "mmscaffold-migrate"):
        own, system = dict(HOOKS[name]), dict(HOOKS[f"{name}-system"])
        for hook in (own, system):
            for key in ("id", "language", "description"):
                del hook[key]
        assert own == system
        assert HOOKS[f"{name}-system"]["language"] == "system"


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
