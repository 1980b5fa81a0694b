"""mmengine of other versions, to train with in processes of their own.

They are older than the Python, torch and yapf of the tests, so that a few things are put right
before they are imported: ``python -m support.old_mmengine VERSION SCRIPT ARGUMENT...``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from support.corpora import unpacked_wheel

VERSIONS = ("0.6.0", "0.7.4", "0.8.5", "0.10.7")
_TESTS = Path(__file__).parents[1]


def run_under(version: str, module: str, *arguments: str) -> Any:
    """Run a module of the tests under a version of mmengine; the JSON that it prints last.

    Args:
        version: A released version, or that of the environment.
        module: Its dotted name, below ``tests``.
        arguments: What it is given.

    Raises:
        subprocess.CalledProcessError: If it fails, or the wheel cannot be downloaded.
    """
    source = unpacked_wheel("mmengine", version)
    path = [str(source), str(_TESTS), *sys.path]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(one for one in path if one),
        # Old versions load whole checkpoints, which torch >= 2.6 does only if told so.
        "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD": "1",
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", __spec__.name, module, *arguments]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(done.stdout[-2000:] + done.stderr[-4000:])
    return json.loads(done.stdout.splitlines()[-1])


def _put_right() -> None:
    """What changed since under the feet of mmengine 0.6 and 0.7."""
    import yapf.yapflib.yapf_api as yapf

    current = yapf.FormatCode

    def format_code(text: str, *more: Any, verify: bool = False, **options: Any) -> Any:
        return current(text, *more, **options)

    # mmengine < 0.8.3 passes `verify`, which yapf 0.40.2 no longer has.
    yapf.FormatCode = format_code


if __name__ == "__main__":
    import runpy

    _put_right()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
