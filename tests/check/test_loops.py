"""Loops that end their epochs early, and say so or not in ``_max_iters``."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.check import Settings, check_paths, find_rule

LOOP = """
from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop


@LOOPS.register_module()
class ShortLoop(EpochBasedTrainLoop):
    def __init__(self, runner, dataloader, max_epochs, part=0.5):
        super().__init__(runner, dataloader, max_epochs)
        self.part = part
        {length}

    def run_epoch(self):
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            if idx * self.part >= 1:
                break
            self.run_iter(idx, data_batch)
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1
"""


@pytest.mark.parametrize(
    ("length", "is_told"),
    [
        ("", True),
        ("self._max_iters = self._max_epochs * len(self.dataloader)", True),
        ("self._max_iters = len(self.dataloader) * int(max_epochs)", True),
        ("self._max_iters = self._max_epochs * (len(self.dataloader) // 2)", False),
        ("self._max_iters = self._max_epochs * (len(self.dataloader) - 5)", False),
        ("self._max_iters //= 2", False),
        ("self._max_iters = int(self._max_iters * self.part)", False),
    ],
)
def test_a_short_epoch_is_told_where_max_iters_counts_whole_ones(
    tmp_path: Path, length: str, is_told: bool
) -> None:
    (tmp_path / "loop.py").write_text(LOOP.replace("{length}", length))
    found = check_paths([tmp_path / "loop.py"], Settings((find_rule("MMS209"),))).findings
    assert len(found) == is_told
