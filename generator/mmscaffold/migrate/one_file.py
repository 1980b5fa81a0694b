"""One file that a migration meets under several names: a symbolic or a hard link."""

from __future__ import annotations

from collections.abc import Iterable

from mmscaffold.config.errors import ConfigError
from mmscaffold.migrate.plan import FilePlan


def contradictions(plans: Iterable[FilePlan]) -> list[tuple[FilePlan, ConfigError]]:
    """The plans that would write a file differently than another name of it needs.

    A relative base is looked up from where a name lies, so the names of one file may resolve
    to different configs, and what is right for one may be wrong for the other. Plans
    that agree are written once.

    Args:
        plans: All plans of a run, also those that leave their file as it is.

    Returns:
        Each plan that takes part in a contradiction, with the error that says so.
    """
    groups: dict[tuple[int, int], list[FilePlan]] = {}
    for plan in plans:
        try:
            status = plan.path.stat()
        except OSError:
            # From standard input, or gone: to be found when it is written.
            continue
        groups.setdefault((status.st_dev, status.st_ino), []).append(plan)
    found = []
    for group in groups.values():
        if len({plan.after for plan in group}) > 1:
            for plan in group:
                other = next(one for one in group if one is not plan)
                found.append((plan, _error(plan, other)))
    return found


def _error(plan: FilePlan, other: FilePlan) -> ConfigError:
    return ConfigError(
        f"is the same file as {other.path}, and the two would need different edits, because "
        "each resolves from where it lies",
        where=str(plan.path),
        hint="Make one of them a copy, or a config that inherits from the other.",
    )
