"""``diagnose --follow``, watching what another process writes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group

LOGS = Path(__file__).parents[1] / "diagnose" / "logs"
WRITER = """
import sys, time
lines = open(sys.argv[1], "rb").readlines()
with open(sys.argv[2], "ab", buffering=0) as file:
    for line in lines:
        file.write(line)
        time.sleep(0.01)
"""


def command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "mmscaffold", "diagnose", *map(str, words)]


@pytest.mark.subprocess
def test_fail_fast_ends_with_the_first_symptom_that_another_process_writes(tmp_path):
    pytest.importorskip("watchfiles")
    log = tmp_path / "work" / "a.log"
    followed = subprocess.Popen(
        command("--follow", "--fail-fast", "--format", "json", log), stdout=subprocess.PIPE
    )
    time.sleep(0.5)
    log.parent.mkdir()
    subprocess.run([sys.executable, "-c", WRITER, LOGS / "val-behind.log", log], check=True)
    output, _ = followed.communicate(timeout=60)
    assert followed.returncode == 1
    *told, summary = map(json.loads, output.splitlines())
    assert [one["symptom"] for news in told for one in news["symptoms"]] == ["val-behind"]
    assert [one["document"] for one in (*told, summary)] == [
        *["mmscaffold.news"] * len(told),
        "mmscaffold.diagnose",
    ]
    assert told[-1]["causes"][0]["cause"] == "epoch-advances-after-validation"
    assert summary["runs"][0]["symptoms"] == told[-1]["symptoms"]


@pytest.mark.subprocess
@pytest.mark.parametrize(("name", "code"), [("healthy", 0), ("val-behind", 1)])
def test_what_ends_it_gets_the_summary_and_the_exit_code(tmp_path, name, code):
    pytest.importorskip("watchfiles")
    log = tmp_path / "a.log"
    log.write_bytes((LOGS / f"{name}.log").read_bytes())
    followed = subprocess.Popen(
        command("--follow", log), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert followed.stdout is not None
    first = followed.stdout.readline()
    followed.send_signal(signal.SIGTERM if code else signal.SIGINT)
    rest, errors = followed.communicate(timeout=60)
    assert followed.returncode == code, errors
    assert "following" in errors
    assert "a.log: Epoch(train)" in first
    assert "1 run read: " in rest


def test_what_is_missing_is_said(monkeypatch, tmp_path):
    found = __import__("importlib.util").util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == "watchfiles" else found(name)
    )
    ended = CliRunner().invoke(group, ["diagnose", "--follow", str(tmp_path / "a.log")])
    assert ended.exit_code == 2
    assert 'pip install "mmscaffold[follow]"' in ended.output


@pytest.mark.parametrize(
    "words", [["--fail-fast", "a.log"], ["--follow", "a.log", "b.log"]], ids=str
)
def test_what_does_not_go_together_is_refused(words):
    ended = CliRunner().invoke(group, ["diagnose", *words])
    assert ended.exit_code == 2
    assert "--follow" in ended.output


@pytest.mark.subprocess
def test_a_log_that_never_came_is_an_input_error(tmp_path):
    pytest.importorskip("watchfiles")
    followed = subprocess.Popen(
        command("--follow", tmp_path / "a.log"), stderr=subprocess.PIPE, text=True
    )
    assert followed.stderr is not None
    assert "waiting for" in followed.stderr.readline()
    followed.send_signal(signal.SIGINT)
    _, errors = followed.communicate(timeout=60)
    assert followed.returncode == 2
    assert "there was no log" in errors
