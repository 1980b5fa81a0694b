"""Which files an upgrade must take along, and what is told of those that it cannot do without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mmscaffold.config.change import first_difference
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.migrate.selection import SelectedConfig
from mmscaffold.upgrade.generation import Generation, generation
from mmscaffold.upgrade.goal import upgrade_goal
from mmscaffold.upgrade.owners import owned


def old_ones(configs: Iterable[ResolvedConfig]) -> set[Path]:
    """The configs of 2.x, and the bases of such that show no generation themselves."""
    old: set[Path] = set()
    refused: set[Path] = set()
    for config in configs:
        shown = generation(config)
        if shown is Generation.OLD:
            old.update(config.files)
        elif shown is Generation.BOTH:
            # It is refused; its bases may be of 3.x.
            refused.add(config.path)
        elif not refused.isdisjoint(config.files):
            refused.add(config.path)
    return old | refused


def stays_as_it_is(config: ResolvedConfig, package: str | None) -> bool:
    """Whether a base that is not part of the run needs no upgrade.

    It is of 3.x already, or says nothing that has another name there, such as variables only.

    Args:
        config: The base.
        package: The import name of the package whose tables apply.
    """
    shown = generation(config)
    if shown is Generation.NEITHER:
        goal = owned(upgrade_goal(config, package).root, config.root)
        return first_difference(goal, config.root) is None
    return shown is Generation.NEW


class Members:
    """The configs of a run, each with the reason why it is one.

    Args:
        selection: The configs.
    """

    def __init__(self, selection: Iterable[SelectedConfig]) -> None:
        self._selection: Mapping[Path, SelectedConfig] = {
            one.config.path: one for one in selection
        }

    def told(self, path: Path, error: ConfigError) -> ConfigError:
        """An error of a config, with the reason why it is in the run at all, if nobody named it.

        Args:
            path: The config.
            error: Why it cannot be upgraded.
        """
        one = self._selection[path]
        if not one.is_heir:
            return error
        named = next(
            (
                base
                for base in one.config.files[1:]
                if base in self._selection and not self._selection[base].is_heir
            ),
            None,
        )
        if named is None:
            return error
        because = (
            f"It inherits from {named}, which this run upgrades, so it has to follow. "
            "To leave it alone, write the upgraded files elsewhere with --output."
        )
        hint = f"{error.hint} {because}" if error.hint else because
        return ConfigError(error.message, where=error.where, hint=hint)
