"""Official bases of 2.x, and the official configs of 3.x that stand in for them.

A base is recognised by what it resolves to, so that comments, formatting and the place of a copy
do not matter. ``tables/twins_<package>.json`` is made by ``twins_make``.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from mmscaffold.config.change import MISSING, first_difference
from mmscaffold.config.evaluate.containers import BaseDict, CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.config.evaluate.values import Unknown, to_plain
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.registry_scope import SCOPE
from mmscaffold.config.resolve.packages import installed_package
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.facts.runner import KNOWN_KEYS

_TABLES = Path(__file__).with_name("tables")
# What mmengine takes for a config of a package (mmengine/config/utils.py).
_NAMED = re.compile(r"\w+::\w+/.+")
_LOADERS = ("train_dataloader", "val_dataloader", "test_dataloader")
HABITS: tuple[KeyPath, ...] = (
    ("default_hooks", "checkpoint", "interval"),
    ("default_hooks", "checkpoint", "max_keep_ckpts"),
    ("default_hooks", "logger", "interval"),
    *((loader, key) for loader in _LOADERS for key in ("num_workers", "persistent_workers")),
    ("val_dataloader", "batch_size"),
    ("test_dataloader", "batch_size"),
    ("auto_scale_lr",),
    ("env_cfg", "cudnn_benchmark"),
    ("env_cfg", "mp_cfg"),
    ("log_processor", "window_size"),
)
"""What configs of a package have by habit, and what changes neither training nor results."""


class BasesMode(Enum):
    """What happens to bases.

    What is named is converted in place. Of other bases, ``AUTO`` replaces those that are
    official and whose twin is safe, ``CONVERT`` none, ``OFFICIAL`` all that are official, those
    that are named included. ``FLATTEN`` writes each config as one file without bases.
    """

    AUTO = "auto"
    CONVERT = "convert"
    OFFICIAL = "mmdet"
    FLATTEN = "flatten"


@dataclass(frozen=True)
class Twin:
    """The official config of 3.x that stands in for an official one of 2.x.

    Attributes:
        name: What to write into ``_base_``.
        file: The file.
    """

    name: str
    file: Path


def digest(config: Mapping[str, Any]) -> str | None:
    """What tells the content of a config from others; ``None`` if not all of it is known."""
    try:
        text = _canonical(config)
    except ValueError:
        return None
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _canonical(value: Any) -> str:
    """The text of a value, the order of keys left out."""
    if isinstance(value, Unknown):
        raise ValueError
    if isinstance(value, dict):
        items = sorted((repr(key), _canonical(item)) for key, item in value.items())
        return "{" + ",".join(f"{key}:{item}" for key, item in items) + "}"
    if isinstance(value, list | tuple):
        kind = "[" if isinstance(value, list) else "("
        return kind + ",".join(map(_canonical, value)) + ")"
    return repr(value)


@functools.cache
def _known(package: str) -> dict[str, list[str]]:
    file = _TABLES / f"twins_{package}.json"
    if not file.is_file():
        return {}
    known: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return known


def twin_of(config: ResolvedConfig, package: str, configs_3x: Path | None) -> Twin | None:
    """The official config of 3.x that stands in for a base.

    Args:
        config: The base.
        package: The import name of the package whose configs are official.
        configs_3x: Where the configs of 3.x lie; by default those of the installed package.

    Returns:
        ``None`` if the base is not official, or its twin cannot be read.
    """
    found = digest(to_plain(config.root))
    names = _known(package).get(found or "", [])
    # Several official files may hold the same: that of the same name, if there is one.
    named = [name for name in names if _alike(Path(name).stem, config.path.stem)]
    for name in [*named, *names]:
        if configs_3x is not None:
            file = configs_3x / name
            if file.is_file():
                return Twin(str(file.absolute()), file.absolute())
            continue
        folder = installed_package(package)
        is_named = _NAMED.fullmatch(f"{package}::{name}") is not None
        if is_named and folder is not None and (folder / ".mim" / "configs" / name).is_file():
            return Twin(f"{package}::{name}", folder / ".mim" / "configs" / name)
    return None


def _alike(left: str, right: str) -> bool:
    return left.replace("-", "_") == right.replace("-", "_")


def without_scope(value: Any) -> Any:
    """A value without the ``_scope_`` that mmengine adds to bases of a package."""
    if isinstance(value, CfgDict):
        made = BaseDict() if isinstance(value, BaseDict) else CfgDict()
        for key, item in value.items():
            if key != SCOPE:
                made.put(key, without_scope(item), origin_of(value, key))
        return made
    if isinstance(value, CfgList):
        return CfgList([without_scope(item) for item in value], value.shared_origins())
    if isinstance(value, CfgTuple):
        return CfgTuple.make([without_scope(item) for item in value], value.shared_origins())
    return value


def differing_keys(goal: Mapping[str, Any], twin: Mapping[str, Any]) -> list[KeyPath]:
    """The keys at which a twin does not say what a base of 2.x becomes.

    Variables do not count: a config below that reads one gets its value. Nor do habits.

    Args:
        goal: What the base becomes, in the words of the twin where these mean the same.
        twin: What the twin says; what it says beside, the configs below take back.
    """
    found: list[KeyPath] = []
    pending: list[tuple[KeyPath, Any, Any]] = [((), goal, twin)]
    while pending:
        path, ours, theirs = pending.pop()
        if isinstance(ours, dict) and isinstance(theirs, dict):
            keys = [key for key in ours if path or key in KNOWN_KEYS]
            pending += [((*path, key), ours[key], theirs.get(key, MISSING)) for key in keys]
        elif theirs is MISSING and isinstance(ours, list | tuple) and not ours:
            continue
        elif first_difference(ours, theirs) is not None and not _is_habit(path, ours):
            found.append(path)
    return sorted(found, key=str)


def _is_habit(path: KeyPath, ours: Any) -> bool:
    """Whether a value is one of those, or a dict of such only."""
    if any(path[: len(habit)] == habit for habit in HABITS):
        return True
    return isinstance(ours, dict) and all(
        _is_habit((*path, key), value) for key, value in ours.items()
    )
