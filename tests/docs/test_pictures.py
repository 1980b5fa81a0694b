"""The pictures of schedules are those of the configs beside them."""

from __future__ import annotations

import importlib.util
import re

import matplotlib as mpl
import pytest
from support.shown_commands import DOCS

spec = importlib.util.spec_from_file_location("docs_pictures", DOCS / "site" / "pictures.py")
assert spec is not None
assert spec.loader is not None
pictures = importlib.util.module_from_spec(spec)
spec.loader.exec_module(pictures)


def test_each_picture_of_a_page_is_there_and_each_is_used():
    named = {
        name
        for page in DOCS.rglob("*.md")
        for name in re.findall(r"pictures/((?:schedule|start)-[\w.-]+)", page.read_text("utf-8"))
    }
    there = {one.name for one in pictures.PICTURES.iterdir()}
    ours = {name for name in there if name.startswith(("schedule-", "start-"))}
    assert named == ours
    assert pictures.configs().keys() == {name for name in ours if name.startswith("schedule-")}


@pytest.mark.slow
@pytest.mark.parametrize("name", pictures.configs())
def test_a_picture_is_current(name, tmp_path):
    committed = (pictures.PICTURES / name).read_text(encoding="utf-8")
    pictures.draw(name, tmp_path)
    drawn = (tmp_path / name).read_text(encoding="utf-8")
    version = re.compile(r"Matplotlib v[\d.]+")
    if version.search(committed)[0] == f"Matplotlib v{mpl.__version__}":
        assert drawn == committed
    # Another version draws letters in another way; the words are comments in the file.
    assert re.findall(r"<!-- (.*?) -->", drawn) == re.findall(r"<!-- (.*?) -->", committed)
