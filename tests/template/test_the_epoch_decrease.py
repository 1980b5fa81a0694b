"""MMDetection issue #12324, reproduced under the real Runner, and stopped by ours.

Two roads lead to the log of the report, `Epoch(train) [1]`, then `Epoch(val) [0]`, and an
ETA of `-1 day, 23:59:59`. Each is run here in a process of its own, first under mmengine's
Runner to see the symptoms, then under the project's Runner to see who stops it, and how.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

pytest.importorskip("torch")

PREAMBLE = """
import sys, time
sys.path[:0] = [{project!r}, {tests!r}]
from pathlib import Path
from mmengine.hooks import Hook
from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop, Runner
from my_project.engine import MyRunner
from tiny import make_runner

class EndItAll(Hook):
    '''A loop that does not count would train forever.'''
    seen = 0
    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        self.seen += 1
        time.sleep(0.15)  # the log shows whole seconds
        if self.seen == 20:
            print('ENDED BY THE TEST')
            sys.exit(3)
"""

# Road 1: the loop derives from mmengine's, but its own methods forget the counters.
NEVER_ADVANCES = """
@LOOPS.register_module()
class TwoInputTrainLoop(EpochBasedTrainLoop):
    def run(self):
        self.runner.call_hook('before_train')
        for _ in range(self.max_epochs):
            self.run_epoch()
            self.runner.val_loop.run()
        self.runner.call_hook('after_train')
        return self.runner.model

    def run_epoch(self):
        self.runner.call_hook('before_train_epoch')
        self.runner.model.train()
        for idx, batch in enumerate(self.dataloader):
            self.runner.call_hook('before_train_iter', batch_idx=idx, data_batch=batch)
            outputs = self.runner.model.train_step(batch, self.runner.optim_wrapper)
            self.runner.call_hook(
                'after_train_iter', batch_idx=idx, data_batch=batch, outputs=outputs)
        self.runner.call_hook('after_train_epoch')

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # "The data comes in pairs", so the length was worked out by hand.
        self._max_iters = 0

Custom = {runner}
"""

# Road 2: the loop counts well, but on a copy of mmengine's base class, and the Runner was
# adapted only where it crashed.
FOREIGN_BASE = """
class BaseLoop:
    '''A copy of mmengine/runner/base_loop.py, as people make them.'''
    def __init__(self, runner, dataloader):
        self.runner = runner
        self.dataloader = runner.build_dataloader(dataloader)

@LOOPS.register_module()
class TwoInputTrainLoop(BaseLoop):
    stop_training, val_begin, val_interval = False, 1, 1

    def __init__(self, runner, dataloader, max_epochs):
        super().__init__(runner, dataloader)
        self.max_epochs, self.epoch, self.iter = max_epochs, 0, 0
        self.max_iters = max_epochs * len(self.dataloader)

    def run(self):
        self.runner.call_hook('before_train')
        while self.epoch < self.max_epochs:
            self.runner.call_hook('before_train_epoch')
            self.runner.model.train()
            for idx, batch in enumerate(self.dataloader):
                self.runner.call_hook('before_train_iter', batch_idx=idx, data_batch=batch)
                outputs = self.runner.model.train_step(batch, self.runner.optim_wrapper)
                self.runner.call_hook(
                    'after_train_iter', batch_idx=idx, data_batch=batch, outputs=outputs)
                self.iter += 1
            self.runner.call_hook('after_train_epoch')
            self.epoch += 1
            self.runner.val_loop.run()
        self.runner.call_hook('after_train')
        return self.runner.model

class Custom({runner}):
    def build_train_loop(self, loop):
        if isinstance(loop, BaseLoop):
            return loop
        cfg = dict(loop)
        cfg.pop('type')
        return TwoInputTrainLoop(self, self._train_dataloader, **cfg)
"""

RUN = """
runner = make_runner(
    Custom, Path({work_dir!r}), dict(type='TwoInputTrainLoop', max_epochs=5),
    custom_hooks=[EndItAll()])
runner.train()
"""


def train(project: Path, work_dir: Path, road: str, runner: str) -> tuple[str, str]:
    """Train for at most 20 iterations; return the text log, and what was printed."""
    script = PREAMBLE.format(project=str(project), tests=str(project / "tests"))
    script += road.replace("{runner}", runner) + RUN.format(work_dir=str(work_dir))
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False
    )
    logs = sorted(work_dir.glob("*/*.log"))
    return logs[0].read_text() if logs else "", ended.stdout + ended.stderr


@pytest.mark.parametrize("road", [NEVER_ADVANCES, FOREIGN_BASE], ids=["stuck", "foreign"])
def test_mmengine_s_runner_logs_what_was_reported(project, tmp_path, road):
    log, printed = train(project, tmp_path, road, "Runner")
    trained = re.findall(r"Epoch\(train\)\s+\[(\d+)\]", log)
    validated = re.findall(r"Epoch\(val\)\s+\[(\d+)\]", log)
    assert len(trained) >= 8, printed
    assert set(trained) == {"1"}
    assert set(validated) == {"0"}
    assert "eta: -1 day, 23:59:5" in log
    assert "ContractError" not in printed


@pytest.mark.parametrize(
    ("road", "counter", "cause"),
    [
        (NEVER_ADVANCES, "TwoInputTrainLoop.max_iters: expected", "max_epochs * len(dataloader)"),
        (
            NEVER_ADVANCES.replace("self._max_iters = 0", "pass"),
            "TwoInputTrainLoop.iter: expected 1, got 0",
            "_iter must advance by one per iteration",
        ),
        (FOREIGN_BASE, "Custom.max_epochs: expected 5", "not a BaseLoop"),
    ],
    ids=["stuck, caught when built", "stuck, caught while running", "foreign"],
)
def test_the_project_s_runner_stops_it_and_says_why(project, tmp_path, road, counter, cause):
    log, printed = train(project, tmp_path, road, "MyRunner")
    assert "ContractError" in printed
    assert "ENDED BY THE TEST" not in printed
    last = printed.strip().splitlines()[-1]
    assert counter in last
    assert cause in last
    # Not one epoch was logged as finished.
    assert "Epoch(val)" not in log
