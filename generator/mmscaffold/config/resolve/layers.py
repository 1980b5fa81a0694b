"""One file of a chain of ``_base_`` files: what it names as bases, and what it sets."""

from __future__ import annotations

import ast
import re
from typing import Any, Protocol

from mmscaffold.config.evaluate.budget import check_size
from mmscaffold.config.evaluate.statements import run_config
from mmscaffold.config.evaluate.values import (
    BaseDict,
    CfgDict,
    IncompleteBase,
    Unknown,
    detached,
    shallow_copy,
)
from mmscaffold.config.resolve.bases import base_names
from mmscaffold.config.resolve.merge import BaseVariables
from mmscaffold.config.text.placeholders import parse_classic
from mmscaffold.config.text.source import ParsedFile, ParsedSource, Source

DATA_SUFFIXES = frozenset({".json", ".yaml", ".yml"})
# The name, not a folder of that name in a path, nor a placeholder. It spares most files a
# walk of their tree.
_BASE_NAME = re.compile(r"(?<![/\w])(?<!\{\{)(?<!\{\{ )_base_(?![/\w])")


class Layer(Protocol):
    """A config file that inherits by ``_base_``."""

    @property
    def parsed(self) -> ParsedFile:
        """The file."""

    def base_names(self) -> list[tuple[str, Any]]:
        """What it lists in ``_base_``, each with the node that names it."""

    def run(self, base: CfgDict, missing: Unknown | None) -> tuple[CfgDict, CfgDict]:
        """Evaluate the file.

        Args:
            base: Its bases, joined.
            missing: What is unknown of them, if one could not be found.

        Returns:
            What it sets, and its bases after its own edits of ``_base_``.
        """


class ClassicLayer:
    """A classic Python config."""

    def __init__(self, source: Source) -> None:
        self.parsed: ParsedSource
        self.parsed, self._has_base_variables = parse_classic(source)
        self._reads_base = _reads_base(self.parsed)
        self._own: CfgDict | None = None

    def base_names(self) -> list[tuple[str, Any]]:
        """What it lists in ``_base_``, each with the node that names it."""
        return list(base_names(self.parsed))

    def run(self, base: CfgDict, missing: Unknown | None) -> tuple[CfgDict, CfgDict]:
        """Evaluate the file; see ``Layer``."""
        where = str(self.parsed.path)
        reads_base = self._reads_base
        if not (reads_base or self._has_base_variables or missing):
            # What it sets is the same over any base: evaluated once, and shared.
            if self._own is None:
                self._own = run_config(self.parsed, BaseDict())
            own: CfgDict = shallow_copy(self._own)
            return own, base
        if reads_base:
            base = detached(base)
        if missing is not None:
            base = IncompleteBase(base, missing)
        own = run_config(self.parsed, base if isinstance(base, BaseDict) else BaseDict())
        if reads_base:
            # It may have stored a base in itself.
            check_size(base, where)
        if self._has_base_variables:
            fill_base_variables(own, base, missing, where)
        return own, base


def fill_base_variables(own: CfgDict, base: CfgDict, missing: Unknown | None, where: str) -> None:
    """Replace ``{{_base_.x}}`` in what a file sets by the values of its bases.

    Raises:
        ConfigError: If no base sets one of them.
    """
    variables = BaseVariables(base, where, missing)
    for key in list(own):
        own[key], slot = variables.fill(own[key], own.slots.get(key))
        if slot is not None:
            own.slots[key] = slot
    check_size(own, where)


def _reads_base(parsed: ParsedSource) -> bool:
    """Whether the file uses ``_base_`` beyond setting it."""
    text = parsed.source.text
    if text.count("_base_") < 2 or len(_BASE_NAME.findall(text)) < 2:
        return False
    return any(
        isinstance(node, ast.Name) and node.id == "_base_" and isinstance(node.ctx, ast.Load)
        for node in ast.walk(parsed.tree)
    )
