"""Which files to read: logs, scalars, or the runs of a work folder."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.diagnose.history import Run, UnreadLines
from mmscaffold.diagnose.pasted import STAMP
from mmscaffold.diagnose.reading import lines_of, open_log, packed_as
from mmscaffold.diagnose.scalars import read_scalars
from mmscaffold.diagnose.story import run_of
from mmscaffold.diagnose.text_log import TextLog
from mmscaffold.errors import MmscaffoldError

# Logs of several processes: name_host_device0_rank1.log; rank 0 tells enough.
_OTHER_RANK = re.compile(r"_rank[1-9]\d*\.log$")
_STARTED = re.compile(r"\d{8}_\d{6}")  # when: 20250101_000000
_SNIFFED = 65536  # bytes
# `Epoch [1][50/7330]\tlr: `, `Iter [50/90000]\tlr: `: TextLoggerHook of mmcv 1.x.
_OF_MMCV = re.compile(rb" - (?:Epoch \[\d+\]|Iter )\[\d+/\d+\]\s+lr: ")
# `{"mode": "train", "epoch": 1, ...}`: the .log.json beside it.
_JSON_OF_MMCV = re.compile(rb'^[ \t]{0,9}\{"mode": "(?:train|val)"', re.MULTILINE)
_HINT = "Give the .log file that mmengine writes, its vis_data/scalars.json or the work_dir."


@dataclass
class Inputs:
    """What was read.

    Attributes:
        runs: The runs, in order.
        unread: What was not understood.
        passed_over: Older logs of a work folder that belong to other runs.
        tests: Newer logs of a work folder, of tests.
    """

    runs: list[Run] = field(default_factory=list)
    unread: UnreadLines = field(default_factory=UnreadLines)
    passed_over: list[Path] = field(default_factory=list)
    tests: list[Path] = field(default_factory=list)


def read_inputs(paths: list[Path]) -> Inputs:
    """Read logs, scalars and work folders.

    Args:
        paths: Files and folders, in the order of the runs.

    Raises:
        MmscaffoldError: If one is missing, or is not an mmengine log.
    """
    inputs = Inputs()
    scalars = []
    for path in paths:
        if path.is_dir():
            inputs.runs += _read_folder(path, inputs)
        elif is_json(start := _start_of(path)):
            if _JSON_OF_MMCV.search(start):
                raise _of_mmcv(path)
            scalars.append(path)
        else:
            inputs.runs += read_log(path, inputs.unread)
    for path in scalars:
        _add_scalars(path, inputs)
    return inputs


def _read_folder(folder: Path, inputs: Inputs) -> list[Run]:
    """The newest training in a work folder, with those that it resumed."""
    logs = logs_of(folder)
    if not logs:
        found = sorted(folder.glob("**/vis_data/scalars.json"))[-1:]
        if not found:
            raise MmscaffoldError(
                "no mmengine log in this folder", where=str(folder), hint=_what_to_give(folder)
            )
        _add_scalars(found[0], inputs)
        return []
    runs: list[Run] = []
    tests: list[Run] = []
    failed: MmscaffoldError | None = None
    for number in range(len(logs) - 1, -1, -1):
        unread = UnreadLines()
        try:
            earlier = read_log(logs[number], unread)
        except MmscaffoldError as error:
            # A start that failed before its first line, over older ones that did not.
            failed = failed or error
            continue
        if not runs and all(run.is_test for run in earlier):
            inputs.tests.append(logs[number])
            tests[:0] = earlier
            continue
        inputs.unread.take(unread)
        runs[:0] = earlier
        if earlier[0].resumed is None:
            inputs.passed_over += logs[:number]
            break
    if not runs and not tests and failed is not None:
        scalars = scalars_beside(logs[-1])
        if scalars is None:
            raise failed
        # A logger of warnings writes no line of training; the scalars are there all the same.
        _add_scalars(scalars, inputs)
        return []
    if not runs:
        inputs.tests.clear()
    return runs or tests


def _what_to_give(folder: Path) -> str:
    """What to hand over instead of the files that other visualizers wrote."""
    console = next(folder.glob("**/wandb/run-*/files/output.log"), None)
    if console is None and folder.name == "wandb":
        console = next(folder.glob("run-*/files/output.log"), None)
    if console is not None:
        return f"Weights & Biases kept the console output: give {console}."
    if any(folder.glob("**/events.out.tfevents*")):
        return (
            "It holds events of TensorBoard, which do not tell epochs and ETA. Give the text log: "
            "mmengine writes it to <work_dir>/<time>/<time>.log; or the saved console output."
        )
    return _HINT


def logs_of(folder: Path) -> list[Path]:
    """The logs below a work folder, or in the folder of one start; oldest first."""
    found = [*folder.glob("*/*.log"), *folder.glob("*.log")]
    return sorted(
        (path for path in found if path.is_file() and not _OTHER_RANK.search(path.name)),
        key=lambda path: path.name,
    )


def read_log(path: Path, unread: UnreadLines) -> list[Run]:
    """Read a text log, with the scalars beside it.

    Args:
        path: The log.
        unread: Where to count what is not understood.

    Raises:
        MmscaffoldError: If it is missing, or is not an mmengine log.
    """
    refuse_other_files(path, _start_of(path))
    runs = TextLog(path, unread).read(lines_of(path, unread))
    if not any(run.train.line for run in runs) and _is_of_mmcv(path):
        # Its checkpoints and validations are told in the same words.
        raise _of_mmcv(path)
    if not runs:
        raise MmscaffoldError("is not an mmengine log", where=str(path), hint=_HINT)
    if len(runs) == 1:
        beside = scalars_beside(path)
        if beside is not None:
            runs[0].scalars = read_scalars(beside, lines_of(beside, unread), unread)
    return runs


def _of_mmcv(path: Path) -> MmscaffoldError:
    return MmscaffoldError(
        "is a log of mmcv 1.x, not of mmengine",
        where=str(path),
        hint="MMDetection 2.x wrote it. `mmscaffold plot` draws what a config of 2.x plans.",
    )


def _is_of_mmcv(path: Path) -> bool:
    """Whether a log has a line of training as mmcv 1.x wrote it."""
    return any(_OF_MMCV.search(line) for line in lines_of(path, UnreadLines()))


def scalars_beside(log: Path) -> Path | None:
    """The scalars of the same start as a log, if they are there."""
    folder = log.parent / "vis_data"
    started = _STARTED.match(log.stem)
    stem = started[0] if started is not None else log.stem
    names = (f"{stem}.json", "scalars.json")
    return next((folder / name for name in names if (folder / name).is_file()), None)


def is_json(start: bytes) -> bool:
    """Whether a file holds scalars, by its first bytes; otherwise it may be a text log."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def refuse_other_files(path: Path, start: bytes) -> None:
    """Refuse what cannot be a text log.

    Args:
        path: The file.
        start: Its first bytes.

    Raises:
        MmscaffoldError: If it is compressed, in UTF-16, or no text.
    """
    packed = packed_as(start)
    if packed is not None:
        raise MmscaffoldError(
            f"is compressed ({packed})", where=str(path), hint="Unpack it, and name the log."
        )
    if b"\0" in start and not STAMP.search(start):
        # Where a machine went down while it wrote, a log has zeros between its lines.
        utf_16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
        what = (
            "is UTF-16, as PowerShell writes redirected output" if utf_16 else "is not a text file"
        )
        hint = "Convert it to UTF-8." if utf_16 else _HINT
        raise MmscaffoldError(what, where=str(path), hint=hint)


def _add_scalars(path: Path, inputs: Inputs) -> None:
    """Read scalars: those of a log that is also read, or of a run without one."""
    scalars = read_scalars(path, lines_of(path, inputs.unread), inputs.unread)
    if not scalars.line and not scalars.validations:
        raise MmscaffoldError("has no mmengine scalars", where=str(path), hint=_HINT)
    folder = path.absolute().parent.parent
    for run in inputs.runs:
        if run.path.absolute().parent == folder:
            run.scalars = scalars
            return
    inputs.runs.append(run_of(scalars))


def _start_of(path: Path) -> bytes:
    with open_log(path) as file:
        start = file.read(_SNIFFED)
    if not start.strip():
        raise MmscaffoldError("the file is empty", where=str(path), hint=_HINT)
    return start
