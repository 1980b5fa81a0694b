"""``mmscaffold update``: one command, with the project's answers and edits."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from mmscaffold.cli.main import group
from mmscaffold.scaffold import new_project
from mmscaffold.scaffold.template_source import public_origin, template_folder
from support.documents import is_as_its_schema_says

pytestmark = pytest.mark.subprocess

LOOPS = "my_project/engine/train_loops.py"
OLD = public_origin()[1]


def git(folder: Path, *words: str) -> str:
    ended = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "core.hooksPath=", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", message)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of the template with two releases, which differ in two files and a choice."""
    folder = tmp_path_factory.mktemp("template")
    source = template_folder()
    # Without the migrations of real releases, which are tests/template/test_update.py's.
    questions = (source / "copier.yml").read_text()
    questions = re.sub(r"^_migrations:\n(?:[ ].*\n|\n)*", "", questions, flags=re.MULTILINE)
    (folder / "copier.yml").write_text(questions)
    shutil.copytree(
        source / "template", folder / "template", ignore=shutil.ignore_patterns("__pycache__")
    )
    git(folder, "init", "-q")
    commit(folder, "first")
    git(folder, "tag", OLD)
    engine = folder / "template" / "{{package_name}}" / "engine"
    (engine / "brand_new.py").write_text('"""A module that came with an update."""\n')
    edit(
        engine / "{% if has_train_loop %}train_loops.py{% endif %}.jinja",
        "Train loops: mmengine's own",
        "The train loops: mmengine's",
    )
    edit(folder / "copier.yml", "    Weights & Biases: wandb\n", "")
    commit(folder, "second")
    git(folder, "tag", "v9.0.0")
    return folder


@pytest.fixture(scope="module")
def made(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the first release, made by the installed tool; only its origin is local."""
    project = new_project(tmp_path_factory.mktemp("made") / "my-project", {})
    answers = project / ".copier-answers.yml"
    edit(answers, yaml.safe_load(answers.read_text())["_src_path"], str(template))
    git(project, "init", "-q")
    commit(project, "made")
    return project


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "my-project"))


def update(project: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(group, ["update", str(project), "--to", "v9.0.0", *options])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_edits_and_answers_are_kept_and_changes_come_in(project):
    edit(project / LOOPS, "        return data_batch\n", "        return double(data_batch)\n")
    commit(project, "mine")
    (project / "untracked.txt").write_text("x")
    code, output = update(project / "my_project")
    assert code == 0, output
    assert "return double(data_batch)" in (project / LOOPS).read_text()
    assert "The train loops: mmengine's" in (project / LOOPS).read_text()
    assert (project / "my_project/engine/brand_new.py").is_file()
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert answers["_commit"] == "v9.0.0"
    assert f"brought from {OLD} to v9.0.0, 3 files" in output
    assert f"changed: {LOOPS}" in output
    commit(project, "updated")
    assert update(project) == (0, f"{project} is at v9.0.0: nothing changes.\n")


def test_diff_writes_nothing(project):
    code, output = update(project, "--diff")
    assert code == 1
    assert "+The train loops: mmengine's" in output or '+"""The train loops' in output
    assert git(project, "status", "--porcelain") == ""


def test_the_same_lines_changed_twice_are_marked(project):
    edit(project / LOOPS, "Train loops: mmengine's own", "Our loops: mmengine's own")
    commit(project, "mine")
    code, output = update(project)
    assert code == 1
    assert f"conflict: {LOOPS}" in output
    assert "<<<<<<< " in (project / LOOPS).read_text()


def test_the_document_says_what_changes_and_what_is_written(project):
    edit(project / LOOPS, "Train loops: mmengine's own", "Our loops: mmengine's own")
    commit(project, "mine")
    code, output = update(project, "--diff", "--format", "json")
    planned = json.loads(output)
    assert code == 1
    assert (planned["before"], planned["after"]) == (OLD, "v9.0.0")
    assert planned["conflicts"] == [str(project / LOOPS)]
    assert planned["written"] == []
    assert "brand_new.py" in planned["patch"]
    assert git(project, "status", "--porcelain") == ""
    code, output = update(project, "--format", "json")
    done = json.loads(output)
    assert code == 1
    assert done["written"] == done["files"] == planned["files"]
    assert str(project / "my_project/engine/brand_new.py") in done["files"]
    assert all(Path(one).is_file() for one in done["written"])
    is_as_its_schema_says(done)
    commit(project, "settled")
    code, output = update(project, "--format", "json")
    assert code == 0
    assert json.loads(output)["files"] == []


def test_a_project_below_the_root_of_its_repository(made, tmp_path):
    project = Path(shutil.copytree(made, tmp_path / "all" / "deep" / "my-project"))
    shutil.rmtree(project / ".git")
    git(tmp_path / "all", "init", "-q")
    commit(tmp_path / "all", "made")
    code, output = update(project)
    assert code == 0, output
    assert "The train loops: mmengine's" in (project / LOOPS).read_text()


def test_what_stands_in_the_way_is_told_and_nothing_is_written(project):
    in_the_way = project / "my_project/engine/brand_new.py"
    in_the_way.write_text("mine = 1\n")
    with (project / ".git/info/exclude").open("a") as file:
        file.write("brand_new.py\n")
    code, output = update(project)
    assert code == 2
    assert "brand_new.py" in output
    assert in_the_way.read_text() == "mine = 1\n"
    assert git(project, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("prepare", "told"),
    [
        (lambda p: edit(p / LOOPS, "Train", "Our"), "uncommitted changes"),
        (lambda p: (p / ".copier-answers.yml").unlink(), "no project of the template"),
        (lambda p: shutil.rmtree(p / ".git"), "git init"),
        (lambda p: commit_answers(p, "_commit: ", "_was: "), "from which template and tag"),
        (lambda p: commit_answers(p, "_src_path: /", "_src_path: /no/"), "cannot be updated"),
        (
            lambda p: commit_answers(p, "visualizer: none", "visualizer: wandb"),
            "refuses visualizer=wandb and would take none in its place",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_updated_is_an_error_without_a_traceback(project, prepare, told):
    prepare(project)
    code, output = update(project)
    assert code == 2
    assert output.startswith("error: ")
    assert told in output
    assert "Traceback" not in output


def commit_answers(project: Path, old: str, new: str) -> None:
    edit(project / ".copier-answers.yml", old, new)
    commit(project, "answers")


def test_a_tag_that_is_not_there(project):
    result = CliRunner().invoke(group, ["update", str(project), "--to", "v77"])
    assert result.exit_code == 2
    assert "v77" in result.output


MIGRATION = """
_migrations:
  - version: v9.1.0
    when: "{{ _stage == 'before' }}"
    command: touch made-by-a-migration
"""


def test_a_foreign_template_that_runs_commands_needs_trust(project, template, tmp_path):
    other = Path(shutil.copytree(template, tmp_path / "other"))
    (other / "copier.yml").write_text((other / "copier.yml").read_text() + MIGRATION)
    commit(other, "third")
    git(other, "tag", "v9.1.0")
    commit_answers(project, str(template), str(other))
    code, output = update(project, "--to", "v9.1.0")
    assert code == 2
    assert "--trust" in output
    code, output = update(project, "--to", "v9.1.0", "--trust")
    assert code == 0, output
    assert (project / "made-by-a-migration").is_file()
