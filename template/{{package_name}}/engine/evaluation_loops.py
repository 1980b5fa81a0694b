"""Validation and test loops: mmengine's own, with one place to change a batch.

A loop of this kind runs inside the training. It must leave the train loop's counters
alone, and must not assign ``runner._train_loop``.
"""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import TestLoop, ValLoop


@LOOPS.register_module()
class MyValLoop(ValLoop):
    """Evaluates on the validation set; takes what mmengine's ``ValLoop`` takes."""

    def prepare_batch(self, data_batch: Any) -> Any:
        """Change a batch before the hooks and the model see it.

        Args:
            data_batch: What the dataloader yields.

        Returns:
            The batch to evaluate.
        """
        return data_batch

    # mmengine decorates run_iter with no_grad; super() keeps that.
    def run_iter(self, idx: int, data_batch: Any) -> None:
        """Evaluate one batch.

        Args:
            idx: The number of the batch, from 0.
            data_batch: What the dataloader yields.
        """
        super().run_iter(idx, self.prepare_batch(data_batch))


@LOOPS.register_module()
class MyTestLoop(TestLoop):
    """Evaluates on the test set; takes what mmengine's ``TestLoop`` takes."""

    def prepare_batch(self, data_batch: Any) -> Any:
        """Change a batch before the hooks and the model see it.

        Args:
            data_batch: What the dataloader yields.

        Returns:
            The batch to evaluate.
        """
        return data_batch

    def run_iter(self, idx: int, data_batch: Any) -> None:
        """Evaluate one batch.

        Args:
            idx: The number of the batch, from 0.
            data_batch: What the dataloader yields.
        """
        super().run_iter(idx, self.prepare_batch(data_batch))
