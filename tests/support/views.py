"""Configs written in a test, as the rules see them."""

from __future__ import annotations

from pathlib import Path

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.known_code import KnownCode
from mmscaffold.config import Resolver


def view(text: str, name: str = "config.py", **others: str) -> ConfigView:
    """A view of a config in a folder that does not exist.

    Args:
        text: The config.
        name: Its path in the folder.
        **others: Its bases, by name without the ending.
    """
    folder = Path("/nowhere/configs")
    files = {folder / name: text} | {folder / f"{key}.py": value for key, value in others.items()}
    overlay = {path: f"{content}\n".encode() for path, content in files.items()}
    return ConfigView(Resolver(overlay).resolve(folder / name), KnownCode())
