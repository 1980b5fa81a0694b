"""By iterations, too, the last of them are trained without Mosaic: across the change, for real."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from mmscaffold.config import resolve
from mmscaffold.scaffold import new_project
from mmscaffold.scaffold.template_source import table

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]

WHOLE = bool(os.environ.get("MMSCAFFOLD_WHOLE"))
DETECTORS = [name for name, row in table("detectors").items() if "last_stage" in row]


def made(folder: Path, detector: str, **answers: object) -> tuple[Path, Path]:
    """A project by iterations, and its config for COCO."""
    answers = {"detector": detector, "training_unit": "iterations", **answers}
    project = new_project(folder / "p", {"package_name": "mine", **answers})
    (config,) = project.glob("configs/coco/*.py")
    return project, config


@pytest.mark.parametrize("detector", DETECTORS)
def test_the_last_stage_is_as_long_as_the_schedule_says(tmp_path, detector):
    _, config = made(tmp_path, detector)
    resolved = resolve(config)
    (hook,) = (one for one in resolved.get("custom_hooks") if one["type"] == "LastStageHook")
    last, whole = hook["num_last_iters"], resolved.get("train_cfg.max_iters")
    assert 0 < last < whole // 10
    if detector == "YOLOX":
        assert resolved.get("param_scheduler")[-1]["begin"] == whole - last
    else:
        assert resolved.get("train_cfg.dynamic_intervals")[0][0] == whole - last
        assert hook["pipeline"] == resolved.get("train_pipeline_stage2")


@pytest.mark.parametrize("answers", [{"training_unit": "epochs"}, {"inputs": "extra"}])
def test_others_do_without_the_hook(tmp_path, answers):
    project, config = made(tmp_path, "YOLOX", **answers)
    assert "LastStageHook" not in config.read_text()
    assert not list(project.rglob("*last_stage*"))


def train(project: Path, config: Path, *words: object) -> str:
    """Train the config for COCO on the toy data: 6 iterations, of which 3 are the last."""
    data = "train_dataloader.dataset" + ".dataset" * ("YOLOX" in config.read_text())
    hooks = resolve(config).get("custom_hooks")
    place = [hook["type"] for hook in hooks].index("LastStageHook")
    options = [f"{data}.{name}" for name in ("data_root=data/toy/", "ann_file=train.json")]
    options += [f"{data}.data_prefix.img=train/", "val_dataloader.dataset.data_root=data/toy/"]
    options += [
        "val_dataloader.dataset.ann_file=val.json",
        "val_evaluator.ann_file=data/toy/val.json",
    ]
    options += ["val_dataloader.dataset.data_prefix.img=val/", "train_dataloader.batch_size=2"]
    options += ["train_cfg.max_iters=6", "train_cfg.val_interval=6", "randomness.seed=3"]
    options += ["default_hooks.checkpoint.interval=2", "default_hooks.logger.interval=1"]
    options += [
        "default_hooks.checkpoint.max_keep_ckpts=-1",
        f"custom_hooks.{place}.num_last_iters=3",
    ]
    if "RTMDet" in config.read_text():
        options += ["model.backbone.init_cfg=None", "train_cfg.dynamic_intervals=[]"]
    for loader in ("train", "val"):
        options += [f"{loader}_dataloader.num_workers=0"]
        options += [f"{loader}_dataloader.persistent_workers=False"]
    ended = subprocess.run(
        [
            sys.executable,
            "tools/train.py",
            str(config),
            *map(str, words),
            "--cfg-options",
            *options,
        ],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert ended.returncode == 0, (ended.stdout + ended.stderr)[-5000:]
    return ended.stdout + ended.stderr


def logged(work_dir: Path) -> list[dict[str, float]]:
    path = max(work_dir.glob("*/vis_data/scalars.json"))
    entries = [json.loads(line) for line in path.read_text().splitlines()]
    return [entry for entry in entries if "loss" in entry]


@pytest.mark.mmdet
@pytest.mark.parametrize("detector", DETECTORS if WHOLE else DETECTORS[:1])
def test_it_trains_across_the_change_and_resumes_on_both_sides(tmp_path, detector):
    project, config = made(tmp_path, detector)
    # As large as the toy images: 640 pixels would take minutes.
    data = project / "configs/_base_/datasets/coco_detection.py"
    data.write_text(re.sub(r"\b(640|960|1280)\b", "96", data.read_text()))
    subprocess.run(
        [sys.executable, "tools/make_toy_dataset.py", "--train", "8", "--val", "2"],
        cwd=project,
        check=True,
    )
    printed = train(project, config, "--work-dir", "work")
    assert printed.count("The last stage begins") == 1
    straight = logged(project / "work")
    assert len(straight) == 6
    if detector == "YOLOX":
        # mmdet's head logs it from the beginning of the stage on.
        assert ["loss_l1" in entry for entry in straight] == [False] * 3 + [True] * 3
    for first in (2, 4) if WHOLE else ():
        train(project, config, "--work-dir", f"{first}", "--resume", f"work/iter_{first}.pth")
        resumed = logged(project / f"{first}")
        assert [entry["loss"] for entry in resumed] == pytest.approx(
            [entry["loss"] for entry in straight[first:]], rel=1e-4
        )
