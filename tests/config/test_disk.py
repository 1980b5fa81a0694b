from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from mmscaffold.config.errors import SpecialFileError, UnreadableError
from mmscaffold.config.text.disk import open_file, read_file

MOST = 1 << 22


def test_a_file_is_read_whole_also_in_several_pieces(tmp_path):
    for size in (0, 1, 1 << 20, (1 << 20) + 1, 3 << 20):
        (tmp_path / "x").write_bytes(b"x" * size)
        assert len(read_file(tmp_path / "x", MOST)) == size


def test_one_that_is_too_large_is_refused_with_both_sizes(tmp_path):
    (tmp_path / "x").write_bytes(b"x" * 11)
    assert read_file(tmp_path / "x", 11) == b"x" * 11
    with pytest.raises(UnreadableError, match="it has 11 bytes; at most 10 are read"):
        read_file(tmp_path / "x", 10)


@pytest.mark.parametrize(
    ("name", "message"),
    [("nowhere", "no such file"), ("a\0b", "no such file"), ("\ud800", "no such file")],
)
def test_what_is_not_there_is_told(tmp_path, name, message):
    with pytest.raises(UnreadableError, match=message):
        read_file(tmp_path / name, MOST)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(UnreadableError, match="is a folder"):
        open_file(tmp_path)


def test_no_other_end_of_a_pipe_is_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SpecialFileError, match="is a pipe, not a file"):
        read_file(tmp_path / "pipe", MOST)


def test_a_socket_and_a_device_are_no_files(tmp_path, monkeypatch):
    # The path of a socket must be short.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("socket")
        with pytest.raises(SpecialFileError, match="is a socket, not a file"):
            read_file(Path("socket"), MOST)
    with pytest.raises(SpecialFileError, match="is a device, not a file"):
        read_file(Path(os.devnull), MOST)


def test_what_the_system_makes_up_is_no_file():
    with pytest.raises(SpecialFileError, match="is made by the system"):
        read_file(Path("/proc/self/environ"), MOST)


def test_one_that_may_not_be_read_is_told(tmp_path, monkeypatch):
    (tmp_path / "x").write_text("x")

    def denied(*_arguments, **_keywords):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(UnreadableError, match="could not be read: Permission denied"):
        read_file(tmp_path / "x", MOST)
