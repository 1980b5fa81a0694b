"""The data pipelines of a config, each as a whole: that of a data set, with those around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.data_sets import data_sets
from mmscaffold.check.lineage import is_of
from mmscaffold.check.parts import Part
from mmscaffold.config.evaluate.values import LazyName, Unknown
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.pipelines import (
    DATA_SETS,
    LOADERS,
    OTHER_LOADERS,
    PACKAGES_OF_TRANSFORMS,
    PACKERS,
    SWITCH_HOOK,
    WRAPPERS,
)

_LOADERS = {dotted.rpartition(".")[2]: has for dotted, has in LOADERS.items()}
_PACKERS = frozenset(dotted.rpartition(".")[2] for dotted in PACKERS)


class Pipeline(NamedTuple):
    """All that happens to an image, from a data set to the model.

    Attributes:
        path: Where its transforms are: the last of several lists of them.
        transforms: These in order, and all within them.
        around: The data set and its wrappers, from the inside out; or the hook.
    """

    path: KeyPath
    transforms: tuple[Part, ...]
    around: tuple[Part, ...]

    @property
    def loaders(self) -> list[Part]:
        """Those that load annotations, by their names."""
        return [one for one in self.transforms if one.bare in _LOADERS]

    @property
    def packs(self) -> bool:
        """Whether any makes of the sample what a model takes, by its name."""
        return any(one.bare in _PACKERS for one in self.transforms)

    def is_known(self, config: ConfigView) -> bool:
        """Whether all that it is made of is of the packages, and does what it does there."""
        data_set, *wrappers = self.around
        if data_set.registry == "HOOKS":
            outermost = next(iter(config.parts_below("train_dataloader")), None)
            is_sound = is_of(config, data_set, frozenset({SWITCH_HOOK})) and (
                outermost is not None and is_of(config, outermost, DATA_SETS)
            )
        else:
            is_sound = is_of(config, data_set, DATA_SETS) and all(
                is_of(config, one, WRAPPERS) and not one.values.get("skip_type_keys")
                for one in wrappers
            )
        return is_sound and all(_is_known(config, one) for one in self.transforms)


def loads_masks(loader: Part) -> bool | None:
    """Whether a transform that loads annotations loads masks; ``None`` if that is not known."""
    is_set = loader.values.get("with_mask", _LOADERS[loader.bare])
    return is_set if isinstance(is_set, bool) else None


def pipelines(config: ConfigView, mode: str) -> Iterator[Pipeline]:
    """The pipelines of the data sets of a dataloader, as far as they are written out.

    Args:
        config: The config.
        mode: ``train``, ``val`` or ``test``.
    """
    parts = config.parts_below(f"{mode}_dataloader")
    for data_set in data_sets(config, mode):
        path = data_set.path
        around = [one for one in parts if path[: len(one.path)] == one.path]
        holders = [data_set, *(one for one in reversed(around[:-1]) if "pipeline" in one.values)]
        transforms: list[Part] = []
        for holder in holders:
            place = (*holder.path, "pipeline")
            found = _transforms(holder.values.get("pipeline"), place, parts)
            if found is None:
                break
            transforms += found
        else:
            if transforms:
                place = (*holders[-1].path, "pipeline")
                yield Pipeline(place, tuple(transforms), tuple(reversed(around)))


def switched_pipelines(config: ConfigView) -> Iterator[Pipeline]:
    """The pipelines that a hook gives to the training data later on."""
    parts = config.parts_below("custom_hooks")
    for hook in parts:
        path = (*hook.path, "switch_pipeline")
        found = _transforms(hook.values.get("switch_pipeline"), path, parts)
        if found:
            yield Pipeline(path, found, (hook,))


def _transforms(written: Any, path: KeyPath, parts: tuple[Part, ...]) -> tuple[Part, ...] | None:
    """The transforms of a list, with those in them; ``None`` if it is not written out."""
    if not isinstance(written, list | tuple):
        return None
    depth = len(path)
    found = tuple(one for one in parts if one.path[:depth] == path)
    at_top = sum(len(one.path) == depth + 1 for one in found)
    return found if at_top == len(written) else None


def _is_known(config: ConfigView, transform: Part) -> bool:
    packages = {one.dotted.partition(".")[0] for one in config.find(transform).classes}
    return (
        bool(packages)
        and packages <= PACKAGES_OF_TRANSFORMS
        and config.is_of_a_package(transform)
        and not is_of(config, transform, OTHER_LOADERS)
        and _is_written_out(transform.values)
    )


def _is_written_out(value: Any) -> bool:
    if isinstance(value, Mapping):
        is_named = isinstance(value.get("type", ""), str | LazyName)
        return is_named and all(_is_written_out(one) for one in value.values())
    if isinstance(value, list | tuple):
        return all(_is_written_out(one) for one in value)
    return not isinstance(value, Unknown)
