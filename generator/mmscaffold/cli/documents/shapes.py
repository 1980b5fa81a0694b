"""What each document holds, beside its head; paths are absolute, lines and columns from 1."""

from __future__ import annotations

import sys
from typing import Any

if sys.version_info >= (3, 12):
    from typing import TypedDict
else:
    # pydantic, which makes schemas of these, cannot read the one of older Pythons.
    from typing_extensions import TypedDict


class Finding(TypedDict):
    """What a rule of ``check`` found; its end is right after the last character."""

    rule: str
    name: str
    severity: str
    message: str
    hint: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    fixable: bool
    seen_in: list[str]


class NotUnderstood(TypedDict):
    """A file that could not be read."""

    path: str
    where: str | None
    message: str


class NotKnown(TypedDict):
    """A value that no rule could look at."""

    where: str
    message: str


class Skipped(TypedDict):
    """A file or folder that was not looked at."""

    path: str
    reason: str


class Failed(TypedDict):
    """A file that could not be changed."""

    path: str
    error: str


class Check(TypedDict):
    """``mmscaffold check --format json``.

    ``without_base`` names the configs with a base in a package that is not installed, and the
    package.
    """

    findings: list[Finding]
    configs: int
    code_files: int
    not_understood: list[NotUnderstood]
    not_known: list[NotKnown]
    without_base: dict[str, str]
    skipped: list[Skipped]


class Change(TypedDict):
    """What a key of a resolved config holds before and after; ``null`` where it has none."""

    key: str
    old: Any
    new: Any
    why: str


class MigratedFile(TypedDict):
    """A config, and what changes in it."""

    path: str
    edited: bool
    changed_lines: int
    changes: list[Change]
    notes: list[str]


class Mmengine(TypedDict):
    """What mmengine made of it: how many configs it loads as planned, and which not at all."""

    agreed: int
    unreadable: list[Skipped]


class Migrate(TypedDict):
    """``mmscaffold migrate --format json``; ``mmengine`` with ``--verify=mmengine`` only."""

    files: list[MigratedFile]
    skipped: list[Skipped]
    failed: list[Failed]
    heirs: list[str]
    unread_heirs: list[Failed]
    mmengine: Mmengine | None
    written: list[str]


class PastRun(TypedDict):
    """A run that ``--undo`` can undo."""

    time: str
    command: str
    tree: str
    files: list[str]
    partly_undone: bool


class History(TypedDict):
    """``mmscaffold migrate --history --format json``, the latest run first."""

    runs: list[PastRun]


class NewValue(TypedDict):
    """What a key of an upgraded config holds; ``null`` where it is gone."""

    key: str
    new: Any


class UpgradedFile(TypedDict):
    """A config, what changes in it, and how many old values had which fate."""

    path: str
    edited: bool
    changed_lines: int
    changes: list[NewValue]
    ledger: dict[str, int]
    notes: list[str]


class Note(TypedDict):
    """What is different now, or must be decided."""

    code: str
    path: str
    line: int | None
    key: str
    message: str
    help: str


class NotBuilt(TypedDict):
    """What mmdet 3 could not build."""

    path: str
    key: str
    reason: str


class Proof(TypedDict):
    """How many configs were proven, and by what."""

    resolved: int
    mmengine: int | None
    not_built: list[NotBuilt]


class Upgrade(TypedDict):
    """``mmscaffold upgrade --format json``."""

    files: list[UpgradedFile]
    notes: list[Note]
    current: list[str]
    skipped: list[Skipped]
    failed: list[Failed]
    heirs: list[str]
    unread_heirs: list[Failed]
    proof: Proof
    written: list[str]


class Evidence(TypedDict):
    """A line of a log; its number is ``null`` where it is of no file with lines."""

    line: int | None
    text: str


class Symptom(TypedDict):
    """What a log shows; a note is nothing wrong."""

    symptom: str
    text: str
    note: bool
    evidence: list[Evidence]


class Cause(TypedDict):
    """What may have brought it, with the rules that find it in code and configs."""

    cause: str
    text: str
    help: str
    explains: list[str]
    evidence: list[Evidence]
    rules: list[str]


class Ending(TypedDict):
    """What a run died of."""

    line: int
    exception: str
    message: str
    frames: list[str]
    kind: str | None
    text: str | None
    help: str | None
    rules: list[str]
    config: list[str]
    findings: list[str]


class Run(TypedDict):
    """One run of a log."""

    path: str
    first_line: int
    unclear: bool
    train_lines: int
    config: str | None
    ending: Ending | None
    symptoms: list[Symptom]
    causes: list[Cause]


class FirstLine(TypedDict):
    """The first line of a log that was not understood."""

    path: str
    line: int
    text: str


class UnreadLines(TypedDict):
    """How many lines were not understood, and which configs."""

    lines: int
    first: FirstLine | None
    configs: list[str]


class Diagnose(TypedDict):
    """``mmscaffold diagnose --format json``.

    With ``--follow`` it is the last line, after those of ``mmscaffold.news``.
    """

    runs: list[Run]
    not_understood: UnreadLines
    passed_over: list[str]
    tests: list[str]


class News(Run):
    """``mmscaffold diagnose --follow --format json``: a line for what is new in a run."""


class Resolve(TypedDict):
    """``mmscaffold resolve --format json``: the configs, by the paths that were given.

    What is not known of a value is ``{"unknown": reason, "where": place}`` in its place.
    """

    configs: dict[str, dict[str, Any]]


class Rule(TypedDict):
    """A rule of ``check``, or a note of ``upgrade``; its page is Markdown."""

    id: str
    name: str
    severity: str
    fixable: bool
    page: str


class Explain(TypedDict):
    """``mmscaffold explain --format json``: all rules and notes, or the one that was named."""

    rules: list[Rule]


class AddedFile(TypedDict):
    """A file that a component needs: made, or one that is there and gets more lines."""

    path: str
    new: bool


class Add(TypedDict):
    """``mmscaffold add --format json``.

    ``config`` has the lines by which a config uses the class, ``test_command`` runs its test in
    the folder of the project. With ``--diff`` nothing is ``written``.
    """

    kind: str
    name: str
    base: str
    project: str
    package: str
    files: list[AddedFile]
    test: str
    test_command: str
    config: list[str]
    advice: list[str]
    written: list[str]


class New(TypedDict):
    """``mmscaffold new --format json``; ``kept`` are files that were there, and are unchanged."""

    project: str
    template: str
    answers: dict[str, Any]
    kept: list[str]


class Update(TypedDict):
    """``mmscaffold update --format json``: from which tag of the template to which.

    ``patch`` is what changes, as ``git diff`` writes it; with ``--diff`` nothing is ``written``.
    """

    project: str
    before: str
    after: str
    files: list[str]
    conflicts: list[str]
    patch: str
    written: list[str]


class PlottedLine(TypedDict):
    """One curve; iterations are from 0, and between two of them the value is on a straight line.

    ``group`` says which parameters of the model have it; empty for those without their own rule.
    """

    parameter: str
    group: str
    iterations: list[int]
    values: list[float]


class PlottedMark(TypedDict):
    """What happens once so many iterations are finished."""

    iteration: int
    kind: str
    text: str


class PlottedSpan(TypedDict):
    """What lasts from one iteration to the one before another."""

    start: int
    stop: int
    text: str


class PlottedBreak(TypedDict):
    """From which iteration on a curve is not known, and why."""

    iteration: int
    reason: str


class PlottedConfig(TypedDict):
    """The schedule of a config; ``unit``, what its loop counts, is ``epochs`` or ``iterations``.

    ``is_guess`` says that nothing told how many iterations an epoch has.
    """

    path: str
    unit: str
    iterations: int
    iterations_per_epoch: int
    is_guess: bool
    lines: list[PlottedLine]
    marks: list[PlottedMark]
    spans: list[PlottedSpan]
    breaks: list[PlottedBreak]
    left_out: list[str]


class Plot(TypedDict):
    """``mmscaffold plot --format json``; ``picture`` with ``--output`` only."""

    configs: list[PlottedConfig]
    picture: str | None


class Report(TypedDict):
    """``mmscaffold report --format json``: what the page shows.

    ``changed``, and ``not_changed`` for what no plan or comparison was possible of, are ``null``
    where nothing was compared or planned.
    """

    page: str
    configs: list[str]
    findings: int
    failed: list[Failed]
    changed: list[str] | None
    not_changed: list[Failed] | None


class Info(TypedDict):
    """``mmscaffold info --format json``: versions by name; ``null`` for what is not installed."""

    environment: dict[str, str | None]


SHAPES: dict[str, type] = {
    "add": Add,
    "check": Check,
    "diagnose": Diagnose,
    "explain": Explain,
    "history": History,
    "info": Info,
    "migrate": Migrate,
    "new": New,
    "news": News,
    "plot": Plot,
    "report": Report,
    "resolve": Resolve,
    "update": Update,
    "upgrade": Upgrade,
}
