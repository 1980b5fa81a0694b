"""The site is built without a warning, in both languages, and loads nothing from elsewhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from mmscaffold.check import all_rules
from mmscaffold.upgrade.codes import CODES
from support.unmeasured import unmeasured_processes

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What a browser fetches by itself when it opens a page.
FETCHED = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\bsrc=[\"']?((?:https?:)?//[^\"'\s>]+)"
    r"|<link\b(?=[^>]*\brel=[\"']?(?:stylesheet|preload|preconnect|icon))[^>]*"
    r"\bhref=[\"']?((?:https?:)?//[^\"'\s>]+)"
    r"|@import\s+(?:url\()?[\"']?((?:https?:)?//[^\"'\s>)]+)"
    r"|url\([\"']?((?:https?:)?//[^\"'\s>)]+)",
)

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site, as ``make docs`` builds it."""
    folder = tmp_path_factory.mktemp("site")
    with unmeasured_processes():
        ended = _build(folder)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder


def _build(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env={
            **os.environ,
            "NO_MKDOCS_2_WARNING": "1",
            # Whatever asks for something outside fails.
            "http_proxy": "http://127.0.0.1:9",
            "https_proxy": "http://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def _pages(entries: list) -> list[str]:
    found: list[str] = []
    for entry in entries:
        if isinstance(entry, str):
            found.append(entry)
        else:
            for below in entry.values():
                found += _pages(below) if isinstance(below, list) else [below]
    return found


def _written(uri: str) -> str:
    """Where the page of a source lies in the site."""
    path = Path(uri).with_suffix("")
    if path.name in ("index", "README"):
        path = path.parent
    return (path / "index.html").as_posix()


def _article(page: Path) -> str:
    text = page.read_text(encoding="utf-8")
    return text[text.index("<article") : text.index("</article>")]


def test_every_page_of_the_navigation_is_there_in_both_languages(site):
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    pages = _pages(nav)
    assert len(pages) > 25
    for uri in pages:
        english, chinese = site / _written(uri), site / "zh-CN" / _written(uri)
        title = re.search(r"<h1[^>]*>(.*?)</h1>", _article(chinese), re.DOTALL)
        assert title, uri
        # The name of the product is that in both.
        assert CHINESE.search(title[1]) or uri == "index.md", uri
        assert "只有英文</p>" not in _article(chinese) or CHINESE.search(title[1])
        assert not CHINESE.search(_article(english)), uri


def test_what_makes_the_site_is_not_in_it(site):
    assert not [path for path in site.rglob("*") if path.name in {"__pycache__", "demo"}]
    assert not list(site.rglob("*.py"))


def test_each_section_has_a_chinese_name(site):
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    [plugin] = [one["i18n"] for one in settings["plugins"] if "i18n" in one]
    names = plugin["languages"][1]["nav_translations"]
    sections = {name for entry in settings["nav"] if isinstance(entry, dict) for name in entry}
    assert sections | {"Commands"} == names.keys()
    page = (site / "zh-CN" / "contract" / "index.html").read_text(encoding="utf-8")
    navigation = page[page.index("md-nav--primary") : page.index("<article")]
    shown = re.findall(r'<span class="md-ellipsis">\s*(.*?)\s*</span>', navigation, re.DOTALL)
    assert {*names.values()} <= {*shown}


def test_each_rule_note_and_command_has_its_page(site):
    for prefix in ("", "zh-CN/"):
        for rule in all_rules():
            assert rule.name in (site / f"{prefix}rules/{rule.id}/index.html").read_text("utf-8")
        for code in CODES.values():
            page = site / f"{prefix}upgrade-notes/{code.code}/index.html"
            assert code.name in page.read_text("utf-8")
        commands = site / f"{prefix}reference/commands"
        assert {"check", "migrate", "new", "upgrade"} <= {one.name for one in commands.iterdir()}
        migrate = (commands / "migrate" / "index.html").read_text("utf-8")
        assert "--iters-per-epoch N" in migrate
        errors = (site / f"{prefix}reference/guard-errors/index.html").read_text("utf-8")
        assert "a subclass of mmengine.runner.BaseLoop" in errors
        symptoms = (site / f"{prefix}reference/symptoms/index.html").read_text("utf-8")
        assert "runner-does-not-see-the-counters" in symptoms


def test_a_browser_fetches_nothing_from_elsewhere(site):
    for file in site.rglob("*"):
        if file.suffix in (".html", ".css", ".svg"):
            text = file.read_text(encoding="utf-8")
            found = [next(filter(None, groups)) for groups in FETCHED.findall(text)]
            assert not found, (file, found[:3])
            # Material asks GitHub for the stars of a repository that it knows.
            assert "data-md-component=source" not in text.replace('"', "")


def test_both_languages_are_searched(site):
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert {"en", "zh"} <= {*index["config"]["lang"]}
    texts = {entry["location"]: entry["text"] for entry in index["docs"]}
    assert any(
        location.startswith("zh-CN/contract/") and "计数" in text.replace("\u200b", "")
        for location, text in texts.items()
    )
    assert any(location.startswith("contract/") for location in texts)
