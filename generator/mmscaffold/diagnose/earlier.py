"""The log of the run that wrote a checkpoint, where only that of the resumed run was named."""

from __future__ import annotations

import re
from pathlib import Path

from mmscaffold.diagnose.history import Run, UnreadLines
from mmscaffold.diagnose.inputs import logs_of, read_log
from mmscaffold.diagnose.readings.resuming import named_checkpoint
from mmscaffold.errors import MmscaffoldError

_STARTED = re.compile(r"\d{8}_\d{6}")  # when: 20250101_000000
_MOST = 20  # logs that are looked into


def run_before(run: Run) -> Run | None:
    """The run that wrote the checkpoint which a run resumed.

    mmengine writes ``<work_dir>/<start>/<start>.log``. Searched are the work folder of the run,
    and that of the checkpoint where it lies beside it.

    Args:
        run: A run that resumed.
    """
    folder = run.path.absolute().parent
    if run.resumed is None or not _STARTED.match(folder.name):
        return None
    logs = [
        log
        for work_folder in _work_folders(folder.parent, run)
        for log in logs_of(work_folder)
        if _STARTED.match(log.name) and log.name <= run.path.name and log != run.path.absolute()
    ]
    for log in sorted(logs, key=lambda path: path.name, reverse=True)[:_MOST]:
        try:
            runs = read_log(log, UnreadLines())
        except MmscaffoldError:
            continue
        for one in reversed(runs):
            if _wrote(one, run):
                return one
    return None


def _work_folders(work_folder: Path, run: Run) -> list[Path]:
    found = [work_folder]
    if run.loaded is not None:
        other = Path(run.loaded[1]).parent
        # A log may name any path; only a neighbour is looked at.
        if other != work_folder and other.parent == work_folder.parent:
            found.append(other)
    return found


def _wrote(one: Run, run: Run) -> bool:
    """Whether a run saved the checkpoint that another resumed."""
    named, resumed = named_checkpoint(run), run.resumed
    if resumed is None:
        return False
    by_epoch = named is None or named[0].startswith("epoch_")
    number = resumed.epoch if named is None else named[1]
    return any(saved.by_epoch is by_epoch and saved.number == number for saved in one.saved)
