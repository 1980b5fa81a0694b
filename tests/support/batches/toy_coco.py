"""A data set of COCO with three images of different shapes, on disk."""

from __future__ import annotations

import json
from pathlib import Path

_SIZES = ((90, 60), (60, 80), (64, 64))
_NAMES = ("person", "bicycle", "car")


def write(folder: Path) -> None:
    """Write ``toy.json``, and the images and semantic maps into ``images/``."""
    import cv2
    import numpy as np

    (folder / "images").mkdir(parents=True)
    numbers = np.random.RandomState(0)
    annotations = []
    for number, (width, height) in enumerate(_SIZES, 1):
        image = cv2.resize(numbers.randint(0, 255, (8, 8, 3)).astype(np.uint8), (width, height))
        cv2.imwrite(str(folder / "images" / f"{number}.png"), image)
        for index in range(3):
            x, y, w, h = 5 + 7 * index, 4 + 6 * index, 30, 25
            annotations.append(
                {
                    "id": len(annotations) + 1, "image_id": number, "category_id": index + 1,
                    "bbox": [x, y, w, h], "area": w * h, "iscrowd": int(index == 2),
                    "segmentation": [[x, y, x + w, y, x + w, y + h, x, y + h]],
                }
            )  # fmt: skip
    for one in annotations:
        if one["iscrowd"]:
            height, width = _SIZES[one["image_id"] - 1][::-1]
            one["segmentation"] = {"counts": [0, width * height], "size": [height, width]}
    (folder / "toy.json").write_text(
        json.dumps(
            {
                "images": [
                    {"id": number, "file_name": f"{number}.png", "width": width, "height": height}
                    for number, (width, height) in enumerate(_SIZES, 1)
                ],
                "annotations": annotations,
                "categories": [{"id": n, "name": name} for n, name in enumerate(_NAMES, 1)],
            }
        )
    )
