"""Run commands of mmscaffold, each in a process of its own, and measure what they take.

One worker imports mmscaffold and forks for every command, so that hundreds of them cost little
more than what they do. Started as a script, this file is that worker.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What no command may reach: it is killed then. The tests assert far less.
MOST_SECONDS = 30
MOST_BYTES = 3 << 30
_SHOWN = 20_000  # characters of what was printed


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Attributes:
        code: Its exit code; negative if a signal killed it.
        out: What it printed, its beginning.
        err: The same of standard error.
        seconds: Processor time.
        megabytes: By how much it grew over the worker at most.
    """

    code: int
    out: str
    err: str
    seconds: float
    megabytes: int

    @property
    def has_traceback(self) -> bool:
        """Whether Python's own report of an exception was printed."""
        return "Traceback" in self.out + self.err


ERROR = "error"
UNKNOWN = "unknown"


def ended_right(ended: Ended, expected: str) -> bool:
    """Whether ``resolve`` ended as a case says.

    Args:
        ended: How it ended.
        expected: ``ERROR``, ``UNKNOWN``, a line of its output, or ``re:`` and a pattern of one.
    """
    said = ended.out + ended.err
    if expected == ERROR:
        return ended.code == 2
    if expected == UNKNOWN:
        return ended.code == 0 and "<unknown" in said
    if expected.startswith("re:"):
        return ended.code in {0, 2} and bool(re.search(expected[3:], said, re.MULTILINE))
    return ended.code == 0 and expected in said.splitlines()


class Worker:
    """Runs commands; close it at the end."""

    def __init__(self, folder: Path) -> None:
        # Not for the worker itself, which must stay small.
        from support.unmeasured import unmeasured_processes

        self._folder = folder
        # Measuring its coverage would take longer than what it does.
        with unmeasured_processes():
            environment = {
                **os.environ,
                "PATH": "",
                "PYTHONHASHSEED": "0",
                "MMSCAFFOLD_STATE": str(folder / "state"),
                "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
                "COLUMNS": "100",
            }
            self._process = subprocess.Popen(
                [sys.executable, __file__, folder],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environment,
            )

    def run(self, *arguments: str | Path, cwd: Path | None = None) -> Ended:
        """Run ``mmscaffold`` with some arguments."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = {"arguments": [str(one) for one in arguments], "cwd": str(cwd or self._folder)}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """Let the worker end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def as_bytes(content: str | bytes) -> bytes:
    """What a case holds, as a file has it."""
    return content.encode() if isinstance(content, str) else content


def run_here(*arguments: str | Path) -> Ended:
    """Run ``mmscaffold`` within this process, unmeasured; whatever it raises, it raises here."""
    from click.testing import CliRunner
    from mmscaffold.cli.main import group

    done = CliRunner().invoke(group, [str(one) for one in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Ended(done.exit_code, done.stdout, done.stderr, 0.0, 0)


def _work(folder: Path) -> None:
    import gc
    import importlib

    for name in ("check", "diagnose", "migrate", "resolve"):
        importlib.import_module(f"mmscaffold.cli.{name}")
    for name in ("check", "diagnose", "migrate", "migrate.fix", "config", "check.registry"):
        importlib.import_module(f"mmscaffold.{name}")
    from mmscaffold.check.registry import all_rules

    all_rules()
    # What is here already need not be copied in each child.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(_run(folder, **json.loads(line))), flush=True)


def _run(folder: Path, arguments: list[str], cwd: str) -> dict[str, Any]:
    import resource

    out, err = folder / "out", folder / "err"
    begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pid = os.fork()
    if pid == 0:
        _child(arguments, cwd, out, err)
    _, status, used = os.wait4(pid, 0)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "out": _read(out),
        "err": _read(err),
        "seconds": used.ru_utime + used.ru_stime,
        "megabytes": max(0, used.ru_maxrss - begin) // 1024,
    }


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", errors="backslashreplace") as file:
        return file.read(_SHOWN)


def _child(arguments: list[str], cwd: str, out: Path, err: Path) -> None:
    import resource
    import traceback

    from mmscaffold.cli.main import main

    code: Any = 70
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        os.chdir(cwd)
        for path, number in ((out, 1), (err, 2)):
            opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(opened, number)
            os.close(opened)
        os.close(0)
        os.open(os.devnull, os.O_RDONLY)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.argv = ["mmscaffold", *arguments]
        main()
        code = 0
    except SystemExit as ended:
        code = 0 if ended.code is None else ended.code
    except BaseException:
        traceback.print_exc()
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    # Its own folder must not shadow modules.
    sys.path = [path for path in sys.path if Path(path) != Path(__file__).parent]
    _work(Path(sys.argv[1]))
