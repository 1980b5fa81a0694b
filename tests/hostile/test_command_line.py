"""What is no file is refused or passed over, and what no one foresaw is told as our fault."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from mmscaffold.cli import main as command_line
from support.measured import Worker, run_here

SECONDS = 3
CONFIG = "train_cfg = dict(by_epoch=True, max_epochs=12)\n"
COMMANDS = {
    "resolve": ["resolve"],
    "check": ["check"],
    "migrate": ["migrate", "--max-epochs", "24", "--diff"],
    "diagnose": ["diagnose"],
}


def make_socket(path: Path) -> None:
    """A socket under a name, which may be longer than a socket's may be."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


KINDS = {"pipe": os.mkfifo, "socket": make_socket}
ENDINGS = {"resolve": ".py", "check": ".py", "migrate": ".py", "diagnose": ".log"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_file_is_refused_at_once(tmp_path, worker: Worker, command, kind):
    path = tmp_path / f"named{ENDINGS[command]}"
    KINDS[kind](path)
    ended = worker.run(*COMMANDS[command], path, cwd=tmp_path)
    assert ended.code == 2
    assert path.name in ended.out + ended.err
    assert re.search("pipe|socket|No such device", ended.out + ended.err)
    assert ended.seconds < SECONDS


@pytest.mark.parametrize(
    "path", ["/dev/stdin", "/dev/zero", "/dev/null", "/dev/tty", "/proc/self/mem", "/proc/kmsg",
             "/proc/self/environ", "/proc/self/fd/0", "/no/such/file", "a\udcff.py"]
)  # fmt: skip
@pytest.mark.parametrize("command", COMMANDS)
def test_what_belongs_to_the_system_is_refused_at_once(tmp_path, worker: Worker, command, path):
    ended = worker.run(*COMMANDS[command], path, cwd=tmp_path)
    assert ended.code in {1, 2}
    assert not ended.has_traceback
    assert ended.seconds < SECONDS


@pytest.mark.parametrize("command", ["check", "migrate"])
@pytest.mark.parametrize("kind", KINDS)
def test_in_a_folder_it_is_passed_over_and_said(tmp_path, worker: Worker, command, kind):
    (tmp_path / "a.py").write_text(CONFIG)
    for name in ("pipe.py", "pipe.yaml", "pipe.json", "pyproject.toml"):
        KINDS[kind](tmp_path / name)
    ended = worker.run(*COMMANDS[command], tmp_path, cwd=tmp_path)
    assert ended.code in {0, 1}
    for name in ("pipe.py", "pipe.yaml", "pipe.json"):
        assert name in ended.out
    assert f"is a {kind}" in ended.out
    assert ended.seconds < SECONDS


def test_logs_in_a_work_folder_that_are_pipes_are_passed_over(tmp_path, worker: Worker):
    os.mkfifo(tmp_path / "20250101_000000.log")
    ended = worker.run("diagnose", tmp_path)
    assert ended.code == 2
    assert "no mmengine log" in ended.err


@pytest.mark.parametrize("command", ["check", "migrate"])
def test_links_in_circles_end(tmp_path, worker: Worker, command):
    (tmp_path / "a.py").write_text(CONFIG)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "up").symlink_to(tmp_path)
    (tmp_path / "self.py").symlink_to("self.py")
    (tmp_path / "b.py").symlink_to("c.py")
    (tmp_path / "c.py").symlink_to("b.py")
    ended = worker.run(*COMMANDS[command], tmp_path, cwd=tmp_path)
    assert not ended.has_traceback
    assert "Too many levels of symbolic links" in ended.out + ended.err
    assert ended.seconds < SECONDS


def test_an_unreadable_folder_is_said_and_ends_with_2(tmp_path, monkeypatch, capsys):

    (tmp_path / "a.py").write_text(CONFIG)
    (tmp_path / "closed").mkdir()
    scandir = os.scandir

    def refuse(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    for command in ("check", "migrate"):
        monkeypatch.setattr(sys, "argv", ["mmscaffold", *COMMANDS[command], str(tmp_path)])
        with pytest.raises(SystemExit) as ended:
            command_line.main()
        said = "".join(capsys.readouterr())
        assert re.search("closed.*could not be read: Permission denied", said)
        assert ended.value.code == 2


@pytest.mark.parametrize(
    "text",
    [
        "[tool.mmscaffold]\npackage = 1\n",
        "tool = 1\n",
        "tool = []\n",
        "[tool]\nmmscaffold = 1\n",
        "[[tool.mmscaffold]]\n",
        "[tool.mmscaffold]\npackage = 'a'\nclasses = []\n",
        "[tool.mmscaffold]\npackage = 'a'\n[tool.mmscaffold.classes]\nA = 1\n",
        "[tool.mmscaffold]\npackage = 'a'\n[tool.mmscaffold.classes]\nA = []\n",
        "[tool.mmscaffold]\npackage = 'a'\ncheck = 1\n",
        "[tool.mmscaffold.check]\nselect = 1\n",
        "[tool.mmscaffold.check]\nselect = [1]\n",
        "[tool.mmscaffold.check]\nselect = [[]]\n",
        "[tool.mmscaffold.check]\nselect = ['']\n",
        "[tool.mmscaffold.check]\nignore = {}\n",
        "[tool.mmscaffold.check]\nper-file-ignores = 1\n",
        "[tool.mmscaffold.check]\nper-file-ignores = { a = 1 }\n",
        "[tool.mmscaffold.check.per-file-ignores]\n'[' = ['MMS101']\n",
        "[tool.mmscaffold]\npackage = 'a\\u0000b'\n",
        "[tool.mmscaffold]\npackage = '../..'\n",
        "[tool.mmscaffold]\npackage = ''\n",
        "[tool.mmscaffold]\nnan = nan\ninf = inf\n",
        "[tool.mmscaffold]\ndate = 1979-05-27T07:32:00Z\n",
        "x = " + "9" * 10_000 + "\n",
        "x = " + "[" * 50_000 + "\n",
        "x = " + "{a=" * 5_000 + "\n",
        "a" + ".a" * 20_000 + " = 1\n",
        "[" + "a." * 20_000 + "a]\n",
        "\n" * 900_000 + "[tool.mmscaffold]\nunknown = 1\n",
        "x = 1\n" * 500_000,
        "x = '" + "a" * 3_000_000 + "'\n",
        "\0",
        "x = '\udcff'",
        "\ufeff[tool.mmscaffold]\n",
        "[tool.mmscaffold",
    ],
    ids=range(34),
)
@pytest.mark.parametrize("command", ["check", "migrate"])
def test_odd_tables_are_errors_with_their_place(tmp_path, worker: Worker, command, text):
    (tmp_path / "a.py").write_text(CONFIG)
    raw = text.encode("utf-8", "surrogateescape")
    (tmp_path / "pyproject.toml").write_bytes(raw)
    ended = worker.run(*COMMANDS[command], tmp_path / "a.py", cwd=tmp_path)
    print(ended)
    assert not ended.has_traceback
    assert ended.code in {0, 1, 2}
    assert ended.code != 2 or "pyproject.toml" in ended.err
    assert ended.seconds < SECONDS
    assert ended.megabytes < 200
    assert (tmp_path / "pyproject.toml").read_bytes() == raw


def test_what_a_terminal_cannot_show_is_escaped(tmp_path, worker: Worker):
    (tmp_path / "a.py").write_text("x = '\\ud800'\n")
    ended = worker.run("resolve", "--format", "json", tmp_path / "a.py")
    assert (ended.code, '"\\ud800"' in ended.out) == (0, True)


# A fault of our own


def _plant(monkeypatch, error: BaseException, arguments: list[str]) -> None:
    """Let ``resolve`` end in an exception deep inside."""
    from mmscaffold.config.evaluate import run

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(run, "Evaluation", fail)
    monkeypatch.setattr(sys, "argv", ["mmscaffold", *arguments])


@pytest.mark.parametrize(
    "error",
    [
        KeyError("planted"),
        AssertionError(),
        ZeroDivisionError("a\nb"),
        OSError(5, "Input/output error"),
        SystemError("x" * 10_000),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "planted"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_no_one_foresaw_is_told_as_our_fault(tmp_path, monkeypatch, capsys, error):
    config = tmp_path / "a.py"
    config.write_text(CONFIG)
    _plant(monkeypatch, error, ["resolve", str(config)])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    said = capsys.readouterr().err
    assert ended.value.code == 3
    assert "this is a fault of mmscaffold, please report it" in said
    assert type(error).__name__ in said
    assert re.search(r"in mmscaffold/config/evaluate/run\.py:\d+ \(run_statements\)", said)
    assert str(config) in said
    assert "Traceback" not in said
    assert len(said) < 2_000
    assert config.read_text() == CONFIG


@pytest.mark.parametrize("error", [RecursionError("planted"), MemoryError()])
def test_recursion_and_memory_are_told_too(tmp_path, monkeypatch, capsys, error):
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("mmscaffold.cli.resolve._print_keys", fail)
    monkeypatch.setattr(sys, "argv", ["mmscaffold", "resolve", str(tmp_path / "a.py")])
    (tmp_path / "a.py").write_text(CONFIG)
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 3
    assert type(error).__name__ in capsys.readouterr().err


def test_ctrl_c_is_one_line(tmp_path, monkeypatch, capsys):
    (tmp_path / "a.py").write_text(CONFIG)
    _plant(monkeypatch, KeyboardInterrupt(), ["resolve", str(tmp_path / "a.py")])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 130
    assert capsys.readouterr().err.strip().splitlines() == ["interrupted"]


@pytest.mark.subprocess
def test_a_real_ctrl_c_is_one_line(tmp_path):
    (tmp_path / "a.py").write_text(CONFIG)
    script = (
        "import sys, time, mmscaffold.cli.resolve as r, mmscaffold.cli.main as m\n"
        "r._print_keys = lambda *a, **k: (print('ready', flush=True), time.sleep(60))\n"
        "m.main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, "resolve", tmp_path / "a.py"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err.strip()) == (130, "interrupted")


@pytest.mark.subprocess
def test_a_broken_pipe_is_quiet(tmp_path):
    (tmp_path / "a.py").write_text("x = list(range(90000))\n")
    read, write = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "mmscaffold", "resolve", tmp_path / "a.py"],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(write)
    os.close(read)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (1, "")


def test_errors_of_users_stay_errors_of_users(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["mmscaffold", "resolve", str(tmp_path / "none.py")])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 2
    assert "no such file" in capsys.readouterr().err


def test_the_report_asks_nothing_of_foreign_objects():
    from mmscaffold.cli.fault import fault_report

    class Loud:
        @property
        def path(self) -> Path:
            raise AssertionError("asked")

    def fail(loud: Loud) -> None:
        raise click.ClickException("planted")

    with pytest.raises(click.ClickException) as raised:
        fail(Loud())
    assert "fault of mmscaffold" in fault_report(raised.value)


LONG = "x" * 300


@pytest.mark.parametrize(
    "words",
    [
        ("new", LONG, "--defaults"),
        ("check", LONG),
        ("check", f"{LONG}.py"),
        ("resolve", f"{LONG}.yaml"),
        ("migrate", LONG, "--max-epochs", "3"),
        ("migrate", "a.py", "--project", LONG),
        ("diagnose", f"{LONG}.log"),
        ("check", "x/" * 3000),
    ],
    ids=lambda words: words[0],
)
def test_a_name_that_no_file_can_have_is_an_error_of_the_user(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text(CONFIG)
    ended = run_here(*words)
    assert ended.code == 2
    assert "fault of mmscaffold" not in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["a.py"]


@pytest.mark.parametrize(
    "text",
    [
        f"custom_imports = dict(imports=['{LONG}.a', 'a.{LONG}'])\n{CONFIG}",
        f"{CONFIG}model = dict(type='{LONG}.b.C')\n",
        f"_base_ = './{LONG}.py'\n",
        f"_base_ = '{LONG}::a/a.py'\n",
        f"from mmengine.config import read_base\nwith read_base():\n    from .{LONG} import *\n",
        f"import {LONG}\nfrom a.{LONG} import B\nclass A(B):\n    pass\n",
    ],
)
@pytest.mark.parametrize("command", [("check",), ("migrate", "--max-epochs", "24", "--diff")])
def test_such_a_name_within_a_file_ends_nothing(tmp_path, command, text):
    (tmp_path / "long.py").write_text(text)
    (tmp_path / "sound.py").write_text(CONFIG)
    ended = run_here(*command, tmp_path)
    assert "fault of mmscaffold" not in ended.err
    if command[0] == "check":
        assert ended.code in {0, 1}
        assert "checked: " in ended.out
    else:
        assert ended.code in {0, 1} or "long.py:" in ended.err


def test_a_fault_over_such_a_name_is_told_as_any_other(tmp_path, monkeypatch, capsys):
    def fail(*_: object, **__: object) -> None:
        path = Path(LONG)
        raise KeyError(str(path)[:3])

    monkeypatch.setattr("mmscaffold.cli.resolve._print_keys", fail)
    monkeypatch.setattr(sys, "argv", ["mmscaffold", "resolve", str(tmp_path / "a.py")])
    (tmp_path / "a.py").write_text(CONFIG)
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 3
