"""Have mmdet 3 build what upgraded configs name, in another process.

It runs code: that of mmdet, and of what ``custom_imports`` names. So it is done only where the
user asks for it (``--verify=build``).
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmscaffold.errors import MmscaffoldError

_WORKER = "mmscaffold.upgrade.build_worker"


class BuildProofError(MmscaffoldError):
    """mmdet 3 cannot be run."""


@dataclass(frozen=True)
class Built:
    """What mmdet 3 made of one config.

    Attributes:
        failures: The keys that it could not build, each with its reason.
        shapes: The shape of each parameter and buffer of the model, by name; empty if it was not
            built.
    """

    failures: tuple[tuple[str, str], ...]
    shapes: Mapping[str, tuple[int, ...]]


def build(
    configs: Mapping[str, Mapping[str, Any]],
    python: str = sys.executable,
    folder: Path | None = None,
) -> dict[str, Built]:
    """Build the model, data sets, transforms, metrics, hooks and optimizer of configs.

    Models are built without their weights, data sets and metrics without their annotations.

    Args:
        configs: What each upgraded config resolves to, in plain containers, by any name.
        python: The Python that has mmdet 3.
        folder: Where to run it, for paths that the configs name; where this runs by default.

    Raises:
        BuildProofError: If mmdet 3 cannot be run at all.
    """
    if not configs:
        return {}
    # The worker is found where this is, whichever Python runs it.
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    ended = subprocess.run(
        [python, "-m", _WORKER],
        input=pickle.dumps({name: dict(config) for name, config in configs.items()}),
        capture_output=True,
        check=False,
        cwd=folder,
        # Folders named like standard modules must not shadow them; no GPU is needed.
        env={
            **os.environ,
            "PYTHONSAFEPATH": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "CUDA_VISIBLE_DEVICES": "",
        },
    )
    if ended.returncode != 0:
        raise BuildProofError(
            "mmdet 3 could not be run: " + ended.stderr.decode(errors="replace").strip()[-400:],
            hint="Install mmdet 3, or run without --verify=build; all else is proven either way.",
        )
    results = pickle.loads(ended.stdout)
    return {name: Built(tuple(failures), shapes) for name, (failures, shapes) in results.items()}
