"""Of the three settings that belong together, some are set and some are not.

The Runner trains with ``train_dataloader``, ``train_cfg`` and ``optim_wrapper``, validates with
``val_dataloader``, ``val_cfg`` and ``val_evaluator``, and tests with the three of ``test``. Of
each group it wants all or none, and raises ``ValueError`` otherwise; so it does for a
``param_scheduler`` without an ``optim_wrapper`` (mmengine/runner/runner.py, ``__init__``).
``None`` counts as not set. A config without validation, or one only for testing, is fine.

How to mend it: set what is missing; to switch a group off, set all of it to ``None``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS118"
SEVERITY = Severity.ERROR
_MODEL = "model = dict(type='RetinaNet')\n"
_TRAIN = "train_dataloader = dict()\ntrain_cfg = dict(by_epoch=True, max_epochs=1)\n"
_WRAPPER = "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))\n"
VALID: list[Example] = [
    _MODEL + _TRAIN + _WRAPPER,
    _MODEL + "test_dataloader = dict()\ntest_cfg = dict()\ntest_evaluator = []",
    _MODEL + _TRAIN + _WRAPPER + "val_dataloader = None\nval_cfg = None\nval_evaluator = None",
    # Parts of configs.
    "train_dataloader = dict()",
    _MODEL + "train_dataloader = dict()",
    # The model's own.
    _TRAIN + _WRAPPER + "model = dict(type='RetinaNet', test_cfg=dict(nms_pre=1000))",
]
INVALID: list[Example] = [
    _MODEL + _TRAIN,
    _MODEL + _TRAIN + _WRAPPER + "val_dataloader = dict()\nval_cfg = dict()",
    _MODEL + _TRAIN + _WRAPPER + "val_evaluator = None\nval_dataloader = dict()\nval_cfg = dict()",
    _MODEL
    + "test_dataloader = dict()\ntest_cfg = dict()\ntest_evaluator = []\nparam_scheduler = []",
]
_GROUPS = (
    ("train_dataloader", "train_cfg", "optim_wrapper"),
    ("val_dataloader", "val_cfg", "val_evaluator"),
    ("test_dataloader", "test_cfg", "test_evaluator"),
)


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each group that is incomplete."""
    if not config.is_runnable:
        return
    root = config.root
    set_keys = {group: [key for key in group if root.get(key) is not None] for group in _GROUPS}
    # Where no group is complete, one key alone does not make a whole config.
    enough = 1 if any(len(given) == len(group) for group, given in set_keys.items()) else 2
    for group, given in set_keys.items():
        missing = [key for key in group if key not in given]
        if len(given) >= enough and missing:
            yield config.found(
                given[0],
                f"{' and '.join(given)} without {' and '.join(missing)}; the Runner refuses that",
                f"Set {' and '.join(missing)}, or set all three to None.",
            )
    training = (root.get(key) for key in ("param_scheduler", "optim_wrapper", "train_cfg"))
    if [one is not None for one in training] == [True, False, False]:
        yield config.found(
            "param_scheduler",
            "param_scheduler without optim_wrapper; the Runner refuses that",
            "Set optim_wrapper, or param_scheduler=None.",
        )
