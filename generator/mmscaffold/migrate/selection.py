"""Which config files a run migrates, and in which order."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.config.errors import ConfigError, NotAConfigError
from mmscaffold.config.files import config_files
from mmscaffold.config.resolved import ResolvedConfig
from mmscaffold.config.resolver import Resolver
from mmscaffold.config.source import ParsedSource
from mmscaffold.config.style import Style
from mmscaffold.config.values import Unknown


@dataclass(frozen=True)
class Selected:
    """One config to migrate.

    Attributes:
        config: The config as it resolves now.
        named: Whether the user named the file itself, not a folder above it.
    """

    config: ResolvedConfig
    named: bool


@dataclass(frozen=True)
class Selection:
    """What a run covers.

    Attributes:
        configs: The configs, bases before the configs that inherit from them.
        skipped: Python files that are no configs, with the reason.
        failed: Configs that do not resolve, with the error.
    """

    configs: list[Selected]
    skipped: list[tuple[Path, str]]
    failed: list[tuple[Path, ConfigError]]


def select(paths: Iterable[Path], resolver: Resolver) -> Selection:
    """Resolve every config that is named, or lies in a folder that is.

    Raises:
        ConfigError: If a path does not exist, a folder holds no config file, or a named
            file does not resolve.
    """
    selection = Selection([], [], [])
    chosen: dict[Path, Selected] = {}
    for path in paths:
        absolute = Path(os.path.abspath(path))  # noqa: PTH100
        if absolute.is_dir():
            for file in config_files(absolute):
                if file not in chosen:
                    _add_from_folder(file, resolver, chosen, selection)
        else:
            chosen[absolute] = Selected(_resolve_classic(absolute, resolver), named=True)
    done: set[Path] = set()
    for file in chosen:
        _add_after_bases(file, chosen, resolver, done, selection.configs)
    return selection


def _add_from_folder(
    file: Path, resolver: Resolver, chosen: dict[Path, Selected], selection: Selection
) -> None:
    try:
        chosen[file] = Selected(_resolve_classic(file, resolver), named=False)
    except NotAConfigError as error:
        selection.skipped.append((file, error.message))
    except ConfigError as error:
        selection.failed.append((file, error))


def _resolve_classic(file: Path, resolver: Resolver) -> ResolvedConfig:
    config = resolver.resolve(file)
    if config.style is Style.PURE_PYTHON or not isinstance(config.parsed, ParsedSource):
        kind = "the pure-Python style" if config.style is Style.PURE_PYTHON else "YAML or JSON"
        raise NotAConfigError(
            f"is in {kind}, which is read but not migrated yet",
            where=str(file),
            hint="Only classic Python configs (_base_ = [...]) are migrated so far.",
        )
    missing = config.root.get("_base_")
    if isinstance(missing, Unknown):
        raise ConfigError(missing.reason, where=missing.where)
    return config


def _add_after_bases(
    file: Path,
    chosen: dict[Path, Selected],
    resolver: Resolver,
    done: set[Path],
    ordered: list[Selected],
) -> None:
    if file in done:
        return
    done.add(file)
    selected = chosen.get(file)
    config = selected.config if selected else resolver.resolve(file)
    for base in config.bases:
        _add_after_bases(base, chosen, resolver, done, ordered)
    if selected:
        ordered.append(selected)
