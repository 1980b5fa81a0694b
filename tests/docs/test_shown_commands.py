"""Whoever follows a page of the documentation sees what the page shows."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from support.shown_commands import DOCS, agrees, blocks, follow, shown

WHOLE = bool(os.environ.get("MMSCAFFOLD_WHOLE"))
PAGES = sorted(
    path
    for path in DOCS.rglob("*.md")
    if not path.name.endswith(".zh-CN.md") and "```console" in path.read_text(encoding="utf-8")
)
# Trainings take minutes: `make test-slow` runs them.
TRAINS = frozenset({"needs torch", "needs mmdet"}) if WHOLE else frozenset()


def _name(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


def _follow(page: Path, folder: Path, needs: frozenset[str]) -> int:
    here = folder / "here"
    here.mkdir()
    count = 0
    for _, one, printed in follow(page, here, needs):
        printed = [line.replace(str(here), "...") for line in printed]
        assert agrees(one.output, printed), "\n".join([f"$ {one.command}", *printed])
        count += 1
    return count


@pytest.mark.slow
@pytest.mark.subprocess
@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_a_page_shows_what_its_commands_print(page, tmp_path):
    assert _follow(page, tmp_path, TRAINS) > 0


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_the_chinese_page_shows_the_same(page):
    chinese = page.with_suffix(".zh-CN.md")
    ours, theirs = (
        list(blocks(path.read_text(encoding="utf-8").splitlines())) for path in (page, chinese)
    )
    assert [one.lines for one in ours if one.is_followed] == [
        one.lines for one in theirs if one.is_followed
    ]
    assert [(one.language, one.title, one.need) for one in ours] == [
        (one.language, one.title, one.need) for one in theirs
    ]


def test_little_is_left_out():
    needs = [
        block.need
        for page in PAGES
        for block in blocks(page.read_text(encoding="utf-8").splitlines())
        if block.is_followed and block.need
    ]
    assert {need for need in needs if need.startswith("not run")} == {
        "not run: it needs the images"
    }
    assert {need for need in needs if need.startswith("needs")} == {"needs torch", "needs mmdet"}


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        (["a"], ["a"], True),
        (["a"], ["b"], False),
        (["a"], ["a", "b"], False),
        (["a ...c"], ["a b c"], True),
        (["a ...c"], ["a b d"], False),
        (["...", "b"], ["a", "a", "b"], True),
        (["...", "b"], ["b"], True),
        (["a", "..."], ["b", "a"], False),
        (["1.2"], ["1x2"], False),
    ],
)
def test_dots_stand_for_anything(expected, printed, same):
    assert agrees(expected, printed) is same


def test_a_page_is_taken_apart():
    page = """
<!-- needs mmdet -->
```console
$ a \\
> b
one

two
$ c
```
<!-- not run: it is long -->

```python title="x/y.py"
z = 1
```
text
```text
no
```
"""
    found = list(blocks(page.splitlines()))
    assert [(one.language, one.title, one.need, one.is_followed) for one in found] == [
        ("console", "", "needs mmdet", True),
        ("python", "x/y.py", "not run: it is long", True),
        ("text", "", "", False),
    ]
    commands = shown(found[0])
    assert [one.command for one in commands] == ["a \\\nb", "c"]
    assert commands[0].output == ["one", "", "two"]


def test_a_page_that_is_wrong_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```console\n$ mmscaffold --version\nmmscaffold, version 99\n```\n")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(AssertionError, match=re.escape("$ mmscaffold --version")):
        _follow(page, folder, frozenset())
