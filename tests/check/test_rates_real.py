"""What the rules say of learning rates, confirmed with real mmengine."""

from __future__ import annotations

import pytest
import torch
from mmengine.optim import build_optim_wrapper
from mmengine.registry import PARAM_SCHEDULERS
from mmengine.runner import Runner
from mmscaffold.check import Settings, check_paths, find_rule
from mmscaffold.schedule.schedulers import schedulers
from support.tiny_training import arguments

STEPS = 12
SGD = {"type": "SGD", "lr": 1.0, "weight_decay": 0.0}


class Model(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.head = torch.nn.Linear(2, 2)
        self.backbone = torch.nn.Linear(2, 2)


def found(tmp_path, text: str) -> list[str]:
    file = tmp_path / "config.py"
    file.write_text(text)
    rules = tuple(find_rule(f"MMS{number}") for number in (151, 152, 153))
    return [one.rule.id for one in check_paths([file], Settings(rules)).findings]


def rates(optim_wrapper, scheduler) -> tuple[list[float], list[float]]:
    """The rates of the head and of the backbone, first and last."""
    wrapper = build_optim_wrapper(Model(), optim_wrapper)
    built = PARAM_SCHEDULERS.build(
        {**scheduler, "end": STEPS}, default_args={"optimizer": wrapper}
    )
    groups = wrapper.optimizer.param_groups
    first = [group["lr"] for group in groups]
    wrapper.optimizer.step()
    for _ in range(STEPS):
        built.step()
    last = [group["lr"] for group in groups]
    return [first[0], last[0]], [first[-1], last[-1]]


COSINE = {"type": "CosineAnnealingLR", "T_max": STEPS - 1}


@pytest.mark.parametrize(
    ("paramwise", "scheduler", "rules"),
    [
        ({"custom_keys": {"backbone": {"lr_mult": 0.01}}}, {**COSINE, "eta_min": 0.05}, "MMS151"),
        ({"custom_keys": {"backbone": {"lr_mult": 0.0}}}, {**COSINE, "eta_min": 0.001}, "MMS151"),
        ({"custom_keys": {"backbone": {"lr": 0.01}}}, {**COSINE, "eta_min": 0.02}, "MMS151"),
        ({"bias_lr_mult": 0.01}, {"type": "PolyLR", "eta_min": 0.05}, "MMS151"),
        ({"custom_keys": {"backbone": {"lr_mult": 0.1}}}, {**COSINE, "eta_min": 0.06}, "MMS152"),
        ({"custom_keys": {"backbone": {"lr_mult": 0.1}}}, {**COSINE, "eta_min": 0.1}, "MMS152"),
        ({"custom_keys": {"backbone": {"lr_mult": 0.1}}}, {**COSINE, "eta_min_ratio": 0.1}, ""),
        ({"custom_keys": {"backbone": {"lr_mult": 0.1}}}, {**COSINE, "eta_min": 0.001}, ""),
        ({"custom_keys": {"backbone": {"lr_mult": 1.0}}}, {**COSINE, "eta_min": 0.06}, ""),
        ({"custom_keys": {"backbone": {"decay_mult": 0}}}, {**COSINE, "eta_min": 0.06}, ""),
    ],
)  # fmt: skip
def test_an_absolute_end_takes_no_account_of_groups(tmp_path, paramwise, scheduler, rules):
    wrapper = {"optimizer": dict(SGD), "paramwise_cfg": paramwise}
    text = f"optim_wrapper = {wrapper!r}\nparam_scheduler = {scheduler!r}\n"
    assert found(tmp_path, text) == ([rules] if rules else [])
    head, group = rates(wrapper, scheduler)
    if not rules:
        assert head[1] / head[0] <= group[1] / group[0] < 0.5
    else:
        assert head[1] == pytest.approx(group[1])
        assert (group[1] > group[0] + 1e-9) is (rules == "MMS151")


def test_one_cycle_sets_the_rate_of_every_group(tmp_path):
    paramwise = {"custom_keys": {"backbone": {"lr_mult": 0.1}}}
    wrapper = {"optimizer": dict(SGD), "paramwise_cfg": paramwise}
    scheduler = {"type": "OneCycleLR", "eta_max": 0.5, "total_steps": STEPS}
    text = f"optim_wrapper = {wrapper!r}\nparam_scheduler = {scheduler!r}\n"
    assert found(tmp_path, text) == ["MMS151"]
    head, group = rates(wrapper, scheduler)
    assert head == pytest.approx(group)


@pytest.mark.parametrize(
    ("counts", "enable", "rules"), [(4, True, 1), (1, True, 0), (4, False, 0)]
)
def test_the_runner_scales_for_one_batch(tmp_path, counts, enable, rules):
    settings = {
        "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.02}, "accumulative_counts": counts},
        "auto_scale_lr": {"enable": enable, "base_batch_size": 16},
    }
    runner = Runner(**arguments(tmp_path, **settings))
    runner.optim_wrapper = runner.build_optim_wrapper(settings["optim_wrapper"])
    runner.scale_lr(runner.optim_wrapper, runner.auto_scale_lr)
    batch = runner._train_dataloader["batch_size"]
    (rate,) = runner.optim_wrapper.get_lr()["lr"]
    assert rate == pytest.approx(0.02 * batch / 16 if enable else 0.02)
    text = "".join(f"{key} = {value!r}\n" for key, value in settings.items())
    text += f"train_dataloader = dict(batch_size={batch})\n"
    assert found(tmp_path, text) == ["MMS153"] * rules


@pytest.mark.parametrize(
    ("step_size", "begin", "end", "rules"),
    [
        # It drops at 3, 6 and 9 of 12.
        (3, 0, None, 0),
        (3, 0, 10, 0),
        (3, 0, 9, 1),
        (3, 0, 7, 1),
        (3, 0, 3, 1),
        (3, 0, 4, 1),
        (3, 1, 11, 0),
        (3, 1, 10, 1),
        (5, 6, 8, 1),
        (5, 7, 8, 0),
        (20, 0, 8, 0),
    ],
)
def test_steps_that_the_end_of_their_scheduler_cuts_off(tmp_path, step_size, begin, end, rules):
    values = {"type": "StepLR", "step_size": step_size, "begin": begin}
    bounded = values if end is None else {**values, "end": end}
    missed = [one for one in drops(values) if end is not None and one >= end]
    assert missed == drops(values)[len(drops(bounded)) :]
    assert bool(missed) is bool(rules)
    scheduler = next(schedulers({"param_scheduler": bounded}))
    if missed:
        assert scheduler.first_drop_from(end) == missed[0]
    loop = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
    file = tmp_path / "config.py"
    file.write_text(f"{loop}param_scheduler = {bounded!r}\n")
    report = check_paths([file], Settings((find_rule("MMS104"),)))
    assert len(report.findings) == rules


def drops(values) -> list[int]:
    """The epochs at which mmengine's own scheduler lowers the rate."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = PARAM_SCHEDULERS.build({**values, "optimizer": optimizer})
    rates = [optimizer.param_groups[0]["lr"]]
    for _ in range(STEPS - 1):
        optimizer.step()
        scheduler.step()
        rates.append(optimizer.param_groups[0]["lr"])
    return [epoch for epoch in range(1, STEPS) if rates[epoch] < rates[epoch - 1]]
