"""The logger hooks of 2.x, and the visualization backends of 3.x; one row each.

Sources: mmcv 1.7.2, runner/hooks/logger/; mmdet 2.28.2, core/hook/wandblogger_hook.py; mmengine
0.10.7, visualization/vis_backend.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class LoggerRow:
    """A logger hook.

    Attributes:
        name: Its class in 2.x.
        backend: That of 3.x; empty if there is none.
        arguments: What it takes, by its name in 3.x.
        no_effect: Further arguments whose value says nothing in 3.x, with that value.
    """

    name: str
    backend: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    no_effect: Mapping[str, object] = field(default_factory=dict)


_WANDB = {name: name for name in ("init_kwargs", "commit", "define_metric_cfg")}

LOGGERS: Mapping[str, LoggerRow] = {
    row.name: row
    for row in (
        LoggerRow("TensorboardLoggerHook", "TensorboardVisBackend", {"log_dir": "save_dir"}),
        LoggerRow(
            "WandbLoggerHook", "WandbVisBackend", _WANDB,
            {"with_step": True, "log_artifact": True},
        ),
        LoggerRow(
            "MMDetWandbHook", "WandbVisBackend", _WANDB,
            {
                "with_step": True, "log_artifact": True, "log_checkpoint": False,
                "log_checkpoint_metadata": False, "num_eval_images": 0,
            },
        ),
        LoggerRow(
            "MlflowLoggerHook", "MLflowVisBackend",
            {name: name for name in ("exp_name", "tags", "params")},
        ),
        LoggerRow("ClearMLLoggerHook", "ClearMLVisBackend", {"init_kwargs": "init_kwargs"}),
        LoggerRow(
            "NeptuneLoggerHook", "NeptuneVisBackend", {"init_kwargs": "init_kwargs"},
            {"with_step": True},
        ),
        LoggerRow("DvcliveLoggerHook", "DVCLiveVisBackend"),
        LoggerRow("PaviLoggerHook"),
        LoggerRow("SegmindLoggerHook"),
    )
}  # fmt: skip
