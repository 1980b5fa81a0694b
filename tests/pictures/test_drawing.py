from __future__ import annotations

from xml.etree import ElementTree

import pytest
from mmscaffold.pictures import schedule_chart

pytest.importorskip("matplotlib")

from mmscaffold.pictures.drawing import draw
from mmscaffold.pictures.style import FORMATS

CONFIG = {
    "train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": 12},
    "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.02, "momentum": 0.9}},
    "param_scheduler": [
        {"type": "LinearLR", "start_factor": 0.001, "by_epoch": False, "begin": 0, "end": 500},
        {"type": "MultiStepLR", "milestones": [8, 11]},
        {"type": "CosineAnnealingMomentum", "T_max": 12, "eta_min": 0.85},
    ],
    "custom_hooks": [{"type": "mmdet.PipelineSwitchHook", "switch_epoch": 10}],
}
NAME = "<script>alert(1)</script> $x_1$ 检测.py"
BEGINS = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF", ".html": b"<!doctype html>"}


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_is_what_it_says_and_the_same_each_time(tmp_path, form):
    chart = schedule_chart(CONFIG, NAME)
    contents = []
    for number in range(2):
        path = tmp_path / f"{number}{form}"
        draw([chart], path)
        contents.append(path.read_bytes())
    assert contents[0].startswith(BEGINS[form])
    assert contents[0] == contents[1]


def test_a_name_stays_text(tmp_path):
    path = tmp_path / "page.html"
    draw([schedule_chart(CONFIG, NAME)], path)
    assert "<script" not in path.read_text(encoding="utf-8")
    picture = tmp_path / "picture.svg"
    draw([schedule_chart(CONFIG, NAME)] * 2, picture)
    ElementTree.parse(picture)


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"\.png"):
        draw([schedule_chart(CONFIG, "a.py")], tmp_path / "a.bmp")
