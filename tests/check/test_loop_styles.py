"""One correct loop in many styles: the rules say nothing. One fault more: its rule says so.

A loop can be written in hundreds of ways that mmengine cannot tell apart. The rules must not
either: each style is a right loop, and each fault is found in every style that can have it.
"""

from __future__ import annotations

import ast
import itertools
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from mmscaffold.check import all_rules
from mmscaffold.check.code import Code
from mmscaffold.project.code import Module, Package

pytestmark = pytest.mark.slow

RULES = [rule for rule in all_rules() if "MMS201" <= rule.id <= "MMS219"]


@dataclass(frozen=True)
class Style:
    """How the loop is written; its fields are what people vary.

    Attributes:
        base: ``epoch`` derives from ``EpochBasedTrainLoop``, ``own`` from ``BaseLoop``.
        split: Methods for epoch and iteration, or all in ``run``.
        alias: ``runner = self.runner`` first, or ``self.runner`` each time.
        loop: The form of the outer loop.
        plus: ``+= 1``, or written out.
        question: How the validation asks whether it is time.
        step: ``train_step``, or forward and ``update_params``.
        fault: What to leave out or to add.
    """

    base: str = "epoch"
    split: bool = True
    alias: bool = False
    loop: str = "while"
    plus: bool = True
    question: str = "one"
    step: str = "train_step"
    fault: str = ""

    def text(self) -> str:
        """The module."""
        epoch = [*self._epoch_head(), *self._batches(), *self._epoch_tail()]
        iteration = self._iteration()
        if self.split:
            call = "self.run_iter(idx, data_batch)"
            run = self._run(["self.run_epoch()"])
            methods = [
                ("run(self)", run),
                ("run_epoch(self)", _fill(epoch, [call])),
                ("run_iter(self, idx, data_batch)", iteration),
            ]
        else:
            methods = [("run(self)", self._run(_fill(epoch, iteration)))]
        base = "EpochBasedTrainLoop" if self.base == "epoch" else "BaseLoop"
        lines = ["from mmengine.registry import LOOPS", f"from mmengine.runner import {base}"]
        lines += ["@LOOPS.register_module()", f"class MyLoop({base}):"]
        if self.base == "own":
            lines += _OWN.replace(*_CONSTRUCTOR.get(self.fault, ("", ""))).splitlines()
        for head, body in methods:
            alias = ["runner = self.runner"] if self.alias else []
            lines += [f"    def {head}:", *(f"        {line}" for line in [*alias, *body])]
        text = "\n".join(lines) + "\n"
        return text.replace("self.runner.", "runner.") if self.alias else text

    def _count(self, counter: str) -> str:
        return f"self.{counter} += 1" if self.plus else f"self.{counter} = self.{counter} + 1"

    def _run(self, epoch: list[str]) -> list[str]:
        stop = self.fault != "no stop_training"
        if self.loop == "while":
            head = f"while self._epoch < self._max_epochs{' and not self.stop_training' * stop}:"
            body = epoch
        elif self.loop == "true":
            head = "while True:"
            ends = "self._epoch >= self._max_epochs" + " or self.stop_training" * stop
            body = [f"if {ends}:", "    break", *epoch]
        else:
            head = "for epoch in range(self._epoch, self._max_epochs):"
            body = [*(["if self.stop_training:", "    break"] if stop else []), *epoch]
        validate = self._validate()
        body = [*validate, *body] if self.fault == "validates first" else [*body, *validate]
        return [
            *self._hook("before_train"),
            head,
            *(f"    {line}" for line in body),
            *self._hook("after_train"),
            *([] if self.fault == "returns nothing" else ["return self.runner.model"]),
        ]

    def _hook(self, name: str, more: str = "") -> list[str]:
        count = {f"no {name}": 0, f"{name} twice": 2}.get(self.fault, 1)
        return [f"self.runner.call_hook('{name}'{more})"] * count

    def _epoch_head(self) -> list[str]:
        head = self._hook("before_train_epoch")
        if self.fault == "iter restarts":
            head.append("self._iter = 0")
        return head if self.fault == "no train mode" else [*head, "self.runner.model.train()"]

    def _batches(self) -> list[str]:
        data = "islice(self.dataloader, 9)" if self.fault == "a part" else "self.dataloader"
        return [f"for idx, data_batch in enumerate({data}):", "    ..."]

    def _epoch_tail(self) -> list[str]:
        hook, count = self._hook("after_train_epoch"), [self._count("_epoch")]
        orders = {
            "no epoch": hook,
            "epoch twice": [*hook, *count, *count],
            "epoch early": [*count, *hook],
        }
        return orders.get(self.fault, [*hook, *count])

    def _iteration(self) -> list[str]:
        index = "self._iter" if self.fault == "index of training" else "idx"
        given = f", batch_idx={index}, data_batch=data_batch"
        outputs = "" if self.fault == "no outputs" else ", outputs=outputs"
        before = self._hook("before_train_iter", given)
        after = self._hook("after_train_iter", given + outputs)
        if self.step == "train_step":
            step = [
                "outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)"
            ]
        else:
            step = [
                "loss, outputs = self.runner.model.parse_losses(self.runner.model(data_batch))",
                "self.runner.optim_wrapper.update_params(loss)",
            ]
        count = [self._count("_iter")]
        orders = {
            "no iter": [*before, *step, *after],
            "iter twice": [*before, *step, *after, *count, *count],
            "iter early": [*before, *step, *count, *after],
            "before late": [*step, *before, *after, *count],
        }
        return orders.get(self.fault, [*before, *step, *after, *count])

    def _validate(self) -> list[str]:
        call = "self.runner.val()" if self.fault == "runner.val" else "self.runner.val_loop.run()"
        due = "self._epoch >= self.val_begin and self._epoch % self.val_interval == 0"
        if self.fault == "no validation":
            return []
        if self.fault == "no interval":
            return ["if self.runner.val_loop is not None:", f"    {call}"]
        if self.question == "one":
            return [f"if self.runner.val_loop is not None and {due}:", f"    {call}"]
        if self.question == "nested":
            return ["if self.runner.val_loop:", f"    if {due}:", f"        {call}"]
        return [
            f"is_due = {due}",
            "if is_due and self.runner.val_loop is not None:",
            f"    metrics = {call}",
            "    self.runner.logger.info(metrics)",
        ]


def _fill(lines: list[str], body: list[str]) -> list[str]:
    filled = []
    for line in lines:
        filled += [f"    {one}" for one in body] if line == "    ..." else [line]
    return filled


_OWN = """\
    def __init__(self, runner, dataloader, max_epochs, val_begin=1, val_interval=1):
        super().__init__(runner, dataloader)
        self._max_epochs, self._epoch, self._iter = max_epochs, 0, 0
        self._max_iters = max_epochs * len(self.dataloader)
        self.val_begin = val_begin
        self.val_interval = val_interval
        self.stop_training = False
    @property
    def epoch(self):
        return self._epoch
    @property
    def iter(self):
        return self._iter
    @property
    def max_epochs(self):
        return self._max_epochs
    @property
    def max_iters(self):
        return self._max_iters
"""
_CONSTRUCTOR = {
    "no super": ("super().__init__(runner, dataloader)", "pass"),
    "no dataloader": (
        "super().__init__(runner, dataloader)",
        "self._runner, self.stage = runner, 0\n        self.dataloader = dataloader",
    ),
    "hard coded": ("max_epochs * len(self.dataloader)", "90000"),
    "samples": ("len(self.dataloader)", "len(self.dataloader.dataset)"),
    "from one": ("max_epochs, 0, 0", "max_epochs, 1, 0"),
    "method": ("    @property\n    def iter", "    def iter"),
    "property": ("def iter(self)", "def _epoch(self)"),
    "no max_iters": ("def max_iters(self)", "def most(self)"),
    "iter not set": ("_epoch, self._iter = max_epochs, 0, 0", "_epoch = max_epochs, 0"),
    "stop not set": ("self.stop_training = False", "pass"),
    "another name": ("return self._epoch", "return self.finished"),
    "attribute": ("self.val_begin = val_begin", "self.val_begin, self.iter = val_begin, 0"),
}
STYLES = [
    Style(*values)
    for values in itertools.product(
        ("epoch", "own"),
        (True, False),
        (True, False),
        ("while", "true", "for"),
        (True, False),
        ("one", "nested", "before"),
        ("train_step", "update_params"),
    )
]
SAMPLE = 5  # of the styles for each fault; all of them take a minute
FAULTS_OF_CONSTRUCTORS = {
    "no super": {"MMS201"},
    "no dataloader": {"MMS201"},
    "hard coded": {"MMS208"},
    "samples": {"MMS208"},
    "from one": {"MMS210"},
    "method": {"MMS211"},
    # It takes the place of another property.
    "property": {"MMS211", "MMS212"},
    "no max_iters": {"MMS212"},
    "iter not set": {"MMS212"},
    "stop not set": {"MMS213"},
    "another name": {"MMS202"},
    "attribute": {"MMS211"},
}
FAULTS = {
    "no epoch": "MMS204",
    "no iter": "MMS204",
    "epoch twice": "MMS205",
    "iter twice": "MMS205",
    "epoch early": "MMS206",
    "iter early": "MMS206",
    "a part": "MMS209",
    "iter restarts": "MMS210",
    "no stop_training": "MMS213",
    "no before_train": "MMS214",
    "no before_train_epoch": "MMS214",
    "no before_train_iter": "MMS214",
    "no after_train_iter": "MMS214",
    "no after_train_epoch": "MMS214",
    "no after_train": "MMS214",
    "before_train_epoch twice": "MMS215",
    "after_train_iter twice": "MMS215",
    "after_train_epoch twice": "MMS215",
    "before late": "MMS215",
    "index of training": "MMS215",
    "no outputs": "MMS215",
    "returns nothing": "MMS216",
    "no train mode": "MMS217",
    "no validation": "MMS218",
    "no interval": "MMS218",
    "runner.val": "MMS218",
}


def found(style: Style) -> set[str]:
    """The rules that find something in a style."""
    text = style.text()
    module = Module("module", Path("/module.py"), ast.parse(text))
    code = Code(Package({"module": module}), frozenset({module.path}))
    return {rule.id for rule in RULES for _ in rule.check(code)}


def test_no_rule_finds_anything_in_any_style():
    wrong = {style: found(style) for style in STYLES if found(style)}
    assert not wrong, "\n\n".join(f"{ids}:\n{style.text()}" for style, ids in wrong.items())


def not_found(styles: list[Style], fault: str, rules: set[str]) -> str:
    """The styles, as text, in which a fault is not found by its rules alone."""
    broken = [replace(style, fault=fault) for style in styles]
    assert all(style.text() != replace(style, fault="").text() for style in broken)
    wrong = {style: found(style) for style in broken if found(style) != rules}
    return "\n\n".join(f"{ids}:\n{style.text()}" for style, ids in [*wrong.items()][:2])


@pytest.mark.parametrize(("fault", "rule"), FAULTS.items())
def test_its_rule_and_no_other_finds_a_fault_in_every_style(fault, rule):
    assert not_found(STYLES[::SAMPLE], fault, {rule}) == ""


@pytest.mark.parametrize(("fault", "rules"), FAULTS_OF_CONSTRUCTORS.items())
def test_faults_outside_of_run_are_found_in_every_style(fault, rules):
    own = [style for style in STYLES if style.base == "own"]
    assert not_found(own[::SAMPLE], fault, rules) == ""
