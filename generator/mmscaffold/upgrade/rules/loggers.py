"""``log_config`` becomes ``default_hooks.logger``, ``visualizer`` and ``log_processor``.

The text logger is the ``LoggerHook``; the interval that it has itself wins over that of
``log_config``. Each other logger is a backend of the visualizer, beside the local one that
mmengine always writes to. What a backend cannot do is told. All of them log when the
``LoggerHook`` does: each logger of 2.x could have an interval of its own, leave out the last
iterations of an epoch or not (``ignore_last``), and count through all epochs (``by_epoch=False``).
UP211 tells of those that did otherwise, and of one that kept results of validations from those
behind it (``reset_flag``). Where none wrote text, the first one decides.

3.x smooths what it logs over ``window_size`` iterations; 2.x took the mean since the last line,
so that is the interval. An iteration loop logs by iterations (``by_epoch=False``,
``log_metric_by_epoch=False``).

Sources: mmcv 1.7.2, runner/hooks/logger/base.py (``LoggerHook.after_train_iter``), text.py and
the others; mmengine, hooks/logger_hook.py, runner/log_processor.py, visualization/.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.facts.units import Unit
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.package import row_of
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import ANY, Example
from mmscaffold.upgrade.tables.loggers import LOGGERS, LoggerRow

ID, PACKAGE = "UPR-33 logging", ANY
WRITES = ("visualizer", "log_processor")
AFTER = ("UPR-32 checkpoints",)


def _new(interval: int, backends: str = "", *, by_epoch: bool = True) -> str:
    return (
        "visualizer = dict(type='DetLocalVisualizer', name='visualizer',\n"
        f"    vis_backends=[dict(type='LocalVisBackend'){backends}])\n"
        f"log_processor = dict(type='LogProcessor', window_size={interval}, by_epoch={by_epoch})\n"
    )


EXAMPLES = (
    Example("log_config = dict(interval=50, hooks=[dict(type='TextLoggerHook')])\n", _new(50)),
    Example(
        "log_config = dict(interval=50, hooks=[dict(type='TextLoggerHook', interval=20),\n"
        "    dict(type='TensorboardLoggerHook', log_dir='tb', by_epoch=True)])\n",
        _new(20, ", dict(type='TensorboardVisBackend', save_dir='tb')"),
        ("UP211",),
    ),
    Example(
        "log_config = dict(interval=50, hooks=[\n"
        "    dict(type='TensorboardLoggerHook', interval=50),\n"
        "    dict(type='WandbLoggerHook', interval=10), dict(type='TextLoggerHook')])\n",
        _new(50, ", dict(type='TensorboardVisBackend'), dict(type='WandbVisBackend')"),
        ("UP211",),
    ),
    Example(
        "log_config = dict(interval=50, hooks=[\n"
        "    dict(type='TensorboardLoggerHook', interval=10)])\n",
        _new(10, ", dict(type='TensorboardVisBackend')"),
    ),
    Example(
        "log_config = dict(interval=50, hooks=[dict(type='TextLoggerHook', reset_flag=True),\n"
        "    dict(type='TensorboardLoggerHook', ignore_last=False, reset_flag=True)])\n",
        _new(50, ", dict(type='TensorboardVisBackend')"),
        ("UP211", "UP211"),
    ),
    Example(
        "runner = dict(type='EpochBasedRunner', max_epochs=9)\n"
        "log_config = dict(interval=50, hooks=[\n"
        "    dict(type='TensorboardLoggerHook', ignore_last=False, by_epoch=False)])\n",
        _new(50, ", dict(type='TensorboardVisBackend')"),
        ("UP211",),
    ),
    Example(
        "runner = dict(type='IterBasedRunner', max_iters=9)\n"
        "log_config = dict(interval=2, hooks=[\n"
        "    dict(type='TextLoggerHook', by_epoch=False),\n"
        "    dict(type='WandbLoggerHook', init_kwargs=dict(project='p'), log_artifact=True)])\n",
        _new(
            2,
            ", dict(type='WandbVisBackend', init_kwargs=dict(project='p'))",
            by_epoch=False,
        ),
    ),
    Example(
        "log_config = dict(interval=5, hooks=[dict(type='TextLoggerHook'),\n"
        "    dict(type='PaviLoggerHook', init_kwargs=dict())])\n",
        _new(5),
        ("UP211",),
    ),
    Example(
        "log_config = dict(interval=5, hooks=[dict(type='TextLoggerHook'),\n"
        "    dict(type='MlflowLoggerHook', exp_name='e', log_model=True)])\n",
        _new(5, ", dict(type='MLflowVisBackend', exp_name='e')"),
        ("UP211",),
    ),
    Example(
        "log_config = dict(interval=5, hooks=[dict(type='TextLoggerHook'), dict(type='Mine')])\n",
        _new(5),
        ("UP202",),
    ),
)
_TEXT = "TextLoggerHook"
_OF_TEXT = ("interval_exp_name", "out_dir", "out_suffix", "keep_local")
_WINDOW = 50
_WRITERS = frozenset({_TEXT, *(name for name, row in LOGGERS.items() if row.backend)})


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the hook, the visualizer and the log processor."""
    top, part = old.top(), old.part("log_config")
    if "log_config" not in top:
        return
    hooks = new.child("default_hooks")
    if part is None:
        if top.get("log_config") is None:
            top.drop("log_config", Reason.NO_EFFECT)
        else:
            top.leave_to_note("log_config")
            why = "is not known" if isinstance(top.get("log_config"), Unknown) else "is no dict"
            message = f"log_config {why}: the loggers are mmengine's own"
            yield Note("UP214", message, hooks.path, ("log_config",))
            hooks.remove("logger")
        return
    hooks.put("logger", CfgDict())
    logger = hooks.child("logger")
    logger.put("type", "LoggerHook")
    part.move("interval", logger)
    backends = CfgList([CfgDict({"type": "LocalVisBackend"})])
    inner = part.parts("hooks")
    leading = _leading(inner)
    if leading is not None:
        leading.move("interval", logger)
        leading.move("ignore_last", logger)
    for hook in inner:
        if hook.get("type") in _WRITERS:
            yield from _pace(hook, part.get("interval"), logger)
            yield from _moments(hook, logger, old.unit)
            yield from _kept_back(hook, logger, is_last=hook is inner[-1])
        yield from _hook(hook, logger, backends)
    if not inner and part.get("hooks"):
        part.leave_to_note("hooks")
        message = "log_config.hooks cannot be read: backends may be missing"
        yield Note("UP214", message, ("visualizer",), (*part.path, "hooks"))
    elif "hooks" not in part.said:
        part.drop("hooks", Reason.NO_EFFECT)
    for key in part.unsaid():
        part.drop(key, Reason.NO_EFFECT)
    by_epoch = old.unit is not Unit.ITERATIONS
    if not by_epoch:
        logger.put("log_metric_by_epoch", False)
    _drawing(old, new, backends)
    interval = logger.get("interval")
    processor = new.child("log_processor")
    processor.put("type", "LogProcessor")
    known = isinstance(interval, int) and interval > 0
    processor.put("window_size", interval if known else _WINDOW)
    processor.put("by_epoch", by_epoch)


def _drawing(old: OldConfig, new: New, backends: CfgList) -> None:
    visualizer = new.child("visualizer")
    visualizer.put("type", row_of(old.package).visualizer)
    visualizer.put("vis_backends", backends)
    visualizer.put("name", "visualizer")


def _leading(loggers: list[Part]) -> Part | None:
    """The logger whose interval is that of all."""
    writers = [hook for hook in loggers if hook.get("type") in _WRITERS]
    texts = (hook for hook in writers if hook.get("type") == _TEXT)
    return next(texts, writers[0] if writers else None)


def _pace(hook: Part, common: Any, logger: New) -> Iterator[Note]:
    """Tell of a logger that logged at other times than the ``LoggerHook`` does.

    Args:
        hook: The logger, whose interval is accounted for here if it is its own.
        common: The interval of ``log_config``, which it has if it has none itself.
        logger: The ``LoggerHook``.
    """
    was, now = hook.get("interval", common), logger.get("interval")
    if was is None or was == now:
        if "interval" not in hook.said:
            hook.drop("interval", Reason.AUTOMATIC)
        return
    old = (*hook.path, "interval") if "interval" in hook else hook.path
    hook.leave_to_note("interval")
    pace = f"every {was} iterations" if isinstance(was, int) else "at an interval of its own"
    rest = f"every {now}" if isinstance(now, int) else "at that of the LoggerHook"
    message = f"{hook.get('type')} logged {pace}; 3.x logs all {rest}"
    help_ = "Choose one interval for all, or write a hook of your own that logs at another one."
    yield Note("UP211", message, logger.path, old, help_)


def _moments(hook: Part, logger: New, unit: Unit | None) -> Iterator[Note]:
    """Tell of a logger that logged in other iterations, whatever its interval.

    Args:
        hook: The logger, whose ``ignore_last`` and ``by_epoch`` are accounted for here.
        logger: The ``LoggerHook``.
        unit: What the runner counts.
    """
    name = hook.get("type")
    was, now = hook.get("ignore_last", True), logger.get("ignore_last", True)
    if was != now:
        hook.leave_to_note("ignore_last")
        message = f"{name} logged the last iterations of each epoch, too; 3.x does not"
        if was is True:
            message = f"{name} left out the last iterations of each epoch; 3.x logs them, too"
        help_ = "ignore_last of the LoggerHook holds for all: choose one."
        yield Note("UP211", message, logger.path, (*hook.path, "ignore_last"), help_)
    elif "ignore_last" not in hook.said:
        hook.drop("ignore_last", Reason.AUTOMATIC)
    if unit is Unit.EPOCHS and hook.get("by_epoch", True) is False:
        hook.leave_to_note("by_epoch")
        message = f"{name} counted its interval through all epochs; 3.x begins anew in each"
        help_ = "Delete the note, or write a hook of your own that counts through all epochs."
        yield Note("UP211", message, logger.path, (*hook.path, "by_epoch"), help_)
    else:
        hook.drop("by_epoch", Reason.AUTOMATIC)


def _kept_back(hook: Part, logger: New, *, is_last: bool) -> Iterator[Note]:
    """Tell of a logger that emptied the buffer, so that those behind it got no validations.

    Args:
        hook: The logger, whose ``reset_flag`` is accounted for here.
        logger: The ``LoggerHook``.
        is_last: Whether it is the last logger, which mmcv had empty the buffer in any case.
    """
    if is_last or hook.get("reset_flag") is not True:
        hook.drop("reset_flag", Reason.AUTOMATIC)
        return
    hook.leave_to_note("reset_flag")
    message = f"{hook.get('type')} kept validations from loggers behind it; 3.x gives them to all"
    help_ = "reset_flag=True emptied what they had in common. Delete the note if all may log it."
    yield Note("UP211", message, logger.path, (*hook.path, "reset_flag"), help_)


def _hook(hook: Part, logger: New, backends: CfgList) -> Iterator[Note]:
    type_ = hook.take("type")
    if type_ == _TEXT:
        yield from _text(hook, logger)
        return
    row = LOGGERS.get(type_) if isinstance(type_, str) else None
    if row is None:
        for key in hook.unsaid():
            hook.leave_to_note(key)
        help_ = "Write it as a backend of the visualizer, or as a hook of mmengine."
        message = f"the logger {type_} is not known to 3.x"
        yield Note("UP202", message, ("visualizer",), (*hook.path, "type"), help_)
        return
    yield from _backend(hook, row, backends)


def _text(hook: Part, logger: New) -> Iterator[Note]:
    for name in _OF_TEXT:
        hook.move(name, logger)
    if hook.get("file_client_args") is not None:
        hook.move("file_client_args", logger, "backend_args")
    if "file_client_args" not in hook.said:
        hook.drop("file_client_args", Reason.AUTOMATIC)
    for key in hook.unsaid():
        hook.leave_to_note(key)
        message = f"{_TEXT} has no counterpart of {key} in 3.x"
        yield Note("UP211", message, logger.path, (*hook.path, key))


def _backend(hook: Part, row: LoggerRow, backends: CfgList) -> Iterator[Note]:
    if not row.backend:
        for key in hook.unsaid():
            hook.leave_to_note(key)
        message = f"3.x has no backend for {row.name}"
        help_ = "Choose one of mmengine's backends: TensorboardVisBackend, MLflowVisBackend, ..."
        yield Note("UP211", message, ("visualizer", "vis_backends"), hook.path, help_)
        return
    made = New(CfgDict({"type": row.backend}), ("visualizer", "vis_backends", len(backends)))
    for key, name in row.arguments.items():
        if hook.get(key, 0) is None:
            hook.drop(key, Reason.DEFAULT)
        else:
            hook.move(key, made, name)
    backends.append(made.values)
    lost = []
    for left in hook.unsaid():
        if left in row.no_effect and hook.get(left) == row.no_effect[str(left)]:
            hook.drop(left, Reason.NO_EFFECT)
        else:
            hook.leave_to_note(left)
            lost.append(str(left))
    if lost:
        message = f"{row.backend} has nothing for {', '.join(lost)} of {row.name}"
        help_ = "Ask for it in a hook of your own, if it is needed."
        yield Note("UP211", message, made.path, hook.path, help_)
