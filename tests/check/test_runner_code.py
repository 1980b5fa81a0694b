from __future__ import annotations

import ast

import pytest
from mmscaffold.check.code import Code
from mmscaffold.check.code.runner_code import read_from_runner, runner_writes
from mmscaffold.project.code import Package

HOOK = "from mmengine.hooks import Hook\nclass A(Hook):\n    def before_run(self, runner):\n"
LOOP = (
    "from mmengine.runner import EpochBasedTrainLoop\nclass A(EpochBasedTrainLoop):\n"
    "    def run(this):\n"
)
RUNNER = "from mmengine.runner import Runner\nclass A(Runner):\n    def train(self):\n"


@pytest.fixture
def read(tmp_path):
    """Read the text of one module."""

    def write(text: str) -> Code:
        path = tmp_path / "own.py"
        path.write_text(text)
        return Code(Package.of_files([("own", path)]), frozenset([path]))

    return write


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        (HOOK + "        runner._epoch += 1", ["_epoch"]),
        (HOOK + "        self.runner.x: int = 1", ["x"]),
        (HOOK + "        loop = runner.train_loop\n        loop._iter = 0", ["train_loop._iter"]),
        (HOOK + "        runner.a, (self.b) = 1, 2", ["a"]),
        (HOOK + "        self._epoch = runner.epoch", []),
        # A name that stands for several things stands for none.
        (HOOK + "        x = runner.a\n        x = self.b\n        x.c = 1", []),
        (LOOP + "        this.runner._epoch = 1", ["_epoch"]),
        (LOOP + "        runner = this.runner\n        runner._iter = 1", ["_iter"]),
        (LOOP + "        this._epoch = 1", []),
        (RUNNER + "        self.model.x = 1", ["model.x"]),
        ("class A:\n    def before_run(self, runner):\n        runner.x = 1", []),
    ],
)
def test_it_sees_what_is_written_on_the_runner(read, text, paths):
    assert [one.path for one in runner_writes(read(text))] == paths


def test_it_tells_additions(read):
    (one,) = runner_writes(read(HOOK + "        runner._epoch += 1"))
    assert one.adds
    assert ast.unparse(one.node) == "runner._epoch += 1"


def test_it_sees_what_is_read_from_runners(read):
    code = read(
        RUNNER + "        return self.own_flag\n"
        "def f(runner, loop):\n    loop.runner.theirs = runner.mine\n"
        "    getattr(runner, 'by_text')\n"
    )
    read_names = read_from_runner(code)
    assert {"own_flag", "mine", "by_text"} <= read_names
    assert "theirs" not in read_names
