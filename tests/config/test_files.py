"""Which files there are: one answer for every command."""

from __future__ import annotations

import pytest
from mmscaffold.config import ConfigError
from mmscaffold.config.files import config_files, walk


@pytest.fixture
def folder(tmp_path):
    """Write files by path, each ``a = 1`` unless it has a text."""

    def write(*paths: str, **texts: str):
        for path in paths:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text("a = 1\n")
        for name, text in texts.items():
            (tmp_path / name.replace("__DOT__", ".")).write_text(text)
        return tmp_path

    return write


def names(paths, root) -> list[str]:
    return [path.relative_to(root).as_posix() for path in paths]


OTHERS = [
    ("work_dirs/run1/config.py", "work_dirs", "records of past training runs"),
    (
        "runs/20260101/vis_data/config.py",
        "runs/20260101/vis_data",
        "records of past training runs",
    ),
    ("build/lib/x.py", "build", "build output"),
    ("dist/x.py", "dist", "build output"),
    ("lib/site-packages/x.py", "lib/site-packages", "installed packages"),
]


@pytest.mark.parametrize(("path", "skipped", "reason"), OTHERS)
def test_what_others_made_is_skipped_and_told(folder, path, skipped, reason):
    root = folder("configs/a.py", path)
    files = walk([root])
    assert names(files.configs, root) == ["configs/a.py"]
    assert files.told == [(root / skipped, reason)]


@pytest.mark.parametrize(
    "path", [".git/a.py", "x/__pycache__/a.py", "node_modules/a/a.py", "ours.egg-info/a.py"]
)
def test_caches_and_hidden_folders_are_skipped_without_a_word(folder, path):
    root = folder("a.py", path)
    files = walk([root])
    assert names(files.configs, root) == ["a.py"]
    assert files.told == []
    assert len(files.skipped) == 1


def test_a_package_may_be_called_dist(folder):
    root = folder("ours/dist/__init__.py", "ours/dist/utils.py", "dist/x.py")
    files = walk([root])
    assert names(files.code, root) == ["ours/dist/__init__.py", "ours/dist/utils.py"]
    assert files.told == [(root / "dist", "build output")]


@pytest.mark.parametrize("mark", ["pyvenv.cfg", "conda-meta/history"])
def test_environments_are_told_by_their_mark(folder, mark):
    root = folder("a.py", "venv/lib/x.py", f"venv/{mark}")
    files = walk([root])
    assert names(files.configs, root) == ["a.py"]
    assert files.told == [(root / "venv", "a virtual environment")]


def test_a_folder_that_is_named_is_looked_into_whatever_it_is_called(folder):
    root = folder("work_dirs/run1/config.py", "venv/x.py", "venv/pyvenv.cfg", ".hidden/a.py")
    for name, file in (
        ("work_dirs", "work_dirs/run1/config.py"),
        ("work_dirs/run1", "work_dirs/run1/config.py"),
        ("venv", "venv/x.py"),
        (".hidden", ".hidden/a.py"),
    ):
        assert names(walk([root / name]).configs, root) == [file]


def test_configs_and_code_are_told_apart_and_code_comes_parsed(folder):
    root = folder("a.py", loops__DOT__py="class Loop: ...\n")
    files = walk([root])
    assert names(files.configs, root) == ["a.py"]
    assert names(files.code, root) == ["loops.py"]
    assert list(files.trees) == files.code


def test_data_files_of_folders_are_configs_if_the_runner_reads_a_key_of_them(folder):
    root = folder(
        "a.py",
        config__DOT__yaml="train_cfg:\n  max_epochs: 1\n",
        other__DOT__yml="Models: []\n",
        more__DOT__json='{"model": {}}',
        torn__DOT__yaml="model: 1\nx: ]\n",
    )
    files = walk([root])
    assert names(files.configs, root) == ["a.py", "config.yaml", "more.json"]
    ((path, reason),) = files.told
    assert path == root / "torn.yaml"
    assert reason.startswith("is not valid YAML")


def test_a_named_data_file_is_a_config_whatever_it_holds(folder):
    root = folder(other__DOT__yml="Models: []\n")
    assert walk([root / "other.yml"]).configs == [root / "other.yml"]


def test_annotations_of_datasets_are_not_read(folder):
    root = folder("a.py", big__DOT__json='{"model": "' + "x" * (1 << 20) + '"}')
    assert names(walk([root]).configs, root) == ["a.py"]


def test_a_file_counts_once_and_named_ones_are_known(folder, monkeypatch):
    root = folder("a.py", "b/c.py")
    monkeypatch.chdir(root)
    files = walk(["b/../a.py", root, root / "b", "nope.py"])
    assert names(files.configs, root) == ["a.py", "b/c.py", "nope.py"]
    assert files.named == {root / "a.py", root / "nope.py"}


def test_no_config_is_an_error_that_says_what_was_left_out(folder):
    root = folder("work_dirs/a.py")
    with pytest.raises(ConfigError, match=r"holds no config files; not looked at: .*work_dirs"):
        config_files(root)
