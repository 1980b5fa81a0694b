"""What the training collects beside the images."""

from __future__ import annotations

from typing import Any

from mmscaffold.upgrade.draft import sequence
from mmscaffold.upgrade.old_config import OldConfig


def collected(old: OldConfig) -> set[Any]:
    """The keys that 2.x's ``Collect`` takes in the pipelines of the training."""
    return {
        key
        for pipeline in old.pipelines
        if pipeline.split == "train"
        for _, step in pipeline.all()
        if step.old_type == "Collect"
        for key in sequence(step.part.get("keys")) or ()
        if isinstance(key, str)
    }
