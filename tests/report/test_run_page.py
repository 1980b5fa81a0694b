from __future__ import annotations

import base64
import gzip
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from diagnose.rebuilt import STEPS, config, log
from mmscaffold.diagnose import diagnose
from mmscaffold.diagnose.picture import run_picture
from mmscaffold.report import run_page

LOGS = Path(__file__).parents[1] / "diagnose" / "logs"


class Shown(HTMLParser):
    """The words of a page, and what it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.loaded: list[str] = []
        self._inside: list[str] = []
        self.data = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._inside.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "srcset") and value != "data:,":
                self.loaded.append(value)

    def handle_endtag(self, tag):
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data):
        if "script" in self._inside:
            if self._inside[-1] == "script" and not self.data:
                self.data = data.strip()
        elif "style" not in self._inside:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def shown_of(*paths: Path) -> Shown:
    return Shown(run_page(diagnose(list(paths))))


def drawn(shown: Shown) -> dict[str, Any]:
    return json.loads(gzip.decompress(base64.b64decode(shown.data)))


def write(tmp_path: Path, name: str, text: str) -> Path:
    (tmp_path / name).write_text(text)
    return tmp_path / name


@pytest.mark.parametrize("name", sorted(path.stem for path in LOGS.glob("*.log")))
def test_every_log_has_a_page_with_its_symptoms_its_causes_and_where_it_parts(name):
    diagnosis = diagnose([LOGS / f"{name}.log"])
    text = run_page(diagnosis)
    shown = Shown(text)
    [run] = diagnosis.runs
    for symptom in run.seen:
        assert symptom.symptom.text in shown.text
    for likely in run.causes:
        assert likely.cause.name in shown.text
        assert all(rule in shown.text for rule in likely.cause.rules)
    marked = [one["text"] for panel in drawn(shown)["panels"] for one in panel["points"]]
    for words in marked:
        assert " ".join(words.partition(" (")[0].split()) in shown.text
    assert ("First parted" in shown.text) == bool(marked)
    assert shown.loaded == []
    assert text == run_page(diagnosis)


def test_what_is_drawn_is_what_the_picture_holds(tmp_path):
    path = write(tmp_path, "a.log", log(config(), epochs=range(1, 4)))
    picture = run_picture(diagnose([path]))
    panels = drawn(shown_of(path))["panels"]
    assert [one["name"] for one in panels] == [one.name for one in picture.panels]
    for panel, made in zip(picture.panels, panels, strict=True):
        for trace, one in zip(panel.traces, made["traces"], strict=True):
            assert one["at"] == list(trace.at)
            assert [value for value in one["values"] if value is not None] == pytest.approx(
                [value for value in trace.values if value == value], rel=1e-5
            )


def test_the_lines_around_the_first_parting_are_shown(tmp_path):
    now = config(param_scheduler=[{**STEPS, "milestones": [4]}])
    first = write(tmp_path, "1.log", log(config(), epochs=range(1, 3)))
    second = write(
        tmp_path,
        "2.log",
        log(now, follows=config(), epochs=range(3, 7), resumed=("epoch_2.pth", 2, 16)),
    )
    shown = shown_of(first, second)
    [point] = [one for panel in drawn(shown)["panels"] for one in panel["points"]]
    assert point["at"] == 25
    assert point["text"].startswith("2.log: learning rate, line ")
    assert drawn(shown)["seams"] == [16]
    number = int(point["text"].partition("line ")[2].partition(":")[0])
    line = " ".join(second.read_text().splitlines()[number - 1].split())
    assert f"{number} {line}" in shown.text
    assert "schedule-comes-with-the-checkpoint" in shown.text
    assert "Nothing wrong" in shown.text  # the first run


def test_what_would_be_markup_stays_text(tmp_path):
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    bad = (LOGS / "epoch-repeats.log").read_text().replace("mmengine - INFO", f"{hostile} - INFO")
    path = write(tmp_path, "<b>.log", bad)
    text = log(config(work_dir=hostile, custom_hooks=[{"type": hostile}]), epochs=range(1, 3))
    crash = (
        f'Traceback (most recent call last):\n  File "a.py", line 1, in x\nKeyError: "{hostile}"\n'
    )
    died = write(tmp_path, "<i>.log", text + crash)
    shown = shown_of(path, died)
    assert shown.tags.count("script") == 2
    assert "img" not in shown.tags
    assert "b" not in shown.tags
    assert hostile in shown.text
    assert "<b>.log" in shown.text


def test_a_loss_that_is_no_number_breaks_the_line_and_not_the_page():
    shown = shown_of(LOGS / "loss-nan.log")
    [loss] = [one for one in drawn(shown)["panels"] if one["name"] == "loss"]
    assert None in loss["traces"][0]["values"]


def test_scalars_alone_have_a_page():
    shown = shown_of(LOGS / "vis_data" / "healthy.json")
    assert "Nothing wrong" in shown.text


def test_a_log_without_a_config_says_so():
    assert "holds no config" in shown_of(LOGS / "epoch-repeats.log").text


def test_a_log_that_went_away_meanwhile_has_a_page_without_its_lines(tmp_path):
    path = write(tmp_path, "a.log", (LOGS / "val-behind.log").read_text())
    diagnosis = diagnose([path])
    path.unlink()
    assert "pre" not in Shown(run_page(diagnosis)).tags
