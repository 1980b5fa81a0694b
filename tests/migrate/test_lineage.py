"""Hooks and samplers of the project's own, as what they derive from."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.config import ConfigError, Resolver
from mmscaffold.facts.units import Unit
from mmscaffold.migrate import FilePlan, plan_migration
from mmscaffold.migrate.task import NewLength, NewUnit, Task

CODE = """
from mmdet.engine.hooks import PipelineSwitchHook
from mmdet.registry import DATA_SAMPLERS, HOOKS
from mmengine.dataset import DefaultSampler, InfiniteSampler
from mmengine.hooks import CheckpointHook, EMAHook, Hook
from mmpretrain.engine.hooks import SwitchRecipeHook


@HOOKS.register_module()
class Keeper(CheckpointHook):
    pass


@HOOKS.register_module()
class Slow(EMAHook):
    pass


class Middle(PipelineSwitchHook):
    pass


@HOOKS.register_module(name="Switch")
class Renamed(Middle):
    pass


@HOOKS.register_module()
class Recipe(SwitchRecipeHook):
    pass


@HOOKS.register_module()
class Freeze(Hook):
    pass


@DATA_SAMPLERS.register_module()
class Fair(DefaultSampler):
    pass


@DATA_SAMPLERS.register_module()
class Endless(InfiniteSampler):
    pass
"""


@pytest.fixture
def plan(tmp_path: Path):
    """Plan for a config of a project, and resolve what comes out."""

    def run(config: str, **options: object):
        package = tmp_path / "mine"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").write_text(CODE)
        path = tmp_path / "config.py"
        path.write_text(f"custom_imports = dict(imports=['mine'])\n{config}")
        file: FilePlan = plan_migration([path], Task(**options)).files[0]  # type: ignore[arg-type]
        return Resolver({path: file.after}).resolve(path).root, file.notes

    return run


EPOCHS = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=30)\n"
ITERS = "train_cfg = dict(type='IterBasedTrainLoop', max_iters=3000)\n"


@pytest.mark.parametrize(
    ("hook", "wanted", "base"),
    [
        ("dict(type='Switch', switch_epoch=20)", {"switch_epoch": 50}, "PipelineSwitchHook"),
        ("dict(type='Slow', begin_epoch=5)", {}, None),
        (
            "dict(type='Recipe', schedule=[dict(action_epoch=10)])",
            {"schedule": [{"action_epoch": 19}]},
            "SwitchRecipeHook",
        ),
        ("dict(type='mine.Keeper', interval=3)", {}, None),
    ],
)
def test_another_length_moves_them_as_their_base(plan, hook, wanted, base):
    root, notes = plan(f"{EPOCHS}custom_hooks = [{hook}]\n", length=NewLength(Unit.EPOCHS, 60))
    found = root["custom_hooks"][0]
    assert {key: found[key] for key in wanted} == wanted
    own = found["type"]
    told = f"custom_hooks[0]: {own} derives from {base}, and is treated as one"
    assert (told in notes) is (base is not None)


def test_the_steps_of_a_hook_without_a_known_base_are_told(plan):
    hooks = "custom_hooks = [dict(type='Freeze', start=5, stages=3, freeze_at=[8, 9])]\n"
    root, notes = plan(f"{EPOCHS}{hooks}", length=NewLength(Unit.EPOCHS, 60))
    assert root["custom_hooks"][0]["start"] == 5
    assert [note.partition(" left")[0] for note in notes] == [
        "custom_hooks[0].start = 5",
        "custom_hooks[0].freeze_at = [8, 9]",
    ]


def test_another_unit_converts_them_as_their_base(plan):
    hooks = (
        "default_hooks = dict(checkpoint=dict(type='Keeper', interval=2))\n"
        "custom_hooks = [dict(type='Slow', begin_epoch=5), dict(type='Switch', switch_epoch=20)]\n"
    )
    root, notes = plan(f"{EPOCHS}{hooks}", length=NewUnit(Unit.ITERATIONS, 100))
    checkpoint = {"type": "Keeper", "interval": 200, "by_epoch": False}
    assert root["default_hooks"]["checkpoint"] == checkpoint
    assert root["custom_hooks"][0] == {"type": "Slow", "begin_iter": 401}
    text = "\n".join(notes)
    assert "default_hooks.checkpoint: Keeper derives from CheckpointHook" in text
    assert "custom_hooks[0]: Slow derives from EMAHook" in text
    assert "custom_hooks[1] left alone: PipelineSwitchHook acts" in text
    assert "custom_hooks[1]: Switch derives from PipelineSwitchHook" in text


SAMPLER = "train_dataloader = dict(sampler=dict(type={!r}))\n"


@pytest.mark.parametrize("name", ["Fair", "DefaultSampler", "ClassAwareSampler"])
def test_a_sampler_that_ends_serves_epochs_as_it_is(plan, name):
    root, _ = plan(ITERS + SAMPLER.format(name), length=NewUnit(Unit.EPOCHS, 100))
    assert root["train_dataloader"]["sampler"] == {"type": name}
    assert root["train_cfg"]["max_epochs"] == 30


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Endless", "whether Endless ends is not known"),
        ("Nowhere", "whether Nowhere ends is not known"),
        ("mmdet.GroupMultiSourceSampler", "GroupMultiSourceSampler never ends"),
        ("MultiSourceSampler", "MultiSourceSampler never ends"),
    ],
)
def test_one_that_does_not_end_is_refused(plan, name, reason):
    with pytest.raises(ConfigError, match=reason) as raised:
        plan(ITERS + SAMPLER.format(name), length=NewUnit(Unit.EPOCHS, 100))
    assert "config.py:3:" in (raised.value.where or "")
    assert "DefaultSampler" in (raised.value.hint or "")


def test_one_of_the_project_keeps_its_class_for_iterations(plan):
    root, notes = plan(EPOCHS + SAMPLER.format("Fair"), length=NewUnit(Unit.ITERATIONS, 100))
    assert root["train_dataloader"]["sampler"] == {"type": "Fair"}
    assert "train_dataloader.sampler left alone: what replaces Fair is not known" in notes
