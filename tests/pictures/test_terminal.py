from __future__ import annotations

import pytest
from mmscaffold.pictures import schedule_chart

pytest.importorskip("plotext")

from mmscaffold.pictures.terminal import text_chart

CONFIG = {
    "val_cfg": {"type": "ValLoop"},
    "train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": 12},
    "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.02}},
    "param_scheduler": [
        {"type": "LinearLR", "start_factor": 0.001, "by_epoch": False, "begin": 0, "end": 500},
        {"type": "MultiStepLR", "milestones": [8, 11]},
    ],
}


def test_what_is_below_the_chart():
    chart = schedule_chart(CONFIG, "a.py", per_epoch=1000)
    text = text_chart([chart], 80, 20, colour=False)
    assert text.splitlines()[-1] == (
        "a.py: 12 epochs; warm-up until 0.5; milestones 8, 11; 12 validations; 12 checkpoints"
    )
    assert "\x1b" not in text
    assert "0.0200" in text


def test_two_configs_are_told_apart_and_colours_are_used_if_asked():
    charts = [schedule_chart(CONFIG, name) for name in ("a.py", "b.py")]
    text = text_chart(charts, 80, 20, colour=True)
    assert "a.py" in text
    assert "b.py" in text
    assert "\x1b[" in text
    assert "a guess" in text


def test_groups_are_named_below_the_chart_and_not_over_its_curves():
    groups = {"custom_keys": {"backbone": {"lr_mult": 0.1}}}
    config = {**CONFIG, "optim_wrapper": {**CONFIG["optim_wrapper"], "paramwise_cfg": groups}}
    lines = text_chart([schedule_chart(config, "a.py")], 80, 20, colour=False).splitlines()
    assert lines[-2] == "⠒⠒ lr   xx backbone"
    assert not any("backbone" in line for line in lines[:-2])
