"""What the ProgressGuardHook of a generated project costs per iteration.

Against mmengine's own IterTimerHook, in one run, on the real Runner with a tiny model.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from mmscaffold.scaffold import new_project

ITERATIONS = 20_000
ROUNDS = 7
LIMIT = 5e-6  # seconds


def main() -> None:
    """Generate a project, run its guard and mmengine's timer, and print the ratio."""
    with tempfile.TemporaryDirectory() as scratch:
        project = new_project(Path(scratch, "my-project"), {})
        sys.path[:0] = [str(project), str(project / "tests")]
        guard, timer, runner = hooks(Path(scratch, "work"))
        ours = min(cost(guard, runner) for _ in range(ROUNDS))
        theirs = min(cost(timer, runner) for _ in range(ROUNDS))
    print(f"ProgressGuardHook  {ours * 1e6:6.2f} microseconds an iteration (limit: 5)")
    print(f"IterTimerHook      {theirs * 1e6:6.2f} microseconds an iteration")
    print(f"ratio: {ours / theirs:.2f} of mmengine's timer")
    if ours >= LIMIT:
        sys.exit("too slow")


def hooks(work_dir: Path) -> tuple[Any, Any, Any]:
    """The guard and the timer of a Runner that is about to train."""
    from my_project.engine import MyRunner, ProgressGuardHook
    from tiny import make_runner

    train_cfg = {"by_epoch": True, "max_epochs": 10**7}
    runner = make_runner(MyRunner, work_dir, train_cfg, log_level="ERROR")
    loop = runner._train_loop = runner.build_train_loop(runner._train_loop)
    found = {type(hook).__name__: hook for hook in runner.hooks}
    guard = found[ProgressGuardHook.__name__]
    guard.before_train(runner)
    found["IterTimerHook"].before_train(runner)
    found["IterTimerHook"].before_train_epoch(runner)
    runner.model.train()
    assert loop.iter == 0
    return guard, found["IterTimerHook"], runner


def cost(hook: Any, runner: Any) -> float:
    """The seconds that a hook takes for one iteration."""
    loop, outputs = runner.train_loop, {"loss": 0.0}
    start = time.perf_counter()
    for _ in range(ITERATIONS):
        index = getattr(hook, "_batch", 0)
        hook.before_train_iter(runner, index, None)
        hook.after_train_iter(runner, index, None, outputs)
        loop._iter += 1
    spent = time.perf_counter() - start
    if not hasattr(hook, "_batch"):
        # The timer counts nothing of its own, so the counter goes back.
        loop._iter -= ITERATIONS
    return spent / ITERATIONS


if __name__ == "__main__":
    main()
