"""MMS116 says when mmdet's switches happen; here they do, under the real Runner."""

from __future__ import annotations

from typing import Any

import pytest
from mmscaffold.check import find_rule
from support.tiny_training import EPOCHS, TinyDataset, TinyModel, dataloader, train
from support.views import view

pytestmark = pytest.mark.mmdet


class Head:
    """Keeps the epochs in which mmdet's hook turned its second loss on."""

    def __init__(self) -> None:
        self.use_l1 = False


class Switchable(TinyDataset):
    """Lets its pipeline be switched, and tells in which epochs it was."""

    def __init__(self) -> None:
        self.pipeline: Any = "first"
        self.skipped: Any = None

    def update_skip_type_keys(self, keys: Any) -> None:
        self.skipped = keys


def switched_at(folder: Any, hook: dict[str, Any]) -> int | None:
    """The epoch, from 0, before which a hook switched."""
    from mmdet.engine.hooks import PipelineSwitchHook, YOLOXModeSwitchHook
    from mmengine.hooks import Hook

    class Watch(Hook):
        priority = "LOWEST"

        def before_train_epoch(self, runner: Any) -> None:
            data = runner.train_dataloader.dataset
            seen.append(data.skipped is not None or data.pipeline != "first")

    seen: list[bool] = []
    model = TinyModel()
    object.__setattr__(model, "bbox_head", Head())
    classes = {
        "PipelineSwitchHook": PipelineSwitchHook,
        "YOLOXModeSwitchHook": YOLOXModeSwitchHook,
    }
    built = classes[hook["type"]](**{key: hook[key] for key in hook if key != "type"})
    training = train(
        folder,
        model=model,
        train_dataloader={**dataloader(), "dataset": Switchable()},
        custom_hooks=[built, Watch()],
    )
    assert training.error is None
    assert len(seen) == EPOCHS
    return seen.index(True) if True in seen else None


def is_found(hook: dict[str, Any]) -> bool:
    text = f"train_cfg = dict(by_epoch=True, max_epochs={EPOCHS})\ncustom_hooks = [{hook!r}]"
    return bool(list(find_rule("MMS116").check(view(text))))


@pytest.mark.parametrize(("epoch", "switched"), [(1, 1), (EPOCHS - 1, EPOCHS - 1), (EPOCHS, None)])
def test_a_pipeline_switch_at_the_maximum_never_happens(tmp_path, epoch, switched):
    hook = {"type": "PipelineSwitchHook", "switch_epoch": epoch, "switch_pipeline": []}
    assert switched_at(tmp_path, hook) == switched
    assert is_found(hook) is (switched is None)


@pytest.mark.parametrize(("last", "switched"), [(0, 2), (1, 1), (2, 0), (15, 0)])
def test_yolox_switches_one_epoch_earlier_than_it_says(tmp_path, last, switched):
    hook = {"type": "YOLOXModeSwitchHook", "num_last_epochs": last}
    assert switched_at(tmp_path, hook) == switched
    assert is_found(hook) is (switched == 0)
