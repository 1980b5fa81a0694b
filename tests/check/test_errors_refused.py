"""What rules say of their examples, errors above all, happens under the real Runner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mmengine.config import Config
from mmscaffold.check import find_rule
from support.tiny_training import BATCHES, EPOCHS, EndlessTrainingError, dataloader, train

# The other errors are about registries, imports, or trainings that are silently others.
REFUSED = (
    "MMS101",
    "MMS109",
    "MMS110",
    "MMS122",
    "MMS123",
    "MMS131",
    "MMS132",
    "MMS135",
    "MMS136",
)
TAKEN = (
    "train_cfg", "val_cfg", "param_scheduler", "default_hooks", "custom_hooks", "log_processor",
    "optim_wrapper",
)  # fmt: skip
GROUPS = (
    "train_dataloader", "train_cfg", "optim_wrapper", "param_scheduler", "val_dataloader",
    "val_cfg", "val_evaluator", "test_dataloader", "test_cfg", "test_evaluator",
)  # fmt: skip

# What a hook hands on is refused when it does.
_LATER = "at the first checkpoint"


def _needs_mmdet(code: str) -> bool:
    """Whether the fault is in a part that only mmdet could build."""
    is_mark = "_delete_" in code and ("model = " in code or "dataset=" in code)
    return "mmdet." in code or is_mark


def examples(*rules: str, later: bool = False) -> list[Any]:
    """The faulty examples of rules that end the training at once, or those that do later."""
    return [
        pytest.param(find_rule(rule).files(example.code), id=f"{rule}-{number}")
        for rule in rules
        for number, example in enumerate(find_rule(rule).invalid)
        if not _needs_mmdet(str(example.code)) and (_LATER in example.message) is later
    ]


def loaded(example: dict[str, str], folder: Path, monkeypatch: Any) -> Config:
    """The files of an example as mmengine loads them."""
    for name, text in example.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    return Config.fromfile(folder / next(iter(example)))


@pytest.mark.parametrize("example", examples(*REFUSED))
def test_the_runner_ends_with_an_error_before_the_first_step(example, tmp_path, monkeypatch):
    config = loaded(example, tmp_path, monkeypatch)
    settings = {key: config[key] for key in TAKEN if key in config}
    training = train(tmp_path / "work", **settings)
    assert isinstance(
        training.error, TypeError | ValueError | AssertionError | KeyError | RuntimeError
    )
    assert training.rates == []


@pytest.mark.parametrize("example", examples("MMS122", later=True))
def test_the_runner_ends_with_an_error_at_the_first_checkpoint(example, tmp_path, monkeypatch):
    config = loaded(example, tmp_path, monkeypatch)
    training = train(tmp_path / "work", default_hooks=config.default_hooks)
    assert isinstance(training.error, TypeError)
    assert training.rates != []
    assert training.checkpoints == []


@pytest.mark.parametrize("example", examples("MMS118"))
def test_the_runner_wants_whole_groups(example, tmp_path, monkeypatch):
    config = loaded(example, tmp_path, monkeypatch)
    given: dict[str, Any] = {key: config.get(key) for key in GROUPS}
    for mode in ("train", "val", "test"):
        if given[f"{mode}_dataloader"] is not None:
            given[f"{mode}_dataloader"] = dataloader()
    training = train(tmp_path / "work", **given)
    assert isinstance(training.error, ValueError)
    assert training.runner is None


@pytest.mark.parametrize("example", examples("MMS133"))
def test_a_warm_up_of_one_step_leaves_the_rate_low(example, tmp_path, monkeypatch):
    config = loaded(example, tmp_path, monkeypatch)
    training = train(tmp_path / "work", param_scheduler=config.param_scheduler)
    rates = train(tmp_path / "without").rates
    assert training.error is None
    assert max(training.rates) < 0.34 * min(rates)


@pytest.mark.parametrize("example", examples("MMS111"))
def test_under_iterations_a_scheduler_by_epoch_never_steps(example, tmp_path, monkeypatch):
    config = loaded(example, tmp_path, monkeypatch)
    schedulers = config.param_scheduler
    by_epoch = [schedulers] if isinstance(schedulers, dict) else schedulers[1:]
    loop = {**config.train_cfg, "max_iters": 20}
    training = train(
        tmp_path / "work",
        train_cfg=loop,
        train_dataloader=dataloader("InfiniteSampler"),
        param_scheduler=by_epoch,
        log_processor={"by_epoch": False},
    )
    assert training.error is None
    assert set(training.rates) == {0.1}


@pytest.mark.parametrize("example", examples("MMS113"))
def test_an_endless_sampler_makes_an_endless_epoch(example, tmp_path, monkeypatch):
    config = loaded(example, tmp_path, monkeypatch)
    data = {**dataloader(), "sampler": config.train_dataloader.sampler}
    training = train(tmp_path / "work", train_cfg=config.train_cfg, train_dataloader=data)
    assert isinstance(training.error, EndlessTrainingError)
    assert training.labels("val") == []


def test_without_validation_what_waits_for_it_waits_in_vain(tmp_path):
    training = train(
        tmp_path,
        **dict.fromkeys(("val_dataloader", "val_cfg", "val_evaluator")),
        param_scheduler={"type": "ReduceOnPlateauLR", "monitor": "count", "patience": 0},
        default_hooks={
            "checkpoint": {"type": "CheckpointHook", "save_best": "count", "rule": "greater"}
        },
        custom_hooks=[{"type": "EarlyStoppingHook", "monitor": "count", "rule": "greater"}],
    )
    assert training.error is None
    assert training.rates == [0.1] * EPOCHS * BATCHES
    assert not any("best" in name for name in training.checkpoints)


def test_without_any_of_that_it_trains(tmp_path):
    training = train(tmp_path)
    assert training.error is None
    assert len(training.rates) == EPOCHS * BATCHES
