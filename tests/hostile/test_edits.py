"""Editing hostile configs ends soon, too: what is long, deeply nested, or full of comments."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.measured import Worker

SECONDS = 3
MEGABYTES = 200
WHOLE = bool(os.environ.get("MMSCAFFOLD_WHOLE"))

PYTHON = "train_cfg = dict(by_epoch=True, max_epochs=12)\nmodel = dict(type='R')\n"
YAML = "train_cfg: {by_epoch: true, max_epochs: 12}\nmodel: {type: R}\n"
STEPS = "param_scheduler = dict(type='MultiStepLR', by_epoch=True, milestones=[\n"
EDITS = {
    "a line of 100 kB": (
        "py",
        PYTHON + "custom_hooks = [dict(type='H', x=[" + "1, " * 30_000 + "])]",
    ),
    "a commented list": ("py", PYTHON + STEPS + "8,  # c\n" * 5_000 + "])"),
    "comments before items": ("py", PYTHON + STEPS + "# c\n" * 90_000 + "8, 11])"),
    "comments in a computation": (
        "py",
        "n = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=(n\n" + "# c\n" * 80_000 + " * 1))\n",
    ),
    "brackets in a line": (
        "py",
        f"train_cfg = dict(by_epoch=True, max_epochs=12, x={'[' * 80}{'1, ' * 9_000}{']' * 80})\n",
    ),
    "a commented block": (
        "yaml",
        f"{YAML}param_scheduler:\n- type: MultiStepLR\n  by_epoch: true\n  milestones:\n"
        + "  - 8  # c\n" * 15_000,
    ),
    "comments behind an alias": (
        "yaml",
        "train_cfg:\n  by_epoch: true\n  max_epochs: &n 12\nx:\n  a: *n"
        + " #" * 200_000
        + "\n"
        + "# x\n" * 20_000
        + "model: {type: R}\n",
    ),
    "lone carriage returns": (
        "yaml",
        "train_cfg:\r\n  by_epoch: true\r\n  max_epochs: 12\r\n" + "\r" * 20_000,
    ),
    "many aliases": ("yaml", YAML.replace("12", "&n 12") + "x: [" + "*n, " * 15_000 + "*n]\n"),
    "blocks in blocks": (
        "yaml",
        YAML + "x:\n" + "".join(f"{' ' * i}a:\n" for i in range(1, 60)) + f"{' ' * 60}- 1\n",
    ),
    "quoted hashes": ("yaml", f"{YAML}x: '{' # ' * 200_000}'\n"),
    "a line of JSON": (
        "json",
        '{"train_cfg": {"by_epoch": true, "max_epochs": 12}, "x": [' + "1, " * 9_000 + "1]}",
    ),
}


@pytest.mark.parametrize("name", list(EDITS) if WHOLE else [*EDITS][::3])
def test_it_ends_soon(tmp_path: Path, worker: Worker, name: str):
    ending, text = EDITS[name]
    config = tmp_path / f"config.{ending}"
    config.write_bytes(text.encode())
    for length in (("--max-epochs", "24"), ("--to-iters", "--iters-per-epoch", "10")):
        ended = worker.run("migrate", config, "--only", "length", "--diff", *length, cwd=tmp_path)
        print(ended.err[-2000:], ended.out[:500], ended.code, ended.seconds, ended.megabytes)
        assert not ended.has_traceback
        assert ended.code in {1, 2}
        assert ended.seconds < SECONDS
        assert ended.megabytes < MEGABYTES
