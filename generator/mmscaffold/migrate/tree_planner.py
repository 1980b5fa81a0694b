"""Plan the configs of a run together: each sees the edits of its bases, and none is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mmscaffold.config.change import apply, first_difference
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.migrate.file_planner import FilePlanner
from mmscaffold.migrate.leaks import LeakError
from mmscaffold.migrate.plan import FilePlan
from mmscaffold.migrate.selection import SelectedConfig
from mmscaffold.migrate.task import Task


class TreePlanner:
    """Plans file after file; each plan sees those before it.

    Args:
        before: What resolved the configs.
        task: What to do.
        selection: The configs, bases before the configs that inherit from them.
        progress: Called at every step with how many are done, and how many there are so far.
    """

    def __init__(
        self,
        before: Resolver,
        task: Task,
        selection: list[SelectedConfig],
        progress: Callable[[int, int], None],
    ) -> None:
        self._before = before
        self._after = Resolver(below=before)
        self._selection = selection
        self._progress = progress
        inherited = {base for one in selection for base in one.config.files[1:]}
        self._files = FilePlanner(before, self._after, task, inherited)
        self._plans: dict[Path, FilePlan] = {}
        self._errors: dict[Path, ConfigError] = {}

    def plan_all(self) -> None:
        """Plan every file, bases first.

        Some bases' edits reach a config elsewhere than where they should (a detector that
        a tracker wraps), or one that cannot be migrated and cannot be kept as it was either.
        Those bases are left alone, and what inherits from them is planned anew.
        """
        pending = self._selection
        done = len(pending)
        while pending:
            reached: dict[Path, Path] = {}
            for selected in pending:
                self._progress(done, done + len(pending))
                done += 1
                guilty = self._plan(selected)
                reached.update(dict.fromkeys(guilty, selected.config.path))
            blocked = reached or self._not_as_planned()
            self._files.leave_alone(blocked)
            pending = [
                one for one in self._selection if not blocked.keys().isdisjoint(one.config.files)
            ]
            for selected in pending:
                self._forget(selected.config.path)

    def results(self) -> tuple[list[FilePlan], list[tuple[Path, ConfigError]]]:
        """The plans, and the configs that cannot be migrated with the error of each."""
        paths = [selected.config.path for selected in self._selection]
        return (
            [self._plans[path] for path in paths if path in self._plans],
            [(path, self._errors[path]) for path in paths if path in self._errors],
        )

    def _plan(self, selected: SelectedConfig) -> set[Path]:
        """Plan one file.

        Returns:
            The bases whose edits must not be made.
        """
        path = selected.config.path
        try:
            plan = self._files.plan(selected)
        except LeakError as error:
            return error.bases
        except ConfigError as error:
            return self._keep(selected, error)
        if plan is not None:
            self._plans[path] = plan
        return set()

    def _keep(self, selected: SelectedConfig, reason: ConfigError) -> set[Path]:
        """See that a config that cannot be migrated stays as it was, whatever its bases become.

        Returns:
            The bases whose edits must not be made, because it would change with them.
        """
        path = selected.config.path
        self._after.uncover(path)
        try:
            kept = self._files.keep(selected.config, reason)
        except ConfigError:
            self._after.uncover(path)
            return self._reaching(selected)
        if kept is not None:
            self._plans[path] = kept
        if not selected.is_heir:
            self._errors[path] = reason
        return set()

    def _reaching(self, selected: SelectedConfig) -> set[Path]:
        """The edited bases that change a config."""
        config = selected.config
        edited = [
            base for base in config.files[1:] if base in self._plans and self._plans[base].edited
        ]
        guilty = set()
        for base in edited:
            alone = Resolver({base: self._plans[base].after}, below=self._before)
            try:
                resolved = alone.resolve(config.path)
            except ConfigError:
                guilty.add(base)
                continue
            if first_difference(resolved.root, config.root) is not None:
                guilty.add(base)
        return guilty or set(edited)

    def _not_as_planned(self) -> dict[Path, Path]:
        """Resolve every config of the run once more.

        Returns:
            The edited bases of what does not come out as planned, each with one such config.
        """
        found: dict[Path, Path] = {}
        for selected in self._selection:
            config = selected.config
            plan = self._plans.get(config.path)
            wanted = apply(config.root, plan.changes) if plan is not None else config.root
            try:
                actual = self._after.resolve(config.path).root
            except ConfigError:
                pass
            else:
                if first_difference(actual, wanted) is None:
                    continue
            found.update(dict.fromkeys(self._reaching(selected), config.path))
        return found

    def _forget(self, path: Path) -> None:
        self._after.uncover(path)
        self._files.forget(path)
        self._plans.pop(path, None)
        self._errors.pop(path, None)
