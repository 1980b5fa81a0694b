"""Find the configs and the code below some folders: the one answer to "which files"."""

from __future__ import annotations

import ast
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from mmscaffold.config.errors import ConfigError, SpecialFileError
from mmscaffold.config.kind import is_data_config, python_file
from mmscaffold.config.text.disk import read_file
from mmscaffold.config.text.source import (
    DATA_SUFFIXES,
    read_code,
)

# Folders that hold nothing of the project's own making, with the reason; the first are
# passed over without a word.
_SILENTLY_SKIPPED = {
    "__pycache__": "a Python cache",
    "node_modules": "Node.js packages",
}
# Unless they are packages themselves, such as mmengine.dist.
_BUILT = frozenset({"build", "dist"})
_SKIPPED = {
    "site-packages": "installed packages",
    "vis_data": "records of past training runs",
    "work_dirs": "records of past training runs",
}
_METADATA_SUFFIXES = (".egg-info", ".dist-info")
# What marks the folder of an environment, as a file (venv) or a folder (conda).
_ENVIRONMENT_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})
# No config in YAML or JSON comes near; annotations of datasets are far above.
_MOST_BYTES_OF_DATA = 1 << 20


class SkippedPath(NamedTuple):
    """A folder or file that was not looked at.

    Attributes:
        path: The folder or file.
        reason: Why.
        is_told: Whether people might wonder about it; nobody wonders about caches.
    """

    path: Path
    reason: str
    is_told: bool = True


class Files:
    """What some paths hold.

    Attributes:
        configs: The configs, in order, by absolute path.
        code: The Python files that are not configs.
        named: The files that were named one by one.
        skipped: What was not looked at, with the reason.
        unread: Folders that could not be read, with the error.
        trees: The syntax of files of code, as far as they are valid Python.
    """

    def __init__(self) -> None:
        self.configs: list[Path] = []
        self.code: list[Path] = []
        self.named: set[Path] = set()
        self.skipped: list[SkippedPath] = []
        self.unread: list[tuple[Path, ConfigError]] = []
        self.trees: dict[Path, ast.Module] = {}

    @property
    def told(self) -> list[tuple[Path, str]]:
        """What was not looked at and people might wonder about, each with the reason."""
        told = [(one.path, one.reason) for one in self.skipped if one.is_told]
        return told + [(path, error.message) for path, error in self.unread]


def walk(paths: Iterable[str | Path]) -> Files:
    """Sort files, and those of folders, into configs and code.

    A ``.py`` file is one or the other by what it sets and defines. A YAML or JSON file in a
    folder is a config if it holds a key that the Runner reads. A path that is named is looked
    at whatever it is called: a named file that is not Python counts as a config, even if
    it does not exist, so that reading it gives the error for people.

    Args:
        paths: Files, and folders, which are searched to any depth. Links to folders are not
            followed.
    """
    files = Files()
    seen: set[Path] = set()
    for path in paths:
        absolute = Path(os.path.abspath(path))  # noqa: PTH100
        if not absolute.is_dir():
            files.named.add(absolute)
            if absolute not in seen:
                seen.add(absolute)
                _sort(absolute, files)
            continue
        for file in _files_below(absolute, files):
            if file not in seen and (file.suffix == ".py" or _counts_as_config(file, files)):
                seen.add(file)
                _sort(file, files)
    return files


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below a folder that may be a config or code, by its name alone, sorted."""
    return _files_below(folder, Files())


def config_files(folder: Path) -> list[Path]:
    """Every config below a folder, sorted.

    Raises:
        ConfigError: If there is none.
    """
    files = walk([folder])
    if not files.configs:
        raise no_configs(folder, files.told)
    return files.configs


def no_configs(folder: Path, skipped: Iterable[tuple[Path, str]] = ()) -> ConfigError:
    """The error for a folder that holds no config.

    Args:
        folder: The folder.
        skipped: What in it was not looked at, each with the reason.
    """
    left = ", ".join(f"{path} ({reason})" for path, reason in skipped)
    return ConfigError(
        "holds no config files" + (f"; not looked at: {left}" if left else ""),
        where=str(folder),
        hint="Name a folder with .py configs in it, or a config file.",
    )


def _sort(file: Path, files: Files) -> None:
    if file.suffix != ".py":
        files.configs.append(file)
        return
    try:
        raw = read_code(file)
    except SpecialFileError as error:
        if file in files.named:
            files.configs.append(file)
        else:
            files.skipped.append(SkippedPath(file, error.message))
        return
    except ConfigError:
        # Reading it as a config gives the error for people.
        files.configs.append(file)
        return
    found = python_file(file, raw)
    if found.is_config:
        files.configs.append(file)
        return
    files.code.append(file)
    if found.tree is not None:
        files.trees[file] = found.tree


def _counts_as_config(file: Path, files: Files) -> bool:
    """Whether a YAML or JSON file of a folder is a config."""
    try:
        status = file.stat()
        if stat.S_ISREG(status.st_mode) and status.st_size > _MOST_BYTES_OF_DATA:
            return False
        return is_data_config(file, read_file(file, _MOST_BYTES_OF_DATA))
    except ConfigError as error:
        # Not an error of the run: the file may be a template, and nobody named it.
        files.skipped.append(SkippedPath(file, error.message))
    except OSError as error:
        files.skipped.append(SkippedPath(file, f"could not be read: {error.strerror}"))
    return False


def _files_below(root: Path, files: Files) -> Iterator[Path]:
    """The files that may be configs or code, folder by folder, sorted."""
    skipped = files.skipped

    def tell(error: OSError) -> None:
        reason = ConfigError(f"could not be read: {error.strerror}", where=error.filename)
        files.unread.append((Path(error.filename), reason))

    for parent, folders, names in os.walk(root, onerror=tell):
        folder = Path(parent)
        if folder != root and not _ENVIRONMENT_MARKS.isdisjoint((*names, *folders)):
            skipped.append(SkippedPath(folder, "a virtual environment"))
            folders.clear()
            continue
        kept = []
        for name in sorted(folders):
            found = _skipped(folder / name)
            if found is None:
                kept.append(name)
            else:
                skipped.append(found)
        folders[:] = kept
        for name in sorted(names):
            if os.path.splitext(name)[1] in (".py", *DATA_SUFFIXES):  # noqa: PTH122
                yield folder / name


def _skipped(folder: Path) -> SkippedPath | None:
    """Why a folder is not looked at, by its name."""
    name = folder.name
    if name in _BUILT and not (folder / "__init__.py").is_file():
        return SkippedPath(folder, "build output")
    if name in _SKIPPED:
        return SkippedPath(folder, _SKIPPED[name])
    if name in _SILENTLY_SKIPPED:
        return SkippedPath(folder, _SILENTLY_SKIPPED[name], is_told=False)
    if name.startswith("."):
        return SkippedPath(folder, "hidden", is_told=False)
    if name.endswith(_METADATA_SUFFIXES):
        return SkippedPath(folder, "package metadata", is_told=False)
    return None
