"""Comments that an upgrade writes into a file."""

from __future__ import annotations

from mmscaffold.upgrade.notes import Note

MARK = "# mmscaffold: upgrade"
"""How a note in a file begins; ``check`` finds it until it is deleted."""
_LONGEST = 100


def note_line(note: Note, *, is_ascii: bool) -> str:
    """A note as a comment of one line.

    Args:
        note: What there is to tell.
        is_ascii: Whether the file has nothing but ASCII, and is to stay so.
    """
    text = " ".join(f"{MARK}[{note.code}] {note.message}".split())
    if is_ascii:
        text = text.encode("ascii", "backslashreplace").decode("ascii")
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3].rstrip() + "..."


def commented_out(text: str) -> str:
    """A statement as a comment."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(f"# {line}" if line.strip() else "#" for line in lines)
