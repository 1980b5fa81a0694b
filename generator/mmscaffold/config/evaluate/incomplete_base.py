"""The bases of a config, where it is not known which keys they have."""

from __future__ import annotations

from typing import Any, TypeGuard

from mmscaffold.config.evaluate.containers import BaseDict, CfgDict
from mmscaffold.config.evaluate.values import Perhaps, Unknown, present


class IncompleteBase(BaseDict):
    """What ``_base_`` reads where it is not known which keys the bases have.

    Attributes:
        missing: What is unknown, and why.
        is_open: Whether any key may be there, as where a base could not be found; else only
            those are unsure that are ``Perhaps`` there.
    """

    __slots__ = ("is_open", "missing")

    missing: Unknown
    is_open: bool

    @classmethod
    def of(cls, known: CfgDict, missing: Unknown, *, is_open: bool = True) -> IncompleteBase:
        """What is known of the bases, and what is not."""
        made = cls(known)
        made.take_origins(known)
        made.missing = present(missing)
        made.is_open = is_open
        return made

    def is_unsure(self, key: Any) -> bool:
        """Whether it is not known if there is such a key."""
        if key in self:
            return isinstance(self[key], Perhaps)
        return self.is_open


def is_unsure(target: Any, key: Any) -> TypeGuard[IncompleteBase]:
    """Whether it is not known if a dict has a key."""
    return isinstance(target, IncompleteBase) and target.is_unsure(key)


# To the author of a config, as its like in ``containers``.
IncompleteBase.__name__ = "dict"
