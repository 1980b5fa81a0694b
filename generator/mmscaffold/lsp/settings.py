"""What the user set in the editor, in the section ``mmscaffold``."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

SECTION = "mmscaffold"


@dataclass(frozen=True)
class ClientSettings:
    """The settings; what is missing, or of another type than here, is as by default.

    In the editor a name such as ``inlay_hints`` is written ``mmscaffold.inlayHints``.

    Attributes:
        diagnostics: Whether findings are shown.
        delay: How long after the last key findings are looked for, in milliseconds.
        inlay_hints: Whether inherited values and converted units are shown within the text.
        code_lens: Whether lines such as "inherited by 12 configs" are shown above the text.
        index: Whether the configs of the workspace are read in the background.
    """

    diagnostics: bool = True
    delay: int = 50
    inlay_hints: bool = True
    code_lens: bool = True
    index: bool = True

    @classmethod
    def of(cls, given: Any) -> ClientSettings:
        """Read them from what the editor sends: the section itself, or an object around it."""
        if isinstance(given, dict) and isinstance(given.get(SECTION), dict):
            given = given[SECTION]
        if not isinstance(given, dict):
            return cls()
        default = cls()
        known: dict[str, Any] = {}
        for one in fields(cls):
            value = given.get(_camel_case(one.name))
            if isinstance(value, type(getattr(default, one.name))) and int(value) >= 0:
                known[one.name] = value
        return replace(default, **known)


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
