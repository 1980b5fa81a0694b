"""What is proven of an upgrade as a whole, beyond each file's coming out as planned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mmscaffold.config.change import first_difference
from mmscaffold.config.edit.comments import lost_comments
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.key_path import format_key_path
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.migrate.plan import FilePlan
from mmscaffold.upgrade.goal import UpgradeGoal

_REPORT = "This is a fault of mmscaffold; please report it with the config."


def prove_ledger(config: ResolvedConfig, goal: UpgradeGoal) -> None:
    """See that some rule says of each old value what became of it.

    Raises:
        ConfigError: If none does.
    """
    if goal.unaccounted:
        keys = ", ".join(format_key_path(path) for path in goal.unaccounted[:3])
        raise ConfigError(
            f"no rule says what becomes of {keys} [UP999]", where=str(config.path), hint=_REPORT
        )


def prove_comments(plan: FilePlan) -> None:
    """See that every comment of the old file is in the new one.

    Raises:
        ConfigError: If one is not.
    """
    for line, text in lost_comments(plan.path, plan.before, plan.after):
        raise ConfigError(
            f"this comment would be lost: {text} [UP999]",
            where=f"{plan.path}:{line}",
            hint=_REPORT,
        )


def prove_others(
    others: Iterable[Path], before: Resolver, after: Resolver, edited: Mapping[Path, FilePlan]
) -> dict[Path, ConfigError]:
    """See that what inherits from an upgraded file and is 3.x itself stays as it was.

    Args:
        others: Configs that are not upgraded.
        before: Resolves the files as they are.
        after: Resolves them as planned.
        edited: The files that will be written.

    Returns:
        The error of each that does not.
    """
    errors = {}
    for path in others:
        config = before.resolve(path)
        if edited.keys().isdisjoint(config.files[1:]):
            continue
        try:
            found = first_difference(after.resolve(path).root, config.root)
        except ConfigError as error:
            errors[path] = error
            continue
        if found is not None:
            base = next(file for file in config.files[1:] if file in edited)
            errors[path] = ConfigError(
                f"is 3.x and inherits from {base}, which is 2.x: its {format_key_path(found)} "
                "would change",
                where=str(path),
                hint="Have it inherit from a config of 3.x first.",
            )
    return errors
