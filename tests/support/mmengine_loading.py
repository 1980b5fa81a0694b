"""What mmengine itself makes of configs: the oracle of the tests."""

from __future__ import annotations

import fcntl
import pickle
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any


def load(path: Path) -> dict[str, Any] | None:
    """What mmengine makes of a config; ``None`` where it refuses, or finds a script."""
    from mmengine.config import Config

    if path.name == "override_category.py":
        return None
    try:
        # Importing the modules that a config names is not part of reading it.
        return Config.fromfile(path, import_custom_modules=False).to_dict()
    except Exception:
        return None


def load_all(paths: list[Path]) -> dict[Path, dict[str, Any]]:
    """The same of many configs, without those it refuses."""
    with ProcessPoolExecutor() as executor:
        loaded = zip(paths, executor.map(load, paths, chunksize=16), strict=True)
        return {path: config for path, config in loaded if config is not None}


def load_once(paths: list[Path], kept: Path) -> dict[Path, dict[str, Any]]:
    """The same, loaded by the first of several test processes that asks for it.

    Args:
        paths: The configs.
        kept: Where it is kept for the others.
    """
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kept.exists():
            found: dict[Path, dict[str, Any]] = pickle.loads(kept.read_bytes())
            return found
        found = load_all(paths)
        kept.write_bytes(pickle.dumps(found))
        return found
