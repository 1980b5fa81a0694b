"""A generated project trains for real, with real mmdet, on the day it is generated."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from mmscaffold.scaffold import new_project
from support.toy import SMALL_DATA, short_training

pytestmark = pytest.mark.mmdet

TOY = "configs/toy/retinanet_r18_fpn_toy.py"


def run(project: Path, *words: object) -> str:
    """Run Python in the project; return what it printed."""
    ended = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    printed = ended.stdout + ended.stderr
    assert ended.returncode == 0, printed[-5000:]
    return printed


def log_of(work_dir: Path) -> str:
    return max(work_dir.glob("*/*.log"), key=lambda path: path.stat().st_mtime_ns).read_text()


def epochs(log: str, mode: str) -> list[int]:
    """The epochs of a log in order, each once per run of lines."""
    found = [int(number) for number in re.findall(rf"Epoch\({mode}\)\s+\[(\d+)\]", log)]
    return [
        number for index, number in enumerate(found) if index == 0 or found[index - 1] != number
    ]


def counters(checkpoint: Path) -> tuple[int, int]:
    import torch

    meta = torch.load(checkpoint, weights_only=False)["meta"]
    return meta["epoch"], meta["iter"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    answers = {"flexible_runner": True, "more_dataloaders": True}
    made = new_project(tmp_path_factory.mktemp("trained") / "my-project", answers)
    run(made, "tools/make_toy_dataset.py", *SMALL_DATA)
    return made


@pytest.fixture(scope="module")
def trained(project: Path) -> Path:
    """The work folder of the toy config, trained for 3 epochs."""
    run(project, "tools/train.py", TOY, "--work-dir", "work_dirs/toy", *short_training())
    return project / "work_dirs" / "toy"


def test_three_epochs_count_one_two_three(trained):
    log = log_of(trained)
    assert epochs(log, "train") == [1, 2, 3]
    assert epochs(log, "val") == [1, 2, 3]
    assert "eta: -" not in log
    assert "coco/bbox_mAP:" in log
    names = [f"epoch_{number}.pth" for number in (1, 2, 3)]
    assert [path.name for path in sorted(trained.glob("epoch_*.pth"))] == names
    assert [counters(trained / name) for name in names] == [(1, 4), (2, 8), (3, 12)]


def test_resuming_from_epoch_1_goes_on_with_epoch_2(project, trained):
    work_dir = project / "work_dirs" / "resumed"
    resume = ("--resume", trained / "epoch_1.pth", "--work-dir", work_dir)
    run(project, "tools/train.py", TOY, *resume, *short_training())
    log = log_of(work_dir)
    assert "resumed epoch: 1, iter: 4" in log
    assert epochs(log, "train") == [2, 3]
    assert epochs(log, "val") == [2, 3]
    assert counters(work_dir / "epoch_3.pth") == (3, 12)


def test_its_own_checkpoint_is_tested_wherever_it_lies(project, trained, tmp_path):
    moved = shutil.copy(trained / "epoch_3.pth", tmp_path / "best.pth")
    options = ("--out", tmp_path / "all.pkl", "--show-dir", tmp_path / "shown")
    printed = run(project, "tools/test.py", TOY, moved, *options)
    assert re.search(r"Epoch\(test\)\s+\[(\d+)/\1\]\s+coco/bbox_mAP: ", printed)
    assert (tmp_path / "all.pkl").stat().st_size > 0
    assert len(list((tmp_path / "shown").iterdir())) == 6
    printed = run(project, "tools/test.py", TOY, moved, "--tta")
    assert "coco/bbox_mAP: " in printed


def test_another_length_moves_the_schedule(project, tmp_path):
    options = ("--max-epochs", "6", "--work-dir", tmp_path / "work")
    printed = run(project, "tools/train.py", TOY, *options)
    assert "train_cfg.max_epochs = 6" in printed
    assert "param_scheduler[1].milestones = [5]" in printed
    log = log_of(tmp_path / "work")
    assert epochs(log, "train") == [1, 2, 3, 4, 5, 6]
    assert "Move it along with the length" not in log


def test_a_length_that_does_not_fit_the_schedule_is_warned_of(project, tmp_path):
    options = ("--cfg-options", "train_cfg.max_epochs=1", "--work-dir", tmp_path / "work")
    run(project, "tools/train.py", TOY, *options)
    assert "The training ends at 1 epochs, but the schedule goes on" in log_of(tmp_path / "work")


@pytest.mark.parametrize(
    ("length", "told"), [("6", "mmscaffold @ git+https://"), ("0", "must be at least 1")]
)
def test_another_length_is_refused_with_what_to_do(project, tmp_path, length, told):
    # As if it were not installed.
    (tmp_path / "mmscaffold.py").write_text("raise ImportError\n")
    ended = subprocess.run(
        [sys.executable, "tools/train.py", TOY, "--max-epochs", length],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("runner", ["MyRunner", "MyFlexibleRunner"])
def test_two_processes_over_gloo_count_alike(project, runner):
    work_dir = project / "work_dirs" / f"distributed-{runner}"
    (project / "configs" / "toy" / "counting.py").write_text(
        "_base_ = './retinanet_r18_fpn_toy.py'\n"
        "custom_imports = dict(imports=['my_project', 'tools.count_by_rank'])\n"
        "custom_hooks = [dict(type='CountByRankHook')]\n"
        f"runner_type = '{runner}'\n"
    )
    (project / "tools" / "count_by_rank.py").write_text(
        "import pathlib\n"
        "from mmengine.dist import get_rank, get_world_size\n"
        "from mmengine.hooks import Hook\n"
        "from mmengine.registry import HOOKS\n\n\n"
        "@HOOKS.register_module()\n"
        "class CountByRankHook(Hook):\n"
        "    def after_run(self, runner):\n"
        "        counts = f'{runner.epoch} {runner.iter} {runner.max_iters}'\n"
        "        counts += f' of {get_world_size()}'\n"
        "        path = pathlib.Path(runner.work_dir, f'rank{get_rank()}.txt')\n"
        "        path.write_text(counts)\n"
    )
    short = short_training()
    # torchrun lies beside Python.
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(
        ["tools/dist_train.sh", "configs/toy/counting.py", "2", "--work-dir", work_dir, *short],
        cwd=project,
        env={**os.environ, "PATH": path, "PORT": str(free_port())},
        check=True,
    )
    # 16 images, 2 processes, 4 to a batch: 2 iterations an epoch.
    counts = [path.read_text() for path in sorted(work_dir.glob("rank*.txt"))]
    assert counts == ["3 6 6 of 2", "3 6 6 of 2"]
    assert epochs(log_of(work_dir), "train") == [1, 2, 3]
    assert len(list(work_dir.glob("*/*.log"))) == 1
    assert len(list(work_dir.glob("epoch_*.pth"))) == 3


def test_every_step_draws_on_two_dataloaders(project):
    work_dir = project / "work_dirs" / "two_loaders"
    (project / "configs" / "toy" / "two_loaders.py").write_text(
        "_base_ = './retinanet_r18_fpn_toy.py'\n"
        "train_cfg = dict(\n"
        "    type='MyMultiLoaderTrainLoop', more_dataloaders=[_base_.train_dataloader])\n"
    )
    config = "configs/toy/two_loaders.py"
    run(project, "tools/train.py", config, "--work-dir", work_dir, *short_training())
    log = log_of(work_dir)
    assert epochs(log, "train") == [1, 2, 3]
    assert "eta: -" not in log
    assert counters(work_dir / "epoch_3.pth") == (3, 12)


ON_TOY_DATA = """\
_base_ = './{base}'
toy = dict(data_root='data/toy/', metainfo=dict(classes=('square', 'disc')))
load = [dict(type='LoadImageFromFile'),
        dict(type='LoadAnnotations', with_bbox=True),
        dict(type='Resize', scale=(96, 96), keep_ratio=True),
        dict(type='PackDetInputs', meta_keys=(
            'img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'))]
train_dataloader = dict(num_workers=0, persistent_workers=False, dataset=dict(
    **toy, ann_file='train.json', data_prefix=dict(img='train/'), pipeline=load))
val_dataloader = dict(num_workers=0, persistent_workers=False, dataset=dict(
    **toy, ann_file='val.json', data_prefix=dict(img='val/'), pipeline=load))
test_dataloader = val_dataloader
val_evaluator = dict(ann_file='data/toy/val.json')
test_evaluator = val_evaluator
model = dict(backbone=dict(init_cfg=None), bbox_head=dict(num_classes=2),
             test_cfg=dict(score_thr=0.0))
default_hooks = dict(logger=dict(interval=1))
"""
OFFICIAL = "retinanet/retinanet_r18_fpn_1x_coco.py"


def migrated(project: Path, configs: Path, name: str, *options: str) -> Path:
    """A child of a migrated config (the official one, by path) that trains on the toy data."""
    target = project / "configs" / name
    words = ("--project", project, "--output", target, *options)
    run(project, "-m", "mmscaffold", "migrate", configs / OFFICIAL, *words)
    child = project / "configs" / f"{name}_on_toy.py"
    child.write_text(ON_TOY_DATA.format(base=f"{name}/{OFFICIAL}"))
    return child


def test_an_official_config_migrates_and_trains_on_the_toy_data(project, mmdet_configs):
    # Only what the toy data needs; the loops, the model and the schedule are the migrated.
    child = migrated(project, mmdet_configs, "official")
    child.write_text(child.read_text() + "train_cfg = dict(max_epochs=2)\n")
    work_dir = project / "work_dirs" / "official"
    run(project, "tools/train.py", child, "--work-dir", work_dir)
    log = log_of(work_dir)
    assert epochs(log, "train") == [1, 2]
    assert epochs(log, "val") == [1, 2]
    assert "eta: -" not in log
    assert "ProgressGuardHook" in log
    assert counters(work_dir / "epoch_2.pth") == (2, 16)


def test_a_config_rescaled_to_4_epochs_logs_the_rescaled_learning_rates(project, mmdet_configs):
    child = migrated(project, mmdet_configs, "rescaled", "--max-epochs", "4")
    work_dir = project / "work_dirs" / "rescaled"
    run(project, "tools/train.py", child, "--work-dir", work_dir)
    log = log_of(work_dir)
    assert epochs(log, "train") == [1, 2, 3, 4]
    assert epochs(log, "val") == [1, 2, 3, 4]
    logged = [float(rate) for rate in re.findall(r"Epoch\(train\).* lr: (\S+)", log)]
    # 12 epochs with milestones 8 and 11 became 4 with 2 and 3.
    expected = simulated_rates(4, [2, 3], iterations=8)
    assert logged == [pytest.approx(rate, rel=1e-3) for rate in expected]

    # The same training, counted in iterations.
    unit = ("--to-iters", "--iters-per-epoch", "8")
    child = migrated(project, project / "configs" / "rescaled", "by_iters", *unit)
    work_dir = project / "work_dirs" / "by_iters"
    run(project, "tools/train.py", child, "--work-dir", work_dir)
    log = log_of(work_dir)
    assert "Epoch(train)" not in log
    assert re.findall(r"Iter\(train\).* lr: (\S+)", log) == re.findall(
        r"Epoch\(train\).* lr: (\S+)", log_of(project / "work_dirs" / "rescaled")
    )
    saved = sorted(int(path.stem.removeprefix("iter_")) for path in work_dir.glob("iter_*.pth"))
    assert saved == [8, 16, 24, 32]
    assert len(re.findall(r"Iter\(val\).*coco/bbox_mAP:", log)) == 4
    assert "eta: -" not in log


def simulated_rates(epochs: int, milestones: list[int], iterations: int) -> list[float]:
    """What mmengine's own schedulers give at each iteration of the official 1x schedule."""
    import torch
    from mmengine.optim import LinearLR, MultiStepLR

    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.01)
    warm_up = LinearLR(optimizer, start_factor=0.001, by_epoch=False, begin=0, end=500)
    steps = MultiStepLR(optimizer, milestones=milestones, gamma=0.1, begin=0, end=epochs)
    rates = []
    for _ in range(epochs):
        for _ in range(iterations):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            warm_up.step()
        steps.step()
    return rates
