from __future__ import annotations

import pytest
from mmscaffold.project import ProjectError, find_project, load_project

GOOD = """
[tool.mmscaffold]
package = "my_project"
runner = "MyRunner"

[tool.mmscaffold.classes]
RetinaNet = "MyRetinaNet"
"""


def write(folder, text):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_table_becomes_a_class_map(tmp_path):
    class_map = load_project(write(tmp_path, GOOD)).class_map
    assert (class_map.package, class_map.runner) == ("my_project", "MyRunner")
    assert class_map.classes == {"RetinaNet": "MyRetinaNet"}


def test_the_nearest_project_above_is_found(tmp_path):
    write(tmp_path, GOOD)
    write(tmp_path / "a", "[project]\nname = 'no table here'\n")
    (tmp_path / "a" / "b").mkdir()
    assert find_project([tmp_path / "a" / "b"]).root == tmp_path


def test_starts_are_tried_in_order(tmp_path):
    write(tmp_path / "first", GOOD)
    write(tmp_path / "second", GOOD)
    (tmp_path / "nothing").mkdir()
    starts = [tmp_path / "nothing", tmp_path / "second", tmp_path / "first"]
    assert find_project(starts).root == tmp_path / "second"


def test_no_project_says_where_it_looked_and_what_to_do(tmp_path):
    with pytest.raises(ProjectError, match="no project in or above") as raised:
        find_project([tmp_path])
    assert "mmscaffold new" in (raised.value.hint or "")


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (GOOD.replace("runner =", "runer ="), "unknown key 'runer'", 4),
        (GOOD.replace('"MyRunner"', "3"), "runner = 3 is not a valid Python name", 4),
        (GOOD.replace('"MyRetinaNet"', '"My RetinaNet"'), "not a valid Python name", 7),
        (GOOD.replace('package = "my_project"\n', ""), "does not say which package", 2),
        (GOOD + 'MyRetinaNet = "Other"\n', "itself becomes Other", 7),
        (GOOD + "x = = 1\n", "not valid TOML", 8),
        ("[project]\nname = 'x'\n", r"no \[tool.mmscaffold\] table", None),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(tmp_path, text, message, line):
    with pytest.raises(ProjectError, match=message) as raised:
        load_project(write(tmp_path, text))
    where = f"{tmp_path / 'pyproject.toml'}"
    assert raised.value.where == (where if line is None else f"{where}:{line}")


def test_a_near_miss_is_suggested(tmp_path):
    with pytest.raises(ProjectError) as raised:
        load_project(write(tmp_path, GOOD.replace("package", "pakage")))
    assert "'package'" in (raised.value.hint or "")


def test_a_folder_without_pyproject_is_no_project(tmp_path):
    with pytest.raises(ProjectError, match=r"no pyproject\.toml"):
        load_project(tmp_path)


def test_a_table_that_is_none_is_refused_by_every_command(tmp_path):
    write(tmp_path, "[tool]\nmmscaffold = 3\n")
    for look in (lambda: find_project([tmp_path]), lambda: load_project(tmp_path)):
        with pytest.raises(ProjectError, match=r"tool\.mmscaffold must be a table"):
            look()


def test_other_tools_are_no_business_of_ours(tmp_path):
    write(tmp_path, GOOD)
    write(tmp_path / "a", "tool = 3\n")
    assert find_project([tmp_path / "a"]).root == tmp_path


def test_broken_toml_on_the_way_is_an_error_with_its_line(tmp_path):
    write(tmp_path, GOOD)
    inner = write(tmp_path / "a", "x = 1\ny = = 2\n")
    with pytest.raises(ProjectError, match="is not valid TOML") as raised:
        find_project([inner])
    assert raised.value.where == f"{inner / 'pyproject.toml'}:2"
