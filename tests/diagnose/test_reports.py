"""Public reports that were answered wrongly once, rebuilt; the resumed ones really trained."""

from __future__ import annotations

import shutil

import pytest

pytest.importorskip("torch")
pytest.importorskip("mmengine")

from diagnose.planted import loop, resume_changed, steps
from mmscaffold.diagnose import diagnose

pytestmark = pytest.mark.slow

KEPT = "schedule-comes-with-the-checkpoint"
WARM_UP = {"type": "LinearLR", "start_factor": 1.0 / 3, "by_epoch": False, "begin": 0, "end": 3}


def fractional(epochs: float) -> dict:
    """The schedule of xtuner's configs: all of it in parts of ``max_epochs``."""
    by_epoch = {"by_epoch": True, "convert_to_iter_based": True}
    warm = 0.25 * epochs
    return {
        **loop("EpochBasedTrainLoop", int(epochs)),
        "param_scheduler": [
            {"type": "LinearLR", "start_factor": 1e-5, "begin": 0, "end": warm, **by_epoch},
            {
                "type": "CosineAnnealingLR", "eta_min": 0.0, "begin": warm, "end": epochs,
                **by_epoch,
            },
        ],
    }  # fmt: skip


def milestones(epochs: int, *at: int, **more) -> dict:
    schedulers = [WARM_UP, steps(milestones=list(at), begin=0, end=epochs)]
    return {**loop("EpochBasedTrainLoop", epochs), "param_scheduler": schedulers, **more}


# What was trained, the checkpoint, what was changed, and one of the changes as it is told.
CHANGED = {
    "mmengine #1565": (
        milestones(4, 2, 3),
        "epoch_4.pth",
        milestones(6, 2, 3, 6),
        "param_scheduler[1].end is 6 in the config and 4 in the checkpoint",
    ),
    "xtuner #211": (
        fractional(2),
        "epoch_2.pth",
        fractional(4),
        "param_scheduler[1].end is 4 in the config and 2 in the checkpoint",
    ),
    "a rate that was lowered by hand": (
        milestones(6, 3, 5),
        "epoch_2.pth",
        {"optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.01}}},
        None,
    ),
    "earlier milestones": (
        milestones(6, 5),
        "epoch_2.pth",
        milestones(6, 3, 5),
        "param_scheduler[1].milestones is [3, 5] in the config and [5] in the checkpoint",
    ),
    "a scheduler less": (
        milestones(6, 2, 5),
        "epoch_1.pth",
        {"param_scheduler": [steps(milestones=[2, 5])]},
        "param_scheduler is 1 scheduler in the config and 2 schedulers in the checkpoint",
    ),
    "another factor, by iterations": (
        {
            **loop("EpochBasedTrainLoop", 5),
            "param_scheduler": {
                "type": "StepLR", "step_size": 6, "gamma": 0.5, "by_epoch": False,
            },
        },
        "epoch_2.pth",
        {
            "param_scheduler": {
                "type": "StepLR", "step_size": 6, "gamma": 0.1, "by_epoch": False,
            },
        },
        "param_scheduler[0].gamma is 0.1 in the config and 0.5 in the checkpoint",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_a_schedule_changed_at_resume_does_nothing(name, tmp_path):
    first, start, then, said = CHANGED[name]
    training = resume_changed(tmp_path, start=start, then=then, **first)
    assert training.error is None
    # Both logs; and the second alone, whose work folder names the first.
    both = [tmp_path / "first", training.log_file]
    for given in (both, [training.log_file]):
        run = diagnose(given).runs[-1]
        if said is None:
            # The tiny config of the log holds no optimizer: nothing can be told.
            assert [one.cause.name for one in run.causes] == []
            continue
        assert [one.symptom.name for one in run.seen] == ["resume-keeps-schedule"]
        assert [one.cause.name for one in run.causes] == [KEPT]
        assert said in [one.text for one in run.seen[0].evidence]
        assert "load_from" in run.causes[0].cause.hint


def test_a_changed_optimizer_is_told_where_the_configs_tell_it(tmp_path):
    lowered = {"optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.01}}}
    extra = {"optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.1}}}
    training = resume_changed(
        tmp_path, then={**lowered, "extra": lowered}, extra=extra, **milestones(6, 3, 5)
    )
    run = diagnose([tmp_path / "first", training.log_file]).runs[-1]
    [seen] = run.seen
    assert "optim_wrapper.optimizer.lr is 0.01 in the config and 0.1 in the checkpoint" in [
        one.text for one in seen.evidence
    ]
    assert seen.evidence[-1].text == "the learning rate follows the schedule of the checkpoint"
    assert [one.cause.name for one in run.causes] == [KEPT]


def test_a_longer_training_whose_schedule_ends_as_before(tmp_path):
    stepwise = {"type": "CosineAnnealingLR", "by_epoch": True, "T_max": 3, "end": 3}
    training = resume_changed(
        tmp_path,
        start="epoch_3.pth",
        then=loop("EpochBasedTrainLoop", 9),
        **loop("EpochBasedTrainLoop", 3),
        param_scheduler=[stepwise],
    )
    run = diagnose([tmp_path / "first", training.log_file]).runs[-1]
    [seen] = run.seen
    assert seen.symptom.name == "resume-keeps-schedule"
    assert "max_epochs was 3 in the run before and is 9 now" in [e.text for e in seen.evidence]
    assert [one.cause.name for one in run.causes] == [KEPT]


def test_a_log_alone_tells_that_its_schedule_is_not_followed(tmp_path):
    first, start, then, _ = CHANGED["xtuner #211"]
    training = resume_changed(tmp_path, start=start, then=then, **first)
    alone = tmp_path / "pasted.log"
    shutil.copy(training.log_file, alone)
    [run] = diagnose([alone]).runs
    assert [one.cause.name for one in run.causes] == [KEPT]


def test_an_unchanged_schedule_is_followed(tmp_path):
    training = resume_changed(tmp_path, then={}, **milestones(6, 3, 5))
    for given in ([tmp_path / "first", training.log_file], [training.log_file]):
        assert diagnose(given).runs[-1].seen == []


def test_mmengine_1205_a_checkpoint_from_within_an_epoch(tmp_path):
    hooks = {
        "checkpoint": {"type": "CheckpointHook", "by_epoch": False, "interval": 6},
        "logger": {"type": "LoggerHook", "interval": 1},
    }
    training = resume_changed(
        tmp_path, start="iter_6.pth", then={}, default_hooks=hooks, **milestones(4, 2, 3)
    )
    run = diagnose([training.log_file]).runs[-1]
    assert run.causes[0].cause.name == "checkpoint-within-an-epoch"
    assert all(not one.cause.rules for one in run.causes)


STAMP = "2023/02/01 10:00:00 - mmengine - INFO - "
SEMI = """train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)
val_cfg = dict(type='TeacherStudentValLoop')
val_dataloader = dict(batch_size=1)
train_dataloader = dict(
    batch_size=5, sampler=dict(type='GroupMultiSourceSampler', source_ratio=[1, 4]))

"""


def test_mmdetection_9706_semi_supervised_training_by_epochs(tmp_path):
    """``[1][1600/732]``: the sampler of SoftTeacher never ends."""
    lines = "".join(
        f"{STAMP}Epoch(train)  [1][{batch}/732]  lr: 1.0000e-02  eta: 1:10:00  time: 0.5000  "
        "data_time: 0.0100  memory: 5000  loss: 0.5000  sup_loss_cls: 0.2000\n"
        for batch in range(50, 1601, 50)
    )
    log = tmp_path / "20230201_100000.log"
    log.write_text(f"System environment:\n{STAMP}Config:\n{SEMI}{lines}")
    [run] = diagnose([log]).runs
    assert run.causes[0].cause.name == "endless-sampler"
    assert "batch-index-is-global" not in {one.cause.name for one in run.causes}
