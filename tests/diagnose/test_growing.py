from __future__ import annotations

import pytest
from mmscaffold.diagnose.growing import GrowingFile
from mmscaffold.diagnose.history import UnreadLines
from mmscaffold.diagnose.reading import LONGEST_LINE
from mmscaffold.errors import MmscaffoldError


def test_each_whole_line_comes_once(tmp_path):
    path = tmp_path / "a.log"
    path.write_bytes(b"one\ntw")
    file = GrowingFile(path, UnreadLines())
    assert list(file.new_lines()) == [(1, b"one\n")]
    assert list(file.new_lines()) == []
    with path.open("ab") as more:
        more.write(b"o\r\nthree\nfo")
    assert list(file.new_lines()) == [(2, b"two\r\n"), (3, b"three\n")]
    assert file.goes_on()
    with path.open("ab") as more:
        more.write(b"ur\n")
    assert file.goes_on()
    assert list(file.new_lines()) == [(4, b"four\n")]


def test_a_line_without_end_is_counted_and_not_kept(tmp_path):
    path, unread = tmp_path / "a.log", UnreadLines()
    path.write_bytes(b"x" * (3 * LONGEST_LINE))
    file = GrowingFile(path, unread)
    assert list(file.new_lines()) == []
    assert len(file._partial) < LONGEST_LINE
    with path.open("ab") as more:
        more.write(b"\nshort\n")
    assert list(file.new_lines()) == [(1, b"\n"), (2, b"short\n")]
    assert unread.number == 1


@pytest.mark.parametrize(
    ("content", "moved", "goes_on"),
    [
        (b"one\ntwo\nthree\n", False, True),
        (b"one\ntwo\nthree\n", True, True),
        (b"one\n", False, False),
        (b"one\n", True, False),
        (b"another\nfile\nthat is longer\n", False, False),
        (b"another\nfile\nthat is longer\n", True, False),
    ],
)
def test_whether_it_was_begun_anew(tmp_path, content, moved, goes_on):
    path = tmp_path / "a.log"
    path.write_bytes(b"one\ntwo\n")
    file = GrowingFile(path, UnreadLines())
    assert len(list(file.new_lines())) == 2
    if moved:
        path.rename(tmp_path / "a.log.1")
        assert file.goes_on()
    path.write_bytes(content)
    assert file.goes_on() is goes_on
    if goes_on:
        assert list(file.new_lines()) == [(3, b"three\n")]


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(MmscaffoldError):
        GrowingFile(tmp_path / "no.log", UnreadLines())
