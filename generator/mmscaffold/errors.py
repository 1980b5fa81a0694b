"""The one family of errors that mmscaffold shows to people."""

from __future__ import annotations

from collections.abc import Iterable


class MmscaffoldError(Exception):
    """Something a user can fix; the command line prints it and exits with 2.

    Args:
        message: What is wrong, with the offending value.
        where: The place, as ``path``, ``path:line`` or ``path:line:column``.
        hint: What to do about it.
    """

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\n  {self.hint}" if self.hint else text


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence that names what is spelt like a name; empty if nothing is.

    Args:
        name: What was written.
        known: What could have been meant.
    """
    # Most runs have nothing misspelt.
    import difflib

    near = difflib.get_close_matches(name, list(known), n=2, cutoff=0.75)
    return f"Did you mean {' or '.join(repr(one) for one in near)}?" if near else ""
