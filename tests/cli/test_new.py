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
