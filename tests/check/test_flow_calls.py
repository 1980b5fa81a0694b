"""The calls of a method, in order: the same reader, asked about Runners."""

from __future__ import annotations

import ast

import pytest
from mmscaffold.check.code import Code, flow_of
from mmscaffold.project.code import Package

RUNNER = "from mmengine.runner import Runner\nclass A(Runner):\n    def train(self):\n"


@pytest.fixture
def read(tmp_path):
    """Read a Runner with a ``train()`` of some statements, and what follows."""

    def write(text: str) -> Code:
        path = tmp_path / "own.py"
        path.write_text(RUNNER + text)
        return Code(Package.of_files([("own", path)]), frozenset([path]))

    return write


def test_calls_come_in_order_with_those_of_helpers_and_of_bases(read):
    code = read(
        "        self.begin()\n        loop = self._train_loop\n"
        "        self.call_hook('before_run')\n        return loop.run(self.prepare())\n"
        "    def begin(self):\n        self._train_loop = self.build_train_loop(1)\n"
        "class B(A):\n    def begin(self):\n        super().begin()\n        super().setup()\n"
    )
    (first, second) = code.runners
    paths = [call.path for call in flow_of(first, "train").calls]
    assert paths == [
        "self.build_train_loop",
        "self.begin",
        "self.call_hook",
        "self.prepare",
        "self._train_loop.run",
    ]
    assert flow_of(first, "train").calls[0].stored == ("self._train_loop",)
    assert flow_of(first, "train").calls[2].hook == "before_run"
    inherited = [call.path for call in flow_of(second, "train").calls]
    assert inherited[:2] == ["self.build_train_loop", "super.setup"]


def test_methods_that_call_each_other_come_to_an_end(read):
    code = read("        self.other()\n    def other(self):\n        self.train()\n")
    (view,) = code.runners
    assert [call.name for call in flow_of(view, "train").calls] == ["train", "other"]


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ("if x:\n            self.a()\n        else:\n            self.b()", ["self.a", "self.b"]),
        ("for x in self.a():\n            pass", ["self.a"]),
        ("self.a(self.b())", ["self.b", "self.a"]),
        ("loop = self.train_loop\n        loop.run()", ["self.train_loop.run"]),
        # What is defined here may run at any time: it is among the calls, too.
        ("run = lambda: self.a()", ["self.a"]),
        ("def later():\n            self.a()\n        later()", ["self.a", "later"]),
        ("Runner.train(self)", ["super.train"]),
        ("r.Runner.train(self)", ["super.train"]),
        ("self.train_loop.run(self)", ["self.train_loop.run"]),
        ("super().train()", ["super.train"]),
        ("getattr(self, 'x')()", ["getattr", "self.x"]),
        ("getattr(self, name)()", ["getattr"]),
        ("run = self.a\n        run()", ["self.a"]),
    ],
)
def test_each_kind_of_call(read, body, paths):
    (view,) = read(f"        {body}\n").runners
    assert [call.path for call in flow_of(view, "train").calls] == paths


def test_what_is_defined_here_does_no_step(read):
    (view,) = read("        f = lambda: self.model.train_step(1)\n").runners
    assert not flow_of(view, "train").trains


def test_a_call_below_another_method_points_at_what_led_there(read):
    code = read("        self.begin()\n    def begin(self):\n        self.setup()\n")
    (view,) = code.runners
    (setup, begin) = flow_of(view, "train").calls
    assert setup.path == "self.setup"
    assert setup.node is begin.node
    assert ast.unparse(setup.node) == "self.begin()"
