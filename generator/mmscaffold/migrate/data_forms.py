"""How a change is written into a YAML or JSON config."""

from __future__ import annotations

from typing import Any

import yaml

from mmscaffold.config.change import changed_items, first_difference, removed_keys
from mmscaffold.config.edit.data import (
    append_key,
    remove_key,
    replace_alias,
    replace_node,
    set_key,
)
from mmscaffold.config.edit.data_lists import resize
from mmscaffold.config.edit.spans import Edit, apply_edits
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.config.resolve.data_files import ParsedData
from mmscaffold.config.resolve.merge import DELETE
from mmscaffold.config.resolve.resolved import ResolvedConfig


class DataWriter:
    """Collects the edits of one YAML or JSON file, key by key.

    Args:
        config: The file as it resolves now.
        base: The joined top level of its bases.
    """

    def __init__(self, config: ResolvedConfig, base: dict[str, Any]) -> None:
        assert isinstance(config.parsed, ParsedData)
        self._config = config
        self._parsed = config.parsed
        self._base = base
        self._edits: list[Edit] = []

    def result(self) -> bytes:
        """The file's bytes with everything written so far."""
        # An alias has its value changed where the anchor stands, and so has the next.
        return apply_edits(self._parsed.source, dict.fromkeys(self._edits))

    def write(self, key: str, wanted: Any) -> None:
        """Write ``wanted`` where the file sets ``key``, or add the key at the end."""
        own = self._config.own
        new = _own_value(own.get(key), wanted, self._base.get(key))
        if key in own:
            self._edits += self._change(own, key, own[key], new)
        else:
            self._edits.append(append_key(self._parsed, key, new))

    def override(self, key: str, wanted: Any) -> None:
        """Rewrite the whole value of ``key``."""
        new = _own_value(None, wanted, self._base.get(key))
        node = self._node(self._config.own, key)
        if node is None:
            self._edits.append(append_key(self._parsed, key, new))
            return
        alias = replace_alias(self._parsed, self._parsed.root, key, new)
        self._edits.append(alias or replace_node(self._parsed, node, new))

    def drop(self, key: str) -> None:
        """Refuse: a merge takes no key away.

        Raises:
            ConfigError: Always.
        """
        raise ConfigError(f"{key} of its bases", where=str(self._config.path))

    def write_in_place(self, key: str, wanted: Any) -> bool:
        """Change what the file itself writes for ``key``; add nothing to it.

        Returns:
            Whether that was possible.
        """
        own = self._config.own.get(key)
        if not isinstance(own, CfgDict):
            return False
        new = _own_value(own, wanted, self._base.get(key))
        if not isinstance(new, dict) or new.keys() != own.keys():
            return False
        self._edits += self._change(self._config.own, key, own, new)
        return True

    def _change(self, container: Any, key: Any, old: Any, new: Any) -> list[Edit]:
        """The edits that give one written value another one."""
        node = self._node(container, key)
        assert node is not None
        if _are_lists(old, new) and len(old) and len(new):
            common = min(len(old), len(new))
            edits = []
            for index, value in changed_items(old[:common], new[:common]).items():
                edits += self._change(old, index, old[index], value)
            if len(old) == len(new):
                return edits
            try:
                return edits + resize(self._parsed, node, common, new[common:])
            except ConfigError:
                return [replace_node(self._parsed, node, new)]
        if not (isinstance(old, CfgDict) and isinstance(new, dict) and old):
            return [replace_node(self._parsed, node, new)]
        gone = removed_keys(old, new)
        if len(gone) == len(old):
            return [replace_node(self._parsed, node, new)]
        edits = []
        for name, value in changed_items(old, new).items():
            if name in old:
                edits += self._change(old, name, old[name], value)
            else:
                edits.append(set_key(self._parsed, node, name, value))
        return edits + [remove_key(self._parsed, node, name) for name in gone]

    def _node(self, container: Any, key: Any) -> yaml.Node | None:
        origin = origin_of(container, key)
        if origin is None or origin.parsed is not self._parsed:
            return None
        return origin.node  # type: ignore[return-value]


def _are_lists(old: Any, new: Any) -> bool:
    """Whether both are lists, or both tuples."""
    return (isinstance(old, CfgList) and isinstance(new, list)) or (
        isinstance(old, CfgTuple) and isinstance(new, tuple)
    )


def _own_value(own: Any, wanted: Any, below: Any) -> Any:
    """What a file must write so that, merged over its bases, it gives what is wanted.

    Args:
        own: What it writes now, whose keys stay.
        wanted: What it must resolve to.
        below: What the bases have in its place.
    """
    if not isinstance(wanted, dict) or not isinstance(below, dict):
        return wanted
    if any(name not in wanted for name in below) or (isinstance(own, dict) and DELETE in own):
        return {DELETE: True, **wanted}
    written = own if isinstance(own, dict) else {}
    return {
        name: _own_value(written.get(name), value, below.get(name))
        for name, value in wanted.items()
        if name in written or name not in below or first_difference(below[name], value) is not None
    }
