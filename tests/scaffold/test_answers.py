"""Answers become text of files: whatever would become more than that is refused."""

from __future__ import annotations

import ast
import sys
import warnings
from pathlib import Path

import pytest
import yaml
from mmscaffold.scaffold import new_project
from mmscaffold.scaffold.answers import ScaffoldError
from mmscaffold.scaffold.template_source import template_folder

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# Written as escapes, so that this file holds none of them.
CONTROL = {
    "newline": "a\nimport os",
    "carriage return": "a\rb",
    "nul": "a\0b",
    "ansi": "a\x1b[31mb",
    "c1": "a\x9b31mb",
    "line separator": "a\u2028b",
    "right to left": "a\u202eb",
    "isolate": "a\u2066b",
    "byte order mark": "a\ufeffb",
    "tag": "a\U000e0041b",
}
FREE_TEXT = ("project_name", "description", "author", "package_name", "class_names")


@pytest.mark.parametrize("text", CONTROL.values(), ids=CONTROL)
@pytest.mark.parametrize("question", FREE_TEXT)
def test_control_characters_are_refused(tmp_path, question, text):
    answer = [text, "dog"] if question == "class_names" else text
    made = tmp_path / "made"
    with pytest.raises(ScaffoldError) as caught:
        new_project(made, {"package_name": "mine", question: answer})
    assert "control characters" in str(caught.value) or question == "package_name"
    assert not made.exists()


def copy(made: Path, answers: dict[str, object]) -> None:
    from copier import run_copy

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run_copy(str(template_folder()), made, data=answers, defaults=True, quiet=True)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("author", "a\nb"),
        ("class_names", ["a\u2028b"]),
        ("package_name", "mine\n"),
        # What follows from other answers is not asked for, but copier takes it all the same.
        ("classes", ['a")\nimport os']),
        ("schedule_name", "../../out"),
        ("full_slug", "../../out"),
        ("detectors", {"RetinaNet": {"title": "x"}}),
        ("has_runner", True),
        ("has_github", False),
        ("multimodal", True),
        # Nor is what belongs to a part that was not chosen.
        ("flexible_runner", True),
        ("validation_loss", True),
        ("sampler_epochs", True),
        ("more_dataloaders", True),
        ("class_names", [True, False]),
        ("class_names", [None]),
        ("class_names", ["yes", 1]),
        ("class_names", ["a", " "]),
    ],
)
def test_copier_refuses_them_as_well(tmp_path, question, answer):
    made = tmp_path / "made"
    with pytest.raises(ValueError, match=question):
        copy(made, {"custom_parts": ["model"], question: answer})
    assert not list(made.glob("*/"))


def test_a_trailing_newline_is_not_part_of_a_package_name(tmp_path):
    with pytest.raises(ScaffoldError, match="not a valid Python package name"):
        new_project(tmp_path / "p", {"package_name": "mine\n"})


def test_what_is_not_asked_cannot_be_answered(tmp_path):
    with pytest.raises(ScaffoldError, match="no question 'full_slug'"):
        new_project(tmp_path / "p", {"full_slug": "x"})


@pytest.mark.parametrize(
    ("question", "answer", "message"),
    [
        ("custom_parts", "runner", r"not a list\n.*custom_parts=\[runner\]"),
        ("custom_parts", "[runner, nothing]", "has no 'nothing' to choose"),
        ("custom_parts", "{runner: 1}", "not a list"),
        ("dockerfile", "maybe", "neither true nor false"),
        ("dockerfile", "1", "neither true nor false"),
        ("class_names", "[on, off]", "Quote it"),
        ("class_names", "[null]", "Quote it"),
        ("class_names", "[2024-01-01]", "Quote it"),
        ("class_names", "[yes, no, 1]", "Quote it"),
        ("class_names", "[2024-99-99]", "2024-99-99|not valid YAML"),
        ("class_names", "[a", "not valid YAML"),
        ("class_names", "cat", "must be a list"),
    ],
)
def test_an_answer_of_another_type_is_told(tmp_path, question, answer, message):
    with pytest.raises(ScaffoldError, match=message):
        new_project(tmp_path / "p", {question: answer})
    assert not (tmp_path / "p").exists()


def test_an_author_is_not_the_encoding_of_the_code(tmp_path):
    with pytest.raises(ScaffoldError, match="encoding"):
        new_project(tmp_path / "p", {"author": "x coding: utf-7"})


@pytest.mark.parametrize("author", ["x" * 71, "多模态目标检测" * 5 + "组"])
def test_an_author_fits_on_a_line_of_code(tmp_path, author):
    with pytest.raises(ScaffoldError, match="at most 70"):
        new_project(tmp_path / "p", {"author": author})


def test_odd_but_honest_answers_come_out_as_given(tmp_path):
    answers = {
        "project_name": "syntax=evil/image:1 d'Été {{ 7 * 7 }} #1",
        "package_name": "mine",
        "description": "It's 100% `done`: {% raw %} <b> & [x](y) $HOME 目标检测",
        "author": "O'Neil & Søn <a@b.c>",
        "class_names": ["traffic light", "l'été", "${x}"],
        "dockerfile": True,
    }
    made = new_project(tmp_path / "made", answers)
    about = tomllib.loads((made / "pyproject.toml").read_text("utf-8"))["project"]
    assert about["description"] == answers["description"]
    assert about["authors"] == [{"name": answers["author"]}]
    recorded = yaml.safe_load((made / ".copier-answers.yml").read_text("utf-8"))
    for name in ("project_name", "description", "author", "class_names"):
        assert recorded[name] == answers[name]
    modules = [ast.parse(path.read_text("utf-8")) for path in made.rglob("*.py")]
    constants = {
        node.value
        for module in modules
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert constants.issuperset(answers["class_names"])
    # BuildKit would fetch and run what a first line `# syntax=...` names.
    for name in ("Dockerfile", "Dockerfile.cuda"):
        assert not (made / name).read_text("utf-8").startswith("# syntax")


def test_images_actions_and_torch_are_pinned(tmp_path):
    made = new_project(tmp_path / "github", {"dockerfile": True})
    workflow = (made / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    used = [line.split("uses: ")[1] for line in workflow.splitlines() if "uses: " in line]
    assert used
    for action in used:
        assert len(action.partition("@")[2].split()[0]) == 40, action
    gitlab = new_project(tmp_path / "gitlab", {"ci": "gitlab"}) / ".gitlab-ci.yml"
    image = gitlab.read_text("utf-8")
    dockerfile = (made / "Dockerfile").read_text("utf-8")
    for text in (image, dockerfile):
        assert "@sha256:" in text
    for text in (workflow, image, dockerfile):
        assert "torch==" in text
        assert "mmdet==" in text
