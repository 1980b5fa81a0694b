"""What is known of values that many configs of a run share, each looked at once.

Configs that inherit from one base share what they inherit, before and after the upgrade. That a
part came out as planned, or needs no words in a file, is then true of all of them.
"""

from __future__ import annotations

from typing import Any

from mmscaffold.config.change import MISSING, first_difference
from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.text.source import ParsedFile


class SeenValues:
    """What was found out about dicts, by identity.

    They are kept, so that nothing else can have their identity; and must stay as they are.
    """

    def __init__(self) -> None:
        self._same: dict[tuple[int, int], tuple[Any, Any, bool]] = {}
        self._files: dict[int, tuple[Any, frozenset[ParsedFile]]] = {}

    def are_same(self, left: Any, right: Any) -> bool:
        """Whether two values are the same, as ``first_difference`` sees it."""
        if left is right:
            return True
        if type(left) is not CfgDict or type(right) is not CfgDict:
            return first_difference(left, right) is None
        pair = (id(left), id(right))
        known = self._same.get(pair)
        if known is None:
            same = len(left) == len(right)
            for key, value in right.items() if same else ():
                if not self.are_same(left.get(key, MISSING), value):
                    same = False
                    break
            known = self._same[pair] = (left, right, same)
        return known[2]

    def files_of(self, value: CfgDict) -> frozenset[ParsedFile]:
        """The files that wrote a key of a dict, or of one in it."""
        known = self._files.get(id(value))
        if known is None:
            found = {origin.parsed for origin in value.origins.values()}
            for item in value.values():
                if isinstance(item, CfgDict):
                    found |= self.files_of(item)
            known = self._files[id(value)] = (value, frozenset(found))
        return known[1]
