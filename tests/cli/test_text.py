from __future__ import annotations

from mmscaffold.cli.text import count, shorten


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
