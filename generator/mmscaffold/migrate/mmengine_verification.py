"""Repeat the verification of a plan with mmengine's own ``Config.fromfile``.

Loading a config runs it, so this happens in another process, on copies, and only where the
user asks for it.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.config.change import Change
from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.errors import MmscaffoldError
from mmscaffold.migrate.output import common_folder
from mmscaffold.migrate.plan import MigrationPlan


class VerificationError(MmscaffoldError):
    """mmengine reads a migrated config differently from what was planned, or cannot be run."""


@dataclass(frozen=True)
class MmengineVerification:
    """What mmengine made of a plan.

    Attributes:
        agreed: How many configs it reads as planned.
        unreadable: Configs that it could not read before either, with its reason.
    """

    agreed: int
    unreadable: tuple[tuple[Path, str], ...]


def verify_with_mmengine(plan: MigrationPlan) -> MmengineVerification:
    """Load every config of a plan with mmengine, as it is and as it will be.

    Raises:
        VerificationError: If one differs from before in anything but the planned changes.
    """
    before: dict[Path, bytes] = {}
    for file in plan.files:
        before.update(file.bases)
    before.update((file.path, file.before) for file in plan.files)
    if not before:
        return MmengineVerification(0, ())
    after = {**before, **{file.path: file.after for file in plan.files}}
    root = common_folder(before)
    with tempfile.TemporaryDirectory() as scratch:
        folders = Path(scratch, "before"), Path(scratch, "after")
        for folder, contents in zip(folders, (before, after), strict=True):
            _write(folder, root, contents)
        job = {
            str(file.path.relative_to(root)): [
                Change(change.path, to_plain(change.new)) for change in file.changes
            ]
            for file in plan.files
        }
        results = _run(folders, job)
    unreadable = []
    for name, (kind, text) in results.items():
        if kind == "different":
            raise VerificationError(
                f"mmengine reads the migrated config differently from what was planned: {text}",
                where=str(root / name),
                hint="Nothing was written. Please report this config to mmscaffold.",
            )
        if kind == "unreadable":
            unreadable.append((root / name, text))
    return MmengineVerification(len(results) - len(unreadable), tuple(unreadable))


def _write(folder: Path, root: Path, contents: Mapping[Path, bytes]) -> None:
    for path, raw in contents.items():
        target = folder / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw)


def _run(folders: tuple[Path, Path], job: object) -> dict[str, tuple[str, str]]:
    worker = "mmscaffold.migrate.mmengine_worker"
    ended = subprocess.run(
        [sys.executable, "-m", worker, *map(str, folders)],
        input=pickle.dumps(job),
        capture_output=True,
        check=False,
        # Folders named like standard modules must not shadow them.
        env={**os.environ, "PYTHONSAFEPATH": "1"},
    )
    if ended.returncode != 0:
        raise VerificationError(
            "mmengine could not be run: " + ended.stderr.decode(errors="replace").strip()[-400:],
            hint="Run without --verify=mmengine; the configs are verified either way.",
        )
    results: dict[str, tuple[str, str]] = pickle.loads(ended.stdout)
    return results
