"""Causes that the log rules out are not named."""

from __future__ import annotations

import pytest
from mmscaffold.diagnose import diagnose

STAMP = "2025/01/01 00:00:00 - mmengine - INFO - "
START = f"{STAMP}\n-----\nSystem environment:\n"


def train(epoch, batch, size=4, eta="0:01:00", time="0.1000"):
    return (
        f"{STAMP}Epoch(train) [{epoch}][{batch}/{size}]  lr: 1.0000e-02  eta: {eta}  "
        f"time: {time}  data_time: 0.0010  loss: 0.5\n"
    )


def val(epoch, batch=4):
    metrics = f"acc: 0.{epoch + 1}  data_time: 0.1  time: 0.1"
    return f"{STAMP}Epoch(val) [{epoch}][{batch}/4]    {metrics}\n"


@pytest.fixture
def causes(tmp_path):
    def read(*lines):
        path = tmp_path / "a.log"
        path.write_text(START + "".join(lines))
        [run] = diagnose([path]).runs
        return [one.symptom.name for one in run.seen], [one.cause.name for one in run.causes]

    return read


def test_an_endless_sampler_has_no_second_epoch(causes):
    endless = [train(1, batch) for batch in (2, 4, 6, 8)]
    assert "endless-sampler" in causes(*endless)[1]
    seen, named = causes(*endless, train(2, 2), train(2, 6))
    assert "batch-beyond" in seen
    assert "endless-sampler" not in named


def test_an_endless_sampler_has_no_validation(causes):
    seen, named = causes(*(train(1, batch) for batch in (2, 4, 6)), val(0), train(1, 8))
    assert "batch-beyond" in seen
    assert "endless-sampler" not in named


def test_a_validation_within_an_epoch_is_not_behind(causes):
    seen, named = causes(train(1, 2), val(0), train(1, 4), val(1), train(2, 2), val(1))
    assert "val-behind" not in seen
    assert named == []


def test_a_validation_within_the_third_epoch_that_shows_the_first_is_behind(causes):
    seen, named = causes(*(train(n, b) for n in (1, 2) for b in (2, 4)), train(3, 2), val(0),
                         train(3, 4))  # fmt: skip
    assert "val-behind" in seen
    assert "epoch-advances-after-validation" not in named


def test_the_interval_of_the_logger_is_to_blame_beside_exp_name(causes):
    saved = f"{STAMP}Saving checkpoint at 1 epochs\n"
    assert causes(saved) == (["no-train-lines"], ["after-train-iter-is-not-called"])
    exp_name = f"{STAMP}Exp name: my_config_20250101_000000\n"
    assert causes(exp_name, saved) == (["no-train-lines"], ["log-interval-too-long"])


@pytest.mark.parametrize(
    ("total", "first"),
    [(1700, "iterations-logged-as-epochs"), (12 * 732, "any"), (3 * 732, "endless-sampler")],
)
def test_iteration_and_eta_tell_an_endless_epoch_from_an_iteration_loop(causes, total, first):
    def line(batch):
        seconds = (total - batch) * 10
        eta = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        return train(1, batch, 732, eta.replace("24:", "1 day, 0:", 1), "10.0")

    seen, named = causes(*(line(batch) for batch in (1500, 1550, 1600)))
    assert "batch-beyond" in seen
    if first == "any":
        # Too much is left: the ETA is not that exact.
        assert {"iterations-logged-as-epochs", "endless-sampler"} <= set(named)
    else:
        assert named[0] == first


def test_an_epoch_that_is_reset_comes_first_where_the_eta_falls_below_zero(causes):
    etas = ["0:00:20", "0:00:10", "-1 day, 23:59:50", "-1 day, 23:59:40"]
    lines = [line for eta in etas for line in (train(1, 2, eta=eta), train(1, 4, eta=eta), val(1))]
    seen, named = causes(*lines)
    assert {"epoch-repeats", "eta-turns-negative"} <= set(seen)
    assert named[0] == "epoch-never-advances"
