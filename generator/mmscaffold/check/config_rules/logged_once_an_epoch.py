"""An epoch has no more iterations than the interval of the log: one line tells of all of it.

Found where the number of images is known: from ``--dataset-size``, or from the annotation files,
where they lie at ``data_root``.

## Why it matters

``LoggerHook`` counts the iterations of each epoch anew. Where an epoch is shorter than
``interval``, it logs at its end only, which is easily taken for a training that hangs.

## Symptoms

One line of training for each epoch.

## Before -> after

Choose an interval below the number of iterations of an epoch; if this is intended, there is
nothing to do.

## Fix safety

There is no automatic fix: how much should be logged is a choice.

## Source in mmengine

mmengine/hooks/logger_hook.py, ``LoggerHook.after_train_iter``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.check.training_data import epoch_of
from mmscaffold.facts.units import Unit


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding, at the interval."""
    length = config.length
    if length is None or length.unit is not Unit.EPOCHS or config.is_legacy:
        return
    for path, hook, row in config.known_hooks:
        interval = hook.get("interval")
        if row.name != "LoggerHook" or not is_number(interval):
            continue
        epoch = epoch_of(config)
        # Of a single iteration, nothing can be told but once.
        if epoch is not None and 1 < epoch.iterations < interval:
            yield config.found(
                (*path, "interval"),
                f"{row.name} logs every {interval} iterations, and an epoch has "
                f"{epoch.iterations} ({epoch.told}): it logs once, at the end of each",
                f"Choose an interval of less than {epoch.iterations}, unless this is intended.",
            )


_CONFIG = """
default_scope = 'mmdet'
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
train_dataloader = dict(
    batch_size={},
    dataset=dict(type='VOCDataset', data_root='data/', ann_file='a.txt'),
)
default_hooks = dict(logger=dict(type='LoggerHook', interval=3))
"""
_DATA = "000001\n000002\n000003\n000004\n"

RULE = Rule(
    id="MMS156",
    severity=Severity.INFO,
    check=check,
    valid=[
        Valid({"config.py": _CONFIG.format(1), "data/a.txt": _DATA}),
        Valid(
            {"config.py": _CONFIG.format(8), "data/a.txt": _DATA},
            because="An epoch is one iteration, of which one line is all there is to tell.",
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            default_hooks = dict(logger=dict(type='LoggerHook', interval=50000))
            """,
            because="Nobody knows how many images there are.",
        ),
    ],
    invalid=[
        Invalid(
            {"config.py": _CONFIG.format(2), "data/a.txt": _DATA},
            at=Spot(7, 62, 63),
            message=(
                "LoggerHook logs every 3 iterations, and an epoch has 2 (4 images in batches of "
                "2): it logs once, at the end of each"
            ),
            after=_CONFIG.format(2).replace("interval=3", "interval=1"),
        ),
    ],
)
