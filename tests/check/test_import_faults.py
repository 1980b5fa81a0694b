"""Faults that end an import: found by their rule, and raised by mmengine and mmcv themselves."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from mmscaffold.check import Settings, all_rules, check_paths

pytest.importorskip("mmengine")

CASES = [
    (
        "MMS247",
        "from mmengine.hooks import Hook\nfrom mmengine.registry import HOOKS\n\n\n"
        "@HOOKS.register_module\nclass NeverCalledHook(Hook):\n    pass\n",
        TypeError,
        "name must be None, an instance of str, or a sequence of str",
    ),
    (
        "MMS247",
        "from mmengine.hooks import Hook\nfrom mmengine.registry import HOOKS\n\n\n"
        "class GivenForNameHook(Hook):\n    pass\n\n\nHOOKS.register_module(GivenForNameHook)\n",
        TypeError,
        "name must be None, an instance of str, or a sequence of str",
    ),
    (
        "MMS251",
        "from mmcv.runner import HOOKS\nfrom mmengine.hooks import Hook\n\n\n"
        "@HOOKS.register_module()\nclass HookOfTwoWorlds(Hook):\n    pass\n",
        ModuleNotFoundError,
        "No module named",
    ),
]


@pytest.mark.parametrize(("rule", "text", "error", "says"), CASES)
def test_it_is_found_and_python_says_the_same(tmp_path: Path, rule, text, error, says):
    file = tmp_path / "module.py"
    file.write_text(text)
    found = check_paths([file], Settings(all_rules()))
    assert [one.rule.id for one in found.findings] == [rule]
    spec = importlib.util.spec_from_file_location("module", file)
    assert spec is not None
    assert spec.loader is not None
    with pytest.raises(error, match=says):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
