from __future__ import annotations

import pytest
from mmscaffold.check.discovery import discover, is_config, module_name, package_around
from mmscaffold.config import ConfigError


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
    ],
)
def test_configs_are_told_by_what_they_set(text, tmp_path):
    assert is_config(tmp_path / "a.py", text.encode())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("loops.py", "class Loop:\n    pass\n"),
        ("train.py", "import argparse\n\n\ndef main():\n    pass\n"),
        ("__init__.py", "__all__ = ['a']\n"),
        ("test_a.py", "a = 1\n"),
        ("setup.py", "name = 'x'\n"),
        ("models.py", "model = 1\n\n\nclass Model:\n    pass\n"),
        ("run.py", "import runpy\nrunpy.run_path('x')\n"),
    ],
)
def test_code_is_told_by_what_it_defines(name, text, tmp_path):
    assert not is_config(tmp_path / name, text.encode())


def test_constants_of_a_package_are_code_and_its_configs_are_configs(tmp_path):
    (tmp_path / "__init__.py").write_text("")
    assert not is_config(tmp_path / "registry.py", b"LOOPS = Registry('loop', parent=ROOT)\n")
    assert not is_config(tmp_path / "typing.py", b"Boxes = Union[A, B]\n")
    assert is_config(tmp_path / "schedule.py", b"train_cfg = dict(type=EpochBasedTrainLoop)\n")
    assert is_config(tmp_path / "a.py", b"with read_base():\n    from .b import *\nx = 1\n")


def test_folders_of_others_are_passed_over(tmp_path):
    for folder in (".hidden", "work_dirs", "build", "node_modules", "venv", "configs"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.py").write_text("a = 1\n")
    (tmp_path / "venv" / "pyvenv.cfg").write_text("")
    files = discover([tmp_path])
    assert files.configs == [tmp_path / "configs" / "a.py"]
    # One that is named is looked at, whatever it is called.
    assert discover([tmp_path / "work_dirs"]).configs == [tmp_path / "work_dirs" / "a.py"]


def test_data_files_are_configs_when_they_are_named(tmp_path):
    (tmp_path / "a.yaml").write_text("a: 1\n")
    with pytest.raises(ConfigError, match="nothing to check"):
        discover([tmp_path])
    assert discover([tmp_path / "a.yaml"]).configs == [tmp_path / "a.yaml"]


def test_modules_are_named_as_they_are_imported(tmp_path):
    package = tmp_path / "outer" / "inner"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").write_text("")
    assert module_name(package / "loops.py") == "outer.inner.loops"
    assert module_name(package / "__init__.py") == "outer.inner"
    assert module_name(tmp_path / "alone.py") == "alone"
    assert package_around(package / "loops.py") == tmp_path / "outer"
    assert package_around(tmp_path / "alone.py") is None
