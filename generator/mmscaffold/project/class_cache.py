"""The classes of a package that lies on this machine: read once, and kept in the user's cache.

A release of which a table comes with the tool is not read again, unless it was edited. Anything
else is: a newer or older release is kept by its version, and what may be edited, an editable
installation or a fork in the tree of a project, by the newest change of its files.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mmscaffold.facts.classes.package_table import FORMAT, PackageTable
from mmscaffold.facts.classes.tables import TABLED, Tabled, table_of
from mmscaffold.facts.packages import PACKAGES
from mmscaffold.project.code import named_modules

ENVIRONMENT = "MMSCAFFOLD_CACHE"
_VERSION = re.compile(r"^__version__\s*=\s*['\"]([^'\"]+)['\"]", re.MULTILINE)
_INSTALLED = ("site-packages", "dist-packages")
_MOST_FILES = 4000
_SUFFIX = ".table"


class Source(NamedTuple):
    """Where what is known about the classes of a package comes from.

    Attributes:
        table: The classes.
        described: Where they were read, for people.
        is_editable: Whether the package lies where people edit it.
    """

    table: PackageTable
    described: str
    is_editable: bool = False


def source_of(folder: Path, name: str) -> Source | None:
    """The classes of a package that lies in a folder.

    Args:
        folder: Of the package itself.
        name: What Python imports.

    Returns:
        ``None`` if it cannot be read.
    """
    version = _version(folder)
    is_editable = not any(part in _INSTALLED for part in folder.parts)
    for one in TABLED:
        if (one.package, one.version) == (name, version):
            is_edited = _is_edited(folder, one)
            if is_edited is None:
                is_edited = is_editable
            if not is_edited:
                described = f"the table of {one.distribution} {version}, as it lies in {folder}"
                return Source(table_of(one), described)
            # People mend what is installed, too.
            is_editable = True
    # Most runs need none of these.
    import hashlib

    from mmscaffold.project.class_reader import read_table

    files = named_modules(folder, name)
    if not files or len(files) > _MOST_FILES:
        return None
    # The version is text of the package, and no part of a file name.
    state = f"{FORMAT} {version}"
    if is_editable:
        state += f" {len(files)} {_newest(files.values())}"
    place, stamp = (
        hashlib.sha256(one.encode("utf-8", "replace")).hexdigest()[:16]
        for one in (str(folder), state)
    )
    described = f"{name} {version or 'of no version'} in {folder}"
    start = f"{name}-{place}-"
    kept = cache_folder() / f"{start}{stamp}{_SUFFIX}"
    text = _read(kept)
    if text is not None:
        with contextlib.suppress(ValueError, KeyError):
            return Source(PackageTable(text), described, is_editable)
    row = PACKAGES.get(name)
    text = read_table(folder, name, row.distribution if row else name, version or "")
    _keep(kept, text, f"{start}*{_SUFFIX}")
    return Source(PackageTable(text), described, is_editable)


def cache_folder() -> Path:
    """Where tables are kept: below ``$MMSCAFFOLD_CACHE``, or the user's cache."""
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named) / "classes"
    import platformdirs

    return platformdirs.user_cache_path("mmscaffold") / "classes"


def _is_edited(folder: Path, tabled: Tabled) -> bool | None:
    """Whether a wheel does not lie there as it was released, by the sizes of its files.

    A file that was added registers nothing unless another one, which was there, imports it.

    Returns:
        ``None`` if no wheel is recorded.
    """
    name = f"{tabled.distribution.replace('-', '_')}-{tabled.version}.dist-info"
    record = _read(folder.parent / name / "RECORD")
    if record is None:
        return None
    # Wheels quote no names of modules; a Path for each of a thousand files takes longest.
    start, above = f"{folder.name}/", str(folder.parent)
    for row in record.splitlines():
        if not row.startswith(start) or "/." in row:
            continue
        file, _, rest = row.partition(",")
        if file.endswith(".py"):
            try:
                if os.stat(f"{above}/{file}").st_size != int(rest.rpartition(",")[2]):  # noqa: PTH116
                    return True
            except (OSError, ValueError):
                return True
    return False


def _version(folder: Path) -> str | None:
    text = _read(folder / "version.py") or ""
    found = _VERSION.search(text)
    return found[1] if found else None


def _newest(files: Iterable[Path]) -> int:
    newest = 0
    for path in files:
        with contextlib.suppress(OSError):
            newest = max(newest, path.stat().st_mtime_ns)
    return newest


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def _keep(path: Path, text: str, pattern: str) -> None:
    """Keep a table in place of others; where that fails, it is read anew the next time.

    Args:
        path: The file.
        text: The table.
        pattern: Of the files of the same folder of code, as it was before it was edited.
    """
    import tempfile

    # A ValueError is text that cannot be encoded.
    with contextlib.suppress(OSError, ValueError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
        for other in path.parent.glob(pattern):
            if other != path:
                other.unlink(missing_ok=True)
