from __future__ import annotations

import inspect

import pytest
from mmscaffold.check.code import Code
from mmscaffold.check.code.hook_calls import names_called, own_calls
from mmscaffold.facts.runner import HOOK_POINTS
from mmscaffold.project.code import Package


def test_mmengine_calls_hooks_with_just_these_keywords(tmp_path):
    pytest.importorskip("torch")
    hooks = pytest.importorskip("mmengine.hooks")
    from support.tiny_training import TinyMetric, dataloader, train

    seen = {}

    class Witness(hooks.Hook):
        pass

    def watch(name):
        def method(self, runner, *args, **keywords):
            assert not args
            seen[name] = set(keywords)
            return getattr(hooks.Hook, name)(self, runner, **keywords)

        return method

    for name in HOOK_POINTS:
        setattr(Witness, name, watch(name))
    test = {
        "test_dataloader": dataloader(),
        "test_cfg": {},
        "test_evaluator": [TinyMetric()],
    }
    training = train(tmp_path, custom_hooks=[Witness()], **test)
    training.runner.test()
    assert training.error is None
    # Called when a checkpoint is loaded, with the checkpoint.
    (loaded,) = set(HOOK_POINTS) - set(seen)
    parameters = inspect.signature(getattr(hooks.Hook, loaded)).parameters
    seen[loaded] = set(parameters) - {"self", "runner"}
    assert seen == {name: set(keywords) for name, keywords in HOOK_POINTS.items()}


def test_names_are_called_as_methods_and_by_call_hook(tmp_path):
    path = tmp_path / "own.py"
    path.write_text("runner.call_hook('after_stage')\nhook.before_stage(1)\nx = 'in_a_list'\n")
    code = Code(Package.of_files([("own", path)]), frozenset([path]))
    assert {"after_stage", "before_stage", "in_a_list", "call_hook"} <= names_called(code)
    assert "x" not in names_called(code)


def test_it_reads_how_code_calls_hook_points_itself(tmp_path):
    path = tmp_path / "own.py"
    path.write_text(
        "runner.call_hook('after_train_iter', step=1)\nrunner.call_hook(name, x=1)\n"
        "runner.call_hook('after_train_iter', batch_idx=1, **more)\n"
    )
    code = Code(Package.of_files([("own", path)]), frozenset([path]))
    assert own_calls(code) == {"after_train_iter": [("step",), ("batch_idx",)]}
