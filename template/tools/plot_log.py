"""Draw loss, learning rate and metrics of one run over its iterations, as a PNG."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Dict, List, Tuple

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

Series = Dict[str, Tuple[List[float], List[float]]]


def main() -> None:
    """Read the scalars of a run and draw them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work_dir", type=Path, help="the work folder of a training")
    parser.add_argument("--out", type=Path, help="the picture; by default in work_dir")
    args = parser.parse_args()
    found = sorted(args.work_dir.glob("*/vis_data/scalars.json"))
    if not found:
        parser.error(f"no vis_data/scalars.json below {args.work_dir}")
    out = args.out or args.work_dir / "curves.png"
    draw(read(found[-1]), out)
    print(out)


def read(path: Path) -> Series:
    """Read the scalars of one run.

    Returns:
        By name, the steps and the values. Losses and the learning rate are logged by
        iteration, metrics by epoch or, in a training by iterations, by iteration.
    """
    series: Series = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        step = entry.get("step")
        for name, value in entry.items():
            wanted = "loss" in name or name == "lr" or "mAP" in name
            if wanted and isinstance(value, (int, float)) and step is not None:
                steps, values = series.setdefault(name, ([], []))
                steps.append(step)
                values.append(value)
    return series


def draw(series: Series, out: Path) -> None:
    """Draw three panels: losses, learning rate, metrics."""
    panels = (
        ("loss", [name for name in series if "loss" in name]),
        ("learning rate", [name for name in series if name == "lr"]),
        ("mAP", [name for name in series if name.endswith("mAP")]),
    )
    figure, axes = plt.subplots(len(panels), 1, figsize=(8, 9))
    for axis, (title, names) in zip(axes, panels):
        for name in names:
            axis.plot(*series[name], label=name, marker=".")
        axis.set_ylabel(title)
        if names:
            axis.legend(fontsize="small")
    axes[-1].set_xlabel("step")
    figure.tight_layout()
    figure.savefig(out)
    plt.close(figure)


if __name__ == "__main__":
    main()
