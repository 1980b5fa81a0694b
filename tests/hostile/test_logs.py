"""Hostile logs are read in time and memory that grow with their size, and never end in a traceback."""

# ruff: noqa: E501 (a case a line reads best)

from __future__ import annotations

import gzip
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from support.measured import Worker, as_bytes, run_here

SECONDS = 3  # a busy machine charges a process several times its time
MEGABYTES = 200
WHOLE = bool(os.environ.get("MMSCAFFOLD_WHOLE"))
# Of the long ones; in CI a quarter.
LINES = 20_000 if WHOLE else 5_000
STAMP = "2025/01/01 00:00:00 - mmengine - INFO - "
START = "System environment:\n"


def line(epoch: int | str = 1, batch: int | str = 1, size: int | str = 4, **more: str) -> str:
    """A line of training."""
    values = {"lr": "1.0000e-02", "eta": "0:01:00", "time": "0.1000", "loss": "1.0", **more}
    rest = "  ".join(f"{key}: {value}" for key, value in values.items())
    return f"{STAMP}Epoch(train) [{epoch}][{batch}/{size}]  {rest}\n"


def val(epoch: int | str = 1) -> str:
    """A line of a validation."""
    return f"{STAMP}Epoch(val) [{epoch}][4/4]    acc: 1.0\n"


def epochs(number: int) -> str:
    """A run without a fault."""
    return START + "".join(line(e, b) for e in range(1, number + 1) for b in (2, 4))


def config(text: str) -> str:
    """A log that holds a config."""
    return f"{START}{STAMP}Config:\n{text}\n\n{line()}{line(1, 4)}"


def record(**values: object) -> str:
    """A record of scalars."""
    return json.dumps({"lr": 0.1, "epoch": 1, "iter": 1, "time": 0.1, "step": 1, **values}) + "\n"


# What each log holds, and the exit codes that will do.
LOGS: dict[str, tuple[Callable[[], str | bytes], set[int]]] = {
    "nothing": (lambda: "", {2}),
    "blanks": (lambda: " " * 1_000_000, {2}),
    "newlines": (lambda: "\n" * 1_000_000, {2}),
    "carriage returns": (lambda: "\r" * 1_000_000, {2}),
    "form feeds": (lambda: "\f\n" * 100_000, {2}),
    "one letter": (lambda: "a", {2}),
    "a line of 10**6 letters": (lambda: epochs(1) + "a" * 10**6 + "\n" + epochs(1), {0, 1}),
    "a line of 10**7 letters": (lambda: epochs(1) + "a" * 10**7 + "\n" + epochs(1), {0, 1}),
    "a line of 10**7 letters at the end": (lambda: epochs(1) + "a" * 10**7, {0, 1}),
    "a message of 10**6 letters": (lambda: epochs(1) + STAMP + "a" * 10**6 + "\n", {0, 1}),
    "a line of training of 10**6 letters": (lambda: epochs(1) + line(loss="1" * 10**6), {0, 1}),
    "many metrics": (
        lambda: epochs(1) + line(**{f"m{i}": "1.0" for i in range(LINES // 2)}),
        {0, 1},
    ),
    "many learning rates": (lambda: START + line(lr="xlr: " * 100_000), {0, 1, 2}),
    "many etas": (lambda: START + line(eta="eta: " * 100_000), {0, 1, 2}),
    "blanks in a line of training": (lambda: epochs(1) + line(loss=" " * 10**5), {0, 1}),
    "blanks in its head": (lambda: epochs(1) + line(epoch=" " * 10**5), {0, 1, 2}),
    "brackets": (lambda: epochs(1) + STAMP + "Epoch(train) " + "[" * 10**6 + "\n", {0, 1, 2}),
    "heads": (lambda: epochs(1) + STAMP + "Epoch(train) [1" * 50_000 + "\n", {0, 1, 2}),
    "heads of blanks": (
        lambda: epochs(1) + STAMP + ("Epoch(train)" + " " * 50) * 10_000 + "\n",
        {0, 1, 2},
    ),
    "metrics that are monitored": (
        lambda: epochs(1) + STAMP + "Monitored metric " * 5_000 + "\n",
        {0, 1},
    ),
    "a long metric that is monitored": (
        lambda: epochs(1) + STAMP + "Monitored metric " + "a" * 90_000 + "\n",
        {0, 1},
    ),
    "checkpoints on a line": (
        lambda: epochs(1) + STAMP + "Saving checkpoint at " * 4_000 + "\n",
        {0, 1},
    ),
    "checkpoints": (
        lambda: epochs(1) + (STAMP + "Saving checkpoint at 1 epochs\n") * LINES,
        {0, 1},
    ),
    "400 digits of checkpoints": (
        lambda: epochs(1) + STAMP + f"Saving checkpoint at {'9' * 400} epochs\n",
        {0, 1},
    ),
    "400 digits of resumption": (
        lambda: START + STAMP + f"resumed epoch: {'9' * 400}, iter: 1\n" + line(),
        {0, 1},
    ),
    "resumptions": (lambda: epochs(1) + (STAMP + "resumed epoch: 1, iter: 4\n") * LINES, {0, 1}),
    "resumed beyond all": (
        lambda: START + STAMP + f"resumed epoch: {10**14}, iter: {10**14}\n" + line(10**14),
        {0, 1},
    ),
    "400 digits of epochs": (lambda: epochs(1) + line("9" * 400), {0, 1, 2}),
    "400 digits of batches": (lambda: epochs(1) + line(1, "9" * 400, "9" * 400), {0, 1, 2}),
    "15 digits": (lambda: epochs(1) + line(10**14, 10**14, 10**14), {0, 1}),
    "negative numbers": (lambda: epochs(1) + line(-1, -1, -1) + line(-(10**14), 0, 0), {0, 1}),
    "zeros": (lambda: START + line(0, 0, 0) * 3, {0, 1}),
    "batches that go back": (
        lambda: START + "".join(line(1, LINES - b, LINES) for b in range(LINES)),
        {0, 1},
    ),
    "epochs that go back": (
        lambda: START + "".join(line(LINES - e) for e in range(LINES)),
        {0, 1},
    ),
    "epochs up and down": (
        lambda: START + "".join(line(1 + e % 2, 1 + e % 3) for e in range(LINES)),
        {0, 1},
    ),
    "one epoch for ever": (lambda: START + "".join(line(1, b) for b in (2, 4)) * 10_000, {0, 1}),
    "many epochs": (lambda: epochs(LINES // 2), {0, 1}),
    "validations": (
        lambda: epochs(1) + "".join(val(i) + line(i) for i in range(LINES // 2)),
        {0, 1},
    ),
    "validations only": (lambda: START + "".join(val(i) for i in range(LINES)), {0, 1}),
    "400 digits of validations": (lambda: epochs(1) + val("9" * 400), {0, 1, 2}),
    "runs": (lambda: epochs(1) * 1_000, {0, 1}),
    "starts": (lambda: START * 50_000 + line(), {2}),
    "starts only": (lambda: START * 50_000, {2}),
    "a rate of nan": (lambda: START + line(lr="nan") * 9, {0, 1}),
    "a rate of inf": (lambda: START + line(lr="inf") + line(lr="-inf") * 9, {0, 1}),
    "400 digits of rate": (lambda: START + line(lr="9" * 400), {0, 1, 2}),
    "a rate of 1e308": (lambda: START + line(lr="1e308", time="1e308") * 9, {0, 1}),
    "a time of nan": (lambda: START + line(time="nan") * 9, {0, 1}),
    "a time of inf": (lambda: START + line(time="inf") * 9, {0, 1}),
    "a negative time": (lambda: START + line(time="-1e300") * 9, {0, 1}),
    "a rate of text": (lambda: epochs(1) + line(lr="abc"), {0, 1, 2}),
    "a loss of nan": (lambda: START + line(loss="nan") * LINES, {0, 1}),
    "400 digits of eta": (lambda: epochs(1) + line(eta="9" * 400 + " days, 0:00:00"), {0, 1, 2}),
    "etas that turn": (
        lambda: (
            START
            + "".join(
                line(1, b, 9999, eta=f"{-1 if b % 2 else 1} days, 1:00:00")
                for b in range(LINES // 2)
            )
        ),
        {0, 1},
    ),
    "etas without end": (lambda: START + line(eta="9" * 100_000), {0, 1, 2}),
    "infinite epochs": (
        lambda: config("train_cfg = dict(by_epoch=True, max_epochs=float('inf'))"),
        {0, 1},
    ),
    "infinite iterations": (
        lambda: config("train_cfg = dict(by_epoch=False, max_iters=float('inf'))"),
        {0, 1},
    ),
    "nan epochs": (
        lambda: config(
            "train_cfg = dict(by_epoch=True, max_epochs=float('nan'), val_interval=float('nan'))"
        ),
        {0, 1},
    ),
    "a config of 400 digits": (
        lambda: config(
            "train_cfg = dict(by_epoch=True, max_epochs=10**400, val_interval=10**400)"
        ),
        {0, 1},
    ),
    "no epochs": (
        lambda: config("train_cfg = dict(by_epoch=True, max_epochs=0, val_interval=0)"),
        {0, 1},
    ),
    "negative epochs": (
        lambda: config(
            "train_cfg = dict(by_epoch=True, max_epochs=-1, val_interval=-1, val_begin=-1)"
        ),
        {0, 1},
    ),
    "10**12 epochs": (
        lambda: config(
            "train_cfg = dict(by_epoch=True, max_epochs=10**12, val_interval=1)\nparam_scheduler = dict(type='CosineAnnealingLR', T_max=10**12)"
        ),
        {0, 1},
    ),
    "a scheduler of inf": (
        lambda: config(
            "train_cfg = dict(by_epoch=True, max_epochs=12)\nparam_scheduler = [dict(type='MultiStepLR', milestones=[float('inf'), 10**400], end=float('inf'), gamma=float('nan'))]"
        ),
        {0, 1},
    ),
    "a sampler of inf": (
        lambda: config(
            "train_dataloader = dict(batch_size=float('inf'), sampler=dict(type='InfiniteSampler'))\ntrain_cfg = dict(by_epoch=True, max_epochs=2)"
        ),
        {0, 1},
    ),
    "a config that loops": (lambda: config("while True: pass"), {0, 1}),
    "a config of 10**10 items": (lambda: config("x = [0] * 10**10"), {0, 1}),
    "a config of another config": (lambda: config("_base_ = '/dev/zero'"), {0, 1}),
    "a config that runs": (
        lambda: config(
            "import os\nos.system('touch TARGET')\ntrain_cfg = dict(by_epoch=True, max_epochs=open('TARGET', 'w'))"
        ),
        {0, 1},
    ),
    "a deep config": (lambda: config("x = " + "[" * 10_000), {0, 1}),
    "a config of 3 MB": (lambda: config("x = [1, 2, 3, 4, 5, 6]\n" * (6 * LINES)), {0, 1, 2}),
    "a config without an end": (
        lambda: START + STAMP + "Config:\n" + "x = [1, 2, 3, 4, 5, 6]\n" * (6 * LINES),
        {0, 1, 2},
    ),
    "a config with NUL": (lambda: config("x = 1") + "\0" * 70_000, {0, 1, 2}),
    "configs": (lambda: (STAMP + "Config:\nx = 1\n" + line()) * 3_000, {0, 1}),
    "colours": (lambda: epochs(1) + "\x1b[31m" * 200_000 + "\n", {0, 1}),
    "open colours": (lambda: epochs(1) + "\x1b[" * 200_000 + "\n", {0, 1}),
    "long colours": (lambda: epochs(1) + "\x1b[" + "1;" * 400_000 + "\n", {0, 1}),
    "bells and titles": (lambda: epochs(1) + line("\x07\x1b]0;a\x07"), {0, 1, 2}),
    "stamps": (lambda: epochs(1) + STAMP * 10_000 + "\n", {0, 1}),
    "stamps of digits": (lambda: epochs(1) + "9" * 10**6 + "\n", {0, 1}),
    "binary": (lambda: bytes(range(256)) * 4_000, {2}),
    "binary behind a log": (lambda: epochs(1).encode() + bytes(range(256)) * 4_000, {2, 0, 1}),
    "not UTF-8": (
        lambda: (
            epochs(1).encode() + (STAMP + "Epoch(train) [").encode() + b"\xff\xfe" * 1000 + b"\n"
        ),
        {0, 1, 2},
    ),
    "UTF-16": (lambda: epochs(1).encode("utf-16"), {2}),
    "surrogates": (
        lambda: (
            epochs(1).encode()
            + STAMP.encode()
            + b"Load checkpoint from \xed\xa0\x80\n"
            + line().encode()
        ),
        {0, 1},
    ),
    "gzip": (lambda: gzip.compress(epochs(9).encode()), {2}),
    "gzip bomb": (lambda: gzip.compress(b"\0" * 10**7), {2}),
    "scalars": (lambda: "".join(record(iter=i, step=i) for i in range(LINES)), {0, 1}),
    "scalars of 400 digits": (
        lambda: record() * 3 + record(lr=10**400, epoch=10**400, iter=10**400, step=10**400),
        {0, 1},
    ),
    "scalars of inf": (
        lambda: record() * 3 + record(lr=float("inf"), epoch=float("nan"), time=float("-inf")),
        {0, 1},
    ),
    "scalars of a rate of 400 digits": (lambda: record() * 3 + record(lr=10**400), {0, 1}),
    "scalars of 10,000 levels": (
        lambda: record() * 3 + '{"a": ' * 10_000 + "1" + "}" * 10_000 + "\n",
        {0, 1},
    ),
    "scalars of 10,000 lists": (
        lambda: record() * 3 + '{"iter": ' + "[" * 10_000 + "]" * 10_000 + "}\n",
        {0, 1},
    ),
    "scalars of long numbers": (
        lambda: record() * 3 + '{"iter": ' + "9" * 100_000 + "}\n",
        {0, 1},
    ),
    "scalars of long text": (lambda: record() * 3 + record(name="a" * 3 * 10**6), {0, 1}),
    "scalars of other types": (
        lambda: record() * 3 + record(iter="1", epoch=[], lr={}, step=None) + "{}\n[]\n1\nnull\n",
        {0, 1},
    ),
    "scalars that are booleans": (
        lambda: record() * 3 + record(iter=True, epoch=False, lr=True),
        {0, 1},
    ),
    "scalars that go back": (
        lambda: "".join(record(iter=LINES // 2 - i, epoch=i % 3) for i in range(LINES // 2)),
        {0, 1},
    ),
    "validations in scalars": (
        lambda: record() + "".join(json.dumps({"acc": 1, "step": i}) + "\n" for i in range(LINES)),
        {0, 1},
    ),
    "no scalars": (lambda: "{\n" * 100_000, {2}),
    "one record without an end": (lambda: '{"iter": 1', {2}),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LOGS)
def test_it_ends_soon(tmp_path: Path, worker: Worker, name: str):
    content, codes = LOGS[name]
    target = tmp_path / "target"
    log = tmp_path / "20250101_000000.log"
    raw = as_bytes(content())
    log.write_bytes(raw.replace(b"TARGET", bytes(target)))
    ended = worker.run("diagnose", log, cwd=tmp_path)
    print(ended)
    assert not ended.has_traceback
    assert ended.code in codes
    assert ended.code != 2 or log.name in ended.err + ended.out
    assert ended.seconds < SECONDS
    assert ended.megabytes < MEGABYTES
    assert not target.exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", [*LOGS][::3])
def test_nothing_is_raised(tmp_path: Path, name: str):
    content, codes = LOGS[name]
    log = tmp_path / "20250101_000000.log"
    log.write_bytes(as_bytes(content()))
    assert run_here("diagnose", log).code in codes


def test_a_sparse_gigabyte_is_read_in_pieces(tmp_path: Path, worker: Worker):
    log = tmp_path / "20250101_000000.log"
    with log.open("wb") as file:
        file.write(epochs(500).encode())
        file.truncate(1 << 30)
    ended = worker.run("diagnose", log, cwd=tmp_path)
    print(ended)
    assert not ended.has_traceback
    assert ended.code in {0, 1}
    assert "1 line not understood" in ended.out
    assert ended.megabytes < MEGABYTES
    assert ended.seconds < 10


def test_a_zip_is_told(tmp_path: Path, worker: Worker):
    log = tmp_path / "20250101_000000.log"
    with zipfile.ZipFile(log, "w") as archive:
        archive.writestr("a.log", epochs(2))
    ended = worker.run("diagnose", log, cwd=tmp_path)
    assert ended.code == 2
    assert "is compressed (zip)" in ended.err
