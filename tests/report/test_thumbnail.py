from __future__ import annotations

import math
from typing import Any

import pytest
from mmscaffold.pictures.chart import schedule_chart
from mmscaffold.report import thumbnail
from mmscaffold.report.thumbnail import HEIGHT, WIDTH, Thumbnails

CONFIG = {
    "train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": 12},
    "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.02}},
    "param_scheduler": [{"type": "MultiStepLR", "milestones": [6, 9], "end": 12}],
}


def test_the_line_falls_at_the_milestones():
    drawn = Thumbnails().of(CONFIG)
    assert drawn.milestones == (WIDTH / 2, WIDTH * 0.75)
    assert drawn.highest == 0.02
    xs, ys = drawn.line[::2], drawn.line[1::2]
    assert list(xs) == sorted(xs)
    assert max(xs) == WIDTH
    assert {y for x, y in zip(xs, ys, strict=True) if x < WIDTH / 2} == {1.0}
    assert min(y for x, y in zip(xs, ys, strict=True) if x > WIDTH / 2) > HEIGHT * 0.8
    assert "12 epochs, up to 0.02" in drawn.text


def test_one_schedule_is_drawn_once():
    pictures = Thumbnails()
    assert pictures.of(CONFIG) is pictures.of({**CONFIG, "model": {"type": "FasterRCNN"}})
    assert pictures.of(CONFIG) is not pictures.of({**CONFIG, "param_scheduler": []})


OF_2X = {"optimizer": {"type": "SGD", "lr": 0.02}, "lr_config": {"policy": "step", "step": [6]}}


class Recording(dict):
    """Knows which of its keys were asked for."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.asked: set[str] = set()

    def get(self, key, default=None):
        self.asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key):
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key):
        self.asked.add(key)
        return super().__contains__(key)


@pytest.mark.parametrize(
    "config",
    [CONFIG, {**OF_2X, "total_iters": 90}, {**OF_2X, "total_epochs": 12}],
    ids=["3.x", "iterations of 2.x", "epochs of 2.x"],
)
def test_nothing_is_read_that_does_not_tell_pictures_apart(config):
    recording = Recording(config)
    schedule_chart(recording, "")
    assert recording.asked
    assert recording.asked <= set(thumbnail._READ)


def test_trainings_of_different_length_have_different_pictures():
    pictures = Thumbnails()
    short, long = (pictures.of({**OF_2X, "total_iters": number}) for number in (90, 180))
    assert "90 iterations" in short.text
    assert "180 iterations" in long.text


@pytest.mark.parametrize("rate", [1e-320, 1e308, -0.1, 0])
def test_every_point_is_a_finite_number(rate):
    drawn = Thumbnails().of(
        {**CONFIG, "optim_wrapper": {"optimizer": {"type": "SGD", "lr": rate}}}
    )
    assert drawn.line
    assert all(math.isfinite(one) for one in drawn.line)


def test_what_is_not_known_is_said():
    drawn = Thumbnails().of({"model": {}})
    assert drawn.line == ()
    assert "the length of the training is not known" in drawn.text
