"""What the command line does to whole configs, as edits that the editor previews and undoes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.errors import MmscaffoldError
from mmscaffold.facts.units import Unit
from mmscaffold.lsp.edits import edits_of_plan, workspace_edit
from mmscaffold.lsp.feature import Choice, Later, Outcome, Question
from mmscaffold.lsp.session import Session
from mmscaffold.project.table import find_table
from mmscaffold.schedule.legacy import legacy_keys
from mmscaffold.schedule.training_length import TrainingLength, training_length

if TYPE_CHECKING:
    from mmscaffold.migrate.plan import MigrationPlan

Arguments = Mapping[str, Any]
_Buffers = Mapping[Path, bytes]
_USUAL_EPOCHS = (12, 24, 36, 50, 100, 300)
_USUAL_TIMES = (0.5, 2, 3)
_MOST_NOTES = 5


@dataclass(frozen=True)
class Operation:
    """One thing that can be done with a config.

    Attributes:
        command: Its name in the protocol; its argument is an object with ``uri``.
        offer: Its title for a config, or ``None`` where it makes no sense.
        ask: What it must be told, and is not, as a question; ``None`` where it has all it needs.
        plan: Plans it: the config's path, what was told, the contents of open documents.
        label: What undoing it is called, for what was told.
    """

    command: str
    offer: Callable[[Session, ResolvedConfig], str | None]
    ask: Callable[[ResolvedConfig, Arguments], Question | None]
    plan: Callable[[Path, Arguments, _Buffers], MigrationPlan]
    label: Callable[[Arguments], str]

    def run(self, session: Session, arguments: list[Any]) -> Outcome | Later:
        """Do it.

        Args:
            session: The session.
            arguments: One object with ``uri``, and what else was told.

        Raises:
            MmscaffoldError: If the document is no config, or it cannot be done.
        """
        told = arguments[0] if arguments else None
        if isinstance(told, str):
            told = {"uri": told}
        if not isinstance(told, dict) or not isinstance(told.get("uri"), str):
            raise MmscaffoldError(f"{self.command} takes an object with the uri of a config")
        path = session.config_path(told["uri"])
        if path is None:
            raise MmscaffoldError(f"{told['uri']} is not a config")
        question = self.ask(session.resolve(path), told)
        if question is not None:
            return Outcome(question=question)
        buffers, documents = dict(session.buffers), dict(session.documents)
        capabilities, encoding = session.capabilities, session.encoding

        def plan() -> Outcome:
            planned = self.plan(path, told, buffers)
            notes = [note for file in planned.files for note in file.notes]
            notes += [str(error) for _, error in planned.failed]
            if not planned.edited:
                return Outcome(
                    {"edited": 0}, message=_message("there is nothing to change", notes)
                )
            label = self.label(told)
            edits = edits_of_plan(planned.edited, documents, encoding)
            return Outcome(
                {"edited": len(edits), "notes": notes},
                edit=workspace_edit(edits, capabilities, preview=label),
                label=label,
                message=_message("", notes) if notes else None,
            )

        return Later(plan)


def _message(first: str, notes: list[str]) -> str:
    lines = [*([first] if first else []), *notes[:_MOST_NOTES]]
    if len(notes) > _MOST_NOTES:
        lines.append(f"... and {len(notes) - _MOST_NOTES} more notes")
    return "\n".join(lines)


def _nothing_to_ask(config: ResolvedConfig, told: Arguments) -> None:
    return None


# Another training length


def _offer_length(session: Session, config: ResolvedConfig) -> str | None:
    length = training_length(config.root)
    if length is None:
        return None
    return f"Change the training length ({length.maximum} {length.unit.value})..."


def _ask_length(config: ResolvedConfig, told: Arguments) -> Question | None:
    if "maxEpochs" in told or "maxIters" in told:
        return None
    length = training_length(config.root)
    if length is None:
        raise ConfigError("sets no training length", where=str(config.path))
    key = "maxEpochs" if length.unit is Unit.EPOCHS else "maxIters"
    return Question(
        f"Train how long? Now it is {length.maximum} {length.unit.value}.",
        tuple(
            Choice(f"{maximum} {length.unit.value}", {**told, key: maximum})
            for maximum in _usual(length)
        ),
    )


def _usual(length: TrainingLength) -> list[int]:
    usual = {int(length.maximum * times) for times in _USUAL_TIMES}
    if length.unit is Unit.EPOCHS:
        usual.update(_USUAL_EPOCHS)
    return sorted(usual - {0, length.maximum})


def _plan_length(path: Path, told: Arguments, buffers: _Buffers) -> MigrationPlan:
    from mmscaffold.migrate import plan_migration
    from mmscaffold.migrate.task import NewLength, Step, Task

    unit, key = (
        (Unit.EPOCHS, "maxEpochs") if "maxEpochs" in told else (Unit.ITERATIONS, "maxIters")
    )
    length = NewLength(unit, _positive(told, key) or 1)
    task = Task(None, length, frozenset({Step.LENGTH}))
    return plan_migration([path], task, overlay=buffers)


def _positive(told: Arguments, key: str) -> int | None:
    value = told.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise MmscaffoldError(f"{key} = {value!r} must be a number from 1")
    return value


# The other unit


def _offer_unit(session: Session, config: ResolvedConfig) -> str | None:
    length = training_length(config.root)
    if length is None:
        return None
    other = Unit.ITERATIONS if length.unit is Unit.EPOCHS else Unit.EPOCHS
    return f"Train in {other.value} instead of {length.unit.value}"


def _plan_unit(path: Path, told: Arguments, buffers: _Buffers) -> MigrationPlan:
    from mmscaffold.config.resolve.resolver import Resolver
    from mmscaffold.migrate import plan_migration
    from mmscaffold.migrate.task import NewUnit, Step, Task

    length = training_length(Resolver(buffers).resolve(path).root)
    to = told.get("to")
    if to not in (None, "iters", "epochs"):
        raise MmscaffoldError(f"to = {to!r} must be 'iters' or 'epochs'")
    if to is None:
        to = "iters" if length is None or length.unit is Unit.EPOCHS else "epochs"
    unit = NewUnit(
        Unit.ITERATIONS if to == "iters" else Unit.EPOCHS,
        _positive(told, "itersPerEpoch"),
        _positive(told, "datasetSize"),
        _positive(told, "batchSize"),
    )
    task = Task(None, unit, frozenset({Step.LENGTH}))
    return plan_migration([path], task, overlay=buffers)


# Onto a project


def _offer_migration(session: Session, config: ResolvedConfig) -> str | None:
    try:
        table = find_table(config.path)
    except MmscaffoldError:
        return None
    if table is None or "package" not in table.values or legacy_keys(config.root):
        return None
    return f"Migrate onto the classes of {table.values['package']}"


def _plan_migration(path: Path, told: Arguments, buffers: _Buffers) -> MigrationPlan:
    from mmscaffold.migrate import plan_migration
    from mmscaffold.migrate.task import Task
    from mmscaffold.project import find_project

    return plan_migration([path], Task(find_project([path.parent]).class_map), overlay=buffers)


# To 3.x


def _offer_upgrade(session: Session, config: ResolvedConfig) -> str | None:
    return "Upgrade to MMDetection 3.x" if legacy_keys(config.root) else None


def _plan_upgrade(path: Path, told: Arguments, buffers: _Buffers) -> MigrationPlan:
    from mmscaffold.upgrade.planner import plan_upgrade

    return plan_upgrade([path], overlay=buffers).edits


def _label_length(told: Arguments) -> str:
    if "maxEpochs" in told:
        return f"Train {told['maxEpochs']} epochs"
    return f"Train {told.get('maxIters')} iterations"


OPERATIONS = (
    Operation("mmscaffold.changeLength", _offer_length, _ask_length, _plan_length, _label_length),
    Operation(
        "mmscaffold.convertUnit",
        _offer_unit,
        _nothing_to_ask,
        _plan_unit,
        lambda told: "Train in the other unit",
    ),
    Operation(
        "mmscaffold.migrate",
        _offer_migration,
        _nothing_to_ask,
        _plan_migration,
        lambda told: "Migrate onto the project",
    ),
    Operation(
        "mmscaffold.upgrade",
        _offer_upgrade,
        _nothing_to_ask,
        _plan_upgrade,
        lambda told: "Upgrade to MMDetection 3.x",
    ),
)
