from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import mmscaffold
import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group


def test_starting_up_imports_nothing_heavy():
    code = (
        "import sys; from mmscaffold.cli.main import group\n"
        "try: group(['--version'])\n"
        "except SystemExit as e: assert e.code == 0\n"
        "heavy = {'mmengine', 'copier', 'torch', 'mmdet', 'yaml', 'jinja2', 'rich'}\n"
        "print(heavy & sys.modules.keys())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert mmscaffold.__version__ in ended.stdout
    assert ended.stdout.strip().endswith("set()")


def test_help_lists_every_command_and_each_has_help_of_its_own():
    runner = CliRunner()
    listed = runner.invoke(group, ["--help"]).output
    for name in ("check", "explain", "migrate", "new", "resolve"):
        assert name in listed
        ended = runner.invoke(group, [name, "--help"])
        assert ended.exit_code == 0
        assert "Usage:" in ended.output


@pytest.mark.parametrize("words", [["nothing"], ["migrate"], ["migrate", "--nonsense", "a.py"]])
def test_wrong_usage_exits_with_2(words):
    assert CliRunner().invoke(group, words).exit_code == 2


def test_it_runs_as_a_module():
    words = [sys.executable, "-m", "mmscaffold", "--version"]
    assert (
        mmscaffold.__version__
        in subprocess.run(words, capture_output=True, text=True, check=True).stdout
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("words", [["explain"], ["info"], ["--help"]])
def test_a_full_disk_is_no_fault_of_mmscaffold(words):
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "mmscaffold", *words],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert ended.returncode == 2
    assert ended.stderr == "error: the output: cannot be written: No space left on device\n"
