"""Hands the same images to mmdet 2.28.2 and, upgraded, to mmdet 3.x, and compares the batches."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.walk import dicts
from mmscaffold.upgrade.goal import upgrade_goal

from support import corpora

_FOLDER = Path(__file__).parent
# What reads annotations of COCO, under whatever name.
_LIKE_COCO = {
    "CityscapesDataset", "CocoDataset", "DeepFashionDataset", "LVISV05Dataset", "LVISV1Dataset",
    "Objects365V1Dataset", "Objects365V2Dataset",
}  # fmt: skip
_ROUNDING = 2e-3


@dataclass(frozen=True)
class Job:
    """One data set, of both generations.

    Attributes:
        name: The config, the split, and where in its range each random number lies.
        old: What 2.28.2 builds.
        new: What 3.x builds.
    """

    name: str
    old: dict[str, Any]
    new: dict[str, Any]


def jobs(config: ResolvedConfig, toy: Path, shares: Sequence[float]) -> Iterator[Job]:
    """The data sets of one config, on toy images; none if it reads other annotations.

    Args:
        config: A config of 2.x.
        toy: The folder of ``toy_coco``.
        shares: Where in its range each random number lies, one after the other.
    """
    root = deepcopy(config.root)
    for _, one in dicts(root.get("data")):
        if "ann_file" not in one:
            continue
        if one.get("type") not in _LIKE_COCO or one.get("proposal_file") or one.get("seg_prefix"):
            return
        for key in ("data_root", "classes"):
            one.pop(key, None)
        one["type"] = "CocoDataset"
        one["ann_file"], one["img_prefix"] = str(toy / "toy.json"), str(toy / "images")
    goal = to_plain(upgrade_goal(SimpleNamespace(root=root, path=config.path)).root)  # type: ignore[arg-type]
    if "model" not in goal:
        return
    old = to_plain(root)
    for split in ("train", "test"):
        for share in shares:
            common = {"split": split, "share": share, "images": 2 if split == "train" else 1}
            new = {
                "data_set": goal[f"{split}_dataloader"]["dataset"],
                "preprocessor": goal["model"]["data_preprocessor"],
            }
            yield Job(
                f"{config.path.name} {split} {share}",
                common | {"data_set": old["data"][split]},
                common | new,
            )


def kind(job: Job) -> str:
    """What makes a job worth running once: its pipelines and its numbers."""
    pipelines = [one["pipeline"] for _, one in dicts(job.old["data_set"]) if "pipeline" in one]
    return json.dumps([pipelines, job.old["split"], job.old["share"]], default=str)


def differences(work: Sequence[Job], folder: Path) -> dict[str, str]:
    """Run both generations.

    Args:
        work: What to run.
        folder: Where to write.

    Returns:
        By the name of each job, how its batches differ; empty if they do not.
    """
    mmcv = corpora.unpacked_source("mmcv", "1.7.2")
    mmdet = corpora.unpacked_wheel("mmdet", "2.28.2")
    old = _run("old", [job.old for job in work], folder, str(mmcv), str(mmdet))
    new = _run("new", [job.new for job in work], folder)
    return {job.name: _difference(*both) for job, *both in zip(work, old, new, strict=True)}


def _run(which: str, work: list[dict[str, Any]], folder: Path, *more: str) -> list[dict[str, Any]]:
    given, results = folder / f"{which}.jobs", folder / f"{which}.results"
    given.write_bytes(pickle.dumps(work))
    script = _FOLDER / f"{which}.py"
    command = [sys.executable, str(script), str(given), str(results), *more]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    found: list[dict[str, Any]] = pickle.loads(results.read_bytes())
    return found


def _difference(old: dict[str, Any], new: dict[str, Any]) -> str:
    for which, one in (("2.x", old), ("3.x", new)):
        if "error" in one:
            return f"{which}: {one['error']}"
    if old["inputs"]["shape"] != new["inputs"]["shape"]:
        return f"shape {old['inputs']['shape']} became {new['inputs']['shape']}"
    most = float(np.abs(old["inputs"]["pixels"] - new["inputs"]["pixels"]).max())
    if most > _ROUNDING:
        return f"pixels differ by {most}"
    for key in [one for one in ("bboxes", "labels", "masks") if one in old]:
        if key not in new:
            return f"no {key}"
        for one, other in zip(old[key], new[key], strict=True):
            told = _unequal(one, other, may_pad=key == "masks")
            if told:
                return f"{key} {told}"
    return "" if old["metas"] == new["metas"] else f"{old['metas']} became {new['metas']}"


def _unequal(old: Any, new: Any, *, may_pad: bool) -> str:
    """How arrays differ; 3.x pads masks to the batch, 2.x to their own image."""
    if may_pad and old.ndim == new.ndim:
        common = tuple(slice(0, min(pair)) for pair in zip(old.shape, new.shape, strict=True))
        if old.sum() == old[common].sum() and new.sum() == new[common].sum():
            old, new = old[common], new[common]
    if old.shape != new.shape:
        return f"of shape {old.shape} became {new.shape}"
    return "differ" if old.size and np.abs(old.astype(float) - new).max() > 0.01 else ""
