"""Train an upgraded config of MMDetection for real, on pictures small enough for a CPU.

Run by itself, in a process with mmdet 3: ``upgraded_training.py CONFIG WORK_DIR MOST``. The config
is used as it is, but for its data (four drawn pictures), the sizes of the pictures, how many
regions are sampled of each, and weights that would be downloaded. It prints what the training
really did, as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

PICTURES = 4
SIDE = 128
SHRUNK = 8
"""By how much the sizes in pipelines are divided, where there is no GPU."""
_STRIDE = 32
_SIZES = ("scale", "scales", "img_scale", "crop_size", "size", "min_size", "border", "center")
_WHERE_ANNOTATIONS_ARE = "annotations.json"


def make_pictures(folder: Path, names: tuple[str, ...]) -> None:
    """Draw rectangles and write them down as COCO does, with boxes and masks.

    Args:
        folder: Where to.
        names: The classes, of which the first three are drawn.
    """
    import cv2

    random = np.random.default_rng(0)
    images, annotations = [], []
    for number in range(PICTURES):
        picture = random.integers(0, 60, (SIDE, SIDE, 3), dtype=np.uint8)
        for index in range(3):
            x, y = (int(value) for value in random.integers(0, SIDE // 2, 2))
            w, h = (int(value) for value in random.integers(SIDE // 4, SIDE // 2, 2))
            colour = [0, 0, 0]
            colour[index] = 255
            cv2.rectangle(picture, (x, y), (x + w, y + h), colour, -1)
            corners = [x, y, x + w, y, x + w, y + h, x, y + h]
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number + 1,
                    "category_id": index + 1,
                    "bbox": [x, y, w, h],
                    "area": w * h,
                    "iscrowd": 0,
                    "segmentation": [corners],
                }
            )
        name = f"{number}.png"
        cv2.imwrite(str(folder / name), picture)
        images.append({"id": number + 1, "file_name": name, "width": SIDE, "height": SIDE})
    categories = [{"id": number + 1, "name": name} for number, name in enumerate(names)]
    content = {"images": images, "annotations": annotations, "categories": categories}
    (folder / _WHERE_ANNOTATIONS_ARE).write_text(json.dumps(content))


def shrink(config: Any, folder: Path, by: int, batch_size: int = 2) -> None:
    """Point a config at the pictures, in place, and divide its sizes and samples."""
    for part in _dicts(config):
        if "ann_file" in part:
            part["ann_file"] = str(folder / _WHERE_ANNOTATIONS_ARE)
            if "pipeline" in part or "data_prefix" in part:
                part["data_root"] = ""
                part["data_prefix"] = {"img": str(folder)}
        init = part.get("init_cfg")
        if isinstance(init, dict) and init.get("type") == "Pretrained":
            part["init_cfg"] = None
        if "frozen_stages" in part:
            # Frozen layers without weights would learn nothing.
            part["frozen_stages"] = -1
        if "pos_fraction" in part:
            # The heads of 512 regions take a CPU longer than the rest of the model.
            part["num"] //= by
    for key in ("train_dataloader", "val_dataloader", "test_dataloader"):
        loader = config[key]
        loader["num_workers"], loader["persistent_workers"] = 0, False
        for part in _dicts(loader["dataset"]):
            if "type" in part:
                for name in _SIZES:
                    if name in part:
                        part[name] = _divided(part[name], by)
    config["train_dataloader"]["batch_size"] = batch_size
    for part in _dicts(config["model"].get("data_preprocessor", {})):
        if "size" in part:
            part["size"] = _divided(part["size"], by)
    config["load_from"] = None


def _divided(value: Any, by: int) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_divided(one, by) for one in value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2 * by:
        divided = value // by
        # Some models take nothing but multiples of their largest stride.
        return divided if value % _STRIDE else -(-divided // _STRIDE) * _STRIDE
    return value


def _dicts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _dicts(one)


def main(path: str, work_dir: str, most: int) -> None:
    """Train at most so many iterations, and print what happened.

    Args:
        path: The upgraded config.
        work_dir: Where pictures and logs go.
        most: Iterations after which the training is stopped.
    """
    import torch
    from mmdet.datasets import CocoDataset
    from mmdet.utils import register_all_modules
    from mmengine.config import Config
    from mmengine.hooks import Hook
    from mmengine.runner import Runner

    torch.set_num_threads(1)
    register_all_modules(init_default_scope=True)
    folder = Path(work_dir)
    folder.mkdir(parents=True, exist_ok=True)
    config = Config.fromfile(path)
    shrink(config._cfg_dict, folder, 1 if torch.cuda.is_available() else SHRUNK)
    classes = next(
        (part["metainfo"]["classes"] for part in _dicts(config["train_dataloader"])
         if isinstance(part.get("metainfo"), dict) and "classes" in part["metainfo"]),
        CocoDataset.METAINFO["classes"],
    )  # fmt: skip
    make_pictures(folder, tuple(classes))
    config["work_dir"] = str(folder / "work")
    config["visualizer"]["vis_backends"] = [{"type": "LocalVisBackend"}]
    # Of the weights, only the best are asked for.
    config["default_hooks"]["checkpoint"].update(interval=-1, save_last=False)
    if not torch.cuda.is_available() and config["optim_wrapper"].get("type") == "AmpOptimWrapper":
        # It refuses to run on a CPU.
        config["optim_wrapper"]["type"] = "OptimWrapper"
        config["optim_wrapper"].pop("loss_scale", None)

    class Watch(Hook):
        """Notes the rate of each iteration before it is stepped on, and stops in time."""

        priority = "VERY_HIGH"

        def __init__(self) -> None:
            self.rates: list[float] = []
            self.losses: list[float] = []
            self.validated: list[int] = []
            self.metrics: dict[str, float] = {}

        def before_train_iter(self, runner: Any, batch_idx: int, data_batch: Any = None) -> None:
            self.rates.append(runner.optim_wrapper.get_lr()["lr"][0])

        def after_train_iter(
            self, runner: Any, batch_idx: int, data_batch: Any = None, outputs: Any = None
        ) -> None:
            self.losses.append(float(outputs["loss"]))
            if len(self.rates) >= most:
                runner.train_loop._max_epochs = runner.epoch + 1
                runner.train_loop._max_iters = min(runner.max_iters, most)

        def after_val_epoch(self, runner: Any, metrics: Any = None) -> None:
            self.validated.append(len(self.rates))
            self.metrics = metrics or {}

    runner = Runner.from_cfg(config)
    watch = Watch()
    runner.register_hook(watch)
    runner.train()
    result = {
        "rates": watch.rates,
        "losses": watch.losses,
        "validated": watch.validated,
        "metrics": sorted(watch.metrics),
        "per_epoch": len(runner.train_dataloader),
    }
    print("RESULT " + json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
