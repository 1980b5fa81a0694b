"""What all pictures share: colours, fonts, and the files they are written as."""

from __future__ import annotations

import html
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = (".png", ".svg", ".pdf", ".html")
"""What a picture can be written as."""

# Okabe and Ito (2008), "Color Universal Design": told apart by the colour-blind; the line
# styles tell them apart in print.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
STYLES = ("-", "--", "-.", ":")
_FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC",
    "Microsoft YaHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei",
)  # fmt: skip


def save(figure: Callable[[], Figure], path: Path, title: str) -> None:
    """Write a figure as PNG, SVG, PDF, or a page of HTML that holds the SVG.

    Args:
        figure: Makes it, under the settings that it needs.
        path: Where to; its ending says as what.
        title: Of the page.

    Raises:
        ValueError: If its ending is not one of ``FORMATS``.
        OSError: If it cannot be written.
    """
    form = path.suffix.lower()
    if form not in FORMATS:
        raise ValueError(f"a picture must end in {', '.join(FORMATS)}")
    buffer = io.BytesIO()
    # No date within, so that the same config gives the same file.
    dateless = {".svg": {"Date": None}, ".html": {"Date": None}, ".pdf": {"CreationDate": None}}
    with _settings():
        figure().savefig(
            buffer,
            format="svg" if form == ".html" else form[1:],
            dpi=150,
            bbox_inches="tight",
            metadata=dateless.get(form),
        )
    content = buffer.getvalue()
    path.write_bytes(_page(content, title) if form == ".html" else content)


def _page(svg: bytes, title: str) -> bytes:
    picture = svg[svg.index(b"<svg") :].decode()
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n"
        f'<body style="margin: 2em; background: white">\n{picture}\n</body>\n</html>\n'
    ).encode()


def _settings() -> AbstractContextManager[None]:
    import matplotlib as mpl

    settings: Any = {
        "font.family": ["DejaVu Sans", *_installed_fonts()],
        "svg.hashsalt": "mmscaffold",
        "svg.fonttype": "path",
    }
    return mpl.rc_context(settings)


def _installed_fonts() -> list[str]:
    """The fonts of the system that can write Chinese."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    return [name for name in _FONTS if name in known]
