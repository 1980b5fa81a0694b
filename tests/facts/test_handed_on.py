"""What a hook hands on to a method of mmengine, or a class that it builds, is refused there."""

from __future__ import annotations

import inspect

import pytest
from mmscaffold.facts.building import BUILT_BY_HOOK, HANDED_ON

torch = pytest.importorskip("torch")


def test_save_checkpoint_takes_nothing_but_what_the_hook_passes_itself():
    from mmengine.hooks import CheckpointHook
    from mmengine.runner import FlexibleRunner, Runner

    assert list(HANDED_ON.values()) == ["Runner.save_checkpoint"]
    source = inspect.getsource(CheckpointHook._save_checkpoint_with_step)
    call = source.partition("runner.save_checkpoint(")[2].partition("**self.args")[0]
    for runner in (Runner, FlexibleRunner):
        taken = inspect.signature(runner.save_checkpoint).parameters
        assert all(one.kind is one.POSITIONAL_OR_KEYWORD for one in taken.values())
        missing = {name for name in taken if f"{name}=" not in call} - {"self"}
        # These three stand first, by position.
        assert missing == {"out_dir", "filename", "file_client_args"}


def test_a_hook_builds_its_class_of_what_is_not_its_own():
    from types import SimpleNamespace

    from mmengine.hooks import EMAHook

    row = BUILT_BY_HOOK["EMAHook"]
    assert f"{EMAHook.__module__}.{EMAHook.__name__}" == row.dotted
    assert inspect.signature(EMAHook).parameters[row.named_by].default == row.default
    hook = EMAHook(momentums=0.1)
    assert hook.ema_cfg == {"type": row.default, "momentums": 0.1}
    with pytest.raises(TypeError, match="unexpected keyword argument 'momentums'"):
        hook.before_run(SimpleNamespace(model=torch.nn.Linear(1, 1)))
