"""docs/editor.md and its pictures, which docs/pictures/editor.py makes of real sessions."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import pytest
from support.share import share

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ["editor.md", "editor.zh-CN.md"]
LARGEST = 60_000  # bytes


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = DOCS / "pictures" / "editor.py"
    spec = importlib.util.spec_from_file_location("editor_pictures", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_each_picture_once(page: str, script: ModuleType):
    text = (DOCS / page).read_text("utf-8")
    shown = re.findall(r"!\[[^\]]+\]\(pictures/editor-([\w-]+)\.svg\)", text)
    assert sorted(shown) == sorted(script.PICTURES)
    assert script.FILES[script.THREE_TIMES] in text


def test_the_pictures_are_small_and_ask_for_nothing(script: ModuleType):
    files = sorted((DOCS / "pictures").glob("editor-*.svg"))
    assert {file.stem for file in files} == {f"editor-{name}" for name in script.PICTURES}
    for file in files:
        text = file.read_text("utf-8")
        assert len(text) < LARGEST, file
        assert "@font-face" not in text, file
        assert "url(http" not in text, file
        words = "".join(ET.fromstring(text).itertext()).replace("\N{NO-BREAK SPACE}", " ")
        assert script.PICTURES[file.stem.removeprefix("editor-")].title in words, file


@pytest.mark.slow
@pytest.mark.subprocess
def test_pictures_can_be_made(script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    if not (shutil.which("nvim") and shutil.which("tmux")):
        pytest.skip("needs Neovim and tmux")
    monkeypatch.setattr(script, "HERE", tmp_path)
    wanted = share(sorted(script.PICTURES), 7)
    with pytest.raises(SystemExit) as ended:
        script.main(wanted)
    assert not ended.value.code
    assert len(list(tmp_path.glob("*.svg"))) == len(wanted)
