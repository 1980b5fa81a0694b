"""What the user's machine says about them: defaults of questions."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

_SECONDS = 5
# As the validator of the question `author` in copier.yml.
_REFUSED = re.compile(r"[\"\\\\]|coding[:=]")
_LONGEST = 70


def author_of(folder: Path) -> str | None:
    """The name that git would write into a commit made in a folder.

    Args:
        folder: The folder; where it is not there yet, the nearest one above it that is.

    Returns:
        ``None`` where git is not installed, knows no name, or one that the template refuses.
    """
    folder = folder.absolute()
    while not folder.is_dir():
        folder = folder.parent
    try:
        ended = subprocess.run(
            ["git", "config", "--get", "user.name"],
            cwd=folder,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    name = ended.stdout.decode("utf-8", "replace").strip()
    is_plain = name.isprintable() and not _REFUSED.search(name)
    return name if is_plain and 0 < len(name) <= _LONGEST else None


def language_of_locale(environment: Mapping[str, str] = os.environ) -> str | None:
    """``chinese`` in a Chinese locale; ``None`` in any other.

    The first of these variables that is set decides, as POSIX has it (locale(7)).
    """
    found = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((one for one in found if one), "")
    return "chinese" if locale.lower().startswith("zh") else None
