"""The answers that the template's tests combine."""

from __future__ import annotations

from typing import Any

from support.pairwise import Row, pairwise

ALL_PARTS = ["runner", "train_loop", "val_loop", "test_loop", "model"]
FACTORS: dict[str, list[Any]] = {
    "detector": [
        "RetinaNet",
        "FCOS",
        "ATSS",
        "FasterRCNN",
        "MaskRCNN",
        "CascadeRCNN",
        "YOLOX",
        "RTMDet",
        "DETR",
        "DeformableDETR",
        "DINO",
    ],
    "custom_parts": [ALL_PARTS, *([part] for part in ALL_PARTS), []],
    "inputs": ["rgb", "extra", "paired"],
    "training_unit": ["epochs", "iterations"],
    "config_style": ["classic", "pure_python"],
    "validation_loss": [False, True],
    "sampler_epochs": [False, True],
    "more_dataloaders": [False, True],
    "flexible_runner": [False, True],
    "class_names": [["square", "disc"], ["cat"], ["a", "b", "c", "traffic light"]],
    "ci": ["github", "gitlab", "none"],
    "dockerfile": [False, True],
    "docs_language": ["english", "chinese", "both"],
    "licence": ["Apache-2.0", "BSD-3-Clause", "MIT", "Proprietary"],
    "package_name": ["my_project", "a_much_longer_package_name"],
}


def allowed(row: Row) -> bool:
    """Whether the template accepts, and asks for, these answers together."""
    parts = row.get("custom_parts")
    epochs = row.get("training_unit", "epochs") == "epochs"
    if parts is not None:
        if row.get("inputs") == "extra" and "model" not in parts:
            return False
        if row.get("flexible_runner") and "runner" not in parts:
            return False
        if row.get("validation_loss") and "val_loop" not in parts:
            return False
        if "train_loop" not in parts and (
            row.get("sampler_epochs") or row.get("more_dataloaders")
        ):
            return False
    return epochs or not (row.get("sampler_epochs") or row.get("more_dataloaders"))


ROWS, IMPOSSIBLE = pairwise(FACTORS, allowed)


def name_of(row: Row) -> str:
    """A short name for a test."""
    parts = row["custom_parts"]
    kind = "all" if parts == ALL_PARTS else "+".join(parts) or "none"
    words = [row["detector"], row["inputs"], row["training_unit"], row["config_style"], kind]
    return "-".join(words)
