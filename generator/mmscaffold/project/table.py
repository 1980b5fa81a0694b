"""The ``[tool.mmscaffold]`` table: one look-up for all commands."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.disk import read_file
from mmscaffold.lazy import lazy_pattern
from mmscaffold.project.errors import ProjectError

TABLE = "tool.mmscaffold"
FILE = "pyproject.toml"
_MOST_BYTES = 1 << 18
# tomllib takes memory that grows with the square of the parts of a key.
_LONG_KEY = lazy_pattern(r"""(?:\.[ \t]*["\w'-]+[ \t]*){100}""")


class Table(NamedTuple):
    """A ``[tool.mmscaffold]`` table.

    Attributes:
        file: The ``pyproject.toml`` that holds it.
        text: The whole file, to find the line of a key in it.
        values: What it says.
    """

    file: Path
    text: str
    values: dict[str, Any]

    def where(self, key: str) -> str:
        """The place of a key, as ``path:line``; the file alone where it is not found."""
        pattern = re.compile(rf"^[ \t]*[\"']?{re.escape(key)}[\"']?\s*(=|$)", re.MULTILINE)
        match = pattern.search(self.text)
        if match is None:
            return str(self.file)
        return f"{self.file}:{self.text.count(chr(10), 0, match.end()) + 1}"


def find_table(start: Path) -> Table | None:
    """The table of the nearest ``pyproject.toml`` that has one.

    A file without the table, such as that of a package within the project, is skipped.

    Args:
        start: A folder or file to look at, and above.

    Raises:
        ProjectError: If a ``pyproject.toml`` on the way is not valid TOML or could not be read,
            so that it is unclear whether it has the table.
    """
    absolute = Path(os.path.abspath(start))  # noqa: PTH100
    for folder in (absolute, *absolute.parents):
        file = folder / FILE
        table = read_table(file) if file.is_file() else None
        if table is not None:
            return table
    return None


def read_table(file: Path) -> Table | None:
    """The table of one file, or ``None`` if it has none.

    Args:
        file: A ``pyproject.toml``.

    Raises:
        ProjectError: If the file is not valid TOML or could not be read, or what it has under
            the name is not a table.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        text = read_file(file, _MOST_BYTES).decode("utf-8")
        if _LONG_KEY.search(text):
            raise ProjectError("has a key of more than 100 parts", where=str(file))
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"line (\d+)", str(error))
        where = f"{file}:{match.group(1)}" if match else str(file)
        raise ProjectError(f"is not valid TOML: {error}", where=where) from None
    except ConfigError as error:
        raise ProjectError(error.message, where=error.where) from None
    except (ValueError, RecursionError) as error:
        # Not UTF-8, a number of 5,000 digits, or tables in tables in tables.
        raise ProjectError(f"could not be read: {error}", where=str(file)) from None
    tools = document.get("tool", {})
    if not isinstance(tools, dict) or "mmscaffold" not in tools:
        return None
    values = tools["mmscaffold"]
    if not isinstance(values, dict):
        raise ProjectError(
            f"{TABLE} must be a table", where=str(file), hint=f"Write [{TABLE}] and keys below."
        )
    return Table(file, text, values)
