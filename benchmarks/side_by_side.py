"""Time scripts in fresh processes, one after the other, in one run."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

_REPORT = """
import resource
print(amount, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@dataclass(frozen=True)
class Measured:
    """What one script took: how much it did, wall-clock seconds, peak memory in MB."""

    amount: int
    seconds: float
    megabytes: int


def measure(script: str, *arguments: object) -> Measured:
    """Run a script that leaves ``amount`` and ``seconds`` behind, in a fresh process.

    Raises:
        subprocess.CalledProcessError: If it fails; its error output is shown.
    """
    ended = subprocess.run(
        [sys.executable, "-c", script + _REPORT, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    amount, seconds, megabytes = ended.stdout.split()[-3:]
    return Measured(int(amount), float(seconds), int(megabytes))
