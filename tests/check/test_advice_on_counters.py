"""The advice on counters, followed, mends resuming, too: shown by training."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")
pytest.importorskip("mmengine")

from mmscaffold.check import Settings, all_rules, check_paths
from support.registered import loaded
from support.tiny_training import train_and_resume

FORM = """
from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop


@LOOPS.register_module()
class {name}(EpochBasedTrainLoop):
    def run(self):
        self.runner.call_hook("before_train")
        {head}
            self.runner.call_hook("before_train_epoch")
            self.runner.model.train()
            for idx, data_batch in enumerate(self.dataloader):
                self.run_iter(idx, data_batch)
            self.runner.call_hook("after_train_epoch")
            {advance}
            if self.stop_training:
                break
            if self.runner.val_loop is not None and self.val_begin <= self.val_interval:
                self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model
"""
OVER_RANGE = "for epoch in range(self.max_epochs):"
WHILE_BELOW = "while self._epoch < self._max_epochs:"


def hint(path) -> str:
    report = check_paths([path], Settings(all_rules()))
    return next((one.diagnostic.hint for one in report.findings if one.rule.id == "MMS204"), "")


def test_a_loop_over_a_range_is_told_to_look_at_its_counter(tmp_path):
    path = tmp_path / "over_a_range.py"
    path.write_text(FORM.format(name="OverARange", head=OVER_RANGE, advance="pass"))
    assert "Loop while it is below its maximum, not over range(...)" in hint(path)
    # mmengine's own `while` needs only the counter.
    path = tmp_path / "while_below.py"
    path.write_text(FORM.format(name="WhileBelow", head=WHILE_BELOW, advance="pass"))
    assert hint(path) == "Write self._epoch += 1 after the hook after_train_epoch."


@pytest.mark.slow
@pytest.mark.parametrize(("head", "epochs"), [(OVER_RANGE, [3, 4, 5]), (WHILE_BELOW, [3])])
def test_half_of_the_advice_is_not_enough(head, epochs, tmp_path):
    path = tmp_path / f"advised_{len(epochs)}.py"
    path.write_text(FORM.format(name="Advised", head=head, advance="self._epoch += 1"))
    with loaded(path):
        seen = train_and_resume(tmp_path, train_cfg={"type": "Advised", "max_epochs": 3})
    assert seen.error is None
    assert seen.labels("train") == epochs
