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
from pydantic import ConfigDict, TypeAdapter, ValidationError
from support.packages import write_package

PAGES = Path(__file__).parents[2] / "docs" / "json"
LOGS = Path(__file__).parents[1] / "diagnose" / "logs"
FAULTY = "train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=1)\n"
SOUND = FAULTY.replace("by_epoch=True, ", "") + "model = dict(type='RetinaNet')\n"
OLD = "model = dict(type='RetinaNet')\ntotal_epochs = 12\nworkflow = [('train', 1)]\n"
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
    return tmp_path


def printed(*words: str) -> dict[str, Any]:
    ended = CliRunner().invoke(group, [*words, "--format", "json"])
    assert ended.stdout, ended.output
    document: dict[str, Any] = json.loads(ended.stdout)
    return document


def is_as_its_schema_says(document: dict[str, Any]) -> None:
    """Every key is there, none is added, and each is of its type."""
    kind = document.pop("document").removeprefix("mmscaffold.")
    assert document.pop("version") == VERSIONS[kind]
    shape = SHAPES[kind]
    # The schema allows keys of later releases; what is printed now has none.
    strict = ConfigDict(extra="forbid", strict=True)
    shape.__pydantic_config__ = strict  # type: ignore[attr-defined]
    try:
        TypeAdapter(shape).validate_python(document)
    finally:
        del shape.__pydantic_config__  # type: ignore[attr-defined]


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
    ],
)
def test_what_is_printed_is_what_the_schema_says(project, kind, words):
    if kind == "history":
        CliRunner().invoke(group, ["migrate", "sound.py"])
    document = printed(*words)
    assert document["document"] == f"mmscaffold.{kind}"
    assert list(document)[:2] == ["document", "version"]
    is_as_its_schema_says(document)


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
