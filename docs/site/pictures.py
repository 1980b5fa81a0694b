"""Draws the pictures of ``docs/schedules.md`` from the configs in it, by ``mmscaffold plot``.

``python docs/site/pictures.py`` writes them anew.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
import tempfile
from pathlib import Path

_DOCS = Path(__file__).parents[1]
sys.path.insert(0, str(_DOCS.parent / "generator"))

from mmscaffold.cli.main import group  # noqa: E402

PICTURES = _DOCS / "pictures"
_CONFIG = re.compile(r'^```python title="(\w+)\.py"\n(.*?)^```', re.MULTILINE | re.DOTALL)


def configs() -> dict[str, str]:
    """The text of each config of the page, by the name of its picture."""
    page = (_DOCS / "schedules.md").read_text(encoding="utf-8")
    return {f"schedule-{name}.svg": text for name, text in _CONFIG.findall(page)}


def draw(name: str, folder: Path) -> None:
    """Draw one picture, with epochs of 1000 iterations.

    Args:
        name: Of the picture, such as ``schedule-step.svg``.
        folder: Where to.
    """
    with tempfile.TemporaryDirectory() as here, contextlib.redirect_stdout(io.StringIO()):
        config = Path(here) / f"{name.removeprefix('schedule-').removesuffix('.svg')}.py"
        config.write_text(configs()[name], encoding="utf-8")
        words = ["plot", str(config), "--iters-per-epoch", "1000", "-o", str(folder / name)]
        group(words, standalone_mode=False)


if __name__ == "__main__":
    for picture in configs():
        draw(picture, PICTURES)
