from __future__ import annotations

from click.testing import CliRunner
from mmscaffold.cli.main import group


def run(*words: str):
    return CliRunner().invoke(group, ["new", *words])


def test_a_project_is_made(tmp_path):
    ended = run(str(tmp_path / "p"), "--defaults", "--data", "package_name=cats")
    assert ended.exit_code == 0, ended.output
    assert (tmp_path / "p" / "cats" / "__init__.py").is_file()
    assert "README.md" in ended.output


def test_bad_input_exits_with_2_and_writes_nothing(tmp_path):
    for data in ("package_name=1x", "nothing=1", "no-equals-sign"):
        ended = run(str(tmp_path / "p"), "--data", data)
        assert ended.exit_code == 2, ended.output
        assert not (tmp_path / "p").exists()


def test_the_language_of_the_documents_is_an_option(tmp_path):
    ended = run(str(tmp_path / "p"), "--defaults", "--lang", "zh")
    assert ended.exit_code == 0, ended.output
    assert "训练" in (tmp_path / "p" / "README.md").read_text("utf-8")
    assert "已经就绪。第一次运行的步骤见其中的 README.md。" in ended.output
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "LICENSE").write_text("mine")
    ended = run(str(tmp_path / "q"), "--defaults", "--lang", "zh")
    assert "LICENSE 原本就在，没有改动。" in ended.output


def test_what_is_kept_is_said(tmp_path):
    (tmp_path / "README.md").write_text("mine")
    ended = run(str(tmp_path), "--defaults", "--data", "package_name=own")
    assert ended.exit_code == 0, ended.output
    assert "README.md was there already and is unchanged." in ended.output
    assert "Your README.md was kept" in ended.output


def on_a_terminal(command: list[str], keys: bytes) -> tuple[int, str]:
    """Run a command on a terminal of its own; press keys when it asks its first question."""
    import os
    import pty

    child, terminal = pty.fork()
    if not child:
        os.execv(command[0], command)
    printed = b""
    while True:
        try:
            part = os.read(terminal, 1 << 16)
        except OSError:
            break
        if not part:
            break
        printed += part
        if b"\x1b[6n" in part:
            os.write(terminal, b"\x1b[1;1R")
        if keys and b"language" in printed:
            os.write(terminal, keys)
            keys = b""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), printed.decode("utf-8", "replace")


def test_ctrl_c_at_a_question_prints_one_line(tmp_path):
    import sys

    command = [sys.executable, "-m", "mmscaffold", "new", str(tmp_path / "p")]
    code, printed = on_a_terminal(command, b"\x03")
    assert code == 130, printed
    assert printed.rstrip().endswith("interrupted")
    assert "Traceback" not in printed
    assert not (tmp_path / "p").exists()
