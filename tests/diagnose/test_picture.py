from __future__ import annotations

import builtins
import sys
from pathlib import Path

import pytest
from mmscaffold.diagnose import diagnose
from mmscaffold.diagnose.picture import draw
from mmscaffold.errors import MmscaffoldError

STAMP = "2025/01/01 00:00:00 - mmengine - INFO - "


@pytest.fixture
def log(tmp_path) -> Path:
    lines = []
    for epoch in (1, 2, 3):
        for batch in (1, 2, 3, 4):
            head = f"{STAMP}Epoch(train) [{epoch}][{batch}/4]  lr: {0.1 / epoch:.4e}  "
            eta = f"-1 day, 23:59:{50 - epoch}" if epoch > 1 else "0:00:05"
            lines.append(f"{head}eta: {eta}  time: 0.1  data_time: 0.1  loss: 1\n")
        lines.append(f"{STAMP}Epoch(val) [{epoch}][4/4]    mAP: 1  time: 0.1\n")
    path = tmp_path / "20250101_000000.log"
    path.write_text("".join(lines))
    return path


def test_it_draws_three_curves(log, tmp_path):
    pytest.importorskip("matplotlib")
    from matplotlib import image

    draw(diagnose([log]), tmp_path / "a.png")
    pixels = image.imread(tmp_path / "a.png")
    assert pixels.shape[:2] == (960, 1200)
    third = pixels.shape[0] // 3
    for number in range(3):
        part = pixels[number * third : (number + 1) * third, :, :3]
        blue = (abs(part - (0x1F / 255, 0x6F / 255, 0x9F / 255)) < 0.02).all(axis=2)
        assert blue.sum() > 300, f"no curve in panel {number}"


def test_a_place_that_cannot_be_written_is_an_error(log, tmp_path):
    pytest.importorskip("matplotlib")
    with pytest.raises(MmscaffoldError, match="No such file"):
        draw(diagnose([log]), tmp_path / "no" / "a.png")


def test_without_matplotlib_it_says_what_to_install(log, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.split(".")[0] == "matplotlib":
            raise ImportError("No module named 'matplotlib'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MmscaffoldError, match="needs matplotlib") as caught:
        draw(diagnose([log]), tmp_path / "a.png")
    assert "mmscaffold[plot]" in str(caught.value)
