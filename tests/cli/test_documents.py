"""What ``--format json`` prints is what its schema says, and the pages show the schemas."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from mmscaffold.cli.documents import VERSIONS
from mmscaffold.cli.documents.schemas import pages, schema
from mmscaffold.cli.documents.shapes import SHAPES
from mmscaffold.cli.main import group
from mmscaffold.scaffold.template_source import public_origin
from pydantic import ValidationError
from support.documents import is_as_its_schema_says
from support.packages import write_package

PAGES = Path(__file__).parents[2] / "docs" / "json"
LOGS = Path(__file__).parents[1] / "diagnose" / "logs"
FAULTY = "train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=1)\n"
SOUND = FAULTY.replace("by_epoch=True, ", "") + "model = dict(type='RetinaNet')\n"
OLD = "model = dict(type='RetinaNet')\ntotal_epochs = 12\nworkflow = [('train', 1)]\n"
LONG = """\
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
optim_wrapper = dict(
    optimizer=dict(type='SGD', lr=0.02, momentum=0.9),
    paramwise_cfg=dict(custom_keys=dict(backbone=dict(lr_mult=0.1))))
param_scheduler = [dict(type='MultiStepLR', milestones=[8, 11])]
"""
OLD_SCHEDULE = """\
runner = dict(type='EpochBasedRunner', max_epochs=3)
optimizer = dict(type='SGD', lr=0.02)
lr_config = dict(policy='step', step=[2])
"""
PROJECT = """
[tool.mmscaffold]
package = "ours"
runner = "OurRunner"
[tool.mmscaffold.classes]
RetinaNet = "OurRetinaNet"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    write_package(tmp_path, "ours", "OurRunner", "OurRetinaNet")
    (tmp_path / "faulty.py").write_text(FAULTY)
    (tmp_path / "sound.py").write_text(SOUND)
    (tmp_path / "foreign.py").write_text("_base_ = 'mmpose::a/b.py'\nx = open('f')\n")
    (tmp_path / "torn.py").write_text("train_cfg = dict(\n")
    (tmp_path / "old.py").write_text(OLD)
    (tmp_path / "long.py").write_text(LONG)
    (tmp_path / "old_schedule.py").write_text(OLD_SCHEDULE)
    return tmp_path


def printed(*words: str) -> dict[str, Any]:
    ended = CliRunner().invoke(group, [*words, "--format", "json"])
    assert ended.stdout, ended.output
    document: dict[str, Any] = json.loads(ended.stdout)
    return document


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("check", ["check", "."]),
        ("explain", ["explain", "MMS102"]),
        ("explain", ["explain"]),
        ("info", ["info"]),
        ("migrate", ["migrate", "sound.py", "--diff"]),
        ("migrate", ["migrate", "sound.py", "--diff", "--verify", "mmengine"]),
        ("resolve", ["resolve", "sound.py"]),
        ("resolve", ["resolve", "sound.py", "foreign.py"]),
        ("upgrade", ["upgrade", "old.py", "--diff"]),
        ("diagnose", ["diagnose", str(LOGS / "val-behind.log")]),
        ("diagnose", ["diagnose", str(LOGS / "healthy.log")]),
        ("history", ["migrate", "--history"]),
        ("new", ["new", "made", "--data", "package_name=cats"]),
        ("add", ["add", "hook", "Bell"]),
        ("add", ["add", "hook", "Bell", "--diff"]),
        ("plot", ["plot", "long.py"]),
        ("plot", ["plot", "old_schedule.py", "--iters-per-epoch", "10"]),
        ("report", ["report", ".", "-o", "page.html"]),
        ("report", ["report", ".", "-o", "page.html", "--migrate"]),
    ],
)
def test_what_is_printed_is_what_the_schema_says(project, kind, words):
    if kind == "history":
        CliRunner().invoke(group, ["migrate", "sound.py"])
    document = printed(*words)
    assert document["document"] == f"mmscaffold.{kind}"
    assert list(document)[:2] == ["document", "version"]
    is_as_its_schema_says(document)


def test_new_says_what_it_made(project):
    (project / "made").mkdir()
    (project / "made" / "README.md").write_text("mine")
    document = printed("new", "made", "--data", "package_name=cats")
    assert document["project"] == str(project / "made")
    assert document["template"] == public_origin()[1]
    assert document["answers"]["package_name"] == "cats"
    assert document["kept"] == [str(project / "made" / "README.md")]


def test_add_says_which_files_it_writes(project):
    planned = printed("add", "hook", "Bell", "--diff")
    assert planned["written"] == []
    assert (planned["kind"], planned["name"]) == ("hook", "Bell")
    assert planned["base"] == "mmengine.hooks.hook.Hook"
    done = printed("add", "hook", "Bell")
    assert {**planned, "written": done["written"]} == done
    new = {one["path"]: one["new"] for one in done["files"]}
    assert sorted(new) == sorted(done["written"])
    assert new[done["test"]]
    assert new[str(project / "ours" / "__init__.py")] is False
    assert all(Path(one).is_file() for one in done["written"])
    assert any("Bell" in line for line in done["config"])


def test_plot_has_the_rates_and_what_happens_when(project):
    (one,) = printed("plot", "long.py", "--iters-per-epoch", "10")["configs"]
    assert (one["path"], one["unit"]) == (str(project / "long.py"), "epochs")
    assert (one["iterations"], one["iterations_per_epoch"], one["is_guess"]) == (120, 10, False)
    rates = {
        line["group"]: dict(zip(line["iterations"], line["values"], strict=True))
        for line in one["lines"]
    }
    assert {*rates} == {"", "backbone"}
    assert [rates[""][at] for at in (0, 79, 80, 110)] == pytest.approx([2e-2, 2e-2, 2e-3, 2e-4])
    assert rates["backbone"][0] == pytest.approx(2e-3)
    steps = [mark["iteration"] for mark in one["marks"] if mark["kind"] == "milestone"]
    assert steps == [80, 110]


def test_plot_draws_the_picture_that_was_asked_for_as_well(project):
    document = printed("plot", "long.py", "-o", "a.svg")
    assert document["picture"] == str(project / "a.svg")
    assert (project / "a.svg").is_file()


def test_report_says_what_its_page_shows(project):
    document = printed("report", ".", "-o", "page.html")
    assert document["page"] == str(project / "page.html")
    assert str(project / "sound.py") in document["configs"]
    assert document["findings"] == len(printed("check", ".")["findings"])
    assert [one["path"] for one in document["failed"]] == [str(project / "torn.py")]
    assert document["changed"] is None
    document = printed("report", ".", "-o", "page.html", "--migrate")
    assert str(project / "sound.py") in document["changed"]
    assert str(project / "foreign.py") in [one["path"] for one in document["not_changed"]]


def test_a_document_that_lacks_a_key_is_seen(project):
    document = printed("check", ".")
    del document["findings"]
    with pytest.raises(ValidationError):
        is_as_its_schema_says(document)


@pytest.mark.parametrize("kind", sorted(VERSIONS))
def test_a_schema_asks_for_the_head_and_every_key(kind):
    whole = schema(kind)
    assert whole["properties"]["document"] == {"const": f"mmscaffold.{kind}"}
    assert set(whole["required"]) == set(whole["properties"])


def test_the_pages_are_those_of_the_schemas():
    assert VERSIONS.keys() == SHAPES.keys()
    written = {path.name: path.read_text(encoding="utf-8") for path in PAGES.iterdir()}
    assert written == pages(), "python -m mmscaffold.cli.documents.schemas docs/json"


def test_a_version_is_raised_with_what_it_breaks(tmp_path):
    """Against the last release: no key may go, or change its type, within a version."""
    root = PAGES.parents[1]
    listed = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0"], cwd=root, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("no release yet: there is nothing to compare with")
    for kind, version in VERSIONS.items():
        shown = subprocess.run(
            ["git", "show", f"{listed.stdout.strip()}:docs/json/{kind}.md"],
            cwd=root,
            capture_output=True,
            text=True,
        )
        if shown.returncode:
            continue
        old = json.loads(shown.stdout.split("```json\n")[1].split("```")[0])
        if old["properties"]["version"]["const"] == version:
            new = schema(kind)
            for key, value in old["properties"].items():
                assert new["properties"].get(key) == value, (kind, key)
