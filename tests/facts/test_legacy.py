"""What mmcv 1.x had, checked against the installed mmengine and mmcv."""

from __future__ import annotations

import importlib.util
import inspect
import re

import pytest
from mmscaffold.facts.legacy import REMOVED_FROM_MMCV, REMOVED_FROM_RUNNER


def test_what_mmcv_removed_is_not_in_the_installed_one():
    mmcv = pytest.importorskip("mmcv")
    for name in REMOVED_FROM_MMCV:
        inner = name.partition(".")[2]
        assert not hasattr(mmcv, inner), name
        assert importlib.util.find_spec(name) is None, name


def test_what_the_runner_of_mmcv_had_mmengines_has_not():
    runner = pytest.importorskip("mmengine.runner").Runner
    source = inspect.getsource(runner)
    for name in REMOVED_FROM_RUNNER:
        assert not hasattr(runner, name), name
        assert not re.search(rf"self\.{name} *[:=][^=]", source), name
