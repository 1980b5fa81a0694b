"""The pictures of the documentation: what the commands draw, and their pages in a real browser.

Run by ``make docs``; writes into ``docs/pictures``, or the folder that is the argument. Pages
need Chromium and Playwright; where these are missing, the pictures that are there stay.
"""

from __future__ import annotations

import html
import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from example_log import write_example_logs
from mmscaffold.cli.main import group

HERE = Path(__file__).parent
EXAMPLES = HERE / "examples"
TARGET = HERE.parent / "pictures"
BROWSERS = (
    "chromium", "chromium-browser", "chromium-headless-shell", "google-chrome",
    "google-chrome-stable",
)  # fmt: skip
TERMINAL = {"COLUMNS": "104", "LINES": "32"}
COLOURS = 128  # of a picture: nobody sees more of them in these, and the files stay small


@dataclass(frozen=True)
class Shot:
    """A page as one sees it.

    Attributes:
        page: Its file.
        act: What is done before.
        width: Of the window, in pixels.
        height: Of it.
        is_dark: Whether it is dark.
    """

    page: str
    act: Callable[[Any], None] = lambda view: None
    width: int = 1150
    height: int = 640
    is_dark: bool = False


def _value(view: Any) -> None:
    view.click("text=retinanet_r101_24e.py")
    view.fill("#details input", "optimizer")
    view.click("#details .value button:has-text('lr =')")


def _bases(view: Any) -> None:
    view.click("nav button[data-view=bases]")
    view.click("#files button:text-is('retinanet_r50_24e.py')")


def _upgrade(view: Any) -> None:
    view.click("nav button[data-view=changes]")
    view.click("summary:has-text('UP202')")
    view.click("summary:has-text('Files that would be written')")
    view.click("summary:text-is('_base_/schedule_1x.py')")


SHOTS = {
    "report-configs": Shot("report.html", height=540),
    "report-value": Shot("report.html", _value, is_dark=True),
    "report-bases": Shot("report.html", _bases, height=560),
    "report-findings": Shot(
        "report.html", lambda view: view.click("nav button[data-view=findings]"), height=460
    ),
    "report-upgrade": Shot("upgrade.html", _upgrade, height=900),
    "diagnose-report": Shot("run.html", height=1000),
    "diagnose-report-dark": Shot(
        "run.html", lambda view: view.click("text=show in the picture"), is_dark=True, height=700
    ),
    "plot-terminal": Shot("terminal.html", width=960, height=530),
}
DRAWN = {
    "plot-schedule": ["plot", "configs/yolox_s_100e.py", "--iters-per-epoch=500"],
    "plot-two": [
        "plot", "configs/retinanet_r50_24e.py", "configs/retinanet_r50_48e.py",
        "--iters-per-epoch=500",
    ],
    "plot-migrate": [
        "migrate", "configs/retinanet_r50_24e.py", "--max-epochs=48", "--diff",
    ],
    "plot-upgrade": ["upgrade", "old/retinanet_r50_signs_lr.py", "--with-bases", "--diff"],
    "diagnose-plot": ["diagnose", "20250101_090000.log", "20250102_090000.log"],
}  # fmt: skip


def main() -> None:
    """Make them all."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.mkdir(parents=True, exist_ok=True)
    draw(target, DRAWN)
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        import playwright.sync_api as api
    except ImportError:
        path = None
    if path is None:
        print("No Chromium, or no Playwright: the pictures of pages are left as they are.")
        return
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        shoot_all(browser, target)
        browser.close()
    print(f"{len(SHOTS) + len(DRAWN)} pictures in {target}")


def draw(target: Path, names: Iterable[str]) -> None:
    """Let the commands draw what they draw themselves.

    Args:
        target: The folder of the pictures.
        names: Which of ``DRAWN``.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = _examples(Path(folder))
        for name in names:
            words = DRAWN[name]
            option = "-o" if words[0] == "plot" else "--plot"
            _run(*(_placed(word, place) for word in words), option, place / "drawn.png")
            _write(place.joinpath("drawn.png").read_bytes(), target / f"{name}.png")


def shoot_all(browser: Any, target: Path) -> None:
    """Make the pages, and take a picture of each.

    Args:
        browser: Chromium, as Playwright has it.
        target: The folder of the pictures.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = _examples(Path(folder))
        _run("report", place / "configs", "-o", place / "report.html")
        _run("report", place / "old", "--upgrade", "-o", place / "upgrade.html")
        _run("diagnose", *sorted(place.glob("*.log")), "--report", place / "run.html")
        (place / "terminal.html").write_text(_terminal(place), encoding="utf-8")
        for name, shot in SHOTS.items():
            view = browser.new_page(
                viewport={"width": shot.width, "height": shot.height},
                color_scheme="dark" if shot.is_dark else "light",
            )
            view.goto((place / shot.page).as_uri())
            view.wait_for_selector("html[data-ready]")
            shot.act(view)
            _write(view.screenshot(animations="disabled"), target / f"{name}.png")
            view.close()


def _examples(folder: Path) -> Path:
    """A folder with all that there is to show, away from other configs."""
    shutil.copytree(EXAMPLES, folder, dirs_exist_ok=True)
    write_example_logs(folder)
    return folder


def _placed(word: str, place: Path) -> str:
    return str(place / word) if (place / word).exists() else word


def _run(*words: object) -> str:
    """Run the command; what it finds is no error."""
    ended = CliRunner(env=TERMINAL).invoke(group, list(map(str, words)))
    if ended.exit_code not in (0, 1):
        raise RuntimeError(f"{' '.join(map(str, words))}: {ended.output}")
    return ended.output


def _terminal(place: Path) -> str:
    """What `mmscaffold plot` prints, as a page: every character as wide as a terminal has it."""
    text = _run("plot", place / "configs" / "yolox_s_100e.py", "--iters-per-epoch=500")
    lines = ["$ mmscaffold plot yolox_s_100e.py --iters-per-epoch 500", *text.splitlines()]
    cells = "\n".join("".join(f"<i>{html.escape(one)}</i>" for one in line) for line in lines)
    return (
        '<!doctype html><html data-ready><meta charset="utf-8"><style>'
        "body { margin: 0; padding: 16px; background: #16181c; color: #e6e6e6; }"
        "pre { font: 14px/17px monospace; margin: 0; white-space: pre-wrap; }"
        "i { font-style: normal; display: inline-block; width: 1ch; height: 17px; }"
        f"</style><pre>{cells}</pre>"
    )


def _write(png: bytes, path: Path) -> None:
    """Write a picture with few colours, in as few bytes as possible."""
    from PIL import Image

    whole = Image.open(io.BytesIO(png)).convert("RGB")
    few = whole.quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    main()
