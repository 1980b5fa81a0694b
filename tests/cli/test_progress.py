"""The bar over long trees, as a terminal gets it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pty = pytest.importorskip("pty", reason="Windows has no such terminals")

LONG = """
import threading, time
from mmscaffold.cli.progress import progress_bar
with progress_bar("Checking") as tell:
    for done in range({total}):
        tell(done, {total})
        time.sleep(0.005)
    assert threading.active_count() == 1, threading.enumerate()
"""


def shown(total: int) -> str:
    """What a terminal is sent while ``total`` files are read."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    running = subprocess.Popen(
        [sys.executable, "-c", LONG.format(total=total)], stderr=theirs, env=environment
    )
    os.close(theirs)
    sent = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # so Linux tells that the other end is closed
            break
        if not part:
            break
        sent += part
    os.close(ours)
    assert running.wait() == 0, sent.decode()
    return sent.decode()


def test_a_terminal_sees_how_far_a_long_tree_is():
    sent = shown(100)
    assert "Checking" in sent
    percentages = {word for word in sent.replace("\x1b", " ").split() if word.endswith("%")}
    assert len(percentages) > 2


def test_a_handful_of_files_shows_none():
    assert "Checking" not in shown(40)
