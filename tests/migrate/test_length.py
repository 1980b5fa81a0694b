"""A new training length moves everything that depends on it, in as few places as possible."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mmengine.config import Config
from mmscaffold.config import ConfigError, Resolver, resolve
from mmscaffold.facts.units import Unit
from mmscaffold.migrate import NewLength, Task, plan_migration
from mmscaffold.migrate.mmengine_verification import verify_with_mmengine
from mmscaffold.schedule.consistency import is_consistent_schedule
from mmscaffold.schedule.training_length import training_length

EPOCHS_12 = (
    "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)\n"
    "param_scheduler = [\n"
    "    dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=500),\n"
    "    dict(type='MultiStepLR', begin=0, end=12, by_epoch=True, milestones=[8, 11]),  # 1x\n"
    "]\n"
)
YOLOX = (
    "max_epochs = 300  # all\nnum_last_epochs = 15\n"
    "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=max_epochs, val_interval=10,\n"
    "    dynamic_intervals=[(max_epochs - num_last_epochs, 1)])\n"
    "param_scheduler = [\n"
    "    dict(type='QuadraticWarmupLR', by_epoch=True, begin=0, end=5),\n"
    "    dict(type='CosineAnnealingLR', begin=5, T_max=285, end=285, by_epoch=True),\n"
    "    dict(type='ConstantLR', by_epoch=True, factor=1, begin=285, end=max_epochs),\n"
    "]\n"
    "custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=15, priority=48),\n"
    "    dict(type='PipelineSwitchHook', switch_epoch=max_epochs - num_last_epochs)]\n"
)


def lengthen(path, epochs=None, iters=None):
    new = NewLength(Unit.EPOCHS, epochs) if epochs else NewLength(Unit.ITERATIONS, iters)
    return plan_migration([path], Task(length=new)).files[0]


@pytest.fixture
def rescaled(write):
    """Rescale a config text, and give the new text and what mmengine reads of it."""

    def run(text, epochs=None, iters=None, **bases):
        path = write(**bases, config=text)
        plan = lengthen(path, epochs, iters)
        path.write_bytes(plan.after)
        return plan.after.decode(), Config.fromfile(path).to_dict(), plan

    return run


@pytest.fixture
def write(tmp_path):
    def write_files(**files):
        for name, text in files.items():
            path = tmp_path / f"{name}.py"
            path.write_text(text)
        return path

    return write_files


def test_literals_move_where_they_stand(rescaled):
    text, config, plan = rescaled(EPOCHS_12, 36)
    assert text == EPOCHS_12.replace("max_epochs=12", "max_epochs=36").replace(
        "end=12", "end=36"
    ).replace("[8, 11]", "[24, 33]")
    assert config["param_scheduler"][0]["end"] == 500
    assert {change.why for change in plan.changes} == {
        "the length in epochs",
        "the new end",
        "a share of the whole",
    }


def test_a_variable_is_edited_alone_where_all_follows(rescaled):
    text, config, plan = rescaled(
        "max_epochs = 300  # keep\n"
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=max_epochs)\n"
        "param_scheduler = dict(type='CosineAnnealingLR', begin=max_epochs // 2,\n"
        "    T_max=max_epochs // 2, end=max_epochs)\n",
        100,
    )
    assert text.startswith("max_epochs = 100  # keep\n")
    assert text.count("100") == 1
    assert config["param_scheduler"] == {
        "type": "CosineAnnealingLR",
        "begin": 50,
        "T_max": 50,
        "end": 100,
    }
    assert "follows automatically" in {change.why for change in plan.changes}


def test_what_else_is_computed_from_the_variable_stays_and_is_told(rescaled):
    _, config, plan = rescaled(
        "n = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=n)\n"
        "model = dict(type='M', layers=n)\nwork_dir = f'work/{n}e'\n",
        24,
    )
    assert config["n"] == config["train_cfg"]["max_epochs"] == 24
    assert (config["model"]["layers"], config["work_dir"]) == (12, "work/12e")
    assert [note for note in plan.notes if "kept as before" in note] == [
        "model.layers, work_dir kept as before: they are computed from the variable of the "
        "length, and whether that is meant is not known"
    ]


def test_a_last_stage_keeps_its_distance_to_the_end(rescaled):
    text, config, _ = rescaled(YOLOX, 100)
    assert "max_epochs = 100  # all\n" in text
    assert config["train_cfg"]["dynamic_intervals"] == [(85, 1)]
    spans = [(s["begin"], s["end"]) for s in config["param_scheduler"]]
    assert spans == [(0, 5), (5, 85), (85, 100)]
    assert config["param_scheduler"][1]["T_max"] == 85
    assert config["custom_hooks"][1]["switch_epoch"] == 85


def test_an_expression_that_leads_to_nonsense_is_replaced(rescaled):
    _, config, _ = rescaled(YOLOX, 7)
    spans = [(s["begin"], s["end"]) for s in config["param_scheduler"]]
    assert spans == [(0, 1), (1, 6), (6, 7)]
    assert config["train_cfg"]["val_interval"] == 7
    assert config["custom_hooks"][0]["num_last_epochs"] == 1
    assert config["custom_hooks"][1]["switch_epoch"] == 6


@pytest.mark.parametrize("epochs", [40, 20, 16, 10])
def test_what_follows_does_not_leave_the_rest_of_its_stage(rescaled, epochs):
    # D2: `max_epochs - 15` follows to another place than `end=285` moves to.
    _, config, _ = rescaled(YOLOX, epochs)
    begins = {
        config["param_scheduler"][2]["begin"],
        config["custom_hooks"][1]["switch_epoch"],
        epochs - config["custom_hooks"][0]["num_last_epochs"],
        config["train_cfg"]["dynamic_intervals"][0][0],
    }
    assert len(begins) == 1


def test_what_is_inherited_is_overridden_in_the_child(rescaled):
    text, config, _ = rescaled("_base_ = ['./base.py']\n", 24, base=EPOCHS_12)
    assert text.startswith("_base_ = ['./base.py']\ntrain_cfg = dict(max_epochs=24)\n")
    assert config["train_cfg"] == {
        "type": "EpochBasedTrainLoop",
        "max_epochs": 24,
        "val_interval": 1,
    }
    assert config["param_scheduler"][1]["milestones"] == [16, 22]


def test_in_a_folder_what_inherits_a_variable_takes_it_from_its_base(write):
    folder = write(
        base="model = dict()\n" + YOLOX,
        leaf="_base_ = './base.py'\nwork_dir = 'x'\n",
        reader="_base_ = './base.py'\nseen = {{_base_.max_epochs}}\n",
    ).parent
    plan = plan_migration([folder], Task(length=NewLength(Unit.EPOCHS, 100)))
    assert [one.path.stem for one in plan.files if one.edited] == ["base"]
    after = Resolver({one.path: one.after for one in plan.files})
    for name in ("leaf", "reader"):
        config = after.resolve(folder / f"{name}.py")
        assert config.get("max_epochs") == config.get("train_cfg.max_epochs") == 100
    assert config.get("seen") == 100


@pytest.mark.parametrize(
    ("milestones", "new", "wanted"),
    [
        ("[max_epochs * 0.5, max_epochs * 0.75]", 24, [12.0, 18.0]),
        ("[max_epochs * 0.66], convert_to_iter_based=True", 24, [15.84]),
        # Where it would lead between two epochs, which mmengine never comes to, it is rounded.
        ("[max_epochs * 2 / 3, max_epochs * 0.75]", 20, [13, 15]),
    ],
)
def test_milestones_that_are_shares_without_int_follow(rescaled, milestones, new, wanted):
    text, config, _ = rescaled(
        "max_epochs = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=max_epochs)\n"
        f"param_scheduler = [dict(type='MultiStepLR', end=max_epochs, milestones={milestones})]\n",
        new,
    )
    assert config["param_scheduler"][0]["milestones"] == wanted
    assert (milestones in text) is (new == 24)


@pytest.mark.parametrize(
    ("text", "bases"),
    [
        ("max_epochs = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=max_epochs * 2)\n", {}),
        ("max_epochs = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=max_epochs - 1)\n", {}),
        (
            "m = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=m)\n"
            "train_cfg['max_epochs'] += 9\n",
            {},
        ),
        (
            "_base_ = './base.py'\nmax_epochs = 5\nwarm = max_epochs\n",
            {"base": "train_cfg = dict(by_epoch=True, max_epochs=12)\n"},
        ),
        (
            "_base_ = './base.py'\ntrain_cfg = dict(max_epochs=3 * _base_.max_epochs)\n",
            {"base": "max_epochs = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=max_epochs)\n"},
        ),
    ],
)
def test_a_variable_that_is_not_the_length_itself_does_not_take_its_place(rescaled, text, bases):
    _, config, _ = rescaled(text, 48, **bases)
    assert config["train_cfg"]["max_epochs"] == 48
    if "base" in bases:
        assert config["max_epochs"] in (5, 12)


def test_in_a_folder_a_multiple_of_a_variable_of_the_base_gets_the_length_too(write):
    base = (
        "max_epochs = 12\nmodel = dict()\ntrain_cfg = dict(by_epoch=True, max_epochs=max_epochs)\n"
    )
    pure = "from mmengine.config import read_base\nwith read_base():\n    from .base import *\n"
    folder = write(
        base=base,
        leaf="_base_ = './base.py'\ntrain_cfg = dict(max_epochs=_base_.max_epochs * 3)\n"
        "param_scheduler = [dict(type='MultiStepLR', end=36, milestones=[24, 33])]\n",
        pure=pure + "m = train_cfg.max_epochs = max_epochs * 3\n"
        "param_scheduler = [dict(type='MultiStepLR', end=m, milestones=[33])]\n",
    ).parent
    plan = plan_migration([folder], Task(length=NewLength(Unit.EPOCHS, 24)))
    for file in plan.files:
        file.path.write_bytes(file.after)
    for name, milestones in (("leaf", [16, 22]), ("pure", [22])):
        config = Config.fromfile(folder / f"{name}.py")
        assert config.train_cfg.max_epochs == 24
        assert config.param_scheduler[0].end == 24
        assert config.param_scheduler[0].milestones == milestones


def test_a_leaf_with_a_schedule_of_its_own_moves_it(write):
    own = "param_scheduler = dict(type='MultiStepLR', end=300, milestones=[240], _delete_=True)\n"
    folder = write(
        base="model = dict()\nmax_epochs = 300\n"
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=max_epochs)\n"
        "param_scheduler = dict(type='CosineAnnealingLR', T_max=max_epochs, end=max_epochs)\n",
        leaf="_base_ = './base.py'\n" + own,
    ).parent
    plan = plan_migration([folder], Task(length=NewLength(Unit.EPOCHS, 100)))
    after = {one.path.stem: one.after.decode() for one in plan.files}
    assert after["leaf"] == "_base_ = './base.py'\n" + own.replace("300", "100").replace(
        "240", "80"
    )
    assert after["base"].count("100") == 1


def test_validations_that_would_become_more_frequent_past_the_end_follow(rescaled):
    # Of mmdet's mask2former: with a whole number of intervals, there is nothing left to do.
    text, config, _ = rescaled(
        "max_iters = 368750\ninterval = 5000\n"
        "dynamic_intervals = [(max_iters // interval * interval + 1, max_iters)]\n"
        "train_cfg = dict(type='IterBasedTrainLoop', max_iters=max_iters, val_interval=interval,\n"
        "    dynamic_intervals=dynamic_intervals)\n",
        iters=45000,
    )
    assert text.startswith("max_iters = 45000\n")
    assert config["train_cfg"]["dynamic_intervals"] == [(45001, 45000)]


FRACTIONS = (
    "max_epochs = 32\nwarm = 0.05\n"
    "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=max_epochs)\n"
    "param_scheduler = [\n"
    "    dict(type='LinearLR', end=warm * max_epochs, convert_to_iter_based=True),\n"
    "    dict(type='CosineAnnealingLR', begin=warm * max_epochs, end=max_epochs,\n"
    "         T_max=(1 - warm) * max_epochs, convert_to_iter_based=True)]\n"
)


@pytest.mark.parametrize("epochs", [16, 64, 7])
def test_fractions_of_the_length_follow_by_themselves(rescaled, epochs):
    # The idiom of some 600 public configs, xtuner's among them.
    text, config, plan = rescaled(FRACTIONS, epochs)
    assert text == FRACTIONS.replace("32", str(epochs))
    warm_up, cosine = config["param_scheduler"]
    assert warm_up["end"] == cosine["begin"] == pytest.approx(0.05 * epochs)
    assert cosine["end"] == epochs
    assert plan.notes == ()


@pytest.mark.parametrize("epochs", [16, 64])
def test_fractions_that_are_written_out_are_shares(rescaled, epochs):
    _, config, plan = rescaled(
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=32)\n"
        "param_scheduler = [\n"
        "    dict(type='LinearLR', end=1.6, convert_to_iter_based=True),\n"
        "    dict(type='CosineAnnealingLR', begin=1.6, end=32, T_max=30.4)]\n",
        epochs,
    )
    warm_up, cosine = config["param_scheduler"]
    assert warm_up["end"] == cosine["begin"] == pytest.approx(1.6 * epochs / 32)
    assert (cosine["end"], cosine["T_max"]) == (epochs, pytest.approx(30.4 * epochs / 32))
    assert plan.notes == ()


def test_a_left_out_end_stays_left_out(rescaled):
    text, config, _ = rescaled(EPOCHS_12.replace("end=12, ", ""), 6)
    assert "end" not in config["param_scheduler"][1]
    assert config["param_scheduler"][1]["milestones"] == [4, 5]
    assert "end=500" in text


def test_iterations_scale_the_same_way(rescaled):
    _, config, _ = rescaled(
        "train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000, val_interval=10000)\n"
        "param_scheduler = [dict(type='LinearLR', by_epoch=False, begin=0, end=1000),\n"
        "    dict(type='MultiStepLR', by_epoch=False, milestones=[60000, 80000], end=90000)]\n"
        "default_hooks = dict(checkpoint=dict(type='CheckpointHook', by_epoch=False,"
        " interval=10000))\n",
        iters=9000,
    )
    assert config["param_scheduler"][0]["end"] == 1000
    assert config["param_scheduler"][1]["milestones"] == [6000, 8000]
    assert config["train_cfg"]["val_interval"] == 9000
    assert config["default_hooks"]["checkpoint"]["interval"] == 9000


def test_an_unknown_hook_is_reported_and_left_alone(rescaled):
    hook = "custom_hooks = [dict(type='MyHook', freeze_epoch=9)]\n"
    _, config, plan = rescaled(EPOCHS_12 + hook, 24)
    assert config["custom_hooks"][0]["freeze_epoch"] == 9
    assert any("custom_hooks[0].freeze_epoch = 9 left alone" in note for note in plan.notes)


def test_milestones_that_do_not_fit_are_left_out_and_told(rescaled):
    _, config, plan = rescaled(EPOCHS_12, 2)
    assert config["param_scheduler"][1]["milestones"] == [1]
    assert any("loses 1: it does not fit into 2 epochs" in note for note in plan.notes)


def test_stages_that_do_not_fit_are_refused(write):
    path = write(
        config="train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
        "param_scheduler = [\n"
        "    dict(type='LinearLR', end=3),\n"
        "    dict(type='CosineAnnealingLR', begin=3, end=9),\n"
        "    dict(type='ConstantLR', factor=1, begin=9, end=12)]\n"
    )
    with pytest.raises(ConfigError, match="3 stages do not fit into 2 epochs") as caught:
        lengthen(path, 2)
    assert (caught.value.where or "").endswith("config.py:2:19")
    assert "Train longer than 2 epochs" in (caught.value.hint or "")
    assert lengthen(path, 3).edited


_CLASS = "class S:\n    x = 12\n"
_LOOP = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        (f"{_CLASS}train_cfg = S.x\n", "train_cfg"),
        (f"{_CLASS}train_cfg = dict(max_epochs=S.x)\n", "train_cfg.max_epochs"),
        (f"{_CLASS}train_cfg = dict(dict(max_epochs=12), **S.x)\n", "train_cfg"),
        (f"{_LOOP}class S:\n    train_cfg['max_epochs'] = 36\n", "train_cfg"),
        (f"{_LOOP}{_CLASS}param_scheduler = S.x\n", "param_scheduler"),
        (f"{_LOOP}{_CLASS}param_scheduler = [S.x, dict(type='StepLR')]\n", "param_scheduler[0]"),
        (f"{_LOOP}{_CLASS}param_scheduler = dict(a=[S.x])\n", "param_scheduler.a[0]"),
        *(
            (
                f"{_LOOP}{_CLASS}param_scheduler = [dict(dict(type='MultiStepLR', "
                f"milestones=[8, 11], end=12), {key}=S.x)]\n",
                f"param_scheduler[0].{key}",
            )
            for key in ("type", "by_epoch", "begin", "end", "milestones")
        ),
    ],
)
def test_a_schedule_that_only_code_could_tell_is_refused(write, text, unknown):
    with pytest.raises(ConfigError, match=rf"\d: {re.escape(unknown)} cannot be known: class S"):
        lengthen(write(config=text), 24)


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("custom_hooks = S.x\n", "custom_hooks"),
        ("custom_hooks = [S.x]\n", "custom_hooks[0]"),
        ("default_hooks = dict(checkpoint=dict(type=S.x))\n", "default_hooks.checkpoint.type"),
        (
            "custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=S.x)]\n",
            "custom_hooks[0].switch_epoch",
        ),
        ("train_cfg['dynamic_intervals'] = S.x\n", "train_cfg.dynamic_intervals"),
    ],
)
def test_hooks_and_validations_that_only_code_could_tell_are_noted(write, text, unknown):
    plan = lengthen(write(config=f"{_LOOP}{_CLASS}{text}"), 24)
    assert f"{unknown} left alone: it cannot be known: class S" in "\n".join(plan.notes)


def test_a_scheduler_in_the_other_unit_may_hold_what_is_not_known(write):
    warm_up = "dict(type='LinearLR', by_epoch=False, end=S.x)"
    plan = lengthen(write(config=f"{_LOOP}{_CLASS}param_scheduler = [{warm_up}]\n"), 24)
    assert [change.key for change in plan.changes] == ["train_cfg.max_epochs"]


def test_milestones_that_are_no_list_end_in_no_traceback(write):
    schedule = "n = 12\ntrain_cfg = dict(type='EpochBasedTrainLoop', max_epochs=n)\n"
    plan = lengthen(
        write(
            config=f"{schedule}param_scheduler = [dict(type='MultiStepLR', milestones=8, end=n)]\n"
        ),
        24,
    )
    assert plan.changes


def test_the_other_unit_is_refused_with_the_option_to_use(write):
    path = write(config=EPOCHS_12)
    with pytest.raises(ConfigError, match="trains by epochs") as caught:
        lengthen(path, iters=100)
    assert caught.value.hint == "Use --max-epochs, or change the unit first, with --to-iters."


def test_the_same_length_changes_nothing(write):
    path = write(config=EPOCHS_12)
    assert not lengthen(path, 12).edited


def test_an_annealing_that_ends_early_is_not_taken_for_a_warm_up(write):
    # check would warn that it ends early if its end stayed (MMS104).
    path = write(
        config="train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
        "param_scheduler = dict(\n"
        "    type='LinearLR', start_factor=1.0, end_factor=0.01, begin=0, end=10)\n"
    )
    plan = lengthen(path, 48)
    assert Resolver({path: plan.after}).resolve(path).get("param_scheduler.end") == 40
    assert plan.notes == ()


def test_the_keys_of_a_hook_move_with_the_schedule(write):
    path = write(
        config="train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=600)\n"
        "param_scheduler = [\n"
        "    dict(type='CosineAnnealingLR', begin=0, end=280, T_max=280),\n"
        "    dict(type='CosineAnnealingLR', begin=280, end=600, T_max=320)]\n"
        "custom_hooks = [dict(\n"
        "    type='RTMOModeSwitchHook', priority=48,\n"
        "    epoch_attributes={280: {'overlaps_power': 1.0}})]\n"
    )
    plan = lengthen(path, 300)
    after = Resolver({path: plan.after}).resolve(path)
    assert after.get("custom_hooks.0.epoch_attributes") == {140: {"overlaps_power": 1.0}}
    assert after.get("param_scheduler.0.end") == 140
    assert b"    epoch_attributes={140: " in plan.after


@pytest.mark.parametrize("keys", [(280,), (0, 280), (280, 400)])
def test_the_keys_of_a_hook_move_in_yaml_too(tmp_path, keys):
    path = tmp_path / "config.yaml"
    lines = "".join(f"    {key}:\n      weight: 1.0  # why\n" for key in keys)
    path.write_text(
        "train_cfg: {type: EpochBasedTrainLoop, max_epochs: 600}\n"
        f"custom_hooks:\n- type: RTMOModeSwitchHook\n  epoch_attributes:\n{lines}"
    )
    plan = lengthen(path, 300)
    after = Resolver({path: plan.after}).resolve(path)
    wanted = {key // 2: {"weight": 1.0} for key in keys}
    assert after.get("custom_hooks.0.epoch_attributes") == wanted


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_schedule_stays_consistent(tmp_path_factory, data):
    old = data.draw(st.integers(2, 300))
    new = data.draw(st.integers(1, 300))
    warm = data.draw(st.integers(0, old - 1))
    tail = data.draw(st.integers(warm + 1, old))
    spans = [(0, warm), (warm, tail), (tail, old)]
    entries = []
    for begin, end in spans:
        if begin < end:
            kind = data.draw(st.sampled_from(["LinearLR", "CosineAnnealingLR", "MultiStepLR"]))
            entry = {"type": kind, "begin": begin, "end": end}
            if kind == "CosineAnnealingLR":
                entry["T_max"] = end - begin
            if kind == "MultiStepLR":
                steps = st.sets(st.integers(1, end - begin), max_size=3)
                entry["milestones"] = sorted(data.draw(steps))
            entries.append(entry)
    path = tmp_path_factory.mktemp("schedule") / "config.py"
    path.write_text(f"train_cfg = dict(max_epochs={old})\nparam_scheduler = {entries!r}\n")
    try:
        plan = lengthen(path, new)
    except ConfigError as error:
        if "do not fit into" not in error.message or new >= len(entries):
            raise
        return
    config = Resolver({path: plan.after}).resolve(path)
    assert config.get("train_cfg.max_epochs") == new
    assert plan.notes or is_consistent_schedule(config.root, new) or old == new


@pytest.mark.slow
@pytest.mark.parametrize("new", ["1", "2", "half", "double", "7", "300"])
def test_every_official_epoch_config(mmdet_configs, new):
    """Over all of mmdet 3.3.0: nothing past the end, or a note that says why."""
    chosen = 0
    for index, path in enumerate(sorted(mmdet_configs.rglob("*.py"))):
        # A sixth of the configs for each length; together they are all of them twice over.
        if index % 3:
            continue
        try:
            config = resolve(path)
        except ConfigError:
            continue
        length = training_length(config.root)
        if length is None or length.unit is not Unit.EPOCHS or "model" not in config.root:
            continue
        old = length.maximum
        epochs = {"half": max(old // 2, 1), "double": old * 2}.get(new) or int(new)
        # Heirs are looked for in the whole tree, for each of 270 configs.
        task = Task(length=NewLength(Unit.EPOCHS, epochs))
        try:
            plan = plan_migration([path], task, with_heirs=False).files[0]
        except ConfigError as error:
            if "do not fit into" not in error.message or epochs > 2:
                raise
            continue
        after = Resolver({path: plan.after}).resolve(path)
        assert after.get("train_cfg.max_epochs") == epochs, path
        noted = any("param_scheduler" in note for note in plan.notes)
        assert noted or is_consistent_schedule(after.root, epochs) or epochs == old, path
        for hook in after.get("custom_hooks") or []:
            assert 0 <= hook.get("switch_epoch", 0) <= epochs, path
        chosen += 1
    assert chosen > 100


def test_a_tuple_of_schedulers_stays_one(tmp_path):
    path = tmp_path / "config.py"
    path.write_text(
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
        "param_scheduler = (\n    dict(type='MultiStepLR', end=12, milestones=[8, 11]),  # 1x\n)\n"
    )
    plan = plan_migration([path], Task(length=NewLength(Unit.EPOCHS, 24)))
    assert plan.files[0].after.decode() == (
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=24)\n"
        "param_scheduler = (\n    dict(type='MultiStepLR', end=24, milestones=[16, 22]),"
        "  # 1x\n)\n"
    )
    assert verify_with_mmengine(plan).agreed == 1
