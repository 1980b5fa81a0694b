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
def test_each_format_is_what_it_says(tmp_path, form):
    path = tmp_path / f"a{form}"
    draw_panels(PICTURE, path)
    content = path.read_bytes()
    assert content.startswith(BEGINS[form])
    assert b"<script" not in content
    if form == ".svg":
        draw_panels(PICTURE, path)
        assert path.read_bytes() == content
        ElementTree.parse(path)
        # What is marked is drawn.
        assert b"#cc79a7" in content.lower()
