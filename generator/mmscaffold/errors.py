"""The one family of errors that mmscaffold shows to people."""

from __future__ import annotations


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
