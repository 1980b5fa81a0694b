"""Read the scalars that mmengine writes beside the log: one JSON object a line."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeGuard

from mmscaffold.diagnose.history import NO_EPOCH, Scalars, UnreadLines

_NO_METRICS = ("step", "time", "data_time", "memory", "grad_norm", "epoch", "iter")


def read_scalars(path: Path, lines: Iterable[bytes], unread: UnreadLines) -> Scalars:
    """Read ``vis_data/scalars.json``, or the file of one start beside it.

    Args:
        path: Its name.
        lines: Its lines.
        unread: Where to count what is not understood.
    """
    scalars = Scalars(path)
    for number, raw in enumerate(lines, 1):
        add_scalars(scalars, number, raw, unread)
    return scalars


def add_scalars(scalars: Scalars, number: int, raw: bytes, unread: UnreadLines) -> None:
    """Read one more line of scalars.

    Args:
        scalars: Those before it.
        number: Where the line stands, from 1.
        raw: The line.
        unread: Where to count what is not understood.
    """
    if not raw.strip():
        return
    record = _record(raw)
    if record is None:
        unread.add(scalars.path, number, raw)
    elif _is_whole(iteration := _iteration(record)):
        scalars.line.append(number)
        scalars.iter.append(iteration)
        epoch = record.get("epoch")
        scalars.epoch.append(epoch if _is_whole(epoch) else NO_EPOCH)
        rate = record.get("lr")
        scalars.lr.append(_real(rate))
    elif _is_whole(record.get("step")):
        scalars.validations.append((number, record["step"], _metrics(record)))


def _iteration(record: dict[str, Any]) -> Any:
    """The iteration of a record of training; ``None`` in one of a validation.

    mmengine 0.6 writes it as ``step`` alone, which validations have, too.
    """
    if "iter" in record:
        return record["iter"] if "time" in record or "lr" in record else None
    return record.get("step") if "lr" in record else None


def _metrics(record: dict[str, Any]) -> dict[str, float]:
    """What a validation measured."""
    return {
        name: _real(value)
        for name, value in record.items()
        if name not in _NO_METRICS and isinstance(value, int | float)
    }


def _record(raw: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(raw)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        return None
    return record if isinstance(record, dict) else None


def _real(value: Any) -> float:
    """A number, or nan."""
    try:
        return float(value) if isinstance(value, int | float) else math.nan
    except OverflowError:
        # 400 digits.
        return math.nan


def _is_whole(value: Any) -> TypeGuard[int]:
    small = isinstance(value, int) and abs(value) < 2**62
    return small and not isinstance(value, bool)
