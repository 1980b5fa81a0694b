"""The answers that the template's tests combine."""

from __future__ import annotations

from typing import Any

from mmscaffold.scaffold.new_project import questions
from mmscaffold.scaffold.template_source import table, template_folder

from support.pairwise import Row, pairwise

ALL_PARTS = ["runner", "train_loop", "val_loop", "test_loop", "model"]
FACTORS: dict[str, list[Any]] = {
    "detector": list(table("detectors")),
    "custom_parts": [ALL_PARTS, *([part] for part in ALL_PARTS), []],
    "inputs": list(table("inputs")),
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
    "package_name": ["my_project", "the_longest_name_that_is_allowed_now"],
    "class_prefix": ["My", "Thermography"],
}
# What people write as they like.
FREE = {"project_name", "description", "author"}
NEED_MODEL = {kind for kind, row in table("inputs").items() if row.get("needs_model")}


def add_what_is_asked(factors: dict[str, list[Any]]) -> None:
    """Combine a question that is not above, too; one that wants a text needs its samples there."""
    for name, question in questions(template_folder()).items():
        if question.get("when") is False or name in FREE or name in factors:
            continue
        if question["type"] == "bool":
            factors[name] = [False, True]
        else:
            choices = question["choices"]
            factors[name] = list(choices.values() if isinstance(choices, dict) else choices)


add_what_is_asked(FACTORS)


def allowed(row: Row) -> bool:
    """Whether the template accepts, and asks for, these answers together."""
    parts = row.get("custom_parts")
    epochs = row.get("training_unit", "epochs") == "epochs"
    if parts is not None:
        if row.get("inputs") in NEED_MODEL and "model" not in parts:
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
