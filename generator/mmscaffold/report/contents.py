"""What the page holds: the configs, their values and pictures, and what was found in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.check.diagnostic import file_lines
from mmscaffold.check.engine import check_paths
from mmscaffold.check.report import Finding, Report
from mmscaffold.check.settings import Settings
from mmscaffold.config import ConfigError, Resolver
from mmscaffold.config.files import walk
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.tree import each_resolved
from mmscaffold.report.summary import Summary, summary_of
from mmscaffold.report.thumbnail import Thumbnail, Thumbnails
from mmscaffold.report.values import Values

_AROUND = 2  # lines of an excerpt before and behind the place
_LONGEST = 300  # characters of a line
_MANY = 200  # configs, from which on another process is worthwhile

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ConfigEntry:
    """One config.

    Attributes:
        file: Its number in ``Values.files``.
        summary: What it trains.
        entries: Its values: numbers in ``Values.entries``.
        thumbnail: Its schedule.
    """

    file: int
    summary: Summary
    entries: tuple[int, ...]
    thumbnail: Thumbnail


@dataclass(frozen=True)
class FoundEntry:
    """One finding.

    Attributes:
        rule: Id and name of the rule.
        severity: How serious it is.
        message: What is wrong.
        hint: What to do.
        file: The number of the file.
        line: From 1.
        first: The number of the first line of the excerpt.
        excerpt: The lines around it.
        seen_in: The numbers of the files that show it.
    """

    rule: tuple[str, str]
    severity: str
    message: str
    hint: str
    file: int
    line: int
    first: int
    excerpt: tuple[str, ...]
    seen_in: tuple[int, ...]


@dataclass
class Contents:
    """All of the page.

    Attributes:
        root: The folder that names of files are relative to.
        values: The tables.
        configs: The configs, in order.
        bases: For each file that was read, by number, what it directly inherits from.
        found: The findings.
        failed: Files that could not be read, with the error.
    """

    root: Path
    values: Values = field(default_factory=Values)
    configs: list[ConfigEntry] = field(default_factory=list)
    bases: dict[int, tuple[int, ...]] = field(default_factory=dict)
    found: list[FoundEntry] = field(default_factory=list)
    failed: list[tuple[int, str]] = field(default_factory=list)

    def here(self, text: str) -> str:
        """A message, with names of files from the folder that is shown."""
        return text.replace(f"{self.root}{os.sep}", "")


def gather(
    paths: Sequence[Path], settings: Settings, progress: Progress | None = None
) -> Contents:
    """Read configs, and check them.

    Args:
        paths: Files and folders.
        settings: Which rules run, and where.
        progress: Told how many configs were read, of how many.

    Raises:
        ConfigError: If there is no config, or one that was named cannot be read.
    """
    walked = walk(paths)
    files, named = walked.configs, walked.named
    if not files:
        raise ConfigError("no configs here", where=", ".join(map(str, paths)))
    # An older tree is compared from its folder on, however deep its configs lie.
    is_tree = len(paths) == 1 and paths[0].is_dir()
    contents = Contents(Path(os.path.abspath(paths[0])) if is_tree else _common_folder(files))  # noqa: PTH100
    tell = progress or (lambda done, total: None)
    checked = _start_check(paths, settings, len(files))
    resolver, thumbnails, here = Resolver(), Thumbnails(), set(files)
    for number, (path, config) in enumerate(each_resolved(files, resolver)):
        tell(number, len(files))
        if isinstance(config, ConfigError):
            if path in named:
                raise config
            text = contents.here(str(config))
            contents.failed.append((contents.values.file(path), text))
            continue
        _add(contents, config, thumbnails)
        for base in config.files:
            if base not in here:
                here.add(base)
                _add_base(contents, base, resolver)
    # What others are made of comes last.
    contents.configs.sort(key=lambda one: not one.summary.model)
    report = checked.result()
    contents.found = [_found(contents, one) for one in report.findings]
    return contents


def _start_check(paths: Sequence[Path], settings: Settings, number: int) -> Future[Report]:
    """Run the rules; over many configs, in another process meanwhile."""
    if number < _MANY:
        done: Future[Report] = Future()
        done.set_result(check_paths(paths, settings))
        return done
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(1)
    started = pool.submit(check_paths, paths, settings)
    pool.shutdown(wait=False)
    return started


def _add_base(contents: Contents, path: Path, resolver: Resolver) -> None:
    """Add what a file inherits from that lies elsewhere, and is no config of the page."""
    values = contents.values
    try:
        bases = resolver.resolve(path).bases
    except ConfigError:
        # Alone it may be none.
        bases = ()
    contents.bases[values.file(path)] = tuple(values.file(one) for one in bases)


def _add(contents: Contents, config: ResolvedConfig, thumbnails: Thumbnails) -> None:
    values = contents.values
    file = values.file(config.path)
    contents.bases[file] = tuple(values.file(base) for base in config.bases)
    contents.configs.append(
        ConfigEntry(
            file,
            summary_of(config.root),
            tuple(values.of(config.root)),
            thumbnails.of(config.root),
        )
    )


def _found(contents: Contents, finding: Finding) -> FoundEntry:
    place, values = finding.diagnostic.place, contents.values
    lines = file_lines(place.path)
    first = max(place.line - _AROUND, 1)
    last = min(place.line + _AROUND, len(lines))
    excerpt = tuple(line.decode("utf-8", "replace")[:_LONGEST] for line in lines[first - 1 : last])
    return FoundEntry(
        (finding.rule.id, finding.rule.name),
        finding.rule.severity.value,
        contents.here(finding.diagnostic.message),
        contents.here(finding.diagnostic.hint),
        values.file(place.path),
        place.line,
        first,
        excerpt,
        tuple(values.file(path) for path in finding.seen_in),
    )


def _common_folder(files: Sequence[Path]) -> Path:
    """The deepest folder that holds all of some files."""
    first, *others = [file.parents for file in files]
    shared = [folder for folder in first if all(folder in other for other in others)]
    return shared[0] if shared else files[0].parent
