"""What an installed mmscaffold must be able to do, on every system and Python: in a minute.

``python .ci/smoke.py`` with the Python that has it; needs neither torch nor MMDetection.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

COMMAND = [sys.executable, "-m", "mmscaffold"]
# Windows writes lines so; not every system has UTF-8 in its terminal.
FAULTY = "# 训练\r\ntrain_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=12)\r\n"
PLAIN = """\
model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50))
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)
param_scheduler = [dict(type='MultiStepLR', end=12, milestones=[8, 11], by_epoch=True)]
"""


def run(*words: str | Path, code: int = 0, text: str | None = None) -> str:
    """What a command prints; it must end with an exit code."""
    ended = subprocess.run(
        [*COMMAND, *map(str, words)],
        input=text,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    if ended.returncode != code:
        sys.exit(
            f"mmscaffold {' '.join(map(str, words))}: exit code {ended.returncode}, not {code}\n"
            f"{ended.stdout}{ended.stderr}"
        )
    return ended.stdout


def must(holds: bool, what: str) -> None:
    """End with a message, unless something holds."""
    if not holds:
        sys.exit(f"not so: {what}")


def main() -> None:
    """Try all of it in a folder that is then removed."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve()
        os.environ["MMSCAFFOLD_STATE"] = str(folder / "state")
        os.environ["MMSCAFFOLD_CACHE"] = str(folder / "cache")
        os.chdir(folder)
        versions = json.loads(run("info", "--format", "json"))["environment"]
        must(versions["mmscaffold"] in run("--version"), "both name one version")
        resolve_and_check(folder)
        new_and_migrate(folder)
    print(f"mmscaffold {versions['mmscaffold']} works with Python {versions['Python']}")


def resolve_and_check(folder: Path) -> None:
    """Bases, findings, a fix and its way back, byte for byte."""
    faulty = folder / "faulty.py"
    faulty.write_bytes(FAULTY.encode())
    (folder / "child.py").write_bytes(b"_base_ = './faulty.py'\nwork_dir = 'x'\n")
    whole = json.loads(run("resolve", "child.py", "--format", "json"))["configs"]["child.py"]
    must(whole["train_cfg"]["max_epochs"] == 12, "bases are merged")
    found = json.loads(run("check", "--format", "json", code=1))["findings"]
    must([one["rule"] for one in found] == ["MMS101"], "one fault is found")
    must("MMS101" in run("check", "-", code=1, text=FAULTY), "a buffer is checked")
    run("check", "--fix")
    must(b"by_epoch" not in faulty.read_bytes(), "it is fixed")
    must(faulty.read_bytes().count(b"\r\n") == 2, "ends of lines are kept")
    run("migrate", "--undo")
    must(faulty.read_bytes() == FAULTY.encode(), "undoing brings every byte back")
    must("milestones" in run("explain", "MMS102"), "rules have pages")


def new_and_migrate(folder: Path) -> None:
    """A project, and a config that is moved onto its classes and made longer."""
    project = folder / "my-project"
    run("new", project, "--defaults")
    run("check", project)
    config = project / "configs" / "plain.py"
    config.write_text(PLAIN, encoding="utf-8", newline="\n")
    run("migrate", config, "--check", code=1)
    run("migrate", config, "--max-epochs", "24")
    text = config.read_text(encoding="utf-8")
    must("MyEpochBasedTrainLoop" in text, "the loop is the project's")
    must("[16, 22]" in text, "milestones move with the length")
    run("check", config)
    run("migrate", project, "--undo")
    must(config.read_text(encoding="utf-8") == PLAIN, "undoing brings it back")


if __name__ == "__main__":
    main()
