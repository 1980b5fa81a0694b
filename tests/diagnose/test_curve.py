"""The learning rate of real trainings against the curve of their config."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("mmengine")

from mmengine.hooks import Hook
from mmengine.optim import _ParamScheduler
from mmengine.registry import HOOKS, PARAM_SCHEDULERS
from mmscaffold.diagnose import diagnose
from mmscaffold.diagnose.readings.curve import comparison
from support import tiny_training

EPOCHS = {"train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": 6}}
ITERATIONS = {
    "train_cfg": {"type": "IterBasedTrainLoop", "max_iters": 24, "val_interval": 8},
    "train_dataloader": tiny_training.dataloader("InfiniteSampler"),
    "log_processor": {"by_epoch": False},
}
WRITTEN = ("train_cfg", "optim_wrapper", "param_scheduler", "custom_hooks", "auto_scale_lr")
MILESTONES = {"type": "MultiStepLR", "milestones": [2, 4], "by_epoch": True}


@HOOKS.register_module()
class LowersTheRate(Hook):
    """Sets the rate of its own accord, from an iteration on."""

    priority = "HIGHEST"

    def __init__(self, start: int) -> None:
        self.start = start

    def before_train_iter(self, runner: Any, batch_idx: int, data_batch: Any = None) -> None:
        if runner.iter == self.start:
            for group in runner.optim_wrapper.param_groups:
                group["lr"] /= 2


@HOOKS.register_module()
class ReplacesTheOptimizer(Hook):
    """Builds a new optimizer that the schedulers do not know."""

    def before_train(self, runner: Any) -> None:
        runner.optim_wrapper = runner.build_optim_wrapper(
            {"optimizer": {"type": "SGD", "lr": 0.1}}
        )


@PARAM_SCHEDULERS.register_module()
class Sleepy(_ParamScheduler):
    """A scheduler of a project's own, that keeps the rate."""

    def __init__(self, optimizer: Any, **values: Any) -> None:
        super().__init__(optimizer, "lr", **values)

    def _get_value(self) -> list[float]:
        return [group["lr"] for group in self.optimizer.param_groups]


def run(folder: Path, **overrides: Any) -> Any:
    """Train, write the config that the training had, and diagnose it."""
    training = tiny_training.train(folder, **overrides)
    assert training.error is None
    built = tiny_training.arguments(folder, **overrides)
    text = "".join(f"{key} = {built[key]!r}\n" for key in WRITTEN if key in built)
    place = training.log_file.parent / "vis_data" / "config.py"
    place.parent.mkdir(exist_ok=True)
    place.write_text(text + "val_cfg = dict()\n")
    [found] = diagnose([training.log_file]).runs
    return found


SOUND: dict[str, dict[str, Any]] = {
    "steps": {**EPOCHS, "param_scheduler": [MILESTONES]},
    "warm-up and cosine": {
        **EPOCHS,
        "param_scheduler": [
            {"type": "LinearLR", "start_factor": 0.1, "by_epoch": False, "end": 6},
            {
                "type": "CosineAnnealingLR", "begin": 2, "end": 6, "eta_min": 1e-3,
                "convert_to_iter_based": True,
            },
        ],
    },
    "one cycle": {
        **EPOCHS,
        "param_scheduler": {"type": "OneCycleLR", "eta_max": 0.5, "convert_to_iter_based": True},
    },
    "steps of factor 1": {**EPOCHS, "param_scheduler": [{**MILESTONES, "gamma": 1.0}]},
    "two that cancel out": {
        **EPOCHS,
        "param_scheduler": [MILESTONES, {**MILESTONES, "gamma": 10.0}],
    },
    "iterations": {
        **ITERATIONS,
        "param_scheduler": [{"type": "PolyLR", "power": 0.9, "by_epoch": False}],
    },
    "groups": {
        **EPOCHS,
        "optim_wrapper": {
            "optimizer": {"type": "SGD", "lr": 0.1},
            "paramwise_cfg": {"custom_keys": {"layer": {"lr_mult": 0.1}}},
        },
        "param_scheduler": [MILESTONES, {"type": "CosineAnnealingLR", "eta_min": 1e-3}],
    },
    "scaled": {
        **EPOCHS,
        "auto_scale_lr": {"enable": True, "base_batch_size": 16},
        "param_scheduler": [MILESTONES],
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_run_follows_its_curve(name, tmp_path):
    found = run(tmp_path, **SOUND[name])
    assert [one.symptom.name for one in found.seen] == []
    compared = comparison(found.story)
    assert compared is not None
    assert compared.lines == 24
    assert compared.departure is None


@pytest.mark.parametrize("start", [5, 17])
def test_a_rate_that_a_hook_sets_is_told_where_it_begins(start, tmp_path):
    hooks = [{"type": "LowersTheRate", "start": start}]
    found = run(tmp_path, **EPOCHS, param_scheduler=[MILESTONES], custom_hooks=hooks)
    [seen] = found.seen
    assert seen.symptom.name == "lr-off"
    assert seen.symptom.is_note
    rates = {5: ("5.0000e-02", "1.0000e-01"), 17: ("5.0000e-04", "1.0000e-03")}[start]
    epoch, batch = start // 4 + 1, start % 4 + 1
    assert seen.evidence[0].text == (
        f"Epoch(train) [{epoch}][{batch}/4] has lr: {rates[0]}; the schedulers make it "
        f"{rates[1]} in iteration {start + 1}"
    )
    assert [one.cause.name for one in found.causes] == ["rate-is-set-elsewhere"]


@pytest.mark.parametrize("setting", [EPOCHS, {**EPOCHS, **SOUND["groups"]}])
def test_a_replaced_optimizer_is_told_where_the_curve_falls(setting, tmp_path):
    hooks = [{"type": "ReplacesTheOptimizer"}]
    optimizer = {"optimizer": {"type": "SGD", "lr": 0.1}}
    settings = {**setting, "param_scheduler": [MILESTONES], "optim_wrapper": optimizer}
    found = run(tmp_path, **settings, custom_hooks=hooks)
    [seen] = found.seen
    assert seen.symptom.name == "lr-frozen"
    assert "schedulers make it 1.0000e-02 in iteration 9" in seen.evidence[0].text
    assert "optimizer-was-replaced" in {one.cause.name for one in found.causes}


def test_schedulers_that_do_not_step_are_told(tmp_path):
    found = run(tmp_path, **EPOCHS, param_scheduler=[MILESTONES])
    # The same log, of a config whose schedule moves earlier than the training did.
    place = found.story.run.path.parent / "vis_data" / "config.py"
    place.write_text(place.read_text().replace("[2, 4]", "[1, 4]"))
    [again] = diagnose([found.story.run.path]).runs
    [seen] = again.seen
    assert "in iteration 5" in str(seen.evidence[0])


@pytest.mark.parametrize("milestones", ["[3, 4]", "[3, 5]"])
def test_a_rate_that_fell_before_its_milestone_is_not_one_that_stands(milestones, tmp_path):
    found = run(tmp_path, **EPOCHS, param_scheduler=[MILESTONES])
    # The same log, of a config whose schedule moves later than the training did.
    place = found.story.run.path.parent / "vis_data" / "config.py"
    place.write_text(place.read_text().replace("[2, 4]", milestones))
    [again] = diagnose([found.story.run.path]).runs
    [seen] = again.seen
    assert seen.symptom.name == "lr-off"
    assert [one.cause.name for one in again.causes] == ["rate-is-set-elsewhere"]


def test_nothing_follows_from_a_scheduler_that_is_not_known(tmp_path):
    schedulers = [{**MILESTONES, "gamma": 1.0}, {"type": "Sleepy", "begin": 0, "end": 6}]
    found = run(tmp_path, **EPOCHS, param_scheduler=schedulers)
    compared = comparison(found.story)
    assert compared is not None
    assert compared.lines == 0
    assert found.seen == []
