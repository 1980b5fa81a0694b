"""What is different between two states of a tree of configs, value by value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.config import ConfigError, Resolver
from mmscaffold.config.files import walk
from mmscaffold.config.resolve.tree import each_resolved
from mmscaffold.report.contents import Contents
from mmscaffold.report.planned import Fates, Planned, PlannedNote
from mmscaffold.report.thumbnail import Thumbnail, Thumbnails
from mmscaffold.report.values import NOWHERE, Values


@dataclass(frozen=True)
class ChangedConfig:
    """One config that is different.

    Attributes:
        file: Its number in ``Values.files``.
        pairs: The entries before and after of each value that is different; ``NOWHERE`` where
            there is none; and the text that says why, ``NOWHERE`` if there is nothing to say.
        before: Its schedule before.
        after: And after.
    """

    file: int
    pairs: tuple[tuple[int, int, int], ...]
    before: Thumbnail
    after: Thumbnail


@dataclass
class Comparison:
    """All that is different.

    Attributes:
        title: What is compared, for people.
        changed: The configs that are different.
        same: How many are not.
        added: The configs that were not there, by number.
        gone: Those that are no longer there, by number.
        failed: What could not be read before or after, or not be changed, with the error.
        diffs: Of a plan: the files that would be written, each with its lines before and after,
            as a unified diff.
        notes: Of a plan: what there is to tell, each with the number of its file.
    """

    title: str
    changed: list[ChangedConfig] = field(default_factory=list)
    same: int = 0
    added: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    failed: list[tuple[int, str]] = field(default_factory=list)
    diffs: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[int, PlannedNote]] = field(default_factory=list)


def compare_with_tree(contents: Contents, old: Path) -> Comparison:
    """Compare the configs of a page with those of the same names in an older tree.

    Args:
        contents: The page.
        old: The folder that stands for ``contents.root``; or a file, for a single config.

    Raises:
        ConfigError: If there are no configs.
    """
    comparison = Comparison(f"Changes since {old}")
    files = walk([old]).configs
    if not files:
        raise ConfigError("no configs here", where=str(old))
    values = contents.values
    root = old.absolute()
    if old.is_dir():
        twins = {contents.root / path.relative_to(root): path for path in files}
    else:
        twins = {values.files[one.file]: root for one in contents.configs[:1]}
    olds = _read(values, files, Resolver(), comparison)
    for one in contents.configs:
        twin = twins.pop(values.files[one.file], None)
        if twin is None:
            comparison.added.append(one.file)
        elif twin in olds:
            _compare(comparison, values, one.file, olds[twin], (one.entries, one.thumbnail))
    unread = {file for file, _ in contents.failed}
    # What could not be read then and cannot be read now is told once.
    known = {twins[path] for path in twins if values.file(path) in unread}
    comparison.failed = [
        (file, text) for file, text in comparison.failed if values.files[file] not in known
    ]
    comparison.gone = [
        values.file(path) for new, path in twins.items() if values.file(new) not in unread
    ]
    return comparison


def compare_with_plan(contents: Contents, planned: Planned) -> Comparison:
    """Compare the configs of a page with what is planned for them.

    Args:
        contents: The page.
        planned: What would be written, and what there is to tell.
    """
    values = contents.values
    comparison = Comparison(planned.title)
    comparison.failed = [(values.file(path), contents.here(text)) for path, text in planned.failed]
    files = [values.files[one.file] for one in contents.configs]
    news = _read(values, sorted(files), Resolver(planned.contents), comparison)
    for one in contents.configs:
        path = values.files[one.file]
        if path in news:
            old = (one.entries, one.thumbnail)
            fates = planned.fates.get(path, Fates())
            _compare(comparison, values, one.file, old, news[path], fates)
    comparison.diffs = [
        (values.file(file.path), file.diff(contents.root)) for file in planned.files if file.edited
    ]
    comparison.notes = [(values.file(note.path), note) for note in planned.notes]
    return comparison


_Read = tuple[tuple[int, ...], Thumbnail]


def _read(
    values: Values, files: Sequence[Path], resolver: Resolver, comparison: Comparison
) -> dict[Path, _Read]:
    found: dict[Path, _Read] = {}
    thumbnails = Thumbnails()
    for path, config in each_resolved(files, resolver):
        if isinstance(config, ConfigError):
            comparison.failed.append((values.file(path), str(config)))
        else:
            found[path] = (tuple(values.of(config.root)), thumbnails.of(config.root))
    return found


def _compare(
    comparison: Comparison,
    values: Values,
    file: int,
    old: _Read,
    new: _Read,
    fates: Fates | None = None,
) -> None:
    before, after = ({values.keys[values.entries[n][0]]: n for n in one[0]} for one in (old, new))
    pairs = [*_pairs(values, before, after, fates or Fates())]
    if pairs:
        comparison.changed.append(ChangedConfig(file, tuple(pairs), old[1], new[1]))
    else:
        comparison.same += 1


def _pairs(
    values: Values, before: dict[str, int], after: dict[str, int], fates: Fates
) -> Iterator[tuple[int, int, int]]:
    """The values that are different: first what is there now, then what is gone."""
    sources: dict[str, int] = {}
    gone = []
    for key, number in before.items():
        if key in after:
            continue
        targets = [one for one in fates.of(key) if one in after and one not in before]
        for target in targets:
            sources.setdefault(target, number)
        if not targets:
            gone.append((key, number))
    for key, number in after.items():
        old = before.get(key, sources.get(key, NOWHERE))
        same_key = key in before
        if not same_key or values.entries[old][1] != values.entries[number][1]:
            yield old, number, NOWHERE
    for key, number in gone:
        reason = fates.reason(key)
        yield number, NOWHERE, values.text(reason) if reason else NOWHERE
