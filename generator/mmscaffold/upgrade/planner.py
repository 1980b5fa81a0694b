"""Plan an upgrade: which configs there are to upgrade, and what becomes of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.resolve.tree import paused_collection
from mmscaffold.migrate.heirs import Heirs, find_heirs
from mmscaffold.migrate.one_file import contradictions
from mmscaffold.migrate.selection import SelectedConfig, bases_first, select
from mmscaffold.upgrade.package import AUTO, FIRST, detect_package
from mmscaffold.upgrade.plan import UpgradePlan
from mmscaffold.upgrade.scripts import refuse_script
from mmscaffold.upgrade.tree_upgrader import Options, Progress, TreeUpgrader


def plan_upgrade(
    paths: Iterable[Path],
    *,
    package: str | None = AUTO,
    options: Options | None = None,
    keep_going: bool = False,
    overlay: Mapping[Path, bytes] | None = None,
    progress: Progress | None = None,
    with_heirs: bool = True,
) -> UpgradePlan:
    """Plan how configs of 2.x become configs of 3.x; nothing is written.

    Args:
        paths: Config files, and folders of them.
        package: The import name of the package whose tables apply; ``None`` upgrades only what
            all packages on mmcv 1.x share; ``auto`` looks at the configs.
        options: What happens to bases and notes.
        keep_going: Plan what can be planned and list the rest in ``failed``.
        overlay: Contents that stand in for those on disk, by absolute path.
        progress: Called at every step with how many are done, and how many there are so far.
        with_heirs: Also upgrade the configs elsewhere in the project that inherit from one of
            these, and could not be read over it afterwards.

    Raises:
        ConfigError: If a file cannot be read or upgraded and ``keep_going`` is off; if a base
            was not named and is not to be upgraded, too.
    """
    paths = list(paths)
    for path in paths:
        refuse_script(path)
    show = progress or (lambda done, total: None)
    with paused_collection():
        before = Resolver(overlay)
        selection = select(
            paths, before, lambda done, total: show(done, 2 * total), keep_going=keep_going
        )
        if selection.failed and not keep_going:
            raise selection.failed[0][1]
        told = [path for path, _ in (*selection.failed, *selection.skipped)]
        chosen = {one.config.path: one for one in selection.configs}
        options = options or Options()
        if options.with_bases:
            _add_bases(chosen, before)
        heirs = Heirs()
        if with_heirs:
            heirs = _add_heirs(chosen, paths, before, told, with_bases=options.with_bases)
        if package == AUTO:
            package = detect_package(one.config.root for one in chosen.values()) or FIRST
        tree = TreeUpgrader(before, bases_first(chosen, before), package, options)
        tree.plan_all(show)
    errors = tree.errors
    if errors and not keep_going:
        raise next(iter(errors.values()))
    for _, error in contradictions(file.plan for file in tree.files):
        raise error
    return UpgradePlan(
        tuple(tree.files),
        tuple(tree.current),
        tuple(selection.skipped),
        (*selection.failed, *errors.items()),
        tuple(file.path for file in tree.files if file.path in heirs.configs),
        tuple(heirs.unread),
    )


def _add_heirs(
    chosen: dict[Path, SelectedConfig],
    paths: list[Path],
    resolver: Resolver,
    told: list[Path],
    *,
    with_bases: bool,
) -> Heirs:
    """Also choose what inherits from the chosen configs, and what that inherits from."""
    heirs = Heirs()
    while True:
        found = find_heirs(paths, chosen, resolver, told)
        heirs.configs.update(found.configs)
        heirs.unread = found.unread
        for path, config in found.configs.items():
            chosen[path] = SelectedConfig(config, named=False, is_heir=True)
        # Their other bases may have heirs of their own.
        if not found.configs or not with_bases:
            return heirs
        _add_bases(chosen, resolver)


def _add_bases(chosen: dict[Path, SelectedConfig], resolver: Resolver) -> None:
    for selected in list(chosen.values()):
        for base in selected.config.files[1:]:
            if base not in chosen:
                chosen[base] = SelectedConfig(resolver.resolve(base), named=False)
