"""What a hook hands on to a method of mmengine is refused there."""

from __future__ import annotations

import inspect

import pytest
from mmscaffold.facts.building import HANDED_ON

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
