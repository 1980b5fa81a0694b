"""What `copier copy` renders is complete, clean, and passes its own tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mmscaffold.check import Settings, check_paths, find_rule
from mmscaffold.config import resolve
from mmscaffold.migrate import plan_migration
from mmscaffold.project import load_project
from mmscaffold.scaffold import new_project

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]


def run(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=project, capture_output=True, text=True, check=False
    )


def test_no_trace_of_the_templating_is_left(project):
    for path in project.rglob("*"):
        assert not path.name.endswith(".jinja")
        assert "{" not in path.name
        if path.is_file() and path.suffix in {".py", ".toml", ".md", ".yml"}:
            text = path.read_text(encoding="utf-8")
            assert "{%" not in text
            assert "package_name }}" not in text


def test_it_is_clean_and_formatted_under_its_own_settings(project):
    pytest.importorskip("ruff")
    for words in (("ruff", "check", "--no-cache"), ("ruff", "format", "--check", "--no-cache")):
        ended = run(project, *words)
        assert ended.returncode == 0, ended.stdout


WIDE = (
    "支持可见光与热成像双路输入，在自定义训练循环中报告验证损失，"
    "便于和已有的实验结果比较，也便于复现"
)
DESCRIPTIONS = [
    "Detects ships",
    "Finds every kind of vessel on the water, in pictures of a thermal camera, "
    "and of a visible one",
    WIDE,
]


@pytest.mark.parametrize("description", DESCRIPTIONS, ids=["no full stop", "long", "wide"])
def test_whatever_it_is_said_to_do_it_is_clean(tmp_path, description):
    pytest.importorskip("ruff")
    answers = {"package_name": "mine", "description": description, "author": WIDE[:35]}
    project = new_project(tmp_path / "p", answers)
    for words in (("ruff", "check", "--no-cache"), ("ruff", "format", "--check", "--no-cache")):
        ended = run(project, *words)
        assert ended.returncode == 0, ended.stdout


def test_spaces_around_an_answer_reach_no_file(tmp_path):
    around = {"project_name": " Ships ", "author": " A. Uthor ", "description": " Finds ships. "}
    project = new_project(tmp_path / "p", {"docs_language": "both", **around})
    written = [one for one in project.rglob("*") if one.is_file() and one.name[0] != "."]
    trailing = [
        f"{one.name}: {line}"
        for one in written
        for line in one.read_text(encoding="utf-8").splitlines()
        if line != line.rstrip()
    ]
    assert trailing == []
    assert "# Copyright (c) A. Uthor\n" in (project / "tools" / "train.py").read_text()


def test_it_parses_under_the_oldest_python_it_promises(project):
    import ast

    for path in project.rglob("*.py"):
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_its_configs_read_alike_here_and_under_mmengine(project):
    from mmengine.config import Config

    configs = sorted(project.glob("configs/[!_]*/*.py"))
    assert len(configs) == 2
    for path in configs:
        ours = resolve(path)
        assert ours.to_dict() == Config.fromfile(path, import_custom_modules=False).to_dict()
        assert ours.get("train_cfg.type") == "MyEpochBasedTrainLoop"
        assert not ours.unknowns


DOCUMENTED = r"""
import re, sys
sys.path[:0] = [".", "tests"]
from mmengine.registry import HOOKS, LOOPS
from tiny import make_runner
from my_project.engine import MyRunner

text = open("docs/adding.md").read()
for block in re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)[:4]:
    exec(block)
runner = make_runner(
    MyRunner, sys.argv[1], {**train_cfg, "max_epochs": 2}, custom_hooks=custom_hooks)
runner.train()
print(type(runner.train_loop).__name__, runner.epoch)
"""


def test_what_its_documents_show_works(project, tmp_path):
    pytest.importorskip("torch")
    ended = subprocess.run(
        [sys.executable, "-c", DOCUMENTED, tmp_path],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout.endswith("TimedLoop 2\n"), ended.stderr[-3000:]


@pytest.mark.parametrize(
    ("loop", "found"),
    [
        ("dict()", ["MMS113"]),
        ("dict(type='MyIterBasedTrainLoop', max_iters=9, _delete_=True)", []),
    ],
)
def test_its_epoch_loop_over_endless_data_is_found(project, tmp_path, loop, found):
    copied = shutil.copytree(project, tmp_path / "p")
    (base,) = (copied / "configs" / "toy").glob("*.py")
    config = base.with_name("endless.py")
    config.write_text(
        f"_base_ = './{base.name}'\n"
        f"train_cfg = {loop}\n"
        "train_dataloader = dict(sampler=dict(type='InfiniteSampler'))\n"
    )
    assert resolve(base).get("train_cfg.type") == "MyEpochBasedTrainLoop"
    rules = tuple(find_rule(one) for one in ("MMS113", "MMS114"))
    assert [one.rule.id for one in check_paths([config], Settings(rules)).findings] == found


def test_slurm_gets_a_task_for_each_gpu(project, tmp_path):
    srun = tmp_path / "srun"
    srun.write_text("#!/bin/sh\necho $@\n")
    srun.chmod(0o755)
    script = ["tools/slurm_train.sh", "CONFIG", "--resume"]
    asked = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PARTITION": "night", "GPUS": "16"}
    printed = subprocess.run(script, cwd=project, env=asked, capture_output=True, check=True)
    words = printed.stdout.decode().split()
    assert {"--partition=night", "--gres=gpu:8", "--ntasks=16", "--ntasks-per-node=8"} < {*words}
    assert words[-5:] == ["tools/train.py", "CONFIG", "--launcher", "slurm", "--resume"]
    usage = subprocess.run(script[:1], cwd=project, env=asked, capture_output=True, check=False)
    assert usage.returncode == 2
    assert b"usage: PARTITION=name" in usage.stderr


def test_its_configs_are_migrated_already(project):
    plan = plan_migration([project / "configs"], load_project(project).class_map)
    assert not plan.edited


def test_its_own_tests_pass(tmp_path):
    pytest.importorskip("torch")
    fresh = new_project(tmp_path / "p", {"project_name": "Fresh One"})
    ended = run(fresh, "pytest", "-q", "-p", "no:cacheprovider")
    assert ended.returncode == 0, ended.stdout[-4000:]
    assert " passed" in ended.stdout
