"""Every pair of answers is rendered in some project, which is clean and whole."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from support.template_answers import FACTORS, IMPOSSIBLE, ROWS, allowed, name_of

from mmscaffold.config import resolve
from mmscaffold.scaffold import new_project

ALL = pytest.mark.parametrize("row", ROWS, ids=map(name_of, ROWS))


def run(project: Path, *words: object) -> str:
    ended = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        # Many of these run beside each other.
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    printed = ended.stdout + ended.stderr
    assert ended.returncode == 0, printed[-5000:]
    return printed


def test_every_pair_of_answers_occurs():
    for first, second in combinations(FACTORS, 2):
        for left in FACTORS[first]:
            for right in FACTORS[second]:
                pair = {first: left, second: right}
                found = any(row[first] == left and row[second] == right for row in ROWS)
                assert found or pair in IMPOSSIBLE, pair
    # Of these, one of the two questions is not asked, or refuses the answer.
    assert all(not allowed(pair) for pair in IMPOSSIBLE)


@ALL
def test_it_is_complete_and_clean(tmp_path, row):
    project = new_project(tmp_path / "p", row)
    for path in project.rglob("*"):
        assert "{" not in path.name
        if path.is_file() and path.suffix in {".py", ".toml", ".md", ".yml", ".yaml", ""}:
            text = path.read_text(encoding="utf-8")
            assert "{%" not in text and "{{" not in text and "{#" not in text, path
            assert "\n\n\n\n" not in text, path
        if path.suffix == ".py":
            ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
    for workflow in (".github/workflows/ci.yml", ".gitlab-ci.yml", "Dockerfile", "LICENSE"):
        wanted = {
            ".github/workflows/ci.yml": row["ci"] == "github",
            ".gitlab-ci.yml": row["ci"] == "gitlab",
            "Dockerfile": row["dockerfile"],
            "LICENSE": row["licence"] != "Proprietary",
        }[workflow]
        assert (project / workflow).is_file() == wanted
    assert_configs_resolve(project, row)
    pytest.importorskip("ruff")
    run(project, "-m", "ruff", "check", "--no-cache")
    # What is rendered is formatted: formatting it changes nothing.
    run(project, "-m", "ruff", "format", "--check", "--no-cache")


def assert_configs_resolve(project, row):
    from mmengine.config import Config

    configs = sorted(project.glob("configs/[!_]*/*.py"))
    assert len(configs) == 2
    for path in configs:
        ours = resolve(path)
        assert not ours.unknowns
        assert ours.to_dict() == Config.fromfile(path, import_custom_modules=False).to_dict()
        loop = str(ours.get("train_cfg.type")).rpartition(".")[2]
        kind = "EpochBased" if row["training_unit"] == "epochs" else "IterBased"
        mine = "My" if "train_loop" in row["custom_parts"] else ""
        assert loop == f"{mine}{kind}TrainLoop"


@ALL
def test_its_own_tests_pass(tmp_path, row):
    pytest.importorskip("torch")
    project = new_project(tmp_path / "p", row)
    # The training is left to the tests that are for it.
    fast = ("--deselect", "tests/test_configs.py::test_the_toy_config_trains_on_data_that_its_script_makes")
    printed = run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", *fast)
    assert " passed" in printed


def test_check_finds_nothing_in_it(tmp_path):
    project = new_project(tmp_path / "p", {})
    run(project, "-m", "mmscaffold", "check", "configs")


def chosen_to_train() -> list[dict[str, object]]:
    """One for each detector, as different from those before as can be, and two more."""
    matters = ("inputs", "training_unit", "config_style", "custom_parts")
    seen: list[object] = []
    chosen = []
    for detector in FACTORS["detector"]:
        rows = [row for row in ROWS if row["detector"] == detector]
        # The first of those that bring most that was seen least.
        best = min(rows, key=lambda row: sum(seen.count((n, str(row[n]))) for n in matters))
        seen += [(name, str(best[name])) for name in matters]
        chosen.append(best)
    chosen.append(next(row for row in ROWS if row["more_dataloaders"] and row["validation_loss"]))
    chosen.append(next(row for row in ROWS if row["custom_parts"] == []))
    return chosen


TRAINED = chosen_to_train()


@pytest.mark.mmdet
@pytest.mark.parametrize("row", TRAINED, ids=map(name_of, TRAINED))
def test_it_trains_for_real_and_resumes(tmp_path, row):
    project = new_project(tmp_path / "p", row)
    config = next(project.glob("configs/toy/*.py"))
    run(project, "tools/make_toy_dataset.py")
    work_dir = project / "work_dirs" / "straight"
    run(project, "tools/train.py", config, "--work-dir", work_dir)
    assert_trained(work_dir, row)
    first = "epoch_1.pth" if row["training_unit"] == "epochs" else "iter_4.pth"
    resumed = project / "work_dirs" / "resumed"
    resume = ("--resume", work_dir / first, "--work-dir", resumed)
    run(project, "tools/train.py", config, *resume)
    last = "epoch_3.pth" if row["training_unit"] == "epochs" else "iter_12.pth"
    assert counters(resumed / last) == counters(work_dir / last)
    assert rates(resumed) == rates(work_dir)[-len(rates(resumed)) :]


def test_the_trained_ones_cover_all_that_matters():
    for name in ("detector", "inputs", "training_unit", "config_style"):
        assert {row[name] for row in TRAINED} == set(FACTORS[name])
    assert len(TRAINED) >= 12


def scalars(work_dir: Path) -> list[dict[str, float]]:
    path = max(work_dir.glob("*/vis_data/scalars.json"))
    return [json.loads(line) for line in path.read_text().splitlines()]


def rates(work_dir: Path) -> list[float]:
    return [entry["lr"] for entry in scalars(work_dir) if "lr" in entry]


def counters(checkpoint: Path) -> tuple[int, int]:
    import torch

    meta = torch.load(checkpoint, weights_only=False)["meta"]
    return meta["epoch"], meta["iter"]


def assert_trained(work_dir: Path, row: dict[str, object]) -> None:
    import math

    log = max(work_dir.glob("*/*.log")).read_text()
    entries = scalars(work_dir)
    losses = [entry["loss"] for entry in entries if "loss" in entry and "lr" in entry]
    assert len(losses) == 12
    assert all(math.isfinite(loss) for loss in losses)
    assert "eta: -" not in log
    if row["training_unit"] == "epochs":
        found = re.findall(r"Epoch\(train\)\s+\[(\d)\]", log)
        assert found == list("111122223333")
        assert sorted(set(re.findall(r"Epoch\(val\)\s+\[(\d)\]", log))) == list("123")
        saved = [work_dir / f"epoch_{number}.pth" for number in (1, 2, 3)]
        assert [counters(path) for path in saved] == [(1, 4), (2, 8), (3, 12)]
    else:
        steps = [int(number) for number in re.findall(r"Iter\(train\)\s+\[\s*(\d+)/12\]", log)]
        assert steps == list(range(1, 13))
        saved = [work_dir / f"iter_{number}.pth" for number in (4, 8, 12)]
        assert [counters(path)[1] for path in saved] == [4, 8, 12]
    if row["validation_loss"]:
        assert "val/" in log or any("val_loss" in key for entry in entries for key in entry)


@pytest.mark.mmdet
@pytest.mark.parametrize("inputs", ["rgb", "extra"])
def test_it_learns_to_find_the_shapes(tmp_path, inputs):
    """With an extra channel they are nowhere else: so that channel reaches the loss."""
    project = new_project(tmp_path / "p", {"inputs": inputs})
    config = next(project.glob("configs/toy/*.py"))
    run(project, "tools/make_toy_dataset.py", "--train", "200", "--val", "30")
    run(project, "-m", "mmscaffold", "migrate", config, "--max-epochs", "8", "--only", "length")
    rate = "optim_wrapper.optimizer.lr=0.02"
    run(project, "tools/train.py", config, "--work-dir", "work", "--cfg-options", rate)
    entries = scalars(project / "work")
    found = [entry["coco/bbox_mAP"] for entry in entries if "coco/bbox_mAP" in entry]
    assert len(found) == 8
    assert found[-1] >= 0.5


@pytest.mark.mmdet
def test_the_tools_draw_curves_and_predictions(tmp_path):
    project = new_project(tmp_path / "p", {})
    run(project, "tools/make_toy_dataset.py")
    config = next(project.glob("configs/toy/*.py"))
    run(project, "tools/train.py", config, "--work-dir", "work_dirs/toy")
    run(project, "tools/show_predictions.py", config, "work_dirs/toy/epoch_3.pth", "--count", "2")
    pictures = list((project / "work_dirs" / "predictions").glob("*.png"))
    assert len(pictures) == 2
    assert "param_scheduler" in run(project, "tools/print_config.py", config)
    pytest.importorskip("matplotlib")
    run(project, "tools/plot_log.py", "work_dirs/toy")
    assert (project / "work_dirs" / "toy" / "curves.png").stat().st_size > 5000
