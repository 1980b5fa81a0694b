"""Data sets of the new config, as several rules ask of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList
from mmscaffold.upgrade.draft import Draft, sequence
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.part import Part
from mmscaffold.upgrade.tables.mmdet_data import (
    COCO,
    COCO_KINDS,
    DATA_SETS,
    VOC,
    DataSetRow,
    MetricRow,
)

SPLITS = ("train", "val", "test")


def leaves_of(value: Any) -> Iterator[CfgDict]:
    """The data sets that a data set of the new config wraps, or itself."""
    if isinstance(value, CfgDict):
        inner = value.get("dataset", value.get("datasets"))
        if inner is None:
            yield value
        else:
            yield from leaves_of(inner)
    elif isinstance(value, CfgList):
        for one in value:
            yield from leaves_of(one)


def backend(draft: Draft) -> None:
    """``file_client_args`` became ``backend_args``, whose default reads files of the disk."""
    client = draft.get("file_client_args")
    if "file_client_args" not in draft:
        return
    if client is None or (isinstance(client, dict) and dict(client) == {"backend": "disk"}):
        draft.drop("file_client_args", Reason.DEFAULT)
    else:
        draft.rename("file_client_args", "backend_args")


def metric_row(data_set: CfgDict, evaluation: Part | None) -> tuple[DataSetRow | None, MetricRow]:
    """What evaluates a data set; one of yours by what it is asked for."""
    row = DATA_SETS.get(str(data_set.get("type")).rpartition(".")[2])
    if row is not None:
        return row, row.metric
    kinds = kinds_of(evaluation)
    return None, COCO if not kinds or kinds & COCO_KINDS else VOC


def kinds_of(evaluation: Part | None) -> set[Any]:
    """What an ``evaluation`` asks for, such as ``bbox``."""
    value = evaluation.get("metric") if evaluation is not None else None
    several = sequence(value)
    if several is not None:
        return {one for one in several if isinstance(one, str)}
    return {value} if isinstance(value, str) else set()
