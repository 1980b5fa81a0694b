from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group
from mmscaffold.cli.text import count, say_json, shorten, skipped_lines, visible


def test_files_are_named_from_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert shorten(f"{tmp_path}/a.py:1: as {tmp_path}/b.py") == "a.py:1: as b.py"
    assert shorten("/elsewhere/a.py") == "/elsewhere/a.py"


def test_a_current_folder_that_was_deleted_is_no_trouble(tmp_path, monkeypatch):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert shorten("/a/b.py") == "/a/b.py"


def test_one_is_singular():
    assert [count(number, "file") for number in (0, 1, 2)] == ["0 files", "1 file", "2 files"]


def test_what_was_skipped_is_told_briefly(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "work_dirs").mkdir()
    code = [(tmp_path / f"{number}.py", "code") for number in range(4)]
    folder = (tmp_path / "work_dirs", "records")
    assert list(skipped_lines([*code[:2], folder])) == [
        "skipped: work_dirs/ (records)",
        "skipped: 0.py: code",
        "skipped: 1.py: code",
    ]
    assert list(skipped_lines(code)) == ["skipped: 0.py and 3 more: code"]


# ANSI, a line that GitHub would obey, C1, right to left, a line separator, half a surrogate.
HOSTILE = [
    "a\x1b[31mb",
    "a\n::error::b",
    "a\rb",
    "a\x9b2Jb",
    "a\u202eb",
    "a\u2028b",
    "a\udcffb",
    "a\x7fb",
]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_what_a_terminal_would_act_on_is_written_out(name, capsys):
    assert visible(name).isprintable()
    assert "\\" in visible(name)
    say_json({name: [name]})
    printed = capsys.readouterr().out
    assert json.loads(printed) == {name: [name]}
    assert all(one.isprintable() for one in printed.splitlines())


def test_other_text_is_as_it_was():
    for text in ("目标检测.py", "l'été\\n", "[red]a[/red]", "👩\u200d🚀"):
        assert visible(text) == text


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("check", "--format", "github"),
        ("check", "--format", "json"),
        ("check", "--format", "sarif"),
        ("resolve",),
        ("resolve", "--format", "py"),
        ("migrate", "--max-epochs", "3"),
        ("diagnose",),
    ],
    ids=" ".join,
)
def test_no_command_prints_it(tmp_path, monkeypatch, name, words):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / f"{name}.py"
    path.write_text(
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=1)\n"
        "total_epochs = 3\n"
        f"note = {name!a}\n"
    )
    broken = tmp_path / f"broken{name}.py"
    broken.write_text("train_cfg = (\n")
    for file in (path, broken):
        printed = CliRunner().invoke(group, [words[0], str(file), *words[1:]]).output
        assert printed
        assert all(one.isprintable() for one in printed.split("\n"))
        assert not [one for one in printed.split("\n") if one.startswith("::error::b")]
