"""Schedulers of mmengine's siblings, against their own code out of their wheels."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import pytest

pytest.importorskip("mmengine")

from mmengine.registry import Registry
from mmscaffold.schedule.curves import Setup, mmengine_curve
from support import corpora
from support.stepped_schedulers import Stepped

pytestmark = pytest.mark.slow

_WHEELS = {
    "mmseg": ("mmsegmentation", "1.2.2", "mmseg/engine/schedulers/poly_ratio_scheduler.py"),
    "mmpose": ("mmpose", "1.3.2", "mmpose/engine/schedulers/constant_lr.py"),
    "mmpretrain": (
        "mmpretrain", "1.2.0", "mmpretrain/engine/schedulers/weight_decay_scheduler.py"
    ),
}  # fmt: skip


def register(scope: str) -> None:
    """Execute the module of a sibling with a registry of its scope."""
    from mmengine.registry import PARAM_SCHEDULERS

    package, version, file = _WHEELS[scope]
    if scope in PARAM_SCHEDULERS.children:
        return
    registry = ModuleType(f"{scope}.registry")
    registry.PARAM_SCHEDULERS = Registry(  # type: ignore[attr-defined]
        "parameter scheduler", parent=PARAM_SCHEDULERS, scope=scope
    )
    modules = {scope: ModuleType(scope), f"{scope}.registry": registry}
    with mock.patch.dict(sys.modules, modules):
        path = corpora.unpacked_wheel(package, version) / file
        spec = importlib.util.spec_from_file_location(f"sibling_{Path(file).stem}", path)
        assert spec is not None
        assert spec.loader is not None
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


CASES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("mmseg", "lr", {"type": "PolyLRRatio", "eta_min_ratio": 3e-2, "power": 0.9}, {}),
    ("mmseg", "lr", {"type": "PolyLRRatio", "eta_min": 1e-3, "by_epoch": False, "begin": 4}, {}),
    ("mmpose", "lr", {"type": "ConstantLR", "factor": 2.5, "begin": 2, "end": 4}, {}),
    ("mmpose", "lr", {"type": "ConstantLR", "factor": 1, "end": 4}, {}),
    (
        "mmpretrain", "weight_decay",
        {"type": "CosineAnnealingWeightDecay", "eta_min": 0.2, "T_max": 4},
        {"weight_decay": 0.04},
    ),
    (
        "mmpretrain", "weight_decay",
        {"type": "CosineAnnealingWeightDecay", "eta_min_ratio": 0.2, "by_epoch": False},
        {"weight_decay": 0},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("scope", "parameter", "scheduler", "optimizer"), CASES)
def test_it_is_equal_to_its_own_code(scope, parameter, scheduler, optimizer):
    if corpora.offline():
        pytest.skip("MMSCAFFOLD_OFFLINE=1: the official configs are not downloaded")
    register(scope)
    config = {
        "default_scope": scope,
        "train_cfg": {"max_epochs": 7, "type": "EpochBasedTrainLoop"},
        "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.1, **optimizer}},
        "param_scheduler": [scheduler],
    }
    expected, error = Stepped(config, 5).run([parameter])
    assert error is None
    found = mmengine_curve(config, parameter, setup=Setup(iterations_per_epoch=5)).values()
    assert list(found) == pytest.approx(list(expected[parameter, 0]), rel=1e-12)
