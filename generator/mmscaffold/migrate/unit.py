"""Have a config train by iterations instead of by epochs, or the other way round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmscaffold.check.known_code import KnownCode
from mmscaffold.config.change import Change, apply
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.values import LazyName
from mmscaffold.config.key_path import format_key_path
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.facts.data import SAMPLER_OF_UNIT, SAMPLERS
from mmscaffold.facts.loops import TRAIN_LOOPS
from mmscaffold.facts.packages import ROOT_SCOPE
from mmscaffold.facts.units import Unit
from mmscaffold.migrate.length import (
    LengthPlan,
    known_length,
    notes_on_unknown,
    refuse_unknown_schedulers,
)
from mmscaffold.migrate.lineage import SAMPLER, KnownConfig, known_config
from mmscaffold.migrate.task import NewUnit
from mmscaffold.project.class_map import ClassMap
from mmscaffold.schedule.conversion import convert
from mmscaffold.schedule.data import batches_as_set, batches_per_epoch, repetition


def plan_unit(
    config: ResolvedConfig, new: NewUnit, class_map: ClassMap | None, known_code: KnownCode
) -> LengthPlan:
    """Plan another unit.

    Args:
        config: The config as it resolves now.
        new: The unit to count in.
        class_map: The project's classes, whose loops have counterparts of their own.
        known_code: The code of the project, which tells what its own hooks derive from.

    Raises:
        ConfigError: If the config sets no length that is known, its loop has no
            counterpart, its sampler never ends and has none, or the iterations of an epoch
            are neither given nor computable.
    """
    length = known_length(config)
    raw = config.parsed.source.raw
    if length.unit is new.unit:
        return LengthPlan(raw, [], [])
    refuse_unknown_schedulers(config, length)
    each, notes = _iters_per_epoch(config, new)

    def counterpart(name: str) -> str:
        found = _counterpart(name, class_map)
        if found is None:
            raise ConfigError(
                f"train_cfg.type = {name!r}: the loop that counts {new.unit.value} in its place "
                "is unknown",
                where=config.origin(("train_cfg",)).where,
                hint="Map both loops of mmengine to classes of the project: "
                "--map EpochBasedTrainLoop=... --map IterBasedTrainLoop=...",
            )
        return found

    known = known_config(config, known_code)
    adjustment = convert(_with_sampler(known, config, new.unit), length, each, counterpart)
    for path, reason in adjustment.refused:
        raise ConfigError(
            f"{format_key_path(path)}: {reason}",
            where=config.origin(path).where,
            hint=f"Give it a sampler that ends, such as {SAMPLER_OF_UNIT[Unit.EPOCHS].name}, or "
            "keep training by iterations.",
        )
    changes = [
        Change(one.path, _like(config.get(one.path), one.new), one.why)
        for one in adjustment.changes
    ]
    derived = known.notes([change.path for change in changes], adjustment.notes)
    told = [*notes, *adjustment.notes, *notes_on_unknown(config), *derived]
    return LengthPlan(raw, changes, told)


def _with_sampler(known: KnownConfig, config: ResolvedConfig, to: Unit) -> Mapping[str, Any]:
    """The config with its own sampler named as its base only where that is enough to know.

    A sampler of the project's own that ends serves epochs as it is; but mmengine's counterpart
    does not do what it does.
    """
    own, base = known.derived.get(SAMPLER, ("", ""))
    if not own or (to is Unit.EPOCHS and SAMPLERS[base].ends):
        return known.plain
    return apply(known.plain, [Change((*SAMPLER, "type"), own)])


def _like(old: Any, new: Any) -> Any:
    """A class by import, if the one that it replaces is."""
    return LazyName(new) if isinstance(old, LazyName) and isinstance(new, str) else new


def _counterpart(name: str, class_map: ClassMap | None) -> str | None:
    scope, dot, bare = name.rpartition(".")
    if scope.partition(".")[0] in {"", ROOT_SCOPE} and bare in TRAIN_LOOPS:
        return f"{scope}{dot}{TRAIN_LOOPS[bare].counterpart}"
    if class_map is None:
        return None
    for upstream, row in TRAIN_LOOPS.items():
        ours = class_map.replacement(upstream)
        if ours is not None and name in {ours, class_map.locate(ours)}:
            new = class_map.replacement(row.counterpart)
            return new if new is None or name == ours else class_map.locate(new)
    return None


def _iters_per_epoch(config: ResolvedConfig, new: NewUnit) -> tuple[int, list[str]]:
    """The iterations of one epoch, and how they were computed, if they were."""
    if new.iters_per_epoch is not None:
        return new.iters_per_epoch, []
    loader = config.get("train_dataloader")
    as_set = batches_as_set(loader)
    if as_set is not None:
        return as_set, [f"{as_set} iterations per epoch: num_batch_per_epoch says so"]
    if new.dataset_size is None:
        raise ConfigError(
            "does not say how many iterations an epoch has",
            where=str(config.path),
            hint="Give --iters-per-epoch N, or --dataset-size N (and --batch-size N if it "
            "trains on more than one GPU).",
        )
    batch = new.batch_size
    if batch is None:
        batch = loader.get("batch_size") if isinstance(loader, Mapping) else None
        if not isinstance(batch, int) or batch < 1:
            raise ConfigError(
                "sets no known train_dataloader.batch_size",
                where=str(config.path),
                hint="Give --batch-size N, or --iters-per-epoch N.",
            )
    times = _times(config)
    each = batches_per_epoch(loader, new.dataset_size * times, batch)
    repeated = f" x {times}" if times > 1 else ""
    return each, [f"{each} iterations per epoch: {new.dataset_size}{repeated} images in {batch}s"]


def _times(config: ResolvedConfig) -> int:
    """How often one epoch shows each image.

    Raises:
        ConfigError: If that depends on the images themselves.
    """
    loader = config.get("train_dataloader")
    found = repetition(loader.get("dataset") if isinstance(loader, Mapping) else None)
    if found.times is None:
        raise ConfigError(
            f"trains on a {found.unknown}: how often that shows each image in an epoch is not "
            "known, so --dataset-size does not say how many iterations an epoch has",
            where=config.origin(("train_dataloader", "dataset")).where,
            hint="Give --iters-per-epoch N: a training log shows it, as in "
            "Epoch(train) [1][50/N].",
        )
    return found.times
