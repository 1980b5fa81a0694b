"""Which of several places a fault is to be shown at."""

from __future__ import annotations

from collections.abc import Iterable

from mmscaffold.check.config_view import ConfigView
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.key_path import KeyPath


def nearest(config: ConfigView, places: Iterable[KeyPath]) -> KeyPath:
    """The first of those that are written in the file nearest to the config.

    Two values that do not go together are often one of a base, and one of the config itself.
    """
    files = config.config.files

    def distance(place: KeyPath) -> int:
        try:
            return files.index(config.origin(place).path)
        except (ConfigError, ValueError):
            return len(files)

    return min(places, key=distance)
