from __future__ import annotations

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


def test_what_is_not_known_is_said():
    drawn = Thumbnails().of({"model": {}})
    assert drawn.line == ()
    assert "the length of the training is not known" in drawn.text
