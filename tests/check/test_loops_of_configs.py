"""The configs of a run say which loops train, and which validate or test."""

from __future__ import annotations

import pytest
from mmscaffold.check import Settings, all_rules, check_paths

# A loop that adapts the model while it tests: it takes steps of training, and is none.
ADAPTING = """
from mmengine.registry import LOOPS
from mmengine.runner import BaseLoop


@LOOPS.register_module()
class AdaptingLoop(BaseLoop):
    def __init__(self, runner, dataloader, evaluator):
        super().__init__(runner, dataloader)
        self.evaluator = evaluator

    def run(self):
        self.runner.call_hook('before_{mode}')
        self.runner.call_hook('before_{mode}_epoch')
        for idx, data_batch in enumerate(self.dataloader):
            self.runner.call_hook('before_{mode}_iter', batch_idx=idx, data_batch=data_batch)
            self.runner.model.train_step(data_batch, optim_wrapper=self.runner.optim_wrapper)
            outputs = self.runner.model.{mode}_step(data_batch)
            self.evaluator.process(data_samples=outputs, data_batch=data_batch)
            self.runner.call_hook(
                'after_{mode}_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs)
        metrics = self.evaluator.evaluate(len(self.dataloader.dataset))
        self.runner.call_hook('after_{mode}_epoch', metrics=metrics)
        self.runner.call_hook('after_{mode}')
        return metrics
"""
CONFIG = """
custom_imports = dict(imports=['own_loops'])
{key} = dict(type='{name}')
"""
RULES = tuple(rule for rule in all_rules() if rule.kind == "code")


def found(folder, *names: str) -> set[str]:
    report = check_paths([folder / name for name in names], Settings(RULES))
    assert not report.not_understood
    return {finding.rule.id for finding in report.findings}


@pytest.mark.parametrize("mode", ["val", "test"])
@pytest.mark.parametrize("name", ["AdaptingLoop", "mine.AdaptingLoop", "own_loops.AdaptingLoop"])
def test_a_loop_of_val_cfg_is_not_judged_as_one_that_trains(tmp_path, mode, name):
    (tmp_path / "own_loops.py").write_text(ADAPTING.format(mode=mode))
    assert "MMS212" in found(tmp_path, "own_loops.py")
    (tmp_path / "config.py").write_text(CONFIG.format(key=f"{mode}_cfg", name=name))
    assert not found(tmp_path, "own_loops.py", "config.py")
    # One that trains as well is judged as such.
    (tmp_path / "other.py").write_text(CONFIG.format(key="train_cfg", name=name))
    assert "MMS212" in found(tmp_path, "own_loops.py", "config.py", "other.py")


def test_several_processes_tell_the_same(tmp_path):
    (tmp_path / "own_loops.py").write_text(ADAPTING.format(mode="val"))
    for number in range(3):
        text = CONFIG.format(key="val_cfg", name="AdaptingLoop")
        (tmp_path / f"config_{number}.py").write_text(text)
    report = check_paths([tmp_path], Settings(RULES), processes=2)
    assert not report.findings
