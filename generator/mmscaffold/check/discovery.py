"""What a run of ``check`` looks at, and by which names the code of it is imported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.files import Files, walk
from mmscaffold.config.text.source import DATA_SUFFIXES


def discover(paths: Sequence[Path]) -> Files:
    """Sort files, and those of folders, into configs and code.

    Raises:
        ConfigError: If a file is not one that can be checked, or there is none at all.
    """
    for path in paths:
        is_known = path.suffix in (".py", *DATA_SUFFIXES) or path.is_dir()
        if not is_known and path.exists():
            raise ConfigError(
                "is not a config or a Python file",
                where=str(path.absolute()),
                hint="Name .py, .yaml or .json files, or folders; a log is read by "
                "`mmscaffold diagnose`.",
            )
    files = walk(paths)
    if not files.configs and not files.code and not files.unread:
        left = ", ".join(f"{path} ({reason})" for path, reason in files.told)
        raise ConfigError(
            "nothing to check: there are no configs or Python files in here"
            + (f"; not looked at: {left}" if left else ""),
            where=", ".join(str(path) for path in paths),
            hint="YAML and JSON files without a key that the Runner reads, and folders such as "
            "work_dirs, are checked only if named explicitly.",
        )
    return files


def package_around(file: Path) -> Path | None:
    """The folder of the top-level package that holds a file."""
    folder = None
    parent = file.parent
    while (parent / "__init__.py").is_file():
        folder, parent = parent, parent.parent
    return folder
