"""``copier update`` brings a project to the next template, and keeps what its users wrote."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from pathlib import Path

import pytest
import yaml
from mmscaffold.publication import RELEASE
from mmscaffold.scaffold import new_project
from mmscaffold.scaffold.template_source import template_folder

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]

LOOPS = "my_project/engine/train_loops.py"


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


@pytest.fixture
def template(tmp_path) -> Path:
    """A repository of the template, released as v0.1.0."""
    folder = tmp_path / "template"
    source = template_folder()
    folder.mkdir()
    shutil.copy(source / "copier.yml", folder)
    shutil.copytree(
        source / "template", folder / "template", ignore=shutil.ignore_patterns("__pycache__")
    )
    git(folder, "init", "-q")
    commit(folder, "first")
    git(folder, "tag", "v0.1.0")
    return folder


def release_another(template: Path, tag: str = "v0.1.1") -> None:
    """Change three files of the template, and release it."""
    readme = template / "template" / "_parts" / "readme_english.jinja"
    readme.write_text(readme.read_text() + "\n## New in this template\n\nA chapter.\n")
    loops = template / "template" / "{{package_name}}" / "engine"
    (loops / "brand_new.py").write_text('"""A module that came with an update."""\n')
    file = loops / "{% if has_train_loop %}train_loops.py{% endif %}.jinja"
    text = file.read_text()
    assert "Train loops: mmengine's own" in text
    file.write_text(text.replace("Train loops: mmengine's own", "The train loops: mmengine's"))
    commit(template, "second")
    git(template, "tag", tag)


def make(template: Path, folder: Path, tag: str = "v0.1.0", **answers: str) -> Path:
    from copier import run_copy

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run_copy(
            str(template),
            folder,
            {"project_name": "My Project", **answers},
            defaults=True,
            vcs_ref=tag,
            quiet=True,
        )
    git(folder, "init", "-q")
    commit(folder, "made")
    return folder


def update(folder: Path, *, trust: bool = False) -> None:
    from copier import run_update

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run_update(
            folder, defaults=True, overwrite=True, quiet=True, conflict="inline", unsafe=trust
        )


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_edits_are_kept_and_changes_come_in(template, tmp_path):
    project = make(template, tmp_path / "project")
    edit(project, LOOPS, "        return data_batch\n", "        return double(data_batch)\n")
    (project / "my_project" / "mine.py").write_text("x = 1\n")
    edit(project, "README.md", "## First run", "## How we start\n\n## First run")
    commit(project, "mine")
    release_another(template)
    update(project)
    loops = (project / LOOPS).read_text()
    assert "return double(data_batch)" in loops
    assert "The train loops: mmengine's" in loops
    readme = (project / "README.md").read_text()
    assert "## How we start" in readme
    assert "## New in this template" in readme
    assert (project / "my_project" / "engine" / "brand_new.py").is_file()
    assert (project / "my_project" / "mine.py").read_text() == "x = 1\n"
    for path in project.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            assert "<<<<<<<" not in path.read_text(errors="replace"), path
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert answers["_commit"] == "v0.1.1"


def test_the_same_lines_changed_twice_are_marked(template, tmp_path):
    project = make(template, tmp_path / "project")
    edit(project, LOOPS, "Train loops: mmengine's own", "Our loops: mmengine's own")
    commit(project, "mine")
    release_another(template)
    update(project)
    loops = (project / LOOPS).read_text()
    assert "<<<<<<<" in loops
    assert "Our loops" in loops
    assert "The train loops" in loops


# As docs/template.md tells those who move a file of the template.
MIGRATION = """
_migrations:
  - version: v0.1.1
    when: "{{ _stage == 'before' }}"
    command: |
      cd "$(sed -n 's/^package_name: //p' .copier-answers.yml)/engine"
      git mv train_loops.py training.py
"""


def test_a_file_that_moves_takes_the_edits_along(template, tmp_path):
    from copier.errors import UnsafeTemplateError

    project = make(template, tmp_path / "project")
    edit(project, LOOPS, "        return data_batch\n", "        return double(data_batch)\n")
    commit(project, "mine")
    engine = template / "template" / "{{package_name}}" / "engine"
    old = "{% if has_train_loop %}train_loops.py{% endif %}.jinja"
    (engine / old).rename(engine / old.replace("train_loops", "training"))
    init = engine / "__init__.py.jinja"
    init.write_text(init.read_text().replace(".train_loops", ".training"))
    questions = template / "copier.yml"
    questions.write_text(questions.read_text() + MIGRATION)
    commit(template, "moved")
    git(template, "tag", "v0.1.1")
    # A migration runs a command: whoever updates must trust it.
    with pytest.raises(UnsafeTemplateError):
        update(project)
    update(project, trust=True)
    assert not (project / LOOPS).exists()
    moved = (project / "my_project/engine/training.py").read_text()
    assert "return double(data_batch)" in moved
    # Only the edited line is left to decide; the rest of the file is the new one.
    assert moved.count("<<<<<<<") == 1
    assert "from .training import" in (project / "my_project/engine/__init__.py").read_text()
    # Making a project runs none of it.
    make(template, tmp_path / "fresh")


def test_one_from_the_installed_tool_is_updated_alike(template, tmp_path):
    """Its answers name the public repository; here, that is the one of this test."""
    project = new_project(tmp_path / "my-project", {})
    answers = project / ".copier-answers.yml"
    recorded = yaml.safe_load(answers.read_text())
    assert recorded["_commit"] == RELEASE
    assert recorded["_src_path"].endswith("/mmscaffold.git")
    text = answers.read_text().replace(recorded["_src_path"], str(template))
    answers.write_text(text.replace(f"_commit: {RELEASE}", "_commit: v0.1.0"))
    git(project, "init", "-q")
    edit(project, LOOPS, "        return data_batch\n", "        return double(data_batch)\n")
    commit(project, "made and edited")
    release_another(template)
    update(project)
    loops = (project / LOOPS).read_text()
    assert "return double(data_batch)" in loops
    assert "The train loops: mmengine's" in loops


def test_names_that_would_be_refused_by_now_are_kept(template, tmp_path):
    """Copier takes the default where a rule of the new template refuses an answer."""
    names = {"package_name": "thermal_ships", "class_prefix": "Thermal", "author": "A. B."}
    project = make(template, tmp_path / "project", **names)
    edit(
        template, "template/_parts/taken_names.yml", "dependency: [", "dependency: [thermal_ships,"
    )
    edit(template, "template/_parts/class_prefix_check.jinja", '["Base"', '["Thermal", "Base"')
    edit(template, "copier.yml", "| length > 70 %}", "| length > 4 %}")
    for tag in ("v0.1.1", "v0.1.2"):
        (template / "template" / "{{package_name}}" / f"of_{tag[-1]}.py").write_text("x = 1\n")
        commit(template, tag)
        git(template, "tag", tag)
        update(project)
        answers = yaml.safe_load((project / ".copier-answers.yml").read_text())
        assert {name: answers[name] for name in names} == names
        assert (project / "thermal_ships" / f"of_{tag[-1]}.py").is_file()
        assert "class ThermalRunner" in (project / "thermal_ships/engine/runner.py").read_text()
        commit(project, tag)
    for name, answer in names.items():
        with pytest.raises(ValueError, match=name):
            make(template, tmp_path / name, **{name: answer}, tag="v0.1.2")


def test_rendering_needs_no_trust(template, tmp_path):
    document = yaml.safe_load((template / "copier.yml").read_text())
    assert not {"_tasks", "_jinja_extensions"} & set(document)
    make(template, tmp_path / "project")
