"""Train loops: mmengine's own, with one place to change what a step sees.

Both keep mmengine's ``run``, ``run_epoch`` and counters. If you override one of these,
keep the order: hooks around the step, ``_iter += 1`` after ``after_train_iter``,
``_epoch += 1`` after ``after_train_epoch`` and before validation.
"""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop, IterBasedTrainLoop


@LOOPS.register_module()
class MyEpochBasedTrainLoop(EpochBasedTrainLoop):
    """Trains for ``max_epochs`` epochs, each one pass over the dataloader.

    Takes the arguments of mmengine's ``EpochBasedTrainLoop``: ``max_epochs``,
    ``val_begin`` and ``val_interval`` count epochs.
    """

    def prepare_batch(self, data_batch: Any) -> Any:
        """Change a batch before the hooks and the model see it.

        Args:
            data_batch: What the dataloader yields; in MMDetection a dict of
                ``inputs`` (list of image tensors, each C x H x W) and
                ``data_samples`` (list of ``DetDataSample``).

        Returns:
            The batch to train on.
        """
        return data_batch

    def run_iter(self, idx: int, data_batch: Any) -> None:
        """Train on one batch.

        Args:
            idx: The number of the batch within the epoch, from 0.
            data_batch: What the dataloader yields.
        """
        super().run_iter(idx, self.prepare_batch(data_batch))


@LOOPS.register_module()
class MyIterBasedTrainLoop(IterBasedTrainLoop):
    """Trains for ``max_iters`` iterations, drawing batches without end.

    Takes the arguments of mmengine's ``IterBasedTrainLoop``: ``max_iters``,
    ``val_begin`` and ``val_interval`` count iterations. Pair it with an
    ``InfiniteSampler`` and with ``by_epoch=False`` in the log processor, the
    checkpoint hook and the schedulers.
    """

    def prepare_batch(self, data_batch: Any) -> Any:
        """Change a batch before the hooks and the model see it.

        Args:
            data_batch: What the dataloader yields.

        Returns:
            The batch to train on.
        """
        return data_batch

    def run_iter(self, data_batch: Any) -> None:
        """Train on one batch.

        Args:
            data_batch: What the dataloader yields.
        """
        super().run_iter(self.prepare_batch(data_batch))
