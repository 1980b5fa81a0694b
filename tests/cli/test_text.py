from __future__ import annotations

from mmscaffold.cli.text import count, shorten, skipped_lines


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
