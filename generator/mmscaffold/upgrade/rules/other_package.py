"""Of other packages than those with rules, only what all share is upgraded.

The length, the schedule, the optimizer, hooks, loggers and loaders were mmcv's, and are mmengine's
now, whatever the package. Models, data sets, pipelines and metrics are those of the package: they
stay as they are, at the places where 3.x looks for them. ``train_cfg`` and ``test_cfg`` beside the
model, as in the first releases of 2.x, belong to the model.

Sources: mmcv 1.7.2, runner/base_runner.py; mmengine, runner/runner.py (``from_cfg``).
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.package import row_of
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example

ID, PACKAGE = "UPR-38 other-package", ANY
WRITES = ("work_dir",)
AFTER = ("UPR-02 validation", "UPR-15 loaders")
# The examples of rules for all packages are those of one that has rules: tests/upgrade/
# test_package.py shows what this does.
EXAMPLES = (Example("work_dir = 'w'\n", "work_dir = 'w'\n"),)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Keep what only the package knows, and say so."""
    if row_of(old.package).has_rules:
        return
    top, found = old.top(), []
    model = old.root.get("model")
    if "model" in top:
        found.append("model")
        top.move("model", new)
    for key in ("train_cfg", "test_cfg"):
        if key in top and isinstance(model, CfgDict):
            if new.get("model") is model:
                new.values.put("model", model.copy(), origin_of(old.root, "model"))
            top.move(key, New(new.get("model"), ("model",)))
        elif key in top:
            top.leave_to_note(key)
            found.append(key)
    if isinstance(old.root.get("data"), CfgDict):
        found.append("data")
    elif "data" in top:
        top.leave_to_note("data")
        found.append("data")
    evaluation = old.part("evaluation")
    if evaluation is not None:
        for name in evaluation:
            if name not in ("interval", "start", "dynamic_intervals", "by_epoch"):
                evaluation.leave_to_note(name)
                found.append(f"evaluation.{name}")
    if found:
        what = ", ".join(found)
        message = "only the run-time part was upgraded, not models, data and metrics"
        help_ = (
            f"As in 2.x: {what}. Port them by the guide of the package; 3.x needs a val_evaluator "
            "beside each val_dataloader."
        )
        where = ("model",) if "model" in top else ()
        yield Note("UP213", message, where, (), help_)
