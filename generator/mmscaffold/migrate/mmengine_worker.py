"""The process that loads configs with mmengine: ``python -m ... BEFORE AFTER < job``."""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path
from typing import Any

from mmscaffold.config.change import Change, apply, first_difference
from mmscaffold.config.key_path import format_key_path


def main() -> None:
    """Compare every config of a job; write the results to standard output, pickled."""
    before, after = map(Path, sys.argv[1:])
    job = pickle.load(sys.stdin.buffer)
    # What configs print must not get between the results.
    results_out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    results = {}
    for name, changes in job.items():
        results[name] = _compare(before / name, after / name, changes, (before, after))
    results_out.write(pickle.dumps(results))
    results_out.close()


def _compare(
    old: Path, new: Path, changes: list[Change], roots: tuple[Path, Path]
) -> tuple[str, str]:
    from mmengine.config import Config

    def load(path: Path) -> Any:
        return Config.fromfile(path, import_custom_modules=False).to_dict()

    try:
        wanted = load(old)
    except Exception as error:
        return "unreadable", f"{type(error).__name__}: {error}"
    try:
        actual = load(new)
    except Exception as error:
        return "different", f"{type(error).__name__}: {error}"
    # {{fileDirname}} and its like tell the copies apart.
    actual = _with_root(actual, str(roots[1]), str(roots[0]))
    found = first_difference(actual, apply(wanted, changes))
    return ("agreed", "") if found is None else ("different", format_key_path(found))


def _with_root(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, dict):
        return {key: _with_root(item, old, new) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_with_root(item, old, new) for item in value)
    return value


if __name__ == "__main__":
    main()
