"""The way to a value in a config: ``param_scheduler[1].end``."""

from __future__ import annotations

import re
from functools import lru_cache

Key = str | int
KeyPath = tuple[Key, ...]


# The same few are asked of every config.
@lru_cache(maxsize=1024)
def parse_key_path(text: str) -> KeyPath:
    """Split ``param_scheduler.1.end`` or ``param_scheduler[1].end`` into its keys."""
    parts = re.sub(r"\[(-?\d+)\]", r".\1", text).split(".")
    return tuple(int(part) if re.fullmatch(r"-?\d+", part) else part for part in parts)


def format_key_path(path: KeyPath) -> str:
    """Write keys as people do: ``param_scheduler[1].end``."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return text.removeprefix(".")
