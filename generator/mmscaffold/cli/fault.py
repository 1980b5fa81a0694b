"""What the command line says where mmscaffold itself is at fault."""

from __future__ import annotations

import ast
import platform
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import mmscaffold
from mmscaffold.cli.text import shorten
from mmscaffold.publication import ISSUES

_ROOT = Path(mmscaffold.__file__).parent
_MOST_SHOWN = 300  # characters of a message


def fault_report(error: BaseException) -> str:
    """What to print for an exception that no one foresaw.

    Args:
        error: It, with its traceback.

    Returns:
        What happened, in which line of mmscaffold, over which file of the user.
    """
    text = " ".join(str(error).split())[:_MOST_SHOWN]
    what = f"{type(error).__name__}: {text}" if text else type(error).__name__
    lines = [f"error: this is a fault of mmscaffold, please report it: {what}"]
    frames = list(_own_frames(error.__traceback__))
    if frames:
        frame, line = frames[-1]
        inner = Path(frame.f_code.co_filename).relative_to(_ROOT.parent)
        lines.append(f"  in {inner.as_posix()}:{line} ({frame.f_code.co_name})")
    file = _file_at_work(frame for frame, _ in reversed(frames))
    if file is not None:
        lines.append(f"  while it worked on {shorten(file)}")
    versions = f"mmscaffold {mmscaffold.__version__}, Python {platform.python_version()}"
    lines.append(f"  {versions}; {ISSUES}")
    return "\n".join(lines)


def _own_frames(traceback: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    """The frames of this package, outermost first, each with its line."""
    while traceback is not None:
        if Path(traceback.tb_frame.f_code.co_filename).is_relative_to(_ROOT):
            yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


def _file_at_work(frames: Iterator[FrameType]) -> str | None:
    """The file that the innermost frames speak of: a path, or what has one."""
    # Most runs have no fault, and many need no configs.
    from mmscaffold.config.text.disk import is_file

    for frame in frames:
        for value in frame.f_locals.values():
            for one in (value, *(_member(value, name) for name in ("path", "parsed", "config"))):
                path = one if isinstance(one, Path) else _member(one, "path")
                if isinstance(path, Path) and is_file(path):
                    return str(path)
    return None


def _member(value: Any, name: str) -> Any:
    """An attribute of one of our own objects; of others none is asked."""
    own = type(value).__module__.startswith(f"{mmscaffold.__name__}.")
    if not own or isinstance(value, type | ast.AST):
        return None
    try:
        return getattr(value, name, None)
    except Exception:
        return None
