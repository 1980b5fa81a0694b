"""Healthy trainings, really run: nothing is said of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("mmengine")

from diagnose import planted
from diagnose.planted import loop, steps
from hypothesis import given
from hypothesis import strategies as st
from mmscaffold.diagnose import diagnose
from mmscaffold.diagnose.following import Follower
from support import tiny_training

pytestmark = pytest.mark.slow

ITERATIONS = {
    "train_cfg": {"type": "IterBasedTrainLoop", "max_iters": 24, "val_interval": 8},
    "train_dataloader": tiny_training.dataloader("InfiniteSampler"),
    "log_processor": {"by_epoch": False},
}
WARM_UP = {"type": "LinearLR", "start_factor": 0.1, "by_epoch": False, "begin": 0, "end": 6}
STOP = {"type": "EarlyStoppingHook", "monitor": "count", "patience": 1, "rule": "greater"}
HEALTHY = {
    "epochs": loop("EpochBasedTrainLoop", 5),
    "one epoch": loop("EpochBasedTrainLoop", 1),
    "slow": {**loop("EpochBasedTrainLoop", 5), "pause": 0.2},
    "12 epochs": loop("EpochBasedTrainLoop", 12),
    "one line an epoch": {
        **loop("EpochBasedTrainLoop", 6),
        "default_hooks": {"logger": {"type": "LoggerHook", "interval": 50}},
        "pause": 0.1,
    },
    "iterations": ITERATIONS,
    "slow iterations": {**ITERATIONS, "pause": 0.2},
    "iterations without a line": {
        **ITERATIONS,
        "default_hooks": {
            "logger": {"type": "LoggerHook", "interval": 50},
            "checkpoint": {"type": "CheckpointHook", "by_epoch": False, "interval": 8},
        },
    },
    "validation every second epoch": loop("EpochBasedTrainLoop", 5, val_interval=2),
    "validation from epoch 3": loop("EpochBasedTrainLoop", 5, val_begin=3),
    "no validation before the end": loop("EpochBasedTrainLoop", 5, val_interval=9),
    "dynamic intervals": loop(
        "EpochBasedTrainLoop", 6, val_interval=4, dynamic_intervals=[(5, 1)]
    ),
    "no validation": {
        **loop("EpochBasedTrainLoop", 5),
        "val_cfg": None,
        "val_dataloader": None,
        "val_evaluator": None,
    },
    "warm-up and steps": {
        **loop("EpochBasedTrainLoop", 8),
        "param_scheduler": [WARM_UP, steps(milestones=[5, 7], end=8)],
    },
    "milestone at the end": {
        **loop("EpochBasedTrainLoop", 4),
        "param_scheduler": [steps(milestones=[2, 4])],
    },
    "cosine": {
        **loop("EpochBasedTrainLoop", 8),
        "param_scheduler": [{"type": "CosineAnnealingLR", "T_max": 8, "by_epoch": True}],
    },
    "cosine by iteration": {
        **loop("EpochBasedTrainLoop", 8),
        "param_scheduler": [
            WARM_UP,
            {
                "type": "CosineAnnealingLR",
                "T_max": 4,
                "begin": 4,
                "end": 8,
                "by_epoch": True,
                "convert_to_iter_based": True,
            },
        ],
    },
    "polynomial by iterations": {
        **ITERATIONS,
        "param_scheduler": [{"type": "PolyLR", "by_epoch": False, "begin": 4, "end": 24}],
    },
    "no schedule": loop("EpochBasedTrainLoop", 6),
    "checkpoints by iteration": {
        **loop("EpochBasedTrainLoop", 4),
        "default_hooks": {
            "checkpoint": {"type": "CheckpointHook", "by_epoch": False, "interval": 3}
        },
    },
    "best checkpoint": {
        **loop("EpochBasedTrainLoop", 4),
        "default_hooks": {
            "checkpoint": {"type": "CheckpointHook", "save_best": "count", "rule": "greater"}
        },
    },
    "stopped early": {**loop("EpochBasedTrainLoop", 9), "custom_hooks": [STOP]},
    "no timer": {**loop("EpochBasedTrainLoop", 4), "default_hooks": {"timer": None}},
}


def run(name: str, folder: Path):
    return planted.train(folder, **{"pause": 0.0, **HEALTHY[name]})


@pytest.mark.parametrize("name", HEALTHY)
def test_nothing_is_said(name, tmp_path):
    training = run(name, tmp_path)
    assert training.error is None
    found = diagnose([tmp_path])
    assert not found.runs[0].seen, training.log[-3000:]
    assert found.exit_code == 0
    assert found.unread.number == 0
    assert not found.unread_configs
    # Nor where only one of the two files is there.
    scalars = next(tmp_path.glob("*/vis_data/scalars.json"), None)
    if scalars is not None:
        assert not diagnose([scalars]).runs[0].seen, scalars.read_text()
        training.log_file.rename(tmp_path / "alone.log")
        assert not diagnose([tmp_path / "alone.log"]).runs[0].seen


def test_nothing_is_said_of_one_that_was_resumed(tmp_path):
    training = planted.resume(tmp_path, **loop("EpochBasedTrainLoop", 4))
    assert training.error is None
    both = [tmp_path / "first", tmp_path / "second"]
    assert [one.seen for one in diagnose(both).runs] == [[], []]
    assert diagnose([training.log_file]).runs[0].seen == []


def test_nothing_is_said_of_a_test(tmp_path):
    training = tiny_training.Training(tmp_path)
    arguments = tiny_training.arguments(tmp_path)
    kept = ("model", "work_dir", "default_scope", "experiment_name", "randomness")
    runner = tiny_training.Runner(
        **{key: arguments[key] for key in kept},
        test_dataloader=arguments["val_dataloader"],
        test_cfg={},
        test_evaluator=arguments["val_evaluator"],
    )
    runner.test()
    assert "Epoch(test)" in training.log
    assert diagnose([training.log_file]).runs[0].seen == []


@pytest.fixture(scope="module")
def healthy_log(tmp_path_factory):
    """The bytes of a healthy log, with its config, and where its training begins."""
    folder = tmp_path_factory.mktemp("healthy")
    raw = run("warm-up and steps", folder).log_file.read_bytes()
    return raw, raw.index(b"Epoch(train)")


@given(data=st.data())
def test_a_log_that_is_cut_off_anywhere_shows_no_more_than_its_end(
    healthy_log, data, tmp_path_factory
):
    raw, start = healthy_log
    path = tmp_path_factory.mktemp("cut") / "20250101_000000.log"
    path.write_bytes(raw[: data.draw(st.integers(start, len(raw)))])
    found = diagnose([path])
    assert {one.symptom.name for one in found.runs[0].seen} <= {"ends-early"}
    assert found.exit_code == 0
    assert found.unread.number <= 1


@given(data=st.data())
def test_a_log_whose_beginning_is_gone_is_as_healthy(healthy_log, data, tmp_path_factory):
    raw, start = healthy_log
    path = tmp_path_factory.mktemp("tail") / "20250101_000000.log"
    path.write_bytes(raw[data.draw(st.integers(start, len(raw) - 1000)) :])
    found = diagnose([path])
    assert not found.runs[0].seen


MEMORY = re.compile(rb"(data_time: \S+)")
FORMS = {
    "windows": lambda raw: raw.replace(b"\n", b"\r\n"),
    "coloured": lambda raw: raw.replace(b"INFO", b"\x1b[4m\x1b[97mINFO\x1b[0m"),
    "not utf-8": lambda raw: raw.replace(b"loss:", b"\xff\xfe loss:"),
    "with memory": lambda raw: MEMORY.sub(rb"\1  memory: 8123  grad_norm: 3.1", raw),
    "console": lambda raw: re.sub(rb"(?m)^\d{4}/", b"", raw),
    "twice": lambda raw: re.sub(rb"(?m)^(.*\(train\).*\n)", rb"\1\1", raw),
    "base_lr": lambda raw: raw.replace(b"  lr: ", b"  base_lr: 1.0000e-01 lr: "),
    "two optimizers": lambda raw: raw.replace(b"  lr: ", b"  gen.base_lr: 1.0e-01 gen.lr: "),
}


@pytest.mark.parametrize("form", FORMS)
def test_it_is_read_in_every_form(healthy_log, form, tmp_path):
    raw, _ = healthy_log
    (tmp_path / "plain.log").write_bytes(raw)
    (tmp_path / "other.log").write_bytes(FORMS[form](raw))
    assert (tmp_path / "other.log").read_bytes() != raw
    plain, other = (diagnose([tmp_path / f"{name}.log"]) for name in ("plain", "other"))
    assert not other.runs[0].seen
    assert other.unread.number == 0
    ours, theirs = plain.runs[0].story.run.train, other.runs[0].story.run.train
    assert len(ours) > 20
    assert (theirs.lr, theirs.epoch, theirs.batch) == (ours.lr, ours.epoch, ours.batch)


@pytest.mark.parametrize("name", HEALTHY)
def test_nothing_is_told_of_one_that_is_followed(name, tmp_path):
    training = run(name, tmp_path / "run")
    path = tmp_path / "a.log"
    following = Follower(path, busy=1.0, settle=0.0)
    for line in training.log_file.read_bytes().splitlines(keepends=True):
        with path.open("ab") as file:
            file.write(line)
        assert not [one.symptom.name for news in following.update() for one in news.seen], line
