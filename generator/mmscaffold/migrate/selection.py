"""Which config files a run migrates, and in which order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.config.errors import ConfigError, NotAConfigError, RefusedError
from mmscaffold.config.evaluate.values import Perhaps, Unknown
from mmscaffold.config.files import no_configs, walk
from mmscaffold.config.kind import is_training_script
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.text.source import ParsedSource, read_code, read_source
from mmscaffold.config.text.style import Style, style_of
from mmscaffold.schedule.legacy import REPLACEMENTS, legacy_keys

_INSTALL = "mmengine refuses this, too, without that package. Nothing of it is imported here."
_FEW_FILES = 20


@dataclass(frozen=True)
class SelectedConfig:
    """One config to migrate.

    Attributes:
        config: The config as it resolves now.
        named: Whether the user named the file itself, not a folder above it.
        is_heir: Whether the user named neither, but it inherits from what the user did name.
    """

    config: ResolvedConfig
    named: bool
    is_heir: bool = False


@dataclass(frozen=True)
class Selection:
    """What a run covers.

    Attributes:
        configs: The configs, bases before the configs that inherit from them.
        skipped: Files that are not configs, and folders that were not looked into, with the
            reason.
        failed: Configs that do not resolve, with the error.
    """

    configs: list[SelectedConfig]
    skipped: list[tuple[Path, str]]
    failed: list[tuple[Path, ConfigError]]


def select(
    paths: Iterable[Path],
    resolver: Resolver,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    keep_going: bool = False,
) -> Selection:
    """Resolve every config that is named, or lies in a folder that is.

    Args:
        paths: Config files, and folders of them.
        resolver: Resolves them.
        progress: Told how many files of a folder are done, and how many it has.
        keep_going: List a named file that does not resolve in ``failed``, as one of a folder:
            a shell makes names of ``configs/*.py``.

    Raises:
        ConfigError: If a path does not exist, or a folder holds no config file; if a named
            file does not resolve and ``keep_going`` is off.
    """
    selection = Selection([], [], [])
    chosen: dict[Path, SelectedConfig] = {}
    for path in paths:
        absolute = Path(os.path.abspath(path))  # noqa: PTH100
        if absolute.is_dir():
            files = walk([absolute])
            if not files.configs and not files.code:
                raise no_configs(absolute, files.told)
            selection.skipped.extend(
                (one.path, one.reason) for one in files.skipped if one.is_told
            )
            selection.failed.extend(files.unread)
            selection.skipped.extend((file, "Python code, not a config") for file in files.code)
            for index, file in enumerate(files.configs):
                progress(index, len(files.configs))
                if file not in chosen:
                    _add_from_folder(file, resolver, chosen, selection)
            continue
        try:
            chosen[absolute] = SelectedConfig(_resolve_named(absolute, resolver), named=True)
        except ConfigError as error:
            if not keep_going or not absolute.exists():
                raise
            selection.failed.append((absolute, error))
    selection.configs.extend(bases_first(chosen, resolver))
    return selection


def bases_first(chosen: Mapping[Path, SelectedConfig], resolver: Resolver) -> list[SelectedConfig]:
    """Order configs so that each comes after those it inherits from.

    Args:
        chosen: The configs by path.
        resolver: What resolved them.
    """
    ordered: list[SelectedConfig] = []
    done: set[Path] = set()
    for file in chosen:
        _add_after_bases(file, chosen, resolver, done, ordered)
    return ordered


def _add_from_folder(
    file: Path, resolver: Resolver, chosen: dict[Path, SelectedConfig], selection: Selection
) -> None:
    try:
        config = _resolve_whole(file, resolver)
        if config.style is Style.PURE_PYTHON and _runs_something(config):
            selection.skipped.append((file, "taken for a script: it sets nothing or has a main"))
        else:
            chosen[file] = SelectedConfig(config, named=False)
    except NotAConfigError as error:
        selection.skipped.append((file, error.message))
    except ConfigError as error:
        if error.where and _is_script(file):
            selection.skipped.append((file, f"taken for a script: {error.message}"))
        else:
            selection.failed.append((file, error))


def _runs_something(config: ResolvedConfig) -> bool:
    """Whether a file with foreign imports is a script that happens to resolve."""
    text = config.python.source.text
    return not config.root or ("__main__" in text and "read_base" not in text)


def _is_script(file: Path) -> bool:
    """Whether a file imports what configs do not, and inherits from none."""
    try:
        parsed = ParsedSource(read_source(file))
    except ConfigError:
        return False
    return style_of(parsed) is Style.PURE_PYTHON and "read_base" not in parsed.source.text


def _resolve_whole(file: Path, resolver: Resolver) -> ResolvedConfig:
    config = resolver.resolve(file)
    missing = config.root.get("_base_")
    if isinstance(missing, Unknown):
        if isinstance(missing, Perhaps):
            raise ConfigError(
                f"may set or change any key, by code that is not run here: {missing.reason}",
                where=missing.where,
                hint="Write what it sets as literals, then migrate again.",
            )
        raise RefusedError(missing.reason, where=missing.where, hint=_INSTALL)
    return config


def refuse_unsuitable(paths: Iterable[Path]) -> None:
    """Refuse what cannot be migrated whatever the project: scripts, and configs of 2.x.

    Args:
        paths: Config files, and folders of them, of which a few files are looked at.

    Raises:
        ConfigError: If a path is one, or a folder holds one.
    """
    resolver = Resolver()
    for path in paths:
        absolute = Path(os.path.abspath(path))  # noqa: PTH100
        files = walk([absolute]).configs[:_FEW_FILES] if absolute.is_dir() else [absolute]
        for file in files:
            try:
                config = (
                    _resolve_named(file, resolver)
                    if files == [absolute]
                    else resolver.resolve(file)
                )
            except NotAConfigError:
                raise
            except ConfigError:
                # Which is told once there is a project.
                continue
            refuse_legacy(config)


def refuse_legacy(config: ResolvedConfig) -> None:
    """Refuse a config of MMDetection 2.x.

    Raises:
        ConfigError: If it is one.
    """
    legacy = legacy_keys(config.root)
    if legacy:
        key = legacy[0]
        raise ConfigError(
            f"is an MMDetection 2.x config: a 3.x Runner ignores its {', '.join(legacy)}",
            where=config.origin(key).where,
            hint=f"Run mmscaffold upgrade {config.path.name} first: {key} became "
            f"{REPLACEMENTS[key]}.",
        )


def _resolve_named(file: Path, resolver: Resolver) -> ResolvedConfig:
    """Resolve a file that the user names.

    Raises:
        NotAConfigError: If it is a script.
        ConfigError: If it does not resolve.
    """
    if file.suffix == ".py" and file.is_file() and is_training_script(read_code(file)):
        raise NotAConfigError(
            "is a script that trains, not a config",
            where=str(file),
            hint="Name the config that it reads. A script that builds its Runner itself has none: "
            "write a config first, and start it with tools/train.py or Runner.from_cfg.",
        )
    return _resolve_whole(file, resolver)


def _add_after_bases(
    file: Path,
    chosen: Mapping[Path, SelectedConfig],
    resolver: Resolver,
    done: set[Path],
    ordered: list[SelectedConfig],
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
