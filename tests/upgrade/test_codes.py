"""Each code that the upgrade can write is explained, and has a page."""

from __future__ import annotations

import re
from pathlib import Path

import mmscaffold
import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group
from mmscaffold.errors import MmscaffoldError
from mmscaffold.upgrade.codes import CODES, Level, find_code
from mmscaffold.upgrade.pages import index, page, write_pages

ROOM = Path(mmscaffold.__file__).parent / "upgrade"
DOCS = Path(__file__).parents[2] / "docs" / "upgrade-notes"


def test_the_table_has_the_codes_that_are_told():
    used = set()
    for path in ROOM.rglob("*.py"):
        if path.name != "codes.py":
            used |= set(re.findall(r"\bUP\d{3}\b", path.read_text(encoding="utf-8")))
    assert used == CODES.keys()


def test_the_table_is_in_order_and_says_something_of_each():
    assert list(CODES) == sorted(CODES)
    assert len({one.name for one in CODES.values()}) == len(CODES)
    for one in CODES.values():
        assert one.what.endswith(".")
        assert one.why.endswith(".")
        assert one.do.rstrip("`").endswith(".")
    assert find_code("up203") is find_code("validations-differ")
    assert find_code("UP103").level is Level.DIFFERENT
    assert find_code("UP303").level is Level.REFUSED
    with pytest.raises(MmscaffoldError, match="no note 'UP29'"):
        find_code("UP29")


def test_the_pages_are_those_of_the_table(tmp_path: Path):
    write_pages(tmp_path)
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    stored = {path.name: path.read_text(encoding="utf-8") for path in DOCS.iterdir()}
    assert written == stored, "python -m mmscaffold.upgrade.pages docs/upgrade-notes"
    assert all(f"]({code}.md)" in index() for code in CODES)


def test_explain_shows_a_note():
    shown = CliRunner().invoke(group, ["explain", "up203"]).output
    assert shown == page(find_code("UP203"))
    listed = CliRunner().invoke(group, ["explain"]).output.splitlines()
    assert ["UP203", "note", "validations-differ"] in [line.split() for line in listed]
