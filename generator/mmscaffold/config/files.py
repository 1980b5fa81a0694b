"""Find the config files below a folder."""

from __future__ import annotations

import os
from pathlib import Path

from mmscaffold.config.errors import ConfigError

_SUFFIXES = {".py"}


def config_files(folder: Path) -> list[Path]:
    """Every file that may be a config, sorted; hidden and cache folders are passed over.

    Raises:
        ConfigError: If there is none.
    """
    files = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(n for n in folders if not n.startswith(".") and n != "__pycache__")
        files += [Path(parent, n) for n in sorted(names) if Path(n).suffix in _SUFFIXES]
    if not files:
        raise ConfigError(
            "holds no config files",
            where=str(folder),
            hint="Name a folder with .py configs in it, or a config file.",
        )
    return files
