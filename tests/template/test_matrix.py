"""Every pair of answers is rendered in some project, which is clean and whole."""

from __future__ import annotations

import ast
import json
import math
import os
import re
import resource
import subprocess
import sys
from itertools import combinations, product
from pathlib import Path

import pytest
import yaml
from mmscaffold.config import resolve
from mmscaffold.scaffold import new_project
from mmscaffold.scaffold.template_source import table
from support.template_answers import FACTORS, IMPOSSIBLE, ROWS, allowed, name_of
from support.toy import SMALL_DATA, short_training

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]

ALL = pytest.mark.parametrize("row", ROWS, ids=map(name_of, ROWS))
# With mmdet at hand the tests of one project take 20 s: every eighth here, all of them in
# `make test-slow`.
WHOLE = bool(os.environ.get("MMSCAFFOLD_WHOLE"))
SHARE = ROWS if WHOLE else ROWS[1::8]


def chosen_to_draw() -> list[dict[str, object]]:
    """Of these, a few with each input, length and kind of model and config.

    In these the tools are tried, and trainings resumed, which takes most of the time.
    """
    chosen: list[dict[str, object]] = []
    seen: set[object] = set()
    for row in SHARE:
        masks = bool(table("detectors")[row["detector"]].get("masks"))
        runner = "runner" in row["custom_parts"]
        new = {("input", row["inputs"]), ("style", row["config_style"])}
        new |= {("masks", masks), ("runner", runner), ("unit", row["training_unit"])}
        # Its first boxes are weights: as a tensor is made, they have negative sides.
        new.add(("boxes are weights", row["detector"] == "SparseRCNN"))
        if not new <= seen:
            chosen.append(row)
            seen |= new
    return chosen


DRAWN = SHARE if WHOLE else chosen_to_draw()


def run(project: Path, *words: object) -> str:
    ended = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        # Many of these run beside each other; threads that wait for a core only heat it.
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
        if path.is_file():
            assert_tidy(path)
        if path.suffix == ".py":
            ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
    docker = ("Dockerfile", "Dockerfile.cuda", ".dockerignore")
    wanted = {
        ".github/workflows/ci.yml": row["ci"] == "github",
        ".gitlab-ci.yml": row["ci"] == "gitlab",
        "LICENSE": row["licence"] != "Proprietary",
        **dict.fromkeys(docker, row["dockerfile"]),
        **dict.fromkeys(("CITATION.cff", "MODEL_CARD.md", ".pre-commit-config.yaml"), True),
    }
    for name, is_there in wanted.items():
        assert (project / name).is_file() == is_there, name
    for path in (*project.glob("*.cff"), *project.glob("**/*.yml"), *project.glob(".*.y*ml")):
        assert yaml.safe_load(path.read_text(encoding="utf-8")), path
    assert_configs_resolve(project, row)
    pytest.importorskip("ruff")
    run(project, "-m", "ruff", "check", "--no-cache")
    # What is rendered is formatted: formatting it changes nothing.
    run(project, "-m", "ruff", "format", "--check", "--no-cache")


def assert_tidy(path):
    """No trace of the templating, and no noise of blank lines."""
    text = path.read_text(encoding="utf-8")
    # GitHub writes its own variables like that.
    assert not re.search(r"(?<!\$){[%{#]", text), path
    assert re.search(r"\A[^\n][\s\S]*[^\n]\n\Z", text), path
    # Code has two blank lines between definitions, also where documents quote it.
    code = path.suffix in {".py", ".md"} and "configs" not in path.parts
    assert ("\n\n\n\n" if code else "\n\n\n") not in text, path
    if path.suffix in {".py", ".sh"} and "configs" not in path.parts:
        assert re.match(r"(#!.*\n)?# Copyright \(c\) .*\n# .*\n\n\S", text), path
    assert not re.search(r"[ \t]$", text, flags=re.MULTILINE), path


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
        mine = row["class_prefix"] if "train_loop" in row["custom_parts"] else ""
        assert loop == f"{mine}{kind}TrainLoop"


def test_every_answer_occurs_in_the_share():
    for name, answers in FACTORS.items():
        assert all(any(row[name] == answer for row in SHARE) for answer in answers), name


@pytest.mark.parametrize("row", SHARE, ids=map(name_of, SHARE))
def test_its_own_tests_pass(tmp_path, row):
    pytest.importorskip("torch")
    project = new_project(tmp_path / "p", row)
    # The training is left to the tests that are for it, tools and resuming to a few projects.
    training = "tests/test_configs.py::test_the_toy_config_trains_on_data_that_its_script_makes"
    left = ["--deselect", training]
    if row not in DRAWN:
        left += ["--ignore", "tests/test_tools.py", "--ignore", "tests/test_resuming.py"]
    printed = run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", *left)
    assert " passed" in printed


def test_the_tools_are_tried_with_all_that_they_depend_on():
    for name in ("inputs", "config_style", "training_unit"):
        assert {row[name] for row in DRAWN} == set(FACTORS[name])
    parts = [row["custom_parts"] for row in DRAWN]
    assert any("runner" in one for one in parts)
    assert any("runner" not in one for one in parts)
    assert any(table("detectors")[row["detector"]].get("masks") for row in DRAWN)


def test_check_finds_nothing_in_it(tmp_path):
    project = new_project(tmp_path / "p", {})
    run(project, "-m", "mmscaffold", "check", ".")


def chosen_to_train() -> list[dict[str, object]]:
    """One for each detector and two more, as different from each other as can be."""
    chosen: list[dict[str, object]] = []
    for detector in (*FACTORS["detector"], None, None):
        rows = [row for row in ROWS if detector in (None, row["detector"])]
        chosen.append(max(rows, key=lambda row: news(row, chosen)))
    return chosen


def news(row: dict[str, object], chosen: list[dict[str, object]]) -> tuple[int, int]:
    """How many triples and pairs of answers that matter in a training a row adds."""
    style = ("inputs", "training_unit", "config_style")
    parts = (*style, "custom_parts", "validation_loss", "more_dataloaders")
    counts = []
    for names, size in ((style, 3), (parts, 2)):
        groups = list(combinations(names, size))
        seen = {str([other[name] for name in group]) for other in chosen for group in groups}
        counts.append(len({str([row[name] for name in group]) for group in groups} - seen))
    return counts[0], counts[1]


# All of them in `make test-slow`.
CHOSEN = chosen_to_train()
TRAINED = CHOSEN if WHOLE else CHOSEN[::3]


@pytest.mark.mmdet
@pytest.mark.parametrize("row", TRAINED, ids=map(name_of, TRAINED))
def test_it_trains_for_real_and_resumes(tmp_path, row):
    project = new_project(tmp_path / "p", row)
    # All that the configs name can be built, those for real data, too.
    built = run(project, "-m", "pytest", "-q", "tests/test_configs.py", "-k", "built")
    assert "2 passed" in built
    config = next(project.glob("configs/toy/*.py"))
    run(project, "tools/make_toy_dataset.py", *SMALL_DATA)
    short = short_training(row["training_unit"])
    work_dir = project / "work_dirs" / "straight"
    run(project, "tools/train.py", config, "--work-dir", work_dir, *short)
    assert_trained(work_dir, row)
    first = "epoch_1.pth" if row["training_unit"] == "epochs" else "iter_4.pth"
    resumed = project / "work_dirs" / "resumed"
    resume = ("--resume", work_dir / first, "--work-dir", resumed)
    run(project, "tools/train.py", config, *resume, *short)
    last = "epoch_3.pth" if row["training_unit"] == "epochs" else "iter_12.pth"
    assert counters(resumed / last) == counters(work_dir / last)
    assert logged(resumed, "lr") == logged(work_dir, "lr")[4:]
    assert_same_weights(resumed / last, work_dir / last)


def test_the_trained_ones_cover_all_that_matters():
    assert {row["detector"] for row in CHOSEN} == set(FACTORS["detector"])
    style = ("inputs", "training_unit", "config_style")
    trained = {tuple(row[name] for name in style) for row in CHOSEN}
    assert trained == set(product(*(FACTORS[name] for name in style)))
    assert len(CHOSEN) >= 12


def scalars(work_dir: Path) -> list[dict[str, float]]:
    path = max(work_dir.glob("*/vis_data/scalars.json"))
    return [json.loads(line) for line in path.read_text().splitlines()]


def logged(work_dir: Path, name: str) -> list[float]:
    return [entry[name] for entry in scalars(work_dir) if name in entry]


def assert_same_weights(left: Path, right: Path) -> None:
    """That a resumed training ends with the weights of one without a stop."""
    import torch

    mine, other = (torch.load(path, weights_only=False)["state_dict"] for path in (left, right))
    assert mine.keys() == other.keys()
    for name, weight in mine.items():
        # The same steps: the order in which threads add is all that may differ.
        assert torch.allclose(weight, other[name], rtol=1e-4, atol=1e-6), name


def counters(checkpoint: Path) -> tuple[int, int]:
    import torch

    meta = torch.load(checkpoint, weights_only=False)["meta"]
    return meta["epoch"], meta["iter"]


def assert_trained(work_dir: Path, row: dict[str, object]) -> None:
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
        losses = logged(work_dir, "val_loss")
        assert len(losses) == 3
        assert all(math.isfinite(loss) for loss in losses)


# What each detector learns on the toy data, as the template sets it up; all of them in
# `make test-slow`. With an extra channel the shapes are nowhere else.
LEARNT = [*((detector, "rgb") for detector in table("detectors")), ("RetinaNet", "extra")]


@pytest.mark.mmdet
@pytest.mark.parametrize(("detector", "inputs"), LEARNT if WHOLE else LEARNT[:1])
def test_it_learns_to_find_the_shapes(tmp_path, detector, inputs):
    project = new_project(tmp_path / "p", {"detector": detector, "inputs": inputs})
    config = next(project.glob("configs/toy/*.py"))
    run(project, "tools/make_toy_dataset.py")
    before = cpu_seconds()
    run(project, "tools/train.py", config, "--work-dir", "work")
    found = logged(project / "work", "coco/bbox_mAP")
    assert found[-1] >= (0.5 if detector == "RetinaNet" else 0.3)
    # The time of the CPUs says so on a busy machine, too.
    assert cpu_seconds() - before <= 2 * 180


def cpu_seconds() -> float:
    """The time that all processes started here, and waited for, have spent computing."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
