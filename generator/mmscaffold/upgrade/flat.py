"""Write an upgraded config as one file without bases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmscaffold.config.edit.rendering import render_fitting

_WIDTH = 79


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
