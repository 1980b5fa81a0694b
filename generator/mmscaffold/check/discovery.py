"""Which files to check, and whether each is a config or Python code."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.config.errors import ConfigError

_DATA_SUFFIXES = {".yaml", ".yml", ".json"}
_PASSED_OVER = {"__pycache__", "node_modules", "work_dirs", "build", "dist", "site-packages"}
_KEYS = (
    "_base_|model|train_cfg|val_cfg|test_cfg|param_scheduler|optim_wrapper|default_hooks|"
    "train_dataloader|val_dataloader|test_dataloader|default_scope|runner_type"
)
_SETS_KEY = re.compile(rf"^(?:{_KEYS})\s*=".encode(), re.MULTILINE)
_READS_BASE = re.compile(rb"^with read_base\(\)", re.MULTILINE)
_DEFINES = re.compile(rb"^(?:class|def|async def|if __name__|@)\b|^@", re.MULTILINE)
_ASSIGNS = re.compile(rb"^[A-Za-z_]\w*\s*(?:\[.*\]\s*)?[+]?=(?!=)", re.MULTILINE)
_CLASS = re.compile(rb"^class ", re.MULTILINE)
_CODE_NAME = re.compile(r"(?:__init__|conftest|setup|test_.*|.*_test)\.py")


@dataclass
class Files:
    """What a run looks at.

    Attributes:
        configs: The configs, in order.
        code: The Python files that are none.
        named: Those that were named one by one.
    """

    configs: list[Path] = field(default_factory=list)
    code: list[Path] = field(default_factory=list)
    named: set[Path] = field(default_factory=set)


def discover(paths: Sequence[Path]) -> Files:
    """Sort files, and all ``.py`` files of folders, into configs and code.

    Raises:
        ConfigError: If a file is none that can be checked, or there is none at all.
    """
    files = Files()
    for path in paths:
        absolute = Path(os.path.normpath(Path(path).absolute()))
        if absolute.is_dir():
            for file in _python_files(absolute):
                _sort(file, files)
        elif absolute.suffix in (".py", *_DATA_SUFFIXES) or not absolute.exists():
            files.named.add(absolute)
            _sort(absolute, files)
        else:
            raise ConfigError(
                "is no config and no Python file",
                where=str(absolute),
                hint="Name .py, .yaml or .json files, or folders; a log is read by "
                "`mmscaffold diagnose`.",
            )
    if not files.configs and not files.code:
        raise ConfigError(
            "nothing to check: no Python file in here",
            where=", ".join(str(path) for path in paths),
            hint="YAML and JSON configs, and folders such as work_dirs, are checked when named.",
        )
    files.configs = list(dict.fromkeys(files.configs))
    files.code = list(dict.fromkeys(files.code))
    return files


def _sort(file: Path, files: Files) -> None:
    if file.suffix in _DATA_SUFFIXES:
        files.configs.append(file)
        return
    try:
        raw = file.read_bytes()
    except OSError:
        # Reading it as a config gives the error for people.
        files.configs.append(file)
        return
    (files.configs if is_config(file, raw) else files.code).append(file)


def is_config(file: Path, raw: bytes) -> bool:
    """Whether a Python file is a config rather than code, by what it sets and defines."""
    if _CODE_NAME.fullmatch(file.name):
        return False
    if _DEFINES.search(raw):
        return bool(_SETS_KEY.search(raw)) and not _CLASS.search(raw)
    if _SETS_KEY.search(raw) or _READS_BASE.search(raw):
        return True
    # A module of a package that only sets names holds constants, or registries.
    return bool(_ASSIGNS.search(raw)) and not (file.parent / "__init__.py").is_file()


def _python_files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in _PASSED_OVER
        )
        if "pyvenv.cfg" in names:
            folders.clear()
            continue
        for name in sorted(names):
            if name.endswith(".py"):
                yield Path(parent, name)


def module_name(file: Path) -> str:
    """The dotted name by which a file is imported, as far as its folders tell."""
    parts = [] if file.name == "__init__.py" else [file.stem]
    folder = file.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts) or file.parent.name


def package_around(file: Path) -> Path | None:
    """The folder of the top-level package that holds a file."""
    folder = None
    parent = file.parent
    while (parent / "__init__.py").is_file():
        folder, parent = parent, parent.parent
    return folder
