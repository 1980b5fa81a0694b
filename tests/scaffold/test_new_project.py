from __future__ import annotations

import contextlib
import keyword
import re
import sys
import unicodedata
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest
import yaml
from mmscaffold.facts.classes import upstream
from mmscaffold.facts.packages import PACKAGES
from mmscaffold.project import load_project
from mmscaffold.scaffold.answers import ScaffoldError
from mmscaffold.scaffold.new_project import files_kept, new_project
from mmscaffold.scaffold.template_source import table, template_folder

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
    assert (answers["project_name"], answers["package_name"]) == ("P", "p")


def test_an_empty_folder_may_exist_already(tmp_path):
    (tmp_path / "p").mkdir()
    new_project(tmp_path / "p", {})


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"package_name": "1st"}, "not a valid Python package name"),
        ({"package_name": "json"}, "of Python's standard library"),
        ({"package_name": "mmseg"}, "OpenMMLab package mmseg"),
        ({"package_name": "class"}, "Python keyword"),
        ({"package_name": "json", "docs_language": "chinese"}, "标准库"),
        ({"package_name": "mmdet"}, "would hide"),
        ({"package_name": "packaging"}, "which training with MMDetection needs"),
        ({"package_name": "nul"}, "a device on Windows"),
        ({"package_name": "aux", "docs_language": "chinese"}, "设备名"),
        ({"project_name": " "}, "needs at least one character"),
        ({"author": ""}, "needs at least one character"),
        ({"author": 'A "B" C'}, "quotes or backslashes"),
        ({"package_name": "a" * 37}, "at most 36 characters"),
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


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("热成像检测", "re_cheng_xiang_jian_ce"),
        ("檢測 (第2版)", "jian_ce_di_2_ban"),
        ("Défauts", "defauts"),
        ("3D Ships", "my_3d_ships"),
        ("Bob's nets", "bobs_nets"),
        ("YOLO (v2)", "yolo_v2"),
        ("Straßenschäden: Ærø", "strassenschaden_aero"),
        ("De\u0301fauts", "defauts"),
        ("Обнаружение кораблей", "obnaruzhenie_korablei"),
        ("Πλοία", "ploia"),
        ("热成像YOLO", "re_cheng_xiang_yolo"),
        ("JSON", "my_json"),
        ("mmdet", "my_mmdet"),
        ("class", "my_class"),
        ("__init__", "init"),
        ("基于深度学习的印刷电路板缺陷检测", "ji_yu_shen_du_xue_xi_de_yin_shua"),
        ("Small defects on printed circuit boards", "small_defects_on_printed_circuit"),
        ("a" * 50, "a" * 36),
        ("हवाई जहाज़", "my_project"),
        ("!?", "my_project"),
    ],
)
def test_every_name_of_a_project_has_a_package(name, package):
    assert rendered("package_slug.jinja", project_name=name) == package
    assert rendered("package_name_check.jinja", package_name=package, docs_language="") == ""


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("thermal", "Thermal"),
        ("thermal-nets_2", "Thermal Nets 2"),
        ("YOLOv8", "YOLOv8"),
        ("热成像", "热成像"),
        ("  ", "My Project"),
        ('a"b', "My Project"),
        ("a\nb", "A B"),
        ("a\x1b[1mb", "My Project"),
    ],
)
def test_the_name_of_a_project_follows_from_its_folder(folder, name):
    assert rendered("project_name.jinja", _folder_name=folder) == name


def rendered(part: str, **values: str) -> str:
    """A part of the template, rendered as Copier does for a question."""
    from jinja2 import FileSystemLoader
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(
        loader=FileSystemLoader(template_folder()),
        extensions=["jinja2_ansible_filters.AnsibleCoreFiltersExtension"],
        keep_trailing_newline=True,
    )
    # As Copier gives them for a new project.
    copying = {
        "_copier_conf": {"dst_path": "project", "data": {}, "user_defaults": {}},
        "_copier_answers": {},
    }
    return environment.get_template(f"template/_parts/{part}").render({**copying, **values})


def test_the_names_that_would_hide_the_standard_library_are_known():
    taken = table("taken_names")
    own = {name for name in sys.stdlib_module_names if not name.startswith("_")}
    assert own <= set(taken["standard_library"])
    assert {name for name in keyword.kwlist if name.islower()} <= set(taken["keyword"])
    assert {one.name for one in PACKAGES.values()} <= set(taken["openmmlab"])


def test_the_names_that_would_hide_what_its_tests_and_trainings_import_are_known():
    known = {name for names in table("taken_names").values() for name in names}
    importable = packages_distributions()
    wanted, imported = ["pytest", "requests", "jinja2", "mmengine"], set()
    for name in wanted:
        with contextlib.suppress(PackageNotFoundError):
            needed = [
                re.match(r"[\w.-]+", one) for one in requires(name) or () if "extra" not in one
            ]
            wanted += {one[0] for one in needed if one} - set(wanted)
            imported |= {
                module
                for module, distributions in importable.items()
                if name.lower().replace("-", "_")
                in [one.lower().replace("-", "_") for one in distributions]
            }
    # What a project may be called, of these.
    by_slug = {module for module in imported if re.fullmatch(r"[a-z][a-z0-9_]*", module)}
    # Parts of yapf that it reads as data, or tests itself with.
    assert by_slug - known <= {"yapf_third_party", "yapftests"}
    assert {"packaging", "requests"} <= by_slug


def test_letters_are_written_as_the_letter_that_carries_the_marks():
    rows = table("letters")
    known = [letter for letters in rows.values() for letter in letters]
    assert len(known) == len(set(known))
    for plain, letters in rows.items():
        for letter in letters:
            assert letter == letter.lower()
            base = unicodedata.normalize("NFKD", letter)[0]
            assert not base.isascii() or plain.startswith(base), letter


@pytest.mark.parametrize("prefix", ["my", "3D", "", "Über", "My Own", "My_", "A" * 13, "Flexible"])
def test_a_prefix_that_makes_no_class_of_its_own_is_refused(tmp_path, prefix):
    with pytest.raises(ScaffoldError, match="class_prefix"):
        new_project(tmp_path / "p", {"class_prefix": prefix})
    assert rendered("class_prefix_check.jinja", class_prefix="Thermal", docs_language="") == ""


def test_no_prefix_makes_a_class_that_there_is():
    made = {
        "RUNNERS": ["Runner"],
        "LOOPS": ["EpochBasedTrainLoop", "IterBasedTrainLoop", "ValLoop", "TestLoop"],
        "MODELS": list(table("detectors")),
    }
    taken = {
        name.removesuffix(base)
        for registry, bases in made.items()
        for name in upstream().names(registry)
        for base in bases
        if name.endswith(base) and name != base
    }
    assert "Flexible" in taken
    for prefix in taken:
        assert rendered("class_prefix_check.jinja", class_prefix=prefix, docs_language="")


def test_a_name_that_was_typed_in_decides_over_the_folder(tmp_path):
    project = new_project(tmp_path / "thermal", {"project_name": "Défauts"})
    assert (project / "defauts" / "__init__.py").is_file()


@pytest.mark.parametrize("name", ["README.md", "readme", "LICENSE", "LICENCE.txt", ".gitignore"])
def test_what_a_new_repository_holds_is_kept(tmp_path, name):
    (tmp_path / ".git").mkdir()
    (tmp_path / name).write_text("mine")
    new_project(tmp_path, {"package_name": "own"})
    assert (tmp_path / name).read_text() == "mine"
    assert (tmp_path / "own" / "__init__.py").is_file()
    assert files_kept(tmp_path / "nowhere") == []


@pytest.mark.parametrize("name", ["main.py", "READMES", ".github", "licenser"])
def test_any_other_file_is_in_the_way(tmp_path, name):
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / name).write_text("mine")
    with pytest.raises(ScaffoldError, match=f"holds {name}"):
        new_project(tmp_path, {})
    assert len(list(tmp_path.iterdir())) == 2


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
