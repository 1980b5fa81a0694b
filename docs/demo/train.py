"""Train the demo's toy config for its 30 epochs on the CPU with real mmdet.

Run by ``make demo-train`` after ``make demo``; prints the lines of the log that the
original bug got wrong: the epochs of training and validation, and the ETA.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Make the toy data set, train, and read the log."""
    project = Path(sys.argv[1] if len(sys.argv) > 1 else "demo") / "my-project"
    if not project.is_dir():
        sys.exit(f"{project} does not exist; run make demo first")
    run(project, "tools/make_toy_dataset.py")
    work_dir = project / "work_dirs" / "toy"
    config = next((project / "configs" / "toy").glob("*.py")).relative_to(project)
    run(project, "tools/train.py", str(config), "--work-dir", "work_dirs/toy")
    log = max(work_dir.glob("*/*.log"), key=lambda path: path.stat().st_mtime).read_text()
    print("\n=== What the counters said ===")
    for line in log.splitlines():
        if re.search(r"Epoch\((train|val)\)", line):
            print(re.sub(r"^.*?(Epoch\()", r"\1", line)[:110])
    trained = re.findall(r"Epoch\(train\)\s+\[(\d+)\]", log)
    validated = re.findall(r"Epoch\(val\)\s+\[(\d+)\]", log)
    epochs = [str(number) for number in range(1, 31)]
    if list(dict.fromkeys(trained)) != epochs or list(dict.fromkeys(validated)) != epochs[4::5]:
        sys.exit("the epochs did not count from 1 to 30, or were not validated every fifth")
    if "eta: -" in log:
        sys.exit("an ETA was negative")
    print(
        f"Epochs 1 to 30 in training, every fifth in validation; no negative ETA. Logs: {work_dir}"
    )


def run(folder: Path, *arguments: str) -> None:
    """Show and run a script of the project."""
    print("$ python", *arguments, flush=True)
    subprocess.run([sys.executable, *arguments], cwd=folder, check=True)


if __name__ == "__main__":
    main()
