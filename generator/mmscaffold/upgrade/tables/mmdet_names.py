"""The names that mmdet 2.28.2 and mmcv 1.7.2 registered: any other was one of the user's own.

3.x has some of these as well by now (``DINO``, ``CrowdHumanDataset``), and means other classes.
``names_mmdet.json`` is made by ``names_make``.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("names_mmdet.json")


@cache
def _names() -> frozenset[str]:
    return frozenset(json.loads(_FILE.read_text(encoding="utf-8")))


def is_own_name(name: str) -> bool:
    """Whether a class of a name, in a config of 2.x, was not one of mmdet or mmcv.

    Args:
        name: Without a scope.
    """
    return name not in _names()


def taken(name: str) -> tuple[str, str]:
    """What a note says of a class whose name 3.x has for another one, and what to do.

    Args:
        name: The name.
    """
    return (
        f"{name}: a class of yours; 3.x has another one by that name",
        f"Rename it, here and in its code: a second {name} cannot be registered, and without "
        "yours, 3.x builds its own.",
    )
