"""Write an upgraded config as one file without bases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mmscaffold.check.config_names import is_read
from mmscaffold.config.change import first_difference
from mmscaffold.config.edit.rendering import render_fitting
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.key_path import format_key_path
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.facts.runner import KNOWN_KEYS
from mmscaffold.upgrade.forms.comment_lines import note_line
from mmscaffold.upgrade.goal import UpgradeGoal
from mmscaffold.upgrade.notes import Note

_WIDTH = 79


def flat_config(config: ResolvedConfig, goal: UpgradeGoal, notes: Iterable[Note]) -> bytes:
    """The bytes of an upgraded config that needs no bases.

    Names that only the files themselves read are left out: what they stood for is written where
    it is used.

    Args:
        config: The config of 2.x.
        goal: What it must resolve to.
        notes: What is written above it as comments.

    Raises:
        ConfigError: If a value has no literal form, or the text does not resolve to the goal.
    """
    root = CfgDict()
    for key, value in goal.root.items():
        if key in KNOWN_KEYS or not (key in config.root and is_read(config, key)):
            root.put(key, value, None)
    lines = dict.fromkeys(note_line(note, is_ascii=False) for note in notes)
    raw = ("".join(f"{line}\n" for line in lines) + flat_text(root)).encode()
    found = Resolver({config.path: raw}).resolve(config.path).root
    difference = first_difference(found, root)
    if difference is not None:
        raise ConfigError(
            f"cannot be written as one file: {format_key_path(difference)} would not come out as "
            "planned",
            where=str(config.path),
        )
    return raw


def flat_text(root: Mapping[str, Any]) -> str:
    """The source text of a whole config, a statement for each key.

    Args:
        root: What it must resolve to.

    Raises:
        ConfigError: If it holds something that has no literal form, such as an unknown.
    """
    return "".join(
        f"{key} = {render_fitting(value, before=len(key) + 3, indent='', width=_WIDTH)}\n"
        for key, value in root.items()
    )
