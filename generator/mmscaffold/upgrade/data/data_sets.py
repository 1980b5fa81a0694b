"""Data sets of the new config, as several rules ask of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
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


def stand_side_by_side(outer: Any, data_sets: list[CfgDict]) -> bool:
    """Whether data sets of the new config are what another joins, with no wrapper between."""
    inner = outer.get("datasets") if isinstance(outer, CfgDict) else None
    return isinstance(inner, CfgList) and all(
        one is other for one, other in zip_longest(inner, data_sets)
    )


def were_evaluated_apart(joined: Part | None, data_sets: list[CfgDict]) -> bool:
    """Whether 2.x evaluated data sets in a row one by one: those of COCO it did in no other way.

    Args:
        joined: What joined them in 2.x; ``None`` if it was a list.
        data_sets: The data sets, of the new config.
    """
    if joined is None or joined.get("separate_eval") is not False:
        return True
    rows = [DATA_SETS.get(str(one.get("type")).rpartition(".")[2]) for one in data_sets]
    return all(row is not None and row.metric.needs_ann_file for row in rows)


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
