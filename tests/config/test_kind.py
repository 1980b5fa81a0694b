"""Config or code: by what a file sets and defines, never by how a line looks."""

from __future__ import annotations

import ast
import codecs
import os
import subprocess
import sys
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmscaffold.config import ConfigError, resolve
from mmscaffold.config.kind import _of_torn_file, _of_tree, is_data_config, python_file


def is_config(path, text: str) -> bool:
    return python_file(path, text.encode()).is_config


@pytest.mark.parametrize(
    "text",
    [
        "_base_ = './a.py'\n",
        "train_cfg = dict(max_epochs=1)\n",
        "a = 1\n",
        "import os\nwork_dir = os.environ.get('X')\n",
        "from mmengine.config import read_base\nwith read_base():\n    from .a import *\n",
        # A helper function does not make a config code.
        "def lr(x):\n    return x\n\n\nmodel = dict(lr=lr(1))\n",
        "_base_ = ['./a.py']\nmodel['x'] = 1\n",
        # Text that looks like code is text.
        "'''Settings.\n\nclass Foo is trained\ndef this\n@that\n'''\ntrain_cfg = dict()\n",
        "train_cfg = dict()\nnote = '''\nclass A:\n    pass\n'''\n",
        "model = dict(\ntype='A')\n",
        "\ufeffmodel = 1\n",
        "# coding: utf-8\r\n\r\n# more\r\nmodel = 1\r\n",
        "train_cfg: dict = dict(max_epochs=1)\n",
    ],
)
def test_configs_are_told_by_what_they_set(text, tmp_path):
    assert is_config(tmp_path / "a.py", text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("loops.py", "class Loop:\n    pass\n"),
        ("train.py", "import argparse\n\n\ndef main():\n    pass\n"),
        ("__init__.py", "__all__ = ['a']\n"),
        ("test_a.py", "a = 1\n"),
        ("setup.py", "name = 'x'\n"),
        ("models.py", "model = 1\n\n\nclass Model:\n    pass\n"),
        ("models.py", "model = 1\n@mark\nclass Model:\n    pass\n"),
        ("models.py", "model = 1\n\x0cclass Model:\n    pass\n"),
        ("models.py", "model = 1\r\rclass Model:\r    pass\r"),
        ("run.py", "import runpy\nrunpy.run_path('x')\n"),
        ("run.py", "a = 1\nif __name__ == '__main__':\n    print(a)\n"),
        # Keys in a docstring are none, and neither are those of a call.
        ("doc.py", "'''\nmodel = dict()\n'''\nimport os\n"),
        ("call.py", "print(\nmodel=1)\n"),
        ("compare.py", "model == 1\n"),
        # A test may well make a model.
        ("test_model.py", "model = 1\n\n\ndef test_it():\n    assert model\n"),
    ],
)
def test_code_is_told_by_what_it_defines(name, text, tmp_path):
    assert not is_config(tmp_path / name, text)


def test_constants_of_a_package_are_code_and_its_configs_are_configs(tmp_path):
    (tmp_path / "__init__.py").write_text("")
    assert not is_config(tmp_path / "registry.py", "LOOPS = Registry('loop', parent=ROOT)\n")
    assert not is_config(tmp_path / "typing.py", "Boxes = Union[A, B]\n")
    assert is_config(tmp_path / "schedule.py", "train_cfg = dict(type=EpochBasedTrainLoop)\n")
    assert is_config(tmp_path / "a.py", "with read_base():\n    from .b import *\nx = 1\n")


def test_a_config_may_be_named_like_a_test(tmp_path):
    assert is_config(tmp_path / "retinanet_test.py", "_base_ = './a.py'\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = (\n", True),
        ("x = = 1\n", True),
        ("model['x'] = (\n", True),
        ("work_dir = {{$HOME:/tmp}}\nclass A: ...\n", False),
        ("work_dir = {{$NO_SUCH_VARIABLE:1}}\n", True),
        ("class A(:\n", False),
        ("'''\nclass A\n'''\nx = )\n", True),
        ("import a\ndef f(:\n    pass\n", False),
        ("with read_base():\n    from .a import *\nx = = 1\n", True),
        ("print 'x'\n", False),
        ("model = 1\x00\n", True),
    ],
)
def test_of_a_torn_file_what_stands_before_the_fault_counts(text, expected, tmp_path):
    assert is_config(tmp_path / "a.py", text) is expected


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_what_windows_saved_as_utf_16_is_refused_as_a_config_that_cannot_be_read(
    encoding, tmp_path
):
    bom = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    path = tmp_path / "a.py"
    path.write_bytes(bom + "train_cfg = dict(max_epochs=3)\n".encode(encoding))
    assert python_file(path, path.read_bytes()).is_config
    with pytest.raises(ConfigError, match="not UTF-8"):
        resolve(path)
    assert not python_file(tmp_path / "conftest.py", path.read_bytes()).is_config


def test_the_tree_comes_along_where_code_was_parsed(tmp_path):
    found = python_file(tmp_path / "a.py", b"class A: ...\n")
    assert isinstance(found.tree, ast.Module)
    assert python_file(tmp_path / "a.py", b"class A(:\n").tree is None


_LINES = st.sampled_from(
    [
        "model = 1", "x = 1", "x += 1", "_base_ = 'a'", "class A: ...", "def f(): ...", "@f",
        "'''", "# class B", "(", ")", "if __name__ == 'x': ...", "import os",
        "from a import (b,", " c)", "from a import b; x = 3", "if x: ...",
        "import a  # (", "", "  x = 2",
        "with read_base():", "    from .a import *", "train_cfg['a'] = 1", "f(", "\x0c", "\\",
    ]
)  # fmt: skip


@given(st.lists(_LINES, max_size=8), st.sampled_from(["\n", "\r\n", "\r"]))
def test_the_shortcut_and_the_reader_of_torn_files_agree_with_the_tree(lines, newline):
    from pathlib import Path

    raw = newline.join(lines).encode()
    try:
        tree = ast.parse(raw)
    except SyntaxError:
        return
    path = Path("a.py")
    found = python_file(path, raw)
    if found.tree is None:
        wanted = _of_tree(tree)
        assert found.is_config
        assert wanted.names
        assert not wanted.has_class
        assert not wanted.has_function
    if newline != "\r":
        assert _of_torn_file(path, raw).has_class == _of_tree(tree).has_class
        assert _of_torn_file(path, raw).keys == _of_tree(tree).keys


def test_the_official_configs_are_configs_and_few_need_parsing(mmdet_configs):
    found = {path: python_file(path, path.read_bytes()) for path in mmdet_configs.rglob("*.py")}
    assert {path.name for path, one in found.items() if not one.is_config} == {
        "override_category.py"
    }
    assert sum(one.tree is not None for one in found.values()) < 10


def test_many_blank_lines_take_no_time(tmp_path):
    code = (
        "from pathlib import Path\nfrom mmscaffold.config.kind import python_file\n"
        "print(python_file(Path('a.py'), b'# x\\r\\n' * 100_000 + b'import a\\r\\n').is_config)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=60, check=True, env=os.environ
    )
    assert done.stdout.split() == [b"False"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.yaml", "model:\n  type: RetinaNet\n", True),
        ("a.yml", "'train_cfg': {by_epoch: true}\n", True),
        ("a.yaml", "x: 1\n_base_: ./b.yaml\n", True),
        ("a.json", '{"model": {"type": "A"}}', True),
        ("a.json", '{"x": [1, {"model": 2}]}', False),
        ("a.yaml", "x:\n  model: 1\n", False),
        ("a.yaml", "x: [{model: 1}]\ny: {train_cfg: 1}\nz: 2\n", False),
        ("a.yaml", "? {model: 1}\n: 2\n", False),
        ("a.yaml", "- model: 1\n", False),
        ("metafile.yml", "Models:\n  - Name: a\n    Config: b.py\n", False),
        ("package.json", '{"name": "x", "version": "1"}', False),
        ("a.yaml", "# model: 1\nx: 'model: 1'\n", False),
        ("a.json", "[1", False),
        ("a.yaml", "x: [model: \n", False),
    ],
)  # fmt: skip
def test_data_files_are_configs_if_they_hold_a_key_of_the_runner(tmp_path, name, text, expected):
    assert is_data_config(tmp_path / name, text.encode()) is expected


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("a.yaml", "model: 1\nx: ]\n", "a.yaml:2"),
        ("a.json", '{"model": 1,\n "x": }', "a.json:2:7"),
    ],
)
def test_a_torn_data_file_with_such_a_key_is_told_with_its_place(tmp_path, name, text, where):
    with pytest.raises(ConfigError, match="is not valid") as raised:
        is_data_config(tmp_path / name, textwrap.dedent(text).encode())
    assert raised.value.where == str(tmp_path / where)
