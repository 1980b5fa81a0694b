"""What a loop does, as steps: mmengine's own loops say what they are."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

import pytest
from mmscaffold.check.code import Code, Flow, flow_of
from mmscaffold.check.code.steps import (
    TRAIN_STEP,
    Action,
    Advance,
    Assignment,
    DataPass,
    HookCall,
    LoopVariable,
    ModeChange,
    Reset,
    Return,
    StopCheck,
    UnreadCode,
    Validation,
)
from mmscaffold.check.code.upstream_flow import UPSTREAM_FLOWS
from mmscaffold.project.code import Module, Package

HEAD = "from mmengine.runner import BaseLoop, EpochBasedTrainLoop, IterBasedTrainLoop, ValLoop\n"
STEP = "self.runner.model.train_step(1, 2)"


def flow(
    body: str, base: str = "EpochBasedTrainLoop", method: str = "run", more: str = ""
) -> Flow:
    """The flow of the last class of a module."""
    text = f"{HEAD}{more}\nclass MyLoop({base}):\n{body}"
    module = Module("module", Path("/module.py"), ast.parse(text))
    code = Code(Package({"module": module}), frozenset({module.path}))
    return flow_of(code.view(module.classes["MyLoop"]), method)


def run(body: str, **arguments: str) -> Flow:
    """The flow of a ``run`` with some statements."""
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    return flow(f"    def run(self):\n{lines}", **arguments)


def actions(found: Flow) -> list[tuple[Action, int]]:
    """What happens, with the depth of loops."""
    return [(step.action, len(step.loops)) for step in found.steps]


@pytest.mark.parametrize("dotted", UPSTREAM_FLOWS)
def test_what_is_written_of_mmengines_loops_is_what_their_code_says(dotted):
    """The table is read again from the installed mmengine; only ``validate`` has a condition."""
    pytest.importorskip("mmengine")
    module_name, _, name = dotted.rpartition(".")
    real = importlib.import_module(module_name)
    path = Path(inspect.getfile(real))
    module = Module(module_name, path, ast.parse(path.read_text()))
    read = Code(Package({module_name: module}), frozenset({path}))
    from_code = actions(flow_of(read.view(module.classes[name])))
    from_table = actions(flow("    pass", base=f"r.{name}", more="import mmengine.runner as r"))
    # A loop of evaluation goes through its data, which no rule asks about.
    passes = (DataPass(), 1)
    assert [one for one in from_code if one != passes] == [
        one for one in from_table if one != passes
    ]


def test_super_is_written_out_where_it_is_called():
    body = (
        "    def run_epoch(self):\n"
        "        self._epoch += 1\n"
        "        super().run_epoch()\n"
        "        self.runner.call_hook('after_train')\n"
    )
    found = actions(flow(body, method="run_epoch"))
    assert found[0] == (Advance("_epoch"), 0)
    assert found[-2:] == [(Advance("_epoch"), 0), (HookCall("after_train"), 0)]
    assert found.count((TRAIN_STEP, 1)) == 1


def test_an_override_runs_inside_the_run_of_mmengine():
    body = "    def run_iter(self, idx, data_batch):\n        self._iter += 2\n"
    found = flow(body)
    [step] = found.all(Advance("_iter"))
    assert step.amount == 2
    assert len(step.loops) == 2
    assert found.methods == {("module.MyLoop", "run_iter")}


def test_a_step_in_a_base_points_at_the_class_that_is_asked():
    more = "class Base(EpochBasedTrainLoop):\n    def run_epoch(self):\n        self._epoch += 1\n"
    found = flow("    def run(self):\n        self.run_epoch()\n", base="Base", more=more)
    [step] = found.all(Advance("_epoch"))
    assert step.owner is not None
    assert step.owner.dotted == "module.Base"
    assert ast.unparse(step.node) == "self.run_epoch()"


@pytest.mark.parametrize(
    ("statement", "step"),
    [
        ("self._iter += 1", Advance("_iter")),
        ("self._iter = self._iter + 1", Advance("_iter")),
        ("self._epoch = 0", Reset("_epoch")),
        ("self._epoch: int = 0", Reset("_epoch")),
        ("self._epoch, self.other = 0, 1", Reset("_epoch")),
        ("self._epoch = other", Assignment("_epoch")),
        ("self.runner.call_hook('before_train')", HookCall("before_train")),
        ("self._runner.call_hook('before_train')", HookCall("before_train")),
        ("self.runner.val_loop.run()", Validation()),
        ("self.runner.val()", Validation(whole_run=True)),
        ("self.runner.model.train()", ModeChange(training=True)),
        ("self.runner.model.eval()", ModeChange(training=False)),
        (STEP, TRAIN_STEP),
        ("self.runner.optim_wrapper.update_params(loss)", TRAIN_STEP),
        ("self.runner.call_hook(name)", UnreadCode()),
        ("self.unknown()", UnreadCode()),
        ("helper(self)", UnreadCode()),
        ("getattr(self.runner, 'call_hook')('before_train')", HookCall("before_train")),
        ("getattr(self, f'run_{mode}')(1)", UnreadCode()),
        ("self.steps[mode](1)", UnreadCode()),
        ("emit = lambda name: self.runner.call_hook(name)", UnreadCode()),
        ("step = self.run if fast else self.run", UnreadCode()),
        ("steps = [self.run, self.run]", UnreadCode()),
        ("other.method(1, loop=self)", UnreadCode()),
        ("def inner(): pass", UnreadCode()),
        ("return self", Return()),
        ("return", Return(has_value=False)),
    ],
)
def test_each_kind_of_step(statement, step):
    assert actions(run(statement)) == [(step, 0)]


@pytest.mark.parametrize(
    "statement",
    [
        "self.runner._epoch += 1",
        "other._iter = 0",
        "len(self.dataloader)",
        "isinstance(self, object)",
        "action = lambda: self.unknown()",
        "hook = self.runner.call_hook",
        "self.runner.logger.info('x')",
        "self.epoch_of_task += 1",
    ],
)
def test_what_is_no_step(statement):
    assert actions(run(statement)) == []


@pytest.mark.parametrize(
    ("name", "call", "step"),
    [
        ("self.runner.call_hook", "('before_train')", HookCall("before_train")),
        ("getattr(self.runner, 'call_hook')", "('before_train')", HookCall("before_train")),
        ("self.runner.model.train_step", "(batch, optim_wrapper)", TRAIN_STEP),
        ("self.runner.model.train", "()", ModeChange(training=True)),
        ("self.runner.val_loop.run", "()", Validation()),
        ("super().run", "()", UnreadCode()),
    ],
)
def test_a_local_name_for_a_method_is_that_method(name, call, step):
    assert actions(run(f"short = {name}; short{call}")) == [(step, 0)]


def test_names_that_stand_for_the_runner_and_the_loop():
    body = (
        "    def run(this):\n"
        "        runner = this.runner\n"
        "        val_loop = runner.val_loop\n"
        "        runner.call_hook('before_train')\n"
        "        val_loop.run()\n"
        "        this._epoch += 1\n"
    )
    expected = [HookCall("before_train"), Validation(), Advance("_epoch")]
    assert [step.action for step in flow(body).steps] == expected


@pytest.mark.parametrize(
    ("head", "steps"),
    [
        ("for x in self.dataloader:", [(DataPass(), 1)]),
        ("for i, x in enumerate(self.dataloader):", [(DataPass(), 1)]),
        ("for i in range(len(self.dataloader)):", [(DataPass(), 1)]),
        ("for x in islice(self.dataloader, 3):", [(DataPass(whole=False), 1)]),
        ("for self._epoch in range(3):", [(LoopVariable("_epoch"), 1)]),
        ("while self._iter < 3 and not self.stop_training:", [(StopCheck(), 1)]),
        ("while self._iter < 3:", []),
    ],
)
def test_heads_of_loops(head, steps):
    assert actions(run(f"{head}\n    self._iter += 1")) == [*steps, (Advance("_iter"), 1)]


def advances(body: str) -> list[tuple[int, int]]:
    """Which advances of ``_iter`` exclude each other."""
    found = run(body).all(Advance("_iter"))
    return [
        (first, second)
        for second in range(len(found))
        for first in range(second)
        if found[first].excludes(found[second])
    ]


ADVANCE = "self._iter += 1"


@pytest.mark.parametrize(
    ("body", "excluded"),
    [
        (f"{ADVANCE}\n{ADVANCE}", []),
        (f"if a:\n    {ADVANCE}\n{ADVANCE}", []),
        (f"if a:\n    {ADVANCE}\nelse:\n    {ADVANCE}", [(0, 1)]),
        (f"if a:\n    {ADVANCE}\nelif b:\n    {ADVANCE}\nelse:\n    {ADVANCE}",
         [(0, 1), (0, 2), (1, 2)]),
        (f"if a:\n    {ADVANCE}\n    return\n{ADVANCE}", [(0, 1)]),
        (f"for x in y:\n    if a:\n        {ADVANCE}\n        continue\n    {ADVANCE}\n{ADVANCE}",
         [(0, 1)]),
        (f"match a:\n    case 1:\n        {ADVANCE}\n    case _:\n        {ADVANCE}", [(0, 1)]),
        (f"if a:\n    if b:\n        {ADVANCE}\n    {ADVANCE}\nelse:\n    {ADVANCE}",
         [(0, 2), (1, 2)]),
    ],
)  # fmt: skip
def test_steps_in_other_arms_exclude_each_other(body, excluded):
    assert advances(body) == excluded


def test_a_call_in_an_arm_is_in_that_arm():
    body = (
        "    def run(self):\n"
        "        if self.fast:\n"
        "            self.one()\n"
        "        else:\n"
        "            self.one()\n"
        "    def one(self):\n"
        "        self._iter += 1\n"
    )
    first, second = flow(body).all(Advance("_iter"))
    assert first.excludes(second)


def test_conditions_and_the_names_they_look_at():
    found = run(
        "if self.runner.val_loop is not None:\n    self.runner.val_loop.run()\nx = self.other"
    )
    [step] = found.all(Validation())
    assert [ast.unparse(test) for test in step.tests] == ["self.runner.val_loop is not None"]
    assert "val_loop" in found.compared
    assert "other" in found.names - found.compared


def test_a_base_that_was_not_read_makes_its_methods_opaque():
    found = flow("    def run(self):\n        self.run_epoch()\n", base="elsewhere.Loop")
    assert actions(found) == [(UnreadCode(), 0)]
    assert flow("    run = a_function\n").is_opaque


def test_methods_that_call_each_other_end():
    body = "".join(
        f"    def m{number}(self):\n"
        + "".join(f"        self.m{other}()\n" for other in range(12))
        for number in range(12)
    )
    found = flow(body, method="m0")
    assert found.is_opaque
    assert len(found.steps) < 20_000


@pytest.mark.parametrize(
    "body",
    [
        "if a:\n    pass\n" + "elif b:\n    pass\n" * 800,
        "x = " + "(" * 150 + "self.unknown()" + ")" * 150,
        "x = " + "f(" * 150 + "1" + ")" * 150,
        "x" + ".y" * 900,
        "x = " + " + ".join(["self.unknown()"] * 900),
    ],
    ids=["elif", "parentheses", "calls", "attributes", "operators"],
)
def test_code_of_any_depth_is_read(body):
    assert isinstance(run(body), Flow)
