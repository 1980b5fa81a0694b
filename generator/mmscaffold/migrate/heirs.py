"""Find the configs elsewhere in a project that inherit from those of a run.

They change with their bases, so a migration of one folder or file plans them, too.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.files import files_below
from mmscaffold.config.kind import python_file
from mmscaffold.config.resolve.references import References, references
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.text.disk import read_file
from mmscaffold.project.errors import ProjectError
from mmscaffold.project.table import find_table

# No config comes near; annotations and recorded data are far above.
_MOST_BYTES = 1 << 20
_CONFIG_FOLDER = "configs"


@dataclass
class Heirs:
    """What inherits from some configs, and is not among them.

    Attributes:
        configs: The heirs, by absolute path, each resolved.
        unread: Files that seem to inherit from them and do not resolve, each with the error.
    """

    configs: dict[Path, ResolvedConfig] = field(default_factory=dict)
    unread: list[tuple[Path, ConfigError]] = field(default_factory=list)


def find_heirs(
    paths: Iterable[Path],
    chosen: Iterable[Path],
    resolver: Resolver,
    told: Iterable[Path] = (),
) -> Heirs:
    """Find what inherits from the configs of a run, directly or by other files.

    A file is parsed only if its text names one of them, or computes what it inherits from.

    Args:
        paths: The files and folders that the run was given; they tell where to look.
        chosen: The configs of the run, by absolute path.
        resolver: Resolves the heirs.
        told: Files of the run that are left out for reasons that are told already.
    """
    known = set(chosen)
    if not known:
        return Heirs()
    texts = _texts(search_folders(paths), known.union(told))
    heirs = Heirs()
    unread = []
    seen = {_identity(path) for path in known}
    for path, refers in _possible_heirs(texts, known):
        try:
            config = resolver.resolve(path)
        except ConfigError as error:
            unread.append((path, refers, error))
            continue
        # A link to a config of the run is that config.
        if not known.isdisjoint(config.files[1:]) and _identity(path) not in seen:
            seen.add(_identity(path))
            heirs.configs[path] = config
    names = {path.stem for path in (*known, *heirs.configs)}
    heirs.unread += [
        (path, error)
        for path, refers, error in unread
        if refers.is_open or not names.isdisjoint(refers.names)
    ]
    return heirs


def _identity(path: Path) -> tuple[int, int] | Path:
    """What two names of one file have in common."""
    try:
        status = path.stat()
    except OSError:
        return path
    return status.st_dev, status.st_ino


def search_folders(paths: Iterable[Path]) -> list[Path]:
    """The folders in which to look for heirs of some files or folders.

    Those are the project around each (with a ``[tool.mmscaffold]`` table, or a git checkout),
    the outermost folder above it that is called ``configs``, and its own folder.
    """
    found: dict[Path, None] = {}
    for path in paths:
        absolute = Path(os.path.abspath(path))  # noqa: PTH100
        own = absolute if absolute.is_dir() else absolute.parent
        found.update(dict.fromkeys(_folders_around(own)))
    # Hidden folders are passed over on the way down from a project.
    return [
        folder
        for folder in found
        if not any(
            folder.is_relative_to(other) and not _is_hidden(folder, other)
            for other in found
            if other != folder
        )
    ]


def _folders_around(own: Path) -> Iterator[Path]:
    yield own
    above = [own, *own.parents]
    configs = [folder for folder in above if folder.name == _CONFIG_FOLDER]
    if configs:
        yield configs[-1]
    try:
        table = find_table(own)
    except ProjectError:
        # Whoever needs the table says so.
        table = None
    checkout = next((folder for folder in above if (folder / ".git").exists()), None)
    for root in (table.file.parent if table else None, checkout):
        if root is not None and root != Path.home() and root != Path(root.anchor):
            yield root
            return


def _is_hidden(folder: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in folder.relative_to(root).parts) or (
        "site-packages" in folder.relative_to(root).parts
    )


def _texts(folders: Iterable[Path], known: set[Path]) -> dict[Path, References]:
    """What each file that is not known already refers to."""
    found: dict[Path, References] = {}
    for folder in folders:
        for file in files_below(folder):
            if file in known or file in found:
                continue
            refers = _references_of(file)
            if refers is not None:
                found[file] = refers
    return found


def _references_of(file: Path) -> References | None:
    try:
        raw = read_file(file, _MOST_BYTES)
    except ConfigError:
        return None
    if b"_base_" not in raw and b"read_base" not in raw:
        return None
    is_python = file.suffix == ".py"
    refers = references(raw, is_python=is_python)
    if not refers.names and not refers.is_open:
        return None
    return refers if not is_python or python_file(file, raw).is_config else None


def _possible_heirs(
    texts: Mapping[Path, References], known: set[Path]
) -> Iterator[tuple[Path, References]]:
    """The files that may inherit from known ones, by other files or directly."""
    by_name: dict[str, list[Path]] = {}
    for path, refers in texts.items():
        for name in refers.names:
            by_name.setdefault(name, []).append(path)
    done: set[Path] = set()
    pending = [path.stem for path in known]
    asked = set(pending)
    found = [path for path, refers in texts.items() if refers.is_open]
    while pending or found:
        for path in found:
            if path not in done:
                done.add(path)
                yield path, texts[path]
                if path.stem not in asked:
                    asked.add(path.stem)
                    pending.append(path.stem)
        found = by_name.get(pending.pop(), []) if pending else []
