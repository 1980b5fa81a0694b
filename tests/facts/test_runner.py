from __future__ import annotations

import inspect
import re

from mmengine.runner import FlexibleRunner, Runner
from mmscaffold.facts.runner import KNOWN_KEYS, RUNNER_KEYS


def test_the_keys_are_those_that_the_runners_of_mmengine_read():
    read = {
        key
        for runner in (Runner, FlexibleRunner)
        for key in re.findall(r"cfg(?:\.get\(|\[)'(\w+)'", inspect.getsource(runner.from_cfg))
    }
    source = inspect.getsource(Runner) + inspect.getsource(FlexibleRunner)
    later = set(re.findall(r"self\.cfg\.get\('(\w+)'", source))
    assert {"compile", "sync_bn"} <= later
    assert read | later == RUNNER_KEYS
    assert {"custom_imports", "runner_type"} <= KNOWN_KEYS
