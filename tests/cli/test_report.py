from __future__ import annotations

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group
from report import trees


def test_a_page_is_written_and_its_contents_are_counted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trees.write(tmp_path / "configs")
    ended = CliRunner().invoke(group, ["report", "configs", "-o", "page.html"])
    assert ended.exit_code == 0, ended.output
    assert "page.html written: 4 configs, 1 could not be read, " in ended.output
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["configs", "-o", "page.pdf"], "must end in .html"),
        (["nowhere", "-o", "page.html"], "nowhere"),
        (["configs", "-o", "no/page.html"], "cannot be written"),
        (["configs"], "--output"),
        (["configs", "-o", "page.html", "--against", "no"], "--against"),
        (["configs", "-o", "page.html", "--against", "configs", "--migrate"], "give one"),
        (["configs", "-o", "page.html", "--max-epochs", "3"], "for --migrate"),
    ],
)
def test_what_does_not_work_is_said(tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    trees.write(tmp_path / "configs")
    ended = CliRunner().invoke(group, ["report", *words])
    assert ended.exit_code == 2
    assert message in ended.output


def test_what_changed_since_an_older_tree(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        trees.write(tmp_path / name / "deep")
    (tmp_path / "new/deep/child.py").write_text(
        trees.CHILD.replace("batch_size=2", "batch_size=4")
    )
    words = ["report", "new", "-o", "page.html", "--against", "old"]
    ended = CliRunner().invoke(group, words)
    assert ended.exit_code == 0, ended.output
    assert "3 changed" in ended.output


def test_what_a_migration_would_change(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trees.write(tmp_path / "configs")
    words = ["report", "configs", "-o", "page.html", "--migrate", "--max-epochs", "24"]
    ended = CliRunner().invoke(group, words)
    assert ended.exit_code == 0, ended.output
    assert "2 changed" in ended.output  # the grandchild has 24 already, and the base is no config
    assert (tmp_path / "configs/base.py").read_text() == trees.BASE
