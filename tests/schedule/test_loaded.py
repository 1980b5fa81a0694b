"""Another length for a config that mmengine has loaded, as ``tools/train.py`` asks for it."""

from __future__ import annotations

import copy

import pytest
from mmscaffold.config.errors import ConfigError
from mmscaffold.schedule.loaded import move_length


class MultiStepLR:
    """A class, as a pure Python config holds it."""


def config(**overrides: object) -> dict:
    return {
        "train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": 12, "val_interval": 1},
        "param_scheduler": [
            {"type": "LinearLR", "by_epoch": False, "begin": 0, "end": 500},
            {"type": "MultiStepLR", "begin": 0, "end": 12, "milestones": [8, 11]},
        ],
        **overrides,
    }


def moved(given: dict, unit: str, maximum: int) -> dict:
    return {change.key: change.new for change in move_length(given, unit, maximum).changes}


def test_the_schedule_moves_along_and_the_config_is_left_as_it_is():
    given = config(max_epochs=12)
    before = copy.deepcopy(given)
    assert moved(given, "epochs", 24) == {
        "train_cfg.max_epochs": 24,
        "param_scheduler[1].end": 24,
        "param_scheduler[1].milestones": [16, 22],
        "max_epochs": 24,
    }
    assert given == before


@pytest.mark.parametrize("kind", [MultiStepLR, "mmengine.optim.MultiStepLR"])
def test_classes_and_their_paths_are_known_too(kind):
    schedule = {"type": kind, "end": 90_000, "by_epoch": False, "milestones": [60_000]}
    given = config(train_cfg={"max_iters": 90_000}, param_scheduler=[schedule])
    assert moved(given, "iterations", 45_000)["param_scheduler[0].milestones"] == [30_000]


def test_the_same_length_changes_nothing():
    assert moved(config(), "epochs", 12) == {}


@pytest.mark.parametrize("maximum", [0, -3])
def test_a_training_has_at_least_one_step(maximum):
    with pytest.raises(ConfigError, match=f"a training of {maximum} epochs"):
        move_length(config(), "epochs", maximum)


def test_a_schedule_without_room_is_left_alone_and_told():
    found = move_length(config(param_scheduler=[
        {"type": "CosineAnnealingLR", "begin": begin, "end": begin + 4, "T_max": 4}
        for begin in (0, 4, 8)
    ]), "epochs", 2)  # fmt: skip
    assert [change.key for change in found.changes] == ["train_cfg.max_epochs"]
    assert found.notes == ["param_scheduler left alone: 3 stages do not fit into 2 epochs"]


@pytest.mark.parametrize(
    ("given", "unit", "told"),
    [
        (config(), "iterations", r"trains by epochs.*--max-epochs"),
        (config(train_cfg={"type": "Mine"}), "epochs", "no known training length"),
    ],
)
def test_what_cannot_be_done_is_told(given, unit, told):
    with pytest.raises(ConfigError, match=f"(?s){told}"):
        move_length(given, unit, 3)
