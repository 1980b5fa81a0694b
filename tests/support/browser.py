"""Pages in a real browser: Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NEEDED = "needs Chromium and Playwright"
_NAMES = (
    "chromium", "chromium-browser", "chromium-headless-shell", "google-chrome",
    "google-chrome-stable",
)  # fmt: skip


def find_browser() -> str | None:
    """The Chromium of the system, or the one that ``MMSCAFFOLD_CHROMIUM`` names."""
    named = os.environ.get("MMSCAFFOLD_CHROMIUM")
    return named or next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def started_browser() -> Iterator[Any]:
    """Chromium; a test is skipped where it is absent, unless ``MMSCAFFOLD_NEEDS_CHROMIUM``."""
    api = pytest.importorskip("playwright.sync_api", reason=NEEDED)
    path = find_browser()
    if path is None:
        if "MMSCAFFOLD_NEEDS_CHROMIUM" in os.environ:
            pytest.fail("MMSCAFFOLD_NEEDS_CHROMIUM is set, and there is no Chromium")
        pytest.skip(NEEDED)
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


class Opened:
    """A page from disk, with all that it complains of and asks for."""

    def __init__(self, browser: Any, file: Path, **more: Any) -> None:
        self.file = file
        self.view = browser.new_page(**more)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.view.on("console", lambda message: self.complaints.append(message.text))
        self.view.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.view.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.view.on("request", lambda request: self.requests.append(request.url))
        self.view.goto(file.as_uri())
        self.view.wait_for_selector("html[data-ready]")

    def close(self) -> None:
        """Close it; it must have been silent, and content with itself."""
        assert self.complaints == []
        assert self.requests == [self.file.as_uri()]
        self.view.close()

    def back(self) -> str:
        """The colour behind everything."""
        return self.view.evaluate("getComputedStyle(document.body).backgroundColor")

    def is_wider_than_the_window(self) -> bool:
        """Whether one has to scroll to the side."""
        return self.view.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
