"""Epochs by a number: what is the number of the batches, and what is not."""

from __future__ import annotations

import pytest
from mmscaffold.check import Settings, all_rules, check_paths

RULES = tuple(rule for rule in all_rules() if rule.id == "MMS209")

HEAD = """
from mmengine.runner import EpochBasedTrainLoop


class OwnLoop(EpochBasedTrainLoop):
"""
INIT = """
    def __init__(self, runner, dataloader, max_epochs, steps=100):
        super().__init__(runner, dataloader, max_epochs)
        {init}
"""
EPOCH = """
    def run_epoch(self):
        self.runner.call_hook('before_train_epoch')
        self.runner.model.train()
        {before}
        for idx in range({number}):
            self.run_iter(idx, next(batches))
        self.runner.call_hook('after_train_epoch')
        self._epoch += 1
"""


def found(folder, init: str, before: str, number: str) -> list[str]:
    """The messages of the rule."""
    file = folder / "own.py"
    body = INIT.format(init=init) + EPOCH.format(before=before, number=number)
    file.write_text(HEAD.lstrip() + body)
    return [one.diagnostic.message for one in check_paths([file], Settings(RULES)).findings]


@pytest.mark.parametrize(
    ("init", "before", "number"),
    [
        ("self.steps = steps", "batches = iter(self.dataloader)", "self.steps"),
        ("self.steps, self.more = steps, 2", "batches = cycle(self.dataloader)", "self.steps"),
        ("self.steps = 2 * steps", "n = self.steps + 1; batches = cycle(self.dataloader)", "n"),
        ("pass", "batches = iter(self.dataloader)", "1000"),
    ],
)
def test_a_number_of_its_own_is_told(tmp_path, init, before, number):
    [message] = found(tmp_path, init, before, number)
    assert message == (
        f"OwnLoop trains {number} iterations in an epoch, but _max_iters counts "
        "len(self.dataloader)"
    )


@pytest.mark.parametrize(
    ("init", "before", "number"),
    [
        ("pass", "batches = iter(self.dataloader)", "len(self.dataloader)"),
        ("self.steps = len(dataloader)", "batches = iter(self.dataloader)", "self.steps"),
        ("pass", "data = self.dataloader; batches = iter(data); n = len(data)", "n"),
        ("self.steps = steps; self._max_iters = max_epochs * steps",
         "batches = cycle(self.dataloader)", "self.steps"),
        ("self.steps = self._max_iters // max_epochs", "batches = cycle(self.dataloader)",
         "self.steps"),
        # What a base sets, or a call gives, may be the number of the batches.
        ("pass", "batches = cycle(self.dataloader)", "self.iters_per_epoch"),
        ("self.steps = count(runner)", "batches = cycle(self.dataloader)", "self.steps"),
    ],
)  # fmt: skip
def test_what_may_be_the_number_of_the_batches_is_not(tmp_path, init, before, number):
    assert found(tmp_path, init, before, number) == []


def test_rounds_within_a_pass_are_no_epoch(tmp_path):
    body = """
    def run_epoch(self):
        self.runner.call_hook('before_train_epoch')
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            for _ in range(2):
                self.prepare(data_batch)
            self.run_iter(idx, data_batch)
        self.runner.call_hook('after_train_epoch')
        self._epoch += 1
"""
    file = tmp_path / "own.py"
    file.write_text(HEAD.lstrip() + body)
    assert check_paths([file], Settings(RULES)).findings == []
