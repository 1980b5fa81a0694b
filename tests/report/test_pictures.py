"""The pictures of the documentation: made by its script, and all of them shown."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from mmscaffold.diagnose import diagnose
from support.share import share

DOCS = Path(__file__).parents[2] / "docs"
LARGEST = 150_000  # bytes


@pytest.fixture
def script(monkeypatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(DOCS / "demo"))
    return importlib.import_module("pictures")


def names(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.png")}


def check(folder: Path) -> None:
    for path in folder.glob("*.png"):
        assert path.read_bytes().startswith(b"\x89PNG"), path
        assert 5_000 < path.stat().st_size < LARGEST, path


@pytest.mark.slow
def test_the_commands_draw_theirs(script, tmp_path):
    pytest.importorskip("matplotlib")
    wanted = share(sorted(script.DRAWN), 3)
    script.draw(tmp_path, wanted)
    assert names(tmp_path) == set(wanted)
    check(tmp_path)


@pytest.mark.slow
def test_each_page_has_its_pictures(script, browser, tmp_path):
    script.shoot_all(browser, tmp_path)
    assert names(tmp_path) == set(script.SHOTS)
    check(tmp_path)


def test_all_are_there_and_are_shown(script):
    made = set(script.SHOTS) | set(script.DRAWN)
    assert made <= names(DOCS / "pictures")
    shown = set()
    for page in ("report.md", "diagnose.md", "plot.md"):
        text = (DOCS / page).read_text(encoding="utf-8")
        linked = re.findall(r"!\[[^\]]+\]\(pictures/([\w-]+)\.png\)", text)
        assert linked, page
        shown |= set(linked)
    assert shown == made


def test_the_example_logs_say_what_the_page_shows(script, tmp_path):
    logs = importlib.import_module("example_log").write_example_logs(tmp_path)
    first, second = diagnose(logs).runs
    assert first.seen == []
    assert second.causes[0].cause.name == "schedule-comes-with-the-checkpoint"
