"""The page of a run in a real browser: Chromium, driven by Playwright."""

from __future__ import annotations

from pathlib import Path

import pytest
from diagnose.rebuilt import STEPS, config, log
from mmscaffold.diagnose import diagnose
from mmscaffold.report import run_page
from support.browser import Opened


@pytest.fixture
def opened(browser, tmp_path):
    now = config(param_scheduler=[{**STEPS, "milestones": [4]}])
    texts = {
        "first.log": log(config(), epochs=range(1, 3)),
        "<b>second.log": log(
            now, follows=config(), epochs=range(3, 7), resumed=("epoch_2.pth", 2, 16)
        ),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text.replace("mmengine - INFO", "<script>x</script> INFO"))
    page = tmp_path / "run.html"
    page.write_text(run_page(diagnose([tmp_path / name for name in texts])), encoding="utf-8")
    shown = Opened(browser, Path(page), viewport={"width": 1000, "height": 800})
    yield shown
    assert shown.view.locator("b").count() == 0
    shown.close()


RATE = "#panels .panel:first-child > svg"


def place_of_the_mark(opened: Opened) -> float:
    """Where the marked point lies, from 0 to 1, among the iterations that are shown."""
    return opened.view.evaluate(
        f"""() => {{
          const picture = document.querySelector("{RATE}");
          const x = Number(picture.querySelector(".mark").getAttribute("x1"));
          return (x - 84) / (picture.getBoundingClientRect().width - 84 - 12);
        }}"""
    )


def read_at(opened: Opened, part: float) -> str:
    box = opened.view.locator(RATE).bounding_box()
    inner = box["width"] - 84 - 12
    opened.view.mouse.move(box["x"] + 84 + part * inner, box["y"] + 60)
    return opened.view.inner_text("#read")


def test_the_first_point_where_they_part_is_marked(opened):
    assert place_of_the_mark(opened) == pytest.approx(25 / 48, abs=0.01)
    assert opened.view.text_content(f"{RATE} .mark-label") == "first parted here"
    assert "First parted: learning rate, line" in opened.view.inner_text("main")
    assert opened.view.locator(".parting pre .marked").count() == 1
    assert "<script>x</script>" in opened.view.inner_text(".parting pre")


def test_a_point_of_the_picture_is_read(opened):
    text = read_at(opened, 33 / 48)
    assert text.startswith("iteration 33: ")
    assert "learning rate (config's) 0.01" in text
    assert "learning rate (log's) 0.01" in text
    text = read_at(opened, 28 / 48)
    assert "learning rate (config's) 0.1" in text
    assert "learning rate (log's) 0.01" in text
    assert "epoch (log's) 4" in text


def test_one_looks_closer_and_back(opened):
    assert opened.view.is_disabled("#whole")
    opened.view.click("text=show in the picture")
    assert place_of_the_mark(opened) == pytest.approx(0.5, abs=0.02)
    assert read_at(opened, 0.5).startswith("iteration 25: ")
    opened.view.click("#whole")
    assert place_of_the_mark(opened) == pytest.approx(25 / 48, abs=0.01)
    box = opened.view.locator(RATE).bounding_box()
    opened.view.mouse.move(box["x"] + 100, box["y"] + 60)
    opened.view.mouse.down()
    opened.view.mouse.move(box["x"] + 300, box["y"] + 60)
    assert opened.view.locator(f"{RATE} .chosen").get_attribute("visibility") == "visible"
    opened.view.mouse.up()
    assert opened.view.is_enabled("#whole")
    assert opened.view.locator(f"{RATE} .mark").count() == 0


def test_light_and_dark_and_narrow(opened):
    opened.view.emulate_media(color_scheme="dark")
    dark = opened.back()
    opened.view.click("#theme")
    assert opened.back() == "rgb(255, 255, 255)" != dark
    opened.view.set_viewport_size({"width": 420, "height": 800})
    opened.view.wait_for_function(
        f"document.querySelector('{RATE}').getBoundingClientRect().width < 420"
    )
    assert not opened.is_wider_than_the_window()
