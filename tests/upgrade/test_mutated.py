"""Official configs with odd values: nothing crashes, and nothing is lost without a word."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.walk import nodes
from mmscaffold.upgrade.goal import upgrade_goal
from support.share import WHOLE

ODD: list[Any] = [
    None, True, False, 0, -1, 1, 7, 10**12, 0.0, 0.5, -3.5, float("nan"), float("inf"),
    "", "text", "{fold}", "a/b.json", "Mine", "mmdet.Mine", [], [None], [1, "x"], (), (3,), {},
    {"type": "Mine"}, {"type": None}, {"a": 1}, [{"type": "Mine"}], [[]], range(2), ...,
]  # fmt: skip
"""What may stand anywhere; ``...`` stands for a value that is not known."""
NAMES = (
    "faster_rcnn/faster_rcnn_r50_fpn_1x_coco.py",
    "mask_rcnn/mask_rcnn_r50_fpn_fp16_1x_coco.py",
    "yolox/yolox_s_8x8_300e_coco.py",
    "mask2former/mask2former_r50_lsj_8x2_50e_coco.py",
    "detr/detr_r50_8x2_150e_coco.py",
    "ssd/ssd300_coco.py",
    "pascal_voc/faster_rcnn_r50_fpn_1x_voc0712.py",
    "lvis/mask_rcnn_r50_fpn_sample1e-3_mstrain_1x_lvis_v1.py",
    "albu_example/mask_rcnn_r50_fpn_albu_1x_coco.py",
    "openimages/faster_rcnn_r50_fpn_32x2_1x_openimages.py",
    "swin/mask_rcnn_swin-t-p4-w7_fpn_fp16_ms-crop-3x_coco.py",
    "solo/solo_r50_fpn_3x_coco.py",
    "_base_/schedules/schedule_1x.py",
    "_base_/default_runtime.py",
    "_base_/datasets/coco_detection.py",
)
_TRIES = 400 if WHOLE else 60


@pytest.fixture(scope="module")
def configs(mmdet2_configs: Path) -> list[ResolvedConfig]:
    resolver = Resolver()
    return [resolver.resolve(mmdet2_configs / name) for name in NAMES]


def own_copy(value: Any) -> Any:
    """A copy that no other config shares, with its origins."""
    return copy.deepcopy(value)


def odd(choice: Any) -> Any:
    if choice is ...:
        return Unknown("only code would tell", "here:1:1")
    if isinstance(choice, dict):
        return CfgDict({key: odd(item) for key, item in choice.items()})
    if isinstance(choice, list):
        return CfgList([odd(item) for item in choice])
    return CfgTuple(choice) if isinstance(choice, tuple) else choice


def mutate(root: CfgDict, numbers: random.Random, times: int) -> list[str]:
    """Change so many places of a config; say which."""
    done = []
    for _ in range(times):
        places = [path for path, _ in nodes(root) if path]
        if not places:
            break
        top = sorted({path[0] for path in places}, key=str)
        # Most values lie in the model; every key is to be met.
        first = numbers.choice(top)
        path = numbers.choice([one for one in places if one[0] == first])
        done.append(change(root, path, numbers))
    return done


def change(root: CfgDict, path: KeyPath, numbers: random.Random) -> str:
    around: Any = root
    for key in path[:-1]:
        around = around[key]
    key, name = path[-1], format_key_path(path)
    kind = numbers.randrange(5)
    if isinstance(around, tuple):
        return f"{name} is left"
    if kind == 0:
        del around[key]
        return f"{name} is gone"
    if kind == 1 and isinstance(around, CfgDict):
        other = numbers.choice(["own_key", "type", "interval", "pipeline", "img_scale"])
        around[other] = odd(numbers.choice(ODD))
        return f"{name}: {other} beside it is {around[other]!r}"
    around[key] = odd(numbers.choice(ODD))
    return f"{name} is {around[key]!r}"


@settings(max_examples=_TRIES, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_no_crash_and_no_silent_loss(configs: list[ResolvedConfig], seed: int):
    numbers = random.Random(seed)
    config = numbers.choice(configs)
    root = own_copy(config.root)
    done = mutate(root, numbers, numbers.choice([1, 1, 2, 5, 20]))
    before = repr(root)
    package = numbers.choice(["mmdet", "mmdet", "mmseg", None])
    try:
        mutated = ResolvedConfig(
            config.path, root, root, config.parsed, config.bases, config.files
        )
        goal = upgrade_goal(mutated, package)
    except Exception as error:
        raise AssertionError(f"{config.path.name}, {done}") from error
    assert repr(root) == before, done
    lost = [format_key_path(path) for path in goal.unaccounted]
    assert not lost, (config.path.name, done)
