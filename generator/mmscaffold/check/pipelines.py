"""The data pipelines of a config, each as a whole: that of a data set, with those around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.data_sets import data_sets
from mmscaffold.check.lineage import is_of, row_of
from mmscaffold.check.parts import Part
from mmscaffold.config.evaluate.values import LazyName, Unknown
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.pipelines import (
    DATA_SETS,
    LOADERS,
    MIXING,
    OTHER_LOADERS,
    PACKAGES_OF_TRANSFORMS,
    PACKERS,
    SWITCH_HOOK,
    WRAPPERS,
)

_PASSING = {one: one for one in WRAPPERS}


class Pipeline(NamedTuple):
    """All that happens to an image, from a data set to the model.

    Attributes:
        path: Where its transforms are: the last of several lists of them.
        transforms: These in order, and all within them.
    """

    path: KeyPath
    transforms: tuple[Part, ...]

    def loaders(self, config: ConfigView) -> list[Part]:
        """Those that load annotations."""
        return [one for one in self.transforms if is_of(config, one, frozenset(LOADERS))]

    def packs(self, config: ConfigView) -> bool:
        """Whether any makes of the sample what a model takes."""
        return any(is_of(config, one, PACKERS) for one in self.transforms)


def loads_masks(config: ConfigView, loader: Part) -> bool | None:
    """Whether a transform that loads annotations loads masks; ``None`` if that is not known."""
    default = row_of(config, loader, LOADERS)
    if default is None:
        return False
    is_set = loader.values.get("with_mask", default)
    return is_set if isinstance(is_set, bool) else None


def pipelines(config: ConfigView, mode: str) -> Iterator[Pipeline]:
    """The pipelines of the data sets of mmdet of which every transform is known.

    Args:
        config: The config.
        mode: ``train``, ``val`` or ``test``.
    """
    parts = config.parts_below(f"{mode}_dataloader")
    for data_set in data_sets(config, mode):
        around = [
            one
            for one in parts
            if one.registry == "DATASETS"
            and len(one.path) < len(data_set.path)
            and data_set.path[: len(one.path)] == one.path
        ]
        found = _whole(config, data_set, around, parts)
        if found is not None:
            yield found


def switched_pipelines(config: ConfigView) -> Iterator[Pipeline]:
    """The pipelines that a hook gives to the training data later on."""
    outermost = next(iter(config.parts_below("train_dataloader")), None)
    if outermost is None or not is_of(config, outermost, DATA_SETS):
        return
    parts = config.parts_below("custom_hooks")
    for hook in parts:
        if hook.registry == "HOOKS" and is_of(config, hook, frozenset({SWITCH_HOOK})):
            path = (*hook.path, "switch_pipeline")
            found = _transforms(config, hook.values.get("switch_pipeline"), path, parts)
            if found:
                yield Pipeline(path, found)


def _whole(
    config: ConfigView, data_set: Part, around: list[Part], parts: tuple[Part, ...]
) -> Pipeline | None:
    if not is_of(config, data_set, DATA_SETS):
        return None
    holders = [data_set]
    for wrapper in reversed(around):
        kind = row_of(config, wrapper, _PASSING)
        # Hooks may change what is left out.
        if kind is None or wrapper.values.get("skip_type_keys"):
            return None
        if kind == MIXING:
            holders.append(wrapper)
    transforms: list[Part] = []
    for holder in holders:
        path = (*holder.path, "pipeline")
        found = _transforms(config, holder.values.get("pipeline"), path, parts)
        if found is None:
            return None
        transforms += found
    return Pipeline((*holders[-1].path, "pipeline"), tuple(transforms)) if transforms else None


def _transforms(
    config: ConfigView, written: Any, path: KeyPath, parts: tuple[Part, ...]
) -> tuple[Part, ...] | None:
    """The transforms of a list, with those in them; ``None`` if any may do anything."""
    if not isinstance(written, list | tuple) or not all(_is_plain(one) for one in written):
        return None
    found = tuple(one for one in parts if one.path[: len(path)] == path)
    at_top = [one for one in found if len(one.path) == len(path) + 1]
    if len(at_top) != len(written) or not all(_is_known(config, one) for one in found):
        return None
    return found


def _is_known(config: ConfigView, transform: Part) -> bool:
    packages = {one.dotted.partition(".")[0] for one in config.find(transform).classes}
    return (
        bool(packages)
        and packages <= PACKAGES_OF_TRANSFORMS
        and config.is_of_a_package(transform)
        and not is_of(config, transform, OTHER_LOADERS)
    )


def _is_plain(value: Any) -> bool:
    """Whether a transform and all in it are written out."""
    if isinstance(value, Mapping):
        is_named = isinstance(value.get("type", ""), str | LazyName)
        return is_named and all(_is_inner(one) for one in value.values())
    return False


def _is_inner(value: Any) -> bool:
    if isinstance(value, Mapping):
        return _is_plain(value)
    if isinstance(value, list | tuple):
        return all(_is_inner(one) for one in value)
    return not isinstance(value, Unknown)
