"""Learning rate and momentum stay what they were; what does not is told."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.goal import UpgradeGoal, upgrade_goal
from mmscaffold.upgrade.schedule_proof import TOLERANCE, farthest, prove_schedule
from support.share import share

HEAD = """
model = dict(type='RetinaNet')
data = dict()
optimizer = dict(type='SGD', lr=0.02, momentum=0.9)
"""
EPOCHS = "runner = dict(type='EpochBasedRunner', max_epochs=24)\n"
ITERS = "runner = dict(type='IterBasedRunner', max_iters=20000)\n"
WARM = "warmup='linear', warmup_iters=500, warmup_ratio=0.001"
LOOPS = pytest.mark.parametrize("loop", [EPOCHS, ITERS], ids=["epochs", "iterations"])
POLICIES = [
    "policy='step', step=[8, 11]",
    "policy='step', step=5, gamma=0.5",
    "policy='step', step=[3, 5, 9], gamma=0.1, min_lr=3e-4",
    "policy='step', step=4, gamma=0.5, min_lr=3e-3",
    "policy='exp', gamma=0.999",
    "policy='fixed'",
    "policy='CosineAnnealing', min_lr=0",
    "policy='CosineAnnealing', min_lr_ratio=0.05",
    "policy='CosineAnnealing', min_lr=0.01",
    "policy='FlatCosineAnnealing', min_lr_ratio=0.05, start_percent=0.3",
    "policy='FlatCosineAnnealing', min_lr=1e-3",
    "policy='LinearAnnealing', min_lr=0.001",
    "policy='LinearAnnealing', min_lr_ratio=0",
    "policy='CosineRestart', periods=[8000, 12000], restart_weights=[1, 0.5], min_lr=1e-5",
    "policy='poly', power=0.9, min_lr=1e-4",
    "policy='poly', power=0.5, min_lr=0",
    "policy='poly', min_lr=0.01",
]
WARM_UPS = [
    WARM,
    "warmup='linear', warmup_iters=20",
    "warmup='linear', warmup_iters=1, warmup_ratio=0.5",
    "warmup='constant', warmup_iters=300, warmup_ratio=0.2",
    "warmup='constant', warmup_iters=1",
    "warmup='exp', warmup_iters=200, warmup_ratio=0.01",
    "warmup=None",
    "warmup='linear', warmup_iters=9, warmup_ratio=1.0",
]


def upgraded(tmp_path: Path, text: str) -> UpgradeGoal:
    path = tmp_path / "config.py"
    path.write_text(text)
    return upgrade_goal(Resolver().resolve(path))


def assert_same(goal: UpgradeGoal) -> None:
    assert goal.schedule is not None
    assert goal.schedule.unproven == ()
    assert goal.schedule.largest is not None
    assert goal.schedule.holds, goal.schedule.largest
    assert "UP103" not in [note.code for note in goal.notes]


@LOOPS
@pytest.mark.parametrize("policy", POLICIES)
def test_each_policy_with_a_warm_up(policy: str, loop: str, tmp_path: Path):
    assert_same(upgraded(tmp_path, f"{HEAD}{loop}lr_config = dict({policy}, {WARM})\n"))


@LOOPS
@pytest.mark.parametrize("warm_up", WARM_UPS)
def test_each_warm_up(warm_up: str, loop: str, tmp_path: Path):
    text = f"{HEAD}{loop}lr_config = dict(policy='step', step=[3, 9000], {warm_up})\n"
    assert_same(upgraded(tmp_path, text))


@pytest.mark.parametrize(
    "schedule",
    [
        f"lr_config = dict(policy='step', step=[700], by_epoch=False, {WARM})",
        f"lr_config = dict(policy='CosineAnnealing', min_lr=1e-4, by_epoch=False, {WARM})",
        f"lr_config = dict(policy='poly', power=0.9, min_lr=1e-4, by_epoch=False, {WARM})",
        "lr_config = dict(policy='step', step=[8], warmup='linear', warmup_iters=3,\n"
        "                 warmup_by_epoch=True)",
        "lr_config = dict(policy='OneCycle', max_lr=0.1, pct_start=0.4)",
        "lr_config = dict(policy='cyclic', target_ratio=(10, 1e-4), step_ratio_up=0.4)\n"
        "momentum_config = dict(policy='cyclic', target_ratio=(0.85 / 0.95, 1))",
        "lr_config = dict(policy='step', step=[8])\n"
        "momentum_config = dict(policy='step', step=[4], gamma=0.7)",
        "lr_config = dict(policy='YOLOX', warmup='exp', by_epoch=False, warmup_by_epoch=True,\n"
        "                 warmup_ratio=1, warmup_iters=5, num_last_epochs=4, min_lr_ratio=0.05)",
        "lr_config = None",
        "lr_config = dict(policy='step', step=[8])\nauto_scale_lr = dict(enable=True)",
    ],
)
def test_under_an_epoch_loop(schedule: str, tmp_path: Path):
    assert_same(upgraded(tmp_path, f"{HEAD}{EPOCHS}{schedule}\n"))


@pytest.mark.parametrize(
    "schedule",
    [
        "lr_config = dict(policy='OneCycle', max_lr=0.1, total_steps=30000)",
        "lr_config = dict(policy='cyclic', target_ratio=(2, 0.1), step_ratio_up=0.3)\n"
        "momentum_config = dict(policy='cyclic', target_ratio=(0.9, 1), step_ratio_up=0.3,\n"
        "                       by_epoch=False)",
        "lr_config = dict(policy='step', step=[8], by_epoch=True)\n"
        "momentum_config = dict(policy='step', step=[4])",
    ],
)
def test_under_an_iteration_loop(schedule: str, tmp_path: Path):
    assert_same(upgraded(tmp_path, f"{HEAD}{ITERS}{schedule}\n"))


@pytest.mark.parametrize("low", [1e-3, 0.01])
@pytest.mark.parametrize("ratio", [1e-6, 0.001, 0.1])
@pytest.mark.parametrize("kind", ["linear", "constant", "exp"])
def test_poly_with_a_lowest_rate_after_each_warm_up(
    kind: str, ratio: float, low: float, tmp_path: Path
):
    schedule = (
        f"lr_config = dict(policy='poly', power=0.9, min_lr={low}, warmup={kind!r},"
        f" warmup_iters=4000, warmup_ratio={ratio})"
    )
    assert_same(upgraded(tmp_path, f"{HEAD}{ITERS}{schedule}\n"))


@pytest.mark.parametrize(
    "schedule",
    [
        "lr_config = dict(policy='inv', gamma=0.5, power=1.0)",
        "lr_config = dict(policy='cyclic', cyclic_times=3)",
    ],
)
def test_what_has_no_counterpart_is_told_with_its_place(schedule: str, tmp_path: Path):
    goal = upgraded(tmp_path, f"{HEAD}{EPOCHS}{schedule}\n")
    codes = [note.code for note in goal.notes]
    assert codes[-2:] == ["UP208", "UP103"]
    assert "% of its peak (epoch " in goal.notes[-1].message


def test_the_naive_ways_of_official_ports_are_found(tmp_path: Path):
    text = f"{HEAD}{EPOCHS}lr_config = dict(policy='CosineAnnealing', min_lr=0, {WARM})\n"
    goal = upgraded(tmp_path, text)
    old = Resolver().resolve(tmp_path / "config.py").root
    new = dict(goal.root)
    linear, cosine = new["param_scheduler"]
    for wrong in (
        [linear, {**cosine, "begin": 4}],
        [{**linear, "start_factor": 1 / 3}, cosine],
        [linear],
        [linear, {"type": "PolyLR"}],
    ):
        proof = prove_schedule(old, {**new, "param_scheduler": wrong})
        assert not proof.holds
        assert proof.largest is not None
        assert proof.largest.share > TOLERANCE
    assert prove_schedule(old, new).holds


def test_what_is_not_known_is_not_proven(tmp_path: Path):
    text = "import os\n" + HEAD + EPOCHS
    goal = upgraded(tmp_path, text + "lr_config = dict(policy='step', step=[int(os.getpid())])\n")
    assert goal.schedule is not None
    assert not goal.schedule.holds
    assert goal.schedule.unproven


def test_every_official_config_trains_with_the_rates_that_it_had(mmdet2_configs: Path):
    files = [path for path in sorted(mmdet2_configs.rglob("*.py")) if "_base_" not in path.parts]
    resolver = Resolver()
    seen = 0
    for path in share(files, 12):
        goal = upgrade_goal(resolver.resolve(path))
        assert_same(goal)
        seen += 1
    assert seen >= 50


def test_the_iteration_where_curves_are_farthest_apart_is_the_first_of_equals():
    ones, others = array("d", [1, 5, 2, 9, 1]), array("d", [1, 3, 4, 1, 1])

    assert farthest(10, ones, others, set()) == (13, 9, 1)
    assert farthest(10, ones, others, {13}) == (11, 5, 3)
    assert farthest(10, ones, others, {3, 11, 13, 99}) == (12, 2, 4)
    assert farthest(0, ones[:2], others[:2], {0, 1}) is None


def test_a_value_that_is_no_number_hides_no_other():
    ones = array("d", [float("nan"), 5, float("nan")])

    assert farthest(0, ones, array("d", [1, 3, 4]), set()) == (1, 5, 3)
