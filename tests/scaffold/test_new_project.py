from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from mmscaffold.project import load_project
from mmscaffold.scaffold.new_project import ScaffoldError, new_project

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]


def test_a_project_is_made_with_its_class_map_filled_in(tmp_path):
    answers = {"project_name": "Thermal Cats", "author": "Ada"}
    project = load_project(new_project(tmp_path / "p", answers))
    assert project.class_map.package == "thermal_cats"
    assert project.class_map.runner == "MyRunner"
    assert project.class_map.classes["EpochBasedTrainLoop"] == "MyEpochBasedTrainLoop"
    assert (tmp_path / "p" / "thermal_cats" / "engine" / "runner.py").is_file()
    assert 'authors = [{ name = "Ada" }]' in (tmp_path / "p" / "pyproject.toml").read_text()


def test_the_answers_name_the_public_template_for_copier_update(tmp_path):
    new_project(tmp_path / "p", {})
    answers = yaml.safe_load((tmp_path / "p" / ".copier-answers.yml").read_text())
    assert answers["_src_path"].startswith("https://")
    assert answers["_commit"].startswith("v")
    assert answers["package_name"] == "my_project"


def test_an_empty_folder_may_exist_already(tmp_path):
    (tmp_path / "p").mkdir()
    new_project(tmp_path / "p", {})


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"package_name": "1st"}, "not a Python package name"),
        ({"package_name": "mmdet"}, "would hide"),
        ({"project_name": " "}, "needs at least one character"),
        ({"author": 'A "B" C'}, "quotes or backslashes"),
        ({"nonsense": "x"}, "has no question 'nonsense'"),
    ],
)
def test_a_wrong_answer_writes_nothing(tmp_path, answers, message):
    with pytest.raises(ScaffoldError, match=message):
        new_project(tmp_path / "p", answers)
    assert not (tmp_path / "p").exists()


def test_what_is_not_asked_is_not_offered(tmp_path):
    with pytest.raises(ScaffoldError) as caught:
        new_project(tmp_path / "p", {"nonsense": "x"})
    assert "detector, " in caught.value.hint
    assert "detectors" not in caught.value.hint
    assert "has_runner" not in caught.value.hint


def test_a_folder_with_files_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ScaffoldError, match="not empty"):
        new_project(tmp_path, {})
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "p").write_text("mine")
    with pytest.raises(ScaffoldError, match="not a folder"):
        new_project(tmp_path / "p", {})
    assert (tmp_path / "p").read_text() == "mine"


def test_no_quoting_of_yaml_or_toml_is_broken_by_an_answer(tmp_path):
    answers = {"project_name": "it's: a #1 [x] {y} 中文", "package_name": "p"}
    load_project(new_project(tmp_path / "p", answers))
    made = yaml.safe_load(Path(tmp_path / "p" / ".copier-answers.yml").read_text("utf-8"))
    assert made["project_name"] == answers["project_name"]
