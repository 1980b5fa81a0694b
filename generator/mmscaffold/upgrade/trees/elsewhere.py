"""What a base says about something that another config has, where no config of the run has it.

``optimizer_config`` clips the gradients of the ``optimizer``, ``evaluation`` tells the data how
they are evaluated and the loop when. In 3.x they are part of ``optim_wrapper``, ``val_evaluator``
and ``train_cfg``, and two bases must not set the same key: so a base without an ``optimizer``
writes nothing, and each whole config that inherits from it does. Where none does, UP217 tells.

Sources: mmengine, config/config.py (``_merge_base_``: bases with the same key are refused).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.config.key_path import Key
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.trees.owners import PRIMARY


class _Row(NamedTuple):
    """Keys of 2.x that belong in one of 3.x.

    Attributes:
        key: The dict of 2.x.
        names: Its keys; empty means all that no other row names.
        new: What they belong in.
        defaults: Values that say nothing.
    """

    key: str
    names: tuple[str, ...]
    new: str
    defaults: Mapping[str, Any]


_ROWS = (
    _Row("optimizer_config", (), "optim_wrapper", {"grad_clip": None, "type": None}),
    _Row("fp16", (), "optim_wrapper", {}),
    _Row("momentum_config", (), "param_scheduler", {}),
    _Row(
        "evaluation", ("interval", "start", "dynamic_intervals"), "train_cfg",
        {"interval": 1, "start": None, "dynamic_intervals": None},
    ),
    _Row(
        "evaluation", ("save_best", "rule", "greater_keys", "less_keys", "out_dir"),
        "default_hooks",
        {"save_best": None, "rule": None, "out_dir": None},
    ),
    _Row("evaluation", (), "val_evaluator", {}),
)  # fmt: skip
_OF_HOOK = frozenset(
    {"by_epoch", "tmpdir", "gpu_collect", "broadcast_bn_buffer", "type"}
    | {name for row in _ROWS if row.key == "evaluation" for name in row.names}
)


def told_elsewhere(old: Mapping[Any, Any], *, has_rules: bool = True) -> Iterator[Note]:
    """What comes to nothing of a config that cannot be run, and that none inherits from.

    Args:
        old: The resolved config of 2.x.
        has_rules: Whether there are rules on the data and metrics of its package; where there
            are none, UP213 tells of them.
    """
    for row in _ROWS:
        if not has_rules and row.new in ("val_evaluator", "default_hooks"):
            continue
        if any(old.get(key) is not None for key in PRIMARY[row.new]):
            continue
        said = _said(old.get(row.key), row)
        if said:
            values = ", ".join(f"{name}={value!r}" for name, value in said.items())
            yield Note(
                "UP217",
                f"{row.key} ({', '.join(map(str, said))}) goes into {row.new} elsewhere",
                (),
                (row.key,),
                f"No config of this run has what {row.new} is made of. Upgrade it together with "
                f"this one, or write there what it was: {row.key} = dict({values}).",
            )


def _said(value: Any, row: _Row) -> dict[Key, Any]:
    """What a dict of 2.x says that belongs in a row's key of 3.x, other than defaults."""
    if not isinstance(value, dict):
        return {}
    wanted = (
        [key for key in value if key in row.names]
        if row.names
        else [key for key in value if row.key != "evaluation" or key not in _OF_HOOK]
    )
    said = {key: to_plain(value[key]) for key in wanted}
    return {
        key: one
        for key, one in said.items()
        if not (key in row.defaults and row.defaults[str(key)] == one)
    }
