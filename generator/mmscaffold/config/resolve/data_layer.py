"""YAML and JSON files in a chain of ``_base_`` files."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.evaluate.copies import detached, parted
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.resolve.base_variables import fill_base_variables
from mmscaffold.config.resolve.bases import listed_names
from mmscaffold.config.resolve.data_files import ParsedData, data_values
from mmscaffold.config.resolve.merge import dicts_with_delete
from mmscaffold.config.text.source import Source


class DataLayer:
    """A YAML or JSON config."""

    def __init__(self, source: Source) -> None:
        self.parsed = ParsedData(source)
        self._values = data_values(self.parsed)
        self._origin = self._values.origins.get("_base_")
        self._bases = self._values.pop("_base_", [])

    def base_names(self) -> list[tuple[str, Any]]:
        """What it lists in ``_base_``, each with the node that names it."""
        return listed_names(self._bases, self._origin or Origin(self.parsed, self.parsed.root))

    def shared(self, base: CfgDict) -> frozenset[int]:
        """The dicts with ``_delete_`` that it may share with its bases."""
        return dicts_with_delete(base) if self.parsed.has_base_variables else frozenset()

    def run(
        self, base: CfgDict, missing: Unknown | None, *, apart: bool = False
    ) -> tuple[CfgDict, CfgDict]:
        """What the file sets, and its bases, which it cannot edit; see ``Layer``."""
        values = parted(self._values) if apart else self._values
        if self.parsed.has_base_variables:
            if dicts_with_delete(base):
                # The merge will change what the file then shares with its bases.
                base = detached(base)
            fill_base_variables(values, base, missing, str(self.parsed.path))
        return values, base
