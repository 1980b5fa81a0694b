"""``auto_scale_lr`` leaves out of account that gradients are accumulated.

## Why it matters

The Runner multiplies the rates by ``batch_size`` of the dataloader x the number of processes /
``base_batch_size``. With ``accumulative_counts=4``, each step of the optimizer is made of four
times as many images, and the rate is a quarter of what the rule of ``auto_scale_lr`` gives for
them.

## Symptoms

``LR is set based on batch size of 16 and the current batch size is 2`` in the log, where a step
sees 8 images; a slow training.

## Before -> after

Divide ``base_batch_size`` by ``accumulative_counts``; or switch ``auto_scale_lr`` off and write
the rate that is meant.

## Fix safety

There is no automatic fix: the rate may have been chosen with this in mind.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.scale_lr``; mmengine/optim/optimizer/optimizer_wrapper.py,
``OptimWrapper.update_params``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mmscaffold.check.config_view import ConfigView, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.key_path import KeyPath
from mmscaffold.schedule.parameter_groups import is_rate


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each optimizer that accumulates, at its ``accumulative_counts``."""
    base = config.get("auto_scale_lr.base_batch_size")
    batch = config.get("train_dataloader.batch_size")
    # mmengine asks whether it is true.
    if not config.get("auto_scale_lr.enable") or not _is_positive(base, batch):
        return
    for path, wrapper in _wrappers(config):
        counts = wrapper.get("accumulative_counts")
        if not is_number(counts) or counts < 2:
            continue
        rate = config.get((*path, "optimizer", "lr"))
        yield config.found(
            (*path, "accumulative_counts"),
            f"auto_scale_lr scales for the {batch} images of a batch, not for the "
            f"{batch * counts} of a step of {counts}: {_told(rate, batch, base, counts)}",
            f"Set base_batch_size={base / counts:g} in auto_scale_lr, or switch that off and "
            "write the rate that you mean.",
        )


def _told(rate: object, batch: int, base: int, counts: int) -> str:
    if not is_rate(rate):
        return f"the rate is 1/{counts} of what that many call for"
    scaled = float(str(rate)) * batch / base
    return (
        f"on each GPU lr={rate:g} becomes {scaled:g} (times the number of GPUs), where "
        f"{scaled * counts:g} is called for"
    )


def _is_positive(*values: object) -> bool:
    return all(is_number(one) and one > 0 for one in values)


def _wrappers(config: ConfigView) -> Iterator[tuple[KeyPath, Mapping[str, object]]]:
    wrapper = config.get("optim_wrapper")
    if not isinstance(wrapper, Mapping):
        return
    yield ("optim_wrapper",), wrapper
    for key, one in wrapper.items():
        if isinstance(one, Mapping) and "optimizer" in one:
            yield ("optim_wrapper", key), one


RULE = Rule(
    id="MMS153",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            train_dataloader = dict(batch_size=2)
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.02), accumulative_counts=4)
            auto_scale_lr = dict(enable=False, base_batch_size=16)
            """,
        ),
        Valid(
            """
            train_dataloader = dict(batch_size=2)
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.02), accumulative_counts=1)
            auto_scale_lr = dict(enable=True, base_batch_size=16)
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            train_dataloader = dict(batch_size=2)
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.02), accumulative_counts=4)
            auto_scale_lr = dict(enable=True, base_batch_size=16)
            """,
            at=Spot(2, 79, 80),
            message=(
                "auto_scale_lr scales for the 2 images of a batch, not for the 8 of a step of 4: "
                "on each GPU lr=0.02 becomes 0.0025 (times the number of GPUs), where 0.01 is "
                "called for"
            ),
            after="""
            train_dataloader = dict(batch_size=2)
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.02), accumulative_counts=4)
            auto_scale_lr = dict(enable=False, base_batch_size=16)
            """,
        ),
        Invalid(
            """
            train_dataloader = dict(batch_size=8)
            optim_wrapper = dict(
                generator=dict(optimizer=dict(type='Adam'), accumulative_counts=2),
            )
            auto_scale_lr = dict(enable=1, base_batch_size=8)
            """,
            at=Spot(3, 69, 70),
            message=(
                "auto_scale_lr scales for the 8 images of a batch, not for the 16 of a step of 2: "
                "the rate is 1/2 of what that many call for"
            ),
        ),
    ],
)
