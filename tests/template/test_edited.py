"""A project's own tests pass after what its user may change, and fail after what breaks it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from mmengine.config import Config
from mmscaffold.scaffold import new_project

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]


def own_tests(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    return subprocess.run(
        [*command, "tests/test_configs.py", *words],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


@pytest.fixture
def edited(tmp_path):
    """A project, and a function that writes its toy config anew, with changes."""
    project = new_project(tmp_path / "my-project", {})
    [path] = project.glob("configs/toy/*.py")

    def edit(change, name=path.name):
        config = Config.fromfile(path, import_custom_modules=False)
        change(config)
        config.dump(path.with_name(name))
        return project

    return edit


def a_cosine_under_adam(config):
    cosine = {"type": "CosineAnnealingLR", "by_epoch": True, "begin": 0, "end": 5, "T_max": 5}
    config.param_scheduler = cosine
    config.optim_wrapper = {"type": "OptimWrapper", "optimizer": {"type": "AdamW", "lr": 1e-4}}
    config.train_cfg.max_epochs = config.max_epochs = 5


def no_schedule(config):
    config.pop("param_scheduler")
    config.train_cfg = {"by_epoch": True, "max_epochs": 2, "val_interval": 1}
    config.pop("max_epochs", None)
    config.train_dataloader.batch_size = 8
    config.default_hooks.checkpoint = {"type": "CheckpointHook", "by_epoch": False, "interval": 2}


def no_validation(config):
    for name in ("val_cfg", "val_dataloader", "val_evaluator"):
        config[name] = None
    length = config.train_cfg.max_epochs
    config.train_cfg = {"type": "MyEpochBasedTrainLoop", "max_epochs": length}
    # There is no best one without a validation.
    config.default_hooks.checkpoint = {"type": "CheckpointHook", "interval": 1}


def several_metrics(config):
    config.val_evaluator = [
        config.val_evaluator,
        {"type": "DumpDetResults", "out_file_path": "o.pkl"},
    ]
    config.default_hooks.checkpoint = None


def iterations(config):
    config.train_cfg = {"type": "MyIterBasedTrainLoop", "max_iters": 40, "val_interval": 20}
    config.train_dataloader.sampler.type = "InfiniteSampler"
    poly = {"type": "PolyLR", "by_epoch": False, "begin": 0, "end": 40, "eta_min": 1e-5}
    config.param_scheduler = [poly]
    config.log_processor.by_epoch = False
    saving = {"type": "CheckpointHook", "by_epoch": False, "interval": 20}
    config.default_hooks.checkpoint = saving
    config.default_hooks.logger.log_metric_by_epoch = False
    config.pop("max_epochs", None)


LEGAL = [a_cosine_under_adam, no_schedule, no_validation, several_metrics, iterations]


def test_what_users_may_change_breaks_no_test(edited):
    pytest.importorskip("torch")
    for change in LEGAL:
        project = edited(change, f"{change.__name__}.py")
    # A config less, and a data set that replaces another one.
    for path in project.glob("configs/coco/*.py"):
        path.unlink()
    table = project / "pyproject.toml"
    mapped = 'LVISDataset = "CocoDataset"\nRetinaNet = '
    table.write_text(table.read_text().replace("RetinaNet = ", mapped))
    ended = own_tests(project, "-k", "not trains")
    assert ended.returncode == 0, ended.stdout[-4000:]
    assert "skipped" not in ended.stdout


@pytest.mark.mmdet
@pytest.mark.parametrize(
    "change", LEGAL if os.environ.get("MMSCAFFOLD_WHOLE") else [a_cosine_under_adam]
)
def test_it_still_trains(edited, change):
    ended = own_tests(edited(change), "-k", "trains")
    assert ended.returncode == 0, ended.stdout[-4000:]
    assert "1 passed" in ended.stdout


def the_wrong_unit(config):
    config.log_processor.by_epoch = False


def an_epoch_without_end(config):
    config.train_dataloader.sampler.type = "InfiniteSampler"


def no_such_loop(config):
    config.train_cfg.type = "MyLoop"


def test_what_breaks_a_training_is_found(edited):
    pytest.importorskip("torch")
    for change in (the_wrong_unit, an_epoch_without_end, no_such_loop):
        project = edited(change, f"{change.__name__}.py")
    ended = own_tests(project, "-k", "names_a_runner or go_by_what")
    assert ended.returncode == 1, ended.stdout[-4000:]
    failed = re.findall(r"^FAILED \S+::(\w+\[\w+\])", ended.stdout, flags=re.MULTILINE)
    assert sorted(failed) == [
        "test_a_config_names_a_runner_and_loops_that_are_there[no_such_loop]",
        "test_logs_and_samplers_go_by_what_the_loop_counts[an_epoch_without_end]",
        "test_logs_and_samplers_go_by_what_the_loop_counts[no_such_loop]",
        "test_logs_and_samplers_go_by_what_the_loop_counts[the_wrong_unit]",
    ]
