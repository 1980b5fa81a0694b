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
    ],
)
def test_what_does_not_work_is_said(tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    trees.write(tmp_path / "configs")
    ended = CliRunner().invoke(group, ["report", *words])
    assert ended.exit_code == 2
    assert message in ended.output
