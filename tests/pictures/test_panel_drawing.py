from __future__ import annotations

import math
from xml.etree import ElementTree

import pytest
from mmscaffold.pictures.panels import Panel, Point, Role, RunPicture, Scale, Trace

pytest.importorskip("matplotlib")

from mmscaffold.pictures.panel_drawing import draw_panels
from mmscaffold.pictures.style import FORMATS

BEGINS = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF", ".html": b"<!doctype html>"}
PICTURE = RunPicture(
    "<script>alert(1)</script> $x_1$.log",
    [
        Panel(
            "learning rate",
            Scale.FROM_ZERO,
            [
                Trace("the config's", Role.CONFIG, [0, 10], [0.1, 0.01], is_step=True),
                Trace("the log's", Role.LOG, [0, 5, 10], [0.1, math.nan, 0.1]),
            ],
            [Point(8, "first parted here")],
        ),
        Panel("epoch", Scale.WHOLE, []),
        Panel("", Scale.ROWS, [Trace("validation", Role.LOG, [4, 8])]),
        Panel("ETA", Scale.SECONDS, [Trace("the log's", Role.LOG, [0, 1], [90000, -5])]),
        Panel("metrics", Scale.NUMBERS, [Trace("mAP", Role.OTHER, [4, 8], [0.1, 0.2])]),
    ],
    [6],
    ["first parted: " + "words " * 50],
)


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_is_what_it_says_and_the_same_each_time(tmp_path, form):
    contents = []
    for number in range(2):
        path = tmp_path / f"{number}{form}"
        draw_panels(PICTURE, path)
        contents.append(path.read_bytes())
    assert contents[0].startswith(BEGINS[form])
    assert contents[0] == contents[1]
    assert b"<script" not in contents[0]


def test_what_is_marked_is_drawn(tmp_path):
    draw_panels(PICTURE, tmp_path / "a.svg")
    ElementTree.parse(tmp_path / "a.svg")
    assert "#cc79a7" in (tmp_path / "a.svg").read_text().lower()
