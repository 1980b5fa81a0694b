"""Edit one config file until it resolves as wanted, over its bases as they are planned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmscaffold.config.change import changed_items, first_difference, removed_keys
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.key_path import format_key_path
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.facts.loops import LOOP_KEYS
from mmscaffold.facts.runner import KNOWN_KEYS
from mmscaffold.migrate.writers import ConfigWriter, writer_for

# What a migration adds to a file, in this order.
_WRITTEN_KEYS = (*LOOP_KEYS, "model", "custom_imports", "runner_type")
# What a base may write that names a class.
_FRAGMENT_KEYS = (*LOOP_KEYS, "model", "default_hooks")


class FileEditor:
    """Has the writer of a file's format make the edits, and resolves what comes of them.

    Args:
        after: Resolves the files as planned so far; what comes out as planned is laid over it.
        inherited: The files that others inherit from.
    """

    def __init__(self, after: Resolver, inherited: set[Path]) -> None:
        self._after = after
        self._inherited = inherited

    def write(
        self, config: ResolvedConfig, current: ResolvedConfig, wanted: dict[str, Any]
    ) -> bytes:
        """The bytes with which a file resolves as wanted, over its bases as they are by now.

        It is tried in place first; what does not come out as planned is overridden at the end of
        the file.

        Args:
            config: The config as it is.
            current: The same over its bases as planned so far.
            wanted: What it must resolve to.

        Raises:
            ConfigError: If no form of writing it comes out so.
        """
        changed = changed_items(current.root, wanted)
        base = self._joined_bases(current)
        differences: list[str] = []
        faults: list[str] = []
        for prefer_in_place in (True, False):
            writer = self._writer(current, base)
            try:
                for key, value in _in_order(changed, current).items():
                    if prefer_in_place:
                        writer.write(key, value)
                    else:
                        writer.override(key, value)
                for key in removed_keys(current.root, wanted):
                    writer.drop(key)
                raw = writer.result()
            except ConfigError as error:
                differences.append(error.message)
                continue
            try:
                difference = self._try(config.path, raw, wanted)
            except ConfigError as error:
                faults.append(error.message)
                continue
            if difference is None:
                return raw
            differences.append(difference)
        self._after.uncover(config.path)
        is_python = isinstance(config.parsed, ParsedSource)
        # An edit that breaks the file says less than the key that another edit got wrong.
        reason = (
            f"{differences[-1]} would not come out as planned"
            if differences
            else f"the edited file would not resolve: {faults[-1]}"
        )
        raise ConfigError(
            f"cannot be changed: {reason}",
            where=str(config.path),
            hint="Write that key as a plain dict(...) in this file, then try again."
            if is_python
            else "Write what must change as plain YAML or JSON in this file, without anchors, "
            "tags or merge keys, then try again.",
        )

    def change_in_place(
        self, config: ResolvedConfig, current: ResolvedConfig, changed: dict[str, Any]
    ) -> bytes:
        """The bytes with which a base names the classes wanted, where it writes them itself.

        The configs that inherit from it override what it cannot change.

        Args:
            config: The base as it is.
            current: The same over its own bases as planned so far.
            changed: The top-level keys that must change, with what they must be.

        Returns:
            Its bytes as they are if the edits do not come out as planned.
        """
        writer = self._writer(current, self._joined_bases(current) if changed else {})
        wanted = dict(current.root)
        for key in _FRAGMENT_KEYS:
            if key in changed and writer.write_in_place(key, changed[key]):
                wanted[key] = changed[key]
        raw, original = writer.result(), config.parsed.source.raw
        if raw == original:
            return raw
        try:
            if self._try(config.path, raw, wanted) is None:
                return raw
        except ConfigError:
            # It would not even resolve.
            pass
        self._after.uncover(config.path)
        return original

    def _try(self, path: Path, raw: bytes, wanted: dict[str, Any]) -> str | None:
        """Overlay new bytes; name what then does not resolve as wanted.

        Raises:
            ConfigError: If it does not resolve at all.
        """
        self._after.overlay(path, raw)
        return _difference(self._after.resolve(path), wanted)

    def _writer(self, config: ResolvedConfig, base: dict[str, Any]) -> ConfigWriter:
        return writer_for(config, base, inherited=config.path in self._inherited)

    def _joined_bases(self, config: ResolvedConfig) -> dict[str, Any]:
        joined: dict[str, Any] = {}
        for base in config.bases:
            joined.update(self._after.resolve(base).root)
        return joined


def _difference(config: ResolvedConfig, wanted: dict[str, Any]) -> str | None:
    found = first_difference(config.root, wanted)
    return None if found is None else format_key_path(found)


def _in_order(changed: dict[str, Any], config: ResolvedConfig) -> dict[str, Any]:
    """The keys to write: variables before what is made of them, and what is added in one order."""
    variables = [key for key in changed if key not in KNOWN_KEYS and key in config.own]
    first = [*variables, *(key for key in _WRITTEN_KEYS if key in changed)]
    return {key: changed[key] for key in dict.fromkeys([*first, *changed])}
