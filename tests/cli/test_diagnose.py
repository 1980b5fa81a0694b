from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group

STAMP = "2025/01/01 00:00:00 - mmengine - INFO - "
REST = "lr: 1.0000e-02  eta: {}  time: 0.1000  data_time: 0.0010  loss: 0.5\n"


def lines(numbers: list[int], validated: list[int], eta: str) -> str:
    text = ""
    for epoch, val in zip(numbers, validated, strict=True):
        for batch in (2, 4):
            text += f"{STAMP}Epoch(train) [{epoch}][{batch}/4]  {REST.format(eta)}"
        text += f"{STAMP}Epoch(val) [{val}][4/4]    mAP: 0.1  time: 0.1\n"
    return text


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.log").write_text(lines([1, 2], [1, 2], "0:00:00"))
    (tmp_path / "bad.log").write_text(lines([1, 1, 1], [0, 0, 0], "-1 day, 23:59:59"))
    return tmp_path


def run(*words: str):
    return CliRunner().invoke(group, ["diagnose", *words])


def test_a_healthy_log_exits_with_0(folder):
    ended = run("good.log")
    assert ended.exit_code == 0, ended.output
    assert "1 run read: nothing wrong; 0 lines not understood." in ended.output


def test_a_fault_shows_its_lines_its_causes_and_their_rules(folder):
    ended = run("bad.log")
    assert ended.exit_code == 1
    assert "seen: the same epoch again and again" in ended.output
    assert "line 4: Epoch(train) [1][2/4] follows Epoch(train) [1][4/4]" in ended.output
    assert "line 3: Epoch(val) [0] follows Epoch(train) [1]" in ended.output
    assert "cause 1: runner-does-not-see-the-counters" in ended.output
    assert "rule: MMS203 loop-on-foreign-base" in ended.output
    assert "help: Derive the loop from" in ended.output
    assert "1 run read: 3 symptoms; 0 lines not understood." in ended.output


def test_json_says_the_same(folder):
    ended = run("bad.log", "--format", "json")
    assert ended.exit_code == 1
    told = json.loads(ended.output)
    [one] = told["runs"]
    assert one["path"] == "bad.log"
    assert {"epoch-repeats", "val-behind"} <= {seen["symptom"] for seen in one["symptoms"]}
    assert one["causes"][0]["cause"] == "runner-does-not-see-the-counters"
    assert "MMS203" in one["causes"][0]["rules"]
    assert told["not_understood"]["lines"] == 0


def test_what_was_not_understood_is_said(folder):
    with (folder / "good.log").open("a") as file:
        file.write(f"{STAMP}Epoch(train) [3][?/4]  {REST.format('0:00:00')}")
    ended = run("good.log")
    assert ended.exit_code == 2
    assert "cannot tell: 1 line of training could not be understood" in ended.output
    assert "not understood: good.log:7: " in ended.output
    assert "[3][?/4]" in ended.output
    assert "1 line not understood." in ended.output


@pytest.mark.parametrize("name", ["none.log", "empty.log", "binary.log", "."])
def test_no_log_exits_with_2(folder, name):
    (folder / "empty.log").write_bytes(b"")
    (folder / "binary.log").write_bytes(b"\0\1")
    for log in ("good.log", "bad.log"):
        (folder / log).unlink()
    ended = run(name)
    assert ended.exit_code == 2
    assert "error: " in ended.output


def test_a_plot_is_drawn(folder):
    pytest.importorskip("matplotlib")
    ended = run("bad.log", "--plot", "a.png")
    assert ended.exit_code == 1
    assert "Plot: a.png" in ended.output
    assert "first parted: ETA, line 1: " in ended.output
    assert (folder / "a.png").read_bytes().startswith(b"\x89PNG")


def test_a_page_is_written(folder):
    ended = run("bad.log", "--report", "a.html")
    assert ended.exit_code == 1
    assert ended.output.endswith("Report: a.html\n")
    page = (folder / "a.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "runner-does-not-see-the-counters" in page


@pytest.mark.parametrize(
    ("file", "message"),
    [("a.pdf", "must end in .html"), ("nowhere/a.html", "cannot be written"), (".", ".")],
)
def test_a_page_that_cannot_be_written_is_an_error(folder, file, message):
    ended = run("good.log", "--report", file)
    assert ended.exit_code == 2
    assert message in ended.output


def test_a_page_and_a_plot_of_one_name_are_refused(folder):
    ended = run("bad.log", "--report", "a.html", "--plot", str(folder / "a.html"))
    assert ended.exit_code == 2
    assert "--plot and --report name the same file" in ended.output
    assert not (folder / "a.html").exists()


def test_a_page_needs_no_library_of_pictures(folder, monkeypatch):
    for name in ("matplotlib", "plotext"):
        monkeypatch.setitem(sys.modules, name, None)
    ended = run("good.log", "--report", "a.html")
    assert ended.exit_code == 0, ended.output


def test_it_imports_neither_torch_nor_matplotlib(folder):
    script = (
        "import sys\nfrom mmscaffold.cli.main import group\n"
        "try:\n    group(['diagnose', 'bad.log'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('torch', 'mmengine', 'matplotlib') if name in sys.modules])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines()[-1] == "[]"


STAMPED = "2025/01/01 00:00:00 - mmengine - INFO - "
DIED = (
    f"{STAMPED}\n-----\nSystem environment:\n{STAMPED}Config:\n"
    f"custom_hooks = [dict(type='NoSuchHook')]\n\n{STAMPED}x\n"
    "Traceback (most recent call last):\n"
    '  File "/work/tools/train.py", line 9, in <module>\n    main()\n'
    "KeyError: 'NoSuchHook is not in the mmengine::hook registry.'\n"
)


def test_a_run_that_died_is_told_with_the_key_that_brought_it(folder):
    (folder / "died.log").write_text(DIED)
    ended = run("died.log")
    assert ended.exit_code == 1, ended.output
    assert "died: KeyError: 'NoSuchHook is not in the" in ended.output
    assert "raised at" in ended.output
    assert "config: custom_hooks[0].type at" in ended.output
    assert "help: " in ended.output


def test_what_was_wanted_is_no_fault(folder):
    good = (folder / "good.log").read_text()
    traceback = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n'
    (folder / "stopped.log").write_text(good + traceback + "KeyboardInterrupt\n")
    ended = run("stopped.log")
    assert ended.exit_code == 0, ended.output
    assert "ended: KeyboardInterrupt" in ended.output


def test_an_exception_of_no_known_kind_is_shown_all_the_same(folder):
    traceback = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n'
    (folder / "odd.log").write_text(traceback + "OddError: nobody knows\n")
    ended = run("odd.log")
    assert "died: OddError: nobody knows" in ended.output
