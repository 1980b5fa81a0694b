"""Epochs become iterations, and iterations epochs, all parts of a config together."""

from __future__ import annotations

from collections import Counter

import pytest
from mmengine.config import Config
from mmscaffold.config import ConfigError, Resolver, resolve
from mmscaffold.config.change import first_difference
from mmscaffold.facts.units import Unit
from mmscaffold.migrate import NewUnit, Task, plan_migration
from mmscaffold.project import ClassMap
from mmscaffold.schedule.training_length import training_length
from support.share import WHOLE, share

EPOCHS_12 = (
    "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)\n"
    "train_dataloader = dict(batch_size=2, sampler=dict(type='DefaultSampler', shuffle=True))\n"
    "param_scheduler = [\n"
    "    dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=500),\n"
    "    dict(type='MultiStepLR', begin=0, end=12, by_epoch=True, milestones=[8, 11]),  # 1x\n"
    "]\n"
    "default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1),\n"
    "    logger=dict(type='LoggerHook', interval=50))\n"
    "log_processor = dict(type='LogProcessor', window_size=50, by_epoch=True)\n"
)


def convert(path, unit, each=100, class_map=None, *, with_heirs=True):
    task = Task(class_map, NewUnit(unit, each))
    return plan_migration([path], task, with_heirs=with_heirs).files[0]


@pytest.fixture
def write(tmp_path):
    def write_text(text):
        path = tmp_path / "config.py"
        path.write_text(text)
        return path

    return write_text


def test_every_part_counts_iterations(write):
    path = write(EPOCHS_12)
    path.write_bytes(convert(path, Unit.ITERATIONS).after)
    assert path.read_text() == (
        "train_cfg = dict(type='IterBasedTrainLoop', max_iters=1200, val_interval=100)\n"
        "train_dataloader = dict(batch_size=2, sampler=dict(type='InfiniteSampler', "
        "shuffle=True))\n"
        "param_scheduler = [\n"
        "    dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=500),\n"
        "    dict(type='MultiStepLR', begin=0, end=1200, by_epoch=False, "
        "milestones=[800, 1100]),  # 1x\n"
        "]\n"
        "default_hooks = dict(checkpoint=dict(by_epoch=False, type='CheckpointHook',\n"
        "                                     interval=100),\n"
        "    logger=dict(log_metric_by_epoch=False, type='LoggerHook', interval=50))\n"
        "log_processor = dict(type='LogProcessor', window_size=50, by_epoch=False)\n"
    )
    assert Config.fromfile(path).train_cfg.max_iters == 1200


def test_there_and_back_is_where_it_was(write):
    path = write(EPOCHS_12)
    before = resolve(path).to_dict()
    for unit in (Unit.ITERATIONS, Unit.EPOCHS):
        path.write_bytes(convert(path, unit, 93).after)
    assert resolve(path).to_dict() == before


def test_what_the_runner_takes_for_granted_is_said(write):
    path = write("train_cfg = dict(by_epoch=True, max_epochs=2)\nmodel = dict(type='RetinaNet')\n")
    after = Resolver({path: convert(path, Unit.ITERATIONS, 10).after}).resolve(path)
    assert after.get("train_cfg") == {"by_epoch": False, "max_iters": 20, "val_interval": 10}
    hooks = after.get("default_hooks")
    assert hooks["checkpoint"] == {"type": "CheckpointHook", "interval": 10, "by_epoch": False}
    assert hooks["logger"] == {"type": "LoggerHook", "log_metric_by_epoch": False}
    assert after.get("log_processor.by_epoch") is False


def test_validations_fall_on_the_same_iterations(write):
    stages = "val_interval=10, val_begin=20, dynamic_intervals=[(285, 1)]"
    path = write(f"train_cfg = dict(by_epoch=True, max_epochs=300, {stages})\n")
    loop = resolve(path).get("train_cfg")
    new = Resolver({path: convert(path, Unit.ITERATIONS, 7).after}).resolve(path).get("train_cfg")
    assert isinstance(new["dynamic_intervals"][0], tuple)
    by_epoch = [step * 7 for step in validations(loop, 300)]
    assert validations(new, 2100) == by_epoch


def validations(loop, maximum):
    """When mmengine's loops validate (mmengine/runner/loops.py, run), in the loop's steps."""
    due = []
    for done in range(1, maximum + 1):
        passed = [each for begin, each in loop["dynamic_intervals"] if done + 1 >= begin]
        interval = passed[-1] if passed else loop["val_interval"]
        if done >= loop["val_begin"] and (done % interval == 0 or done == maximum):
            due.append(done)
    return due


def test_hooks_that_an_iteration_loop_cannot_serve_are_named(write):
    path = write(
        EPOCHS_12 + "custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=10),\n"
        "    dict(type='EMAHook', begin_epoch=3)]\n"
    )
    plan = convert(path, Unit.ITERATIONS)
    assert any("PipelineSwitchHook acts at the start of an epoch" in note for note in plan.notes)
    after = Resolver({path: plan.after}).resolve(path)
    # Epoch 3 is the third: it begins with iteration 201.
    assert after.get("custom_hooks.1") == {"type": "EMAHook", "begin_iter": 201}


def test_what_is_no_whole_epoch_stays_or_is_noted(write):
    path = write(
        "train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000, val_interval=5000)\n"
        "param_scheduler = [dict(type='MultiStepLR', by_epoch=False, milestones=[60000])]\n"
        "default_hooks = dict(checkpoint=dict(type='CheckpointHook', by_epoch=False,\n"
        "    interval=10000))\n"
    )
    plan = convert(path, Unit.EPOCHS, 7330)
    after = Resolver({path: plan.after}).resolve(path)
    assert after.get("train_cfg.max_epochs") == 13
    assert after.get("param_scheduler.0.milestones") == [60000]
    # 7330 each: a checkpoint after every one.
    assert after.get("default_hooks.checkpoint") == {"type": "CheckpointHook", "interval": 1}
    text = "\n".join(plan.notes)
    assert "90000 is not a whole number of epochs" in text
    assert "param_scheduler[0] still counts iterations" in text
    assert "default_hooks.checkpoint.interval = 10000 becomes 1 x 7330 iterations" in text


def test_smooth_schedules_stay_smooth(write):
    cosine = "dict(type='CosineAnnealingLR', by_epoch=False, begin=0, end=1000, T_max=1000)"
    path = write(
        "train_cfg = dict(type='IterBasedTrainLoop', max_iters=1000)\n"
        f"param_scheduler = [{cosine}]\n"
    )
    after = Resolver({path: convert(path, Unit.EPOCHS).after}).resolve(path)
    assert after.get("param_scheduler.0") == {
        "type": "CosineAnnealingLR",
        "by_epoch": True,
        "begin": 0,
        "end": 10,
        "T_max": 10,
        "convert_to_iter_based": True,
    }


def test_a_project_loop_becomes_its_counterpart(write):
    loops = {"EpochBasedTrainLoop": "MyEpochLoop", "IterBasedTrainLoop": "MyIterLoop"}
    class_map = ClassMap("my_project", None, loops)
    path = write(EPOCHS_12.replace("EpochBasedTrainLoop", "MyEpochLoop"))
    after = convert(path, Unit.ITERATIONS, class_map=class_map).after.decode()
    assert "type='MyIterLoop', max_iters=1200" in after
    with pytest.raises(ConfigError, match="in its place is unknown"):
        convert(path, Unit.ITERATIONS)


def test_an_upstream_loop_moves_and_converts_in_one_run(write):
    loops = {"EpochBasedTrainLoop": "MyEpochLoop", "IterBasedTrainLoop": "MyIterLoop"}
    path = write(EPOCHS_12)
    plan = convert(path, Unit.ITERATIONS, class_map=ClassMap("my_project", None, loops))
    assert "type='MyIterLoop', max_iters=1200" in plan.after.decode()
    (change,) = [change for change in plan.changes if change.path == ("train_cfg", "type")]
    assert change.new == "MyIterLoop"


@pytest.mark.parametrize(
    ("loader", "new", "each"),
    [
        ("batch_size=2", NewUnit(Unit.ITERATIONS, None, 117266), 58633),
        ("batch_size=2", NewUnit(Unit.ITERATIONS, None, 117266, 16), 7330),
        ("batch_size=16, drop_last=True", NewUnit(Unit.ITERATIONS, None, 117266), 7329),
        (
            "batch_size=4, dataset=dict(type='RepeatDataset', times=3, dataset=dict())",
            NewUnit(Unit.ITERATIONS, None, 10),
            8,
        ),
    ],
)
def test_an_epoch_is_computed_from_the_data(write, loader, new, each):
    path = write(
        f"train_cfg = dict(by_epoch=True, max_epochs=3)\ntrain_dataloader = dict({loader})\n"
    )
    plan = plan_migration([path], Task(None, new)).files[0]
    after = Resolver({path: plan.after}).resolve(path)
    assert after.get("train_cfg.max_iters") == 3 * each


def test_an_epoch_of_unknown_length_is_refused(write):
    path = write(EPOCHS_12)
    with pytest.raises(ConfigError, match="how many iterations an epoch has"):
        plan_migration([path], Task(None, NewUnit(Unit.ITERATIONS)))


@pytest.mark.parametrize(
    "dataset",
    [
        "dict(type='ClassBalancedDataset', oversample_thr=1e-3, dataset=dict(type='Lvis'))",
        "dict(type='RepeatDataset', dataset=dict(type='Own'))",
        "dict(type='OwnWrapper', dataset=dict(type='Own'))",
    ],
)
def test_an_epoch_that_depends_on_the_images_is_refused(write, dataset):
    text = "train_cfg = dict(by_epoch=True, max_epochs=3)\n"
    path = write(f"{text}train_dataloader = dict(\n    batch_size=2, dataset={dataset})\n")
    with pytest.raises(ConfigError, match="how often that shows each image") as caught:
        plan_migration([path], Task(None, NewUnit(Unit.ITERATIONS, None, 1000)))
    assert caught.value.hint.startswith("Give --iters-per-epoch N")
    assert caught.value.where == f"{path}:3:27"
    # That is all it needs.
    assert convert(path, Unit.ITERATIONS).edited


@pytest.mark.slow
def test_every_official_epoch_config_there_and_back(mmdet_configs):
    """All but a default that is spelled out, and one cosine that becomes smooth, is restored."""
    outcomes = Counter()
    for path in share(sorted(mmdet_configs.rglob("*.py")), 3):
        try:
            config = resolve(path)
        except ConfigError:
            continue
        length = training_length(config.root)
        if length is None or length.unit is not Unit.EPOCHS or "model" not in config.root:
            continue
        there = convert(path, Unit.ITERATIONS, 7330, with_heirs=False).after
        overlay = {path: there}
        assert training_length(Resolver(overlay).resolve(path).root).maximum == (
            length.maximum * 7330
        )
        task = Task(None, NewUnit(Unit.EPOCHS, 7330))
        plan = plan_migration([path], task, overlay=overlay, with_heirs=False)
        after = plan.files[0].after
        back = Resolver({path: after}).resolve(path)
        difference = first_difference(back.root, config.root)
        if difference is None:
            outcomes["same"] += 1
            continue
        # mmengine's own defaults.
        assert config.get(difference) is None, path
        assert (difference[-1], back.get(difference)) in {
            ("val_interval", 1),
            ("by_epoch", True),
            ("convert_to_iter_based", True),
        }
        outcomes[difference[-1]] += 1
    assert outcomes["same"] > (690 if WHOLE else 230)
    assert outcomes["convert_to_iter_based"] <= (3 if WHOLE else 1)


@pytest.mark.mmdet
def test_both_forms_give_the_same_rate_at_every_iteration(mmdet_configs):
    """Every schedule of mmdet, built by mmengine in either unit and run to its end."""
    seen = set()
    for path in sorted(mmdet_configs.rglob("*.py")):
        try:
            config = resolve(path)
        except ConfigError:
            continue
        length = training_length(config.root)
        if length is None or length.unit is not Unit.EPOCHS or "model" not in config.root:
            continue
        schedule = (length.maximum, repr(config.to_dict().get("param_scheduler")))
        if schedule in seen:
            continue
        seen.add(schedule)
        plan = convert(path, Unit.ITERATIONS, EACH, with_heirs=False)
        after = Resolver({path: plan.after}).resolve(path).to_dict()
        if any("at every iteration" in note for note in plan.notes):
            continue
        before = rates(config.to_dict(), length.maximum)
        assert rates(after, length.maximum) == pytest.approx(before, rel=1e-9), path
    assert len(seen) > 25


EACH = 5


def rates(config, epochs):
    """The learning rate of each iteration, of ``EACH`` per epoch, by mmengine's schedulers."""
    import torch
    from mmdet.utils import register_all_modules
    from mmengine.registry import PARAM_SCHEDULERS

    register_all_modules(init_default_scope=True)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    built = []
    entries = config.get("param_scheduler") or []
    for entry in entries if isinstance(entries, list) else [entries]:
        # mmengine/runner/runner.py, _build_param_scheduler
        end = epochs if entry.get("by_epoch", True) else epochs * EACH
        built.append(
            PARAM_SCHEDULERS.build(
                {"end": end, **entry}, default_args={"optimizer": optimizer, "epoch_length": EACH}
            )
        )
    found = []
    for _ in range(epochs):
        for _ in range(EACH):
            found.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            for scheduler in built:
                if not scheduler.by_epoch:
                    scheduler.step()
        for scheduler in built:
            if scheduler.by_epoch:
                scheduler.step()
    return found


def test_the_dataloader_may_say_how_many_iterations_an_epoch_has(write):
    path = write(EPOCHS_12.replace("batch_size=2, ", "batch_size=2, num_batch_per_epoch=30, "))
    task = Task(None, NewUnit(Unit.ITERATIONS, None, dataset_size=9000))
    after = plan_migration([path], task).files[0].after.decode()
    assert "max_iters=360, val_interval=30" in after
    assert "end=360, by_epoch=False, milestones=[240, 330]" in after
