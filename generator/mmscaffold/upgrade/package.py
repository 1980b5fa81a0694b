"""Which package a config of 2.x was written for, and what 3.x of that package runs with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from mmscaffold.config.walk import dicts_in
from mmscaffold.facts.classes.tables import TABLED, table_of


@dataclass(frozen=True)
class PackageRow:
    """A package that had releases for mmcv's Runner.

    Attributes:
        name: What Python imports, in 2.x.
        scope: Its ``default_scope`` in 3.x, which is also what Python imports there.
        visualizer: The visualizer of its official configs of 3.x.
        visualization_hook: The hook that draws predictions, in its own scope.
        has_rules: Whether there are rules for its models, data and metrics.
        fills_placeholders: Whether its tools replace ``${key}`` in strings.
        only: Classes of its 2.x that no other package has, and that are gone or renamed.
    """

    name: str
    scope: str
    visualizer: str
    visualization_hook: str
    has_rules: bool = False
    fills_placeholders: bool = False
    only: frozenset[str] = frozenset()


# configs/_base_/default_runtime.py of each package; for `only`, its 2.x release.
ROWS: Mapping[str, PackageRow] = {
    row.name: row
    for row in (
        PackageRow(
            "mmdet", "mmdet", "DetLocalVisualizer", "DetVisualizationHook",
            has_rules=True, fills_placeholders=True,
            only=frozenset({"ExpMomentumEMAHook", "MMDetWandbHook"}),
        ),
        PackageRow("mmseg", "mmseg", "SegLocalVisualizer", "SegVisualizationHook"),
        PackageRow("mmcls", "mmpretrain", "UniversalVisualizer", "VisualizationHook"),
        PackageRow(
            "mmpose", "mmpose", "PoseLocalVisualizer", "PoseVisualizationHook",
            only=frozenset({
                "TopDown", "AssociativeEmbedding", "Interhand3D", "TopDownCocoDataset",
                "BottomUpCocoDataset",
            }),
        ),
        PackageRow("mmdet3d", "mmdet3d", "Det3DLocalVisualizer", "Det3DVisualizationHook"),
        PackageRow(
            "mmrotate", "mmrotate", "RotLocalVisualizer", "mmdet.DetVisualizationHook",
            only=frozenset({
                "RotatedRetinaNet", "RotatedFasterRCNN", "OrientedRCNN", "RoITransformer",
                "GlidingVertex", "RotatedFCOS", "RotatedRepPoints", "R3Det", "S2ANet",
            }),
        ),
        PackageRow("mmocr", "mmocr", "TextDetLocalVisualizer", "VisualizationHook"),
        PackageRow("mmaction", "mmaction", "ActionVisualizer", "VisualizationHook"),
    )
}  # fmt: skip

UNKNOWN = PackageRow("", "", "Visualizer", "")
"""What is known of any other package."""

_OF_2X = {row.scope: row.name for row in ROWS.values()}
# What the packages took over from mmdet says nothing against it.
FIRST = "mmdet"
"""What is assumed where nothing speaks for any package."""

AUTO = "auto"
"""Asks for a look at the configs."""


def row_of(package: str | None) -> PackageRow:
    """The row of a package."""
    return ROWS.get(package or "", UNKNOWN)


def detect_package(configs: Iterable[Mapping[str, Any]]) -> str | None:
    """Which package configs were written for.

    The ``default_scope`` says it, or the classes that the configs name, or the modules that
    they import.

    Args:
        configs: Resolved configs of 2.x, of one tree.

    Returns:
        What Python imports; ``None`` if there is no sign of any.
    """
    found: Counter[str] = Counter()
    seen: set[int] = set()
    configs = list(configs)
    for config in configs:
        scope = config.get("default_scope")
        if isinstance(scope, str) and (scope in ROWS or scope in _OF_2X):
            found[scope if scope in ROWS else _OF_2X[scope]] += 1000
            continue
        found.update(_of_types(config, seen))
        if not found:
            found.update(_of_imports(config))
    if not found:
        return None
    most = max(found.values())
    winners = [name for name, count in found.items() if count == most]
    return FIRST if FIRST in winners else winners[0]


def _of_types(config: Mapping[str, Any], seen: set[int]) -> Iterator[str]:
    """For each class that the config names, the packages that may have it; the model counts more.

    A class that several packages have speaks for the one whose classes they build on. A dict that
    several configs inherit counts once.

    Args:
        config: The config.
        seen: By ``id``, what other configs have counted already; this one adds its own.
    """
    model = config.get("model")
    for name in _names([model, config.get("data")], seen):
        scope, _, bare = name.rpartition(".")
        if scope in ROWS:
            yield scope
            continue
        yield from _packages_with(bare)
    if isinstance(model, Mapping) and isinstance(model.get("type"), str):
        yield from _packages_with(model["type"]) * 20
    hooks = config.get("custom_hooks")
    for name in _names([hooks, config.get("log_config")], seen):
        yield from (row.name for row in ROWS.values() if name in row.only)
    schedule = config.get("lr_config")
    if isinstance(schedule, Mapping) and schedule.get("policy") == "YOLOX":
        yield FIRST


def _names(values: list[Any], seen: set[int]) -> Iterator[str]:
    for value in values:
        for one in dicts_in(value, seen):
            if isinstance(one.get("type"), str):
                yield one["type"]


@cache
def _packages_with(name: str) -> tuple[str, ...]:
    """The packages that have a class of a name."""
    own = [row.name for row in ROWS.values() if name in row.only]
    if own:
        return tuple(own)
    found: dict[str, None] = {}
    seen = set()
    for tabled in TABLED:
        package = _OF_2X.get(tabled.package)
        if package is None or package in seen or tabled.distribution.startswith("onedl"):
            continue
        seen.add(package)
        registered = table_of(tabled).registered
        if any(name in names for names in registered.values()):
            found[package] = None
    return tuple(found)


def _of_imports(config: Mapping[str, Any]) -> Iterator[str]:
    imports = config.get("custom_imports")
    named = imports.get("imports") if isinstance(imports, Mapping) else None
    for one in named if isinstance(named, list | tuple) else [named]:
        package = str(one).partition(".")[0]
        if package in ROWS:
            yield package
