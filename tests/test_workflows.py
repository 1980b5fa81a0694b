"""What runs on hosted runners: pinned, with few rights; the Action's own commands, run here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.share import WHOLE

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTION = ROOT / "action.yml"
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+$")
FAULTY = "train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=1)\n"
SOUND = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=1)\n"


def loaded(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION], ids=lambda path: path.name)
def test_every_action_is_pinned_by_digest_and_says_its_version(path):
    lines = [line.strip("- ") for line in path.read_text().splitlines() if "uses:" in line]
    assert lines
    assert [line for line in lines if not PINNED.match(line)] == []


def test_one_action_has_one_digest_everywhere():
    found: dict[str, set[str]] = {}
    for path in [*WORKFLOWS, ACTION, *(ROOT / "template").rglob("*.yml")]:
        for name, digest in re.findall(r"uses: ([\w./-]+)@([0-9a-f]{40})", path.read_text()):
            found.setdefault(name, set()).add(digest)
    assert {name: one for name, one in found.items() if len(one) > 1} == {}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_and_what_writes_says_so_itself(path):
    workflow = loaded(path)
    assert workflow["permissions"] in ({}, {"contents": "read"})
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= 360
        writes = {right for right, how in job.get("permissions", {}).items() if how == "write"}
        assert not writes or path.name == "release.yml", name
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False, name


def test_only_a_tag_publishes_and_only_what_was_tried():
    jobs = loaded(ROOT / ".github" / "workflows" / "release.yml")["jobs"]
    assert jobs["try"]["needs"] == "build"
    assert jobs["attest"]["needs"] == "try"
    for name in ("publish", "release", "image"):
        assert jobs[name]["needs"] in ("attest", "try")
        assert "github.event_name == 'push'" in jobs[name]["if"]
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    pythons = jobs["try"]["strategy"]["matrix"]["python-version"]
    assert pythons == [f"3.{minor}" for minor in range(10, 15)]


def test_all_tests_are_run_on_two_pythons():
    pythons = set()
    for job in loaded(ROOT / ".github" / "workflows" / "ci.yml")["jobs"].values():
        commands = {step.get("run") for step in job["steps"]}
        if commands & {"bash .ci/run", "make test"}:
            (python,) = [
                step["with"]["python-version"]
                for step in job["steps"]
                if step.get("uses", "").startswith("actions/setup-python@")
            ]
            pythons.add(python)
    assert len(pythons) == 2


def value_of(text: str, inputs: dict[str, str], outputs: dict[str, str]) -> str:
    """A string of the action, with its expressions filled in as a runner would."""

    def fill(found: re.Match[str]) -> str:
        kind, _, name = found[1].partition(".")
        if kind == "inputs":
            return inputs[name]
        if found[1] == "github.action_path":
            return str(ROOT)
        step, _, output = name.partition(".outputs.")
        assert (kind, step) == ("steps", "check"), found[0]
        return outputs[output]

    return re.sub(r"\$\{\{ ([\w.-]+) \}\}", fill, text)


def environ(installs: bool) -> dict[str, str]:
    """The environment of a step; what is installed must not be hidden by the checkout."""
    return {
        name: one for name, one in os.environ.items() if not (installs and name == "PYTHONPATH")
    }


def run_action(
    folder: Path, path: str, *, installs: bool = False, **given: str
) -> tuple[int, list[str]]:
    """Run the steps of the action in a folder, as a runner does; what they print."""
    action = loaded(ACTION)
    inputs = {name: str(one.get("default", "")) for name, one in action["inputs"].items()}
    unknown = given.keys() - inputs.keys()
    assert not unknown
    inputs |= given
    outputs: dict[str, str] = {}
    told = []
    for step in action["runs"]["steps"]:
        if "run" not in step or (step["name"] == "Install" and not installs):
            continue
        assert step["shell"] == "bash"
        written = folder / "outputs"
        written.write_text("")
        # As a runner calls it: any command that fails ends the step.
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder / "repository",
            env={
                **environ(installs),
                **{key: value_of(one, inputs, outputs) for key, one in step["env"].items()},
                "GITHUB_OUTPUT": str(written),
                "PATH": path,
            },
            capture_output=True,
            text=True,
        )
        told.append(ended.stdout + ended.stderr)
        outputs |= dict(line.split("=", 1) for line in written.read_text().splitlines())
        if ended.returncode:
            return ended.returncode, told
    return 0, told


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "configs").mkdir(parents=True)
    (folder / "configs" / "a.py").write_text(SOUND)
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    return folder


@pytest.fixture
def path_of_commands(tmp_path: Path) -> str:
    """A PATH on which ``mmscaffold`` is the one that is tested."""
    commands = tmp_path / "bin"
    commands.mkdir()
    script = commands / "mmscaffold"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mmscaffold "$@"\n')
    script.chmod(0o755)
    return f"{commands}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.subprocess
def test_the_action_passes_where_nothing_is_wrong(tmp_path, repository, path_of_commands):
    code, told = run_action(tmp_path, path_of_commands)
    assert code == 0, told
    sarif = json.loads((repository / "mmscaffold.sarif").read_text())
    assert sarif["runs"][0]["results"] == []


@pytest.mark.subprocess
def test_the_action_fails_with_annotations_and_sarif(tmp_path, repository, path_of_commands):
    (repository / "configs" / "b c.py").write_text(FAULTY)
    given = {"paths": "configs", "args": "--select MMS1", "sarif-file": "out/found.sarif"}
    code, told = run_action(tmp_path, path_of_commands, **given)
    assert code == 1
    assert "::error file=configs/b c.py,line=1" in told[0]
    (result,) = json.loads((repository / "out" / "found.sarif").read_text())["runs"][0]["results"]
    assert result["ruleId"] == "MMS101"


@pytest.mark.subprocess
def test_inputs_of_the_action_are_words_and_never_commands(tmp_path, repository, path_of_commands):
    given = {"paths": "configs; touch owned", "args": "$(touch owned)"}
    code, _ = run_action(tmp_path, path_of_commands, **given)
    assert code == 2
    assert not (repository / "owned").exists()


if WHOLE:

    def environment(folder: Path, *packages: str) -> Path:
        """The folder of commands of a fresh environment with some packages."""
        venv.create(folder, with_pip=True)
        if packages:
            pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet"]
            subprocess.run([*pip, *packages], check=True, env=bare())
        return folder / "bin"

    def bare(**more: str) -> dict[str, str]:
        kept = {name: one for name, one in os.environ.items() if name != "PYTHONPATH"}
        return {**kept, **more}

    @pytest.mark.subprocess
    @pytest.mark.slow
    def test_the_action_installs_itself(tmp_path, repository):
        commands = environment(tmp_path / "venv")
        (repository / "configs" / "b.py").write_text(FAULTY)
        code, told = run_action(
            tmp_path, f"{commands}{os.pathsep}{os.environ['PATH']}", installs=True
        )
        assert code == 1, told
        assert "::error file=configs/b.py" in told[1]

    def clone(folder: Path) -> str:
        """Clone this checkout, with what is not committed in it; the commit."""
        subprocess.run(["git", "clone", "--quiet", "--shared", ROOT, folder], check=True)
        changed = subprocess.run(
            ["git", "diff", "--binary", "HEAD"], cwd=ROOT, capture_output=True, check=True
        ).stdout
        if changed:
            git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
            subprocess.run([*git, "apply", "--index"], cwd=folder, input=changed, check=True)
            subprocess.run([*git, "commit", "--quiet", "-m", "x"], cwd=folder, check=True)
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, check=True
        )
        return head.stdout.strip()

    @pytest.mark.subprocess
    @pytest.mark.slow
    @pytest.mark.parametrize("hook", ["mmscaffold-check", "mmscaffold-check-system"])
    def test_pre_commit_runs_the_hooks(tmp_path, repository, path_of_commands, hook):
        commands = environment(tmp_path / "tools", "pre-commit")
        path = f"{commands}{os.pathsep}{path_of_commands}"
        source = tmp_path / "source"
        # Not `try-repo`, which throws its environments away: each commit would install mmengine,
        # OpenCV and matplotlib anew.
        settings = {"repo": str(source), "rev": clone(source), "hooks": [{"id": hook}]}
        (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [settings]}))
        (repository / "configs" / "foreign.py").write_text("_base_ = 'mmpose::a/b.py'\n")

        def commit(*names: str) -> tuple[int, str]:
            ended = subprocess.run(
                [commands / "pre-commit", "run", "--verbose", "--files", *names],
                cwd=repository,
                env=bare(PATH=path, PRE_COMMIT_HOME=str(tmp_path / "home")),
                capture_output=True,
                text=True,
            )
            return ended.returncode, ended.stdout + ended.stderr

        subprocess.run(["git", "add", "--all"], cwd=repository, check=True)
        code, told = commit("configs/a.py")
        assert code == 0, told
        assert "no findings" in told
        code, told = commit("configs/foreign.py")
        assert code == 1, told
        assert "additional_dependencies: [mmpose]" in told
        assert "Installing environment" not in told
        (repository / "configs" / "a.py").write_text(FAULTY)
        code, told = commit("configs/a.py")
        assert code == 1, told
        assert "MMS101" in told

    @pytest.mark.slow
    def test_zizmor_finds_nothing():
        command = shutil.which("zizmor") or str(Path(sys.executable).with_name("zizmor"))
        ended = subprocess.run(
            [command, "--offline", "."], cwd=ROOT, capture_output=True, text=True
        )
        assert ended.returncode == 0, ended.stdout
