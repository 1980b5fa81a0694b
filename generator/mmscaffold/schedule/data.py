"""How often one epoch goes through the wrapped training data, and in how many batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.errors import MmscaffoldError
from mmscaffold.facts.data import WRAPPERS, Passes


class Repetition(NamedTuple):
    """How often one epoch shows each image.

    Attributes:
        times: So often; ``None`` if that is not known.
        unknown: The wrapper because of which it is not.
        is_joined: Whether several data sets are joined, so that the size of one says little.
    """

    times: int | None
    unknown: str = ""
    is_joined: bool = False


def repetition(dataset: Any) -> Repetition:
    """Read how often an epoch shows each image, off the wrappers of a data set.

    Args:
        dataset: The ``dataset`` of a dataloader, as a resolved config has it.
    """
    return _repetition(to_plain(dataset))


def batches_as_set(loader: Any) -> int | None:
    """How many batches an epoch has, whatever the data are; ``None`` if a dataloader does not say.

    mmengine then cuts the data set to as many (mmengine/runner/runner.py, ``build_dataloader``).

    Args:
        loader: The ``train_dataloader`` of a resolved config.
    """
    number = loader.get("num_batch_per_epoch") if isinstance(loader, Mapping) else None
    is_known = isinstance(number, int) and not isinstance(number, bool) and number > 0
    return number if is_known else None


def batches_per_epoch(loader: Any, images: int, batch_size: int, processes: int = 1) -> int:
    """How many batches each process takes from a dataloader in an epoch.

    The last one, which is not full, counts unless the dataloader or its sampler of batches drops
    it; ``DefaultSampler`` gives each process as many images (mmengine/dataset/sampler.py).

    Args:
        loader: The ``train_dataloader`` of a resolved config, of mmengine or of 2.x.
        images: What an epoch shows, repeated ones included.
        batch_size: The images of a batch.
        processes: How many train at once.
    """
    share = -(-images // processes)
    batches = loader.get("batch_sampler") if isinstance(loader, Mapping) else None
    dropped = any(
        isinstance(one, Mapping) and one.get("drop_last") is True for one in (loader, batches)
    )
    return max(share // batch_size if dropped else -(-share // batch_size), 1)


class EpochLengthError(MmscaffoldError):
    """How many iterations an epoch has is not known."""


def epoch_length(config: Mapping[str, Any], samples: int, processes: int = 1) -> int:
    """How many iterations an epoch has, by the batch size of a config.

    Args:
        config: The top level of a resolved config, of mmengine or of 2.x.
        samples: Of the training set, each counted once.
        processes: How many train at once.

    Raises:
        EpochLengthError: If the batch size is not known, or how often an epoch shows each sample.
    """
    loader, old = config.get("train_dataloader"), config.get("data")
    as_set = batches_as_set(loader)
    if as_set is not None:
        return as_set
    batch = dataset = None
    if isinstance(loader, Mapping):
        batch, dataset = loader.get("batch_size"), loader.get("dataset")
    elif isinstance(old, Mapping):
        loader = old.get("train_dataloader")
        own = loader.get("samples_per_gpu") if isinstance(loader, Mapping) else None
        # mmdet 2.28.2, utils/compat_config.py (compat_imgs_per_gpu, compat_loader_args)
        sizes = (own, old.get("imgs_per_gpu"), old.get("samples_per_gpu"))
        batch = next((size for size in sizes if size is not None), None)
        dataset = old.get("train")
    if not isinstance(batch, int) or batch < 1:
        raise EpochLengthError("the batch size is not known")
    shown = repetition(dataset)
    if shown.times is None:
        raise EpochLengthError(
            f"how often its {shown.unknown} shows each image in an epoch is not known"
        )
    return batches_per_epoch(loader, samples * shown.times, batch, processes)


def _repetition(dataset: Any) -> Repetition:
    times = 1
    while isinstance(dataset, Mapping):
        name = str(dataset.get("type")).rpartition(".")[2]
        inner = dataset.get("dataset")
        passes = WRAPPERS.get(name, Passes.BY_CONTENT if inner is not None else Passes.ONCE)
        if passes is Passes.BY_CONTENT:
            return Repetition(None, name)
        if passes is Passes.TIMES:
            repeated = dataset.get("times")
            if not isinstance(repeated, int) or isinstance(repeated, bool) or repeated < 1:
                return Repetition(None, name)
            times *= repeated
        elif passes is Passes.PARTS:
            return _joined(name, dataset.get("datasets"), times)
        dataset = inner
    return Repetition(times)


def _joined(name: str, parts: Any, times: int) -> Repetition:
    found = [_repetition(part) for part in parts] if isinstance(parts, list | tuple) else []
    for one in found:
        if one.times is None:
            return Repetition(None, one.unknown, is_joined=True)
    different = {one.times for one in found}
    if len(different) > 1:
        return Repetition(None, name, is_joined=True)
    each = different.pop() if different else 1
    return Repetition(times * (each or 1), is_joined=True)
