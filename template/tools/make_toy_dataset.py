"""Draw a toy data set in COCO format: bright squares and discs on a dark ground."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

CLASSES = ("square", "disc")
SIZE = 96  # pixels


def main() -> None:
    """Write the images and annotations of both splits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("data/toy"))
    parser.add_argument("--train", type=int, default=16, help="training images")
    parser.add_argument("--val", type=int, default=6, help="validation images")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    for split, count in (("train", args.train), ("val", args.val)):
        write_split(args.out, split, count, rng)
    print(f"{args.train} + {args.val} images of {SIZE} x {SIZE} in {args.out}")


def write_split(out: Path, split: str, count: int, rng: np.random.Generator) -> None:
    """Write one split as ``<split>/*.png`` and ``<split>.json``."""
    folder = out / split
    folder.mkdir(parents=True, exist_ok=True)
    images, annotations = [], []
    for index in range(count):
        image, boxes = draw(rng)
        name = f"{index:04d}.png"
        if not cv2.imwrite(str(folder / name), image):
            raise OSError(f"{folder / name} cannot be written")
        images.append({"id": index, "file_name": name, "width": SIZE, "height": SIZE})
        for category, (x, y, width, height) in boxes:
            annotations.append(
                {
                    "id": len(annotations),
                    "image_id": index,
                    "category_id": category,
                    "bbox": [x, y, width, height],
                    "area": width * height,
                    "iscrowd": 0,
                }
            )
    categories = [{"id": index, "name": name} for index, name in enumerate(CLASSES)]
    document = {
        "images": images,
        "annotations": annotations,
        "categories": categories,
    }
    (out / f"{split}.json").write_text(json.dumps(document), encoding="utf-8")


def draw(rng: np.random.Generator) -> tuple:
    """Draw one image.

    Returns:
        The image, H x W x 3 in BGR, and a list of (category, (x, y, width, height)).
    """
    image = rng.integers(0, 60, (SIZE, SIZE, 3), dtype=np.uint8)
    boxes = []
    # One object in each of two halves, so that they never hide each other.
    for left in (0, SIZE // 2):
        category = int(rng.integers(len(CLASSES)))
        side = int(rng.integers(24, 40))
        x = left + int(rng.integers(1, SIZE // 2 - side))
        y = int(rng.integers(1, SIZE - side - 1))
        colour = [int(value) for value in rng.integers(140, 256, 3)]
        if CLASSES[category] == "square":
            cv2.rectangle(image, (x, y), (x + side - 1, y + side - 1), colour, -1)
        else:
            centre = (x + side // 2, y + side // 2)
            cv2.circle(image, centre, side // 2 - 1, colour, -1)
        boxes.append((category, (x, y, side, side)))
    return image, boxes


if __name__ == "__main__":
    main()
