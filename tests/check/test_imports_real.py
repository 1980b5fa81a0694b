"""What MMS158 says of imports, confirmed with mmengine."""

from __future__ import annotations

import sys

import pytest
from mmengine.config import Config
from mmscaffold.check import Settings, check_paths, find_rule
from mmscaffold.facts.packages import FROZEN_MODULES

BASE = "model = dict(type='A')\n"


@pytest.mark.skipif(sys.version_info < (3, 11), reason="older ones have files for these modules")
@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("import os\nwork_dir = os.path.join('a', 'b')\n", True),
        ("from os import environ\nn = environ.get('A', 'b')\n", True),
        ("import io\n_base_ = './base.py'\n", True),
        ("import stat\nn = stat.S_ISREG(1)\n", True),
        ("if True:\n    import os\n_base_ = './base.py'\n", False),
        ("if True:\n    import os\nn = os.getenv('A')\n", False),
        ("_base_ = []\nimport os\nwork_dir = os.path.join('a', 'b')\n", False),
        ("_base_ = './base.py'\nimport os\nn = os.getenv('A')\n", False),
        ("import os\nn = 1\n", False),
        ("import time\nn = 1\n", False),
    ],
)
def test_mmengine_refuses_it(tmp_path, text, is_refused):
    (tmp_path / "base.py").write_text(BASE)
    file = tmp_path / "config.py"
    file.write_text(text)
    report = check_paths([file], Settings((find_rule("MMS158"),)))
    assert [one.rule.id for one in report.findings] == ["MMS158"] * is_refused
    if is_refused:
        with pytest.raises(Exception):  # noqa: B017, PT011
            Config.fromfile(file)
    else:
        assert Config.fromfile(file)


def test_a_classic_config_cannot_inherit_from_it(tmp_path):
    (tmp_path / "base.py").write_text("import os\n" + BASE)
    file = tmp_path / "config.py"
    file.write_text("_base_ = './base.py'\nn = 1\n")
    (found,) = check_paths([file], Settings((find_rule("MMS158"),))).findings
    assert found.rule.id == "MMS158"
    with pytest.raises(Exception, match="must match the current configuration file type"):
        Config.fromfile(file)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="older ones have files for these modules")
def test_the_frozen_modules_are_those_of_python():
    import importlib.util

    names = [one for one in sys.stdlib_module_names if not one.startswith("_")]
    specs = {one: importlib.util.find_spec(one) for one in names}
    frozen = {one for one, spec in specs.items() if spec and spec.origin == "frozen"}
    assert frozen == FROZEN_MODULES
