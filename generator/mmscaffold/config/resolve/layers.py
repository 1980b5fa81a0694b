"""One file of a chain of ``_base_`` files: what it names as bases, and what it sets."""

from __future__ import annotations

from typing import Any, Protocol

from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.evaluate.copies import detached, parted
from mmscaffold.config.evaluate.evaluation import BASE
from mmscaffold.config.evaluate.incomplete_base import IncompleteBase
from mmscaffold.config.evaluate.run import run_config
from mmscaffold.config.evaluate.values import Perhaps, Unknown, present
from mmscaffold.config.resolve.base_variables import fill_base_variables, left_in_bases
from mmscaffold.config.resolve.bases import base_names
from mmscaffold.config.resolve.merge import dicts_with_delete
from mmscaffold.config.text.placeholders import parse_classic
from mmscaffold.config.text.source import ParsedFile, ParsedSource, Source


class Layer(Protocol):
    """A config file that inherits by ``_base_``."""

    @property
    def parsed(self) -> ParsedFile:
        """The file."""

    def base_names(self) -> list[tuple[str, Any]]:
        """What it lists in ``_base_``, each with the node that names it."""

    def run(
        self, base: CfgDict, missing: Unknown | None, *, apart: bool = False
    ) -> tuple[CfgDict, CfgDict]:
        """Evaluate the file.

        Args:
            base: Its bases, joined.
            missing: What is unknown of them, if one could not be found.
            apart: Whether no container of what it sets may be in two places, or in a cache;
                but those that ``{{_base_.x}}`` names, which are in both in mmengine.

        Returns:
            What it sets, and its bases after its own edits of ``_base_``.
        """

    def shared(self, base: CfgDict) -> frozenset[int]:
        """The dicts with ``_delete_`` that the file may share with its bases; see ``merge``."""


class ClassicLayer:
    """A classic Python config."""

    def __init__(self, source: Source) -> None:
        self.parsed: ParsedSource
        self.parsed, self._has_base_variables = parse_classic(source)
        self._own: CfgDict | None = None

    def base_names(self) -> list[tuple[str, Any]]:
        """What it lists in ``_base_``, each with the node that names it."""
        return list(base_names(self.parsed))

    def shared(self, base: CfgDict) -> frozenset[int]:
        """The dicts with ``_delete_`` that it may share with its bases."""
        return dicts_with_delete(base) if self._has_base_variables else frozenset()

    def run(
        self, base: CfgDict, missing: Unknown | None, *, apart: bool = False
    ) -> tuple[CfgDict, CfgDict]:
        """Evaluate the file; see ``Layer``."""
        if self._has_base_variables and dicts_with_delete(base):
            # The merge will change what the file then shares with its bases.
            base = detached(base)
        perhaps = next((value for value in base.values() if isinstance(value, Perhaps)), None)
        if missing is not None:
            base = IncompleteBase.of(base, missing)
        elif self._own is not None and not apart:
            return self._own.copy(), base
        elif perhaps is not None:
            base = IncompleteBase.of(base, perhaps, is_open=False)
        own, edited = run_config(self.parsed, base)
        if apart:
            own = parted(own)
        if self._has_base_variables:
            edited = left_in_bases(edited, str(self.parsed.path)) if edited is not base else base
            # Code that is not evaluated may have given the bases any key.
            opened = missing or present(own.get(BASE))
            fill_base_variables(own, edited, opened, str(self.parsed.path))
        elif edited is base and missing is None and not apart:
            # It read nothing of its bases, and so sets the same over any: a migration, which
            # tries one base after the other, evaluates it once.
            self._own = own.copy()
        return own, edited
