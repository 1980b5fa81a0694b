"""Charts hold the curves themselves, and what a real training does."""

from __future__ import annotations

import pytest
from mmscaffold.config import ConfigError, Resolver
from mmscaffold.facts.units import Unit
from mmscaffold.pictures import schedule_chart
from mmscaffold.schedule.curves import NotKnownError, Setup, mmengine_curve
from support.corpora import mmdet_configs

LOOP = {"type": "EpochBasedTrainLoop", "max_epochs": 3}
OPTIMIZER = {"optimizer": {"type": "SGD", "lr": 0.1}}


def chart_of(per_epoch=None, gpus=None, **config):
    return schedule_chart(config, "a.py", per_epoch=per_epoch, gpus=gpus)


def test_the_lines_are_the_curves_of_every_group():
    config = {
        "train_cfg": LOOP,
        "optim_wrapper": {
            **OPTIMIZER,
            "paramwise_cfg": {
                "bias_lr_mult": 2.0,
                "custom_keys": {
                    "backbone": {"lr_mult": 0.1},
                    "neck": {"lr_mult": 0.1},
                    "head": {"decay_mult": 0.0},
                },
            },
        },
        "param_scheduler": {"type": "MultiStepLR", "milestones": [1, 2]},
    }
    chart = schedule_chart(config, "a.py", per_epoch=4)
    assert [line.group for line in chart.lines] == ["", "bias", "backbone, neck"]
    for line, initial in zip(chart.lines, (0.1, 0.1 * 2.0, 0.1 * 0.1), strict=True):
        wanted = mmengine_curve(config, setup=Setup(iterations_per_epoch=4), initial=initial)
        assert line.curve.values() == wanted.values()
        assert line.curve.at(0) == pytest.approx(initial)
    assert (chart.unit, chart.iterations, chart.per_epoch) == (Unit.EPOCHS, 12, 4)


def test_a_guess_is_named_only_where_it_matters():
    assert chart_of(train_cfg=LOOP, optim_wrapper=OPTIMIZER).is_guess
    assert not chart_of(4, train_cfg=LOOP, optim_wrapper=OPTIMIZER).is_guess
    by_iteration = {"type": "IterBasedTrainLoop", "max_iters": 90}
    chart = chart_of(train_cfg=by_iteration, optim_wrapper=OPTIMIZER)
    assert not chart.is_guess
    assert chart.shown(45) == 45


@pytest.mark.parametrize(
    "config",
    [{}, {"train_cfg": LOOP}, {"train_cfg": {"type": "Loop"}, "optim_wrapper": OPTIMIZER}],
)
def test_what_is_not_known_is_refused_with_its_key(config):
    with pytest.raises(NotKnownError):
        schedule_chart(config, "a.py")


def test_a_config_of_2x():
    chart = chart_of(
        7,
        runner={"type": "EpochBasedRunner", "max_epochs": 12},
        optimizer={"type": "SGD", "lr": 0.02},
        lr_config={"policy": "step", "step": [8, 11]},
    )
    (line,) = chart.lines
    assert chart.iterations == 84
    assert [line.curve.at(8 * 7 + shift) for shift in (-1, 0)] == [0.02, pytest.approx(0.002)]


@pytest.mark.slow
def test_every_official_config_has_a_chart():
    resolver = Resolver()
    drawn = refused = 0
    for path in sorted(mmdet_configs("3.3.0").rglob("*.py")):
        if "_base_" in path.parts:
            continue
        try:
            chart = schedule_chart(resolver.resolve(path).root, path.name, per_epoch=100)
        except (ConfigError, NotKnownError):
            refused += 1
            continue
        drawn += 1
        assert chart.lines
        assert all(0 <= mark.iteration <= chart.iterations for mark in chart.marks)
        assert all(line.curve.at(0) is not None for line in chart.lines)
    # Configs of test-time augmentation, of trackers that only test, and scripts.
    assert drawn > 750, (drawn, refused)


@pytest.mark.parametrize(
    "loop",
    [
        {"type": "EpochBasedTrainLoop", "max_epochs": 10**9},
        {"type": "IterBasedTrainLoop", "max_iters": 10**12, "val_interval": 1},
    ],
)
def test_a_training_without_bounds_is_refused_at_once(loop):
    with pytest.raises(NotKnownError, match="at most 50000000 are drawn"):
        chart_of(train_cfg=loop, val_cfg={}, optim_wrapper=OPTIMIZER)
    with pytest.raises(NotKnownError, match="at most 50000000 are drawn"):
        chart_of(
            runner={"type": "IterBasedRunner", "max_iters": 10**12},
            optimizer={"type": "SGD", "lr": 0.02},
            lr_config={"policy": "step", "step": [8]},
        )


def test_what_is_too_much_to_show_is_told():
    loop = {"type": "IterBasedTrainLoop", "max_iters": 10**6, "val_interval": 1}
    chart = chart_of(train_cfg=loop, val_cfg={}, optim_wrapper=OPTIMIZER)
    assert chart.left_out == ("more than 100000 validations, which are not shown",)
    assert [mark.kind for mark in chart.marks] == ["checkpoint", "end"]
