"""The causes, in order of likelihood where symptoms alone cannot decide.

Each says which symptoms it brings. The tables come from broken loops and Runners that were
run under mmengine 0.10.7; who reads what is in mmengine/runner/runner.py (the four progress
properties), mmengine/hooks/iter_timer_hook.py and mmengine/runner/log_processor.py.
"""

from mmscaffold.diagnose.causes import (
    counters,
    data,
    endings,
    epochs,
    hook_calls,
    iterations,
    resuming,
    unheeded_config,
)
from mmscaffold.diagnose.causes.cause import Cause, Clue

__all__ = ["CAUSES", "Cause", "Clue"]

CAUSES: tuple[Cause, ...] = (
    *counters.CAUSES,
    *epochs.CAUSES,
    *iterations.CAUSES,
    *hook_calls.CAUSES,
    *resuming.CAUSES,
    *unheeded_config.CAUSES,
    *data.CAUSES,
    *endings.CAUSES,
)
"""Every cause that is known, those first that are looked for first."""
