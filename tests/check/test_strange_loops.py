"""Any code as the code of a loop: the rules over loops neither fail nor hang.

The standard library's classes are as various as code gets. Here each of them becomes a loop of
mmengine, and its methods become those of loops, in place of code that somebody thought up.
"""

from __future__ import annotations

import ast
import itertools
import random
import sysconfig
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mmscaffold.check import all_rules
from mmscaffold.check.code import Code, flow_of
from mmscaffold.project.code import Module, Package

pytestmark = pytest.mark.slow

RULES = [rule for rule in all_rules() if "MMS201" <= rule.id <= "MMS219"]
LIBRARY = Path(sysconfig.get_path("stdlib"))
# Of many styles: old and new, generated, asynchronous, full of nested functions and of match.
FOLDERS = ("asyncio", "email", "importlib", "unittest", "xml", "http", "logging", "concurrent")
BASES = ("BaseLoop", "EpochBasedTrainLoop", "IterBasedTrainLoop", "ValLoop", "TestLoop")
METHODS = ("run", "run_epoch", "run_iter", "epoch", "iter", "max_iters", "_decide")
NAMES = {"append": "call_hook", "get": "train_step", "close": "val_step", "join": "run"}
ATTRIBUTES = ("_epoch", "_iter", "dataloader", "stop_training", "val_loop", "runner")


class Disguise(ast.NodeTransformer):
    """Makes loops of classes, and what loops do of what their methods do."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        self.generic_visit(node)
        node.bases = [ast.Name(self._chance.choice(BASES), ast.Load())]
        mark = ast.parse("LOOPS.register_module()", mode="eval").body
        node.decorator_list = [mark]
        names = itertools.cycle(self._chance.sample(METHODS, len(METHODS)))
        for one in node.body:
            if isinstance(one, ast.FunctionDef) and one.name != "__init__":
                one.name = next(names)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.Attribute:
        self.generic_visit(node)
        if self._chance.random() < 0.2:
            node.attr = self._chance.choice(ATTRIBUTES)
        node.attr = NAMES.get(node.attr, node.attr)
        return node


def disguised(path: Path, seed: int) -> Module:
    tree = Disguise(random.Random(seed)).visit(ast.parse(path.read_bytes()))
    head = f"from mmengine.runner import {', '.join(BASES)}\nfrom mmengine.registry import LOOPS"
    tree.body[:0] = ast.parse(head).body
    # Back and forth, as files are read: the tree must be one that Python has.
    tree = ast.parse(ast.unparse(ast.fix_missing_locations(tree)))
    return Module(f"{path.parent.name}.{path.stem}", path, tree)


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_standard_library_as_loops(folder):
    paths = sorted((LIBRARY / folder).rglob("*.py"))
    modules = [disguised(path, seed) for seed, path in enumerate(paths)]
    code = Code(
        Package({module.name: module for module in modules}),
        frozenset(module.path for module in modules),
    )
    assert len(code.classes) > 3
    assert sum(len(flow_of(view).steps) for view in code.classes) > 30
    found = [diagnostic for rule in RULES for diagnostic in rule.check(code)]
    assert found
    for diagnostic in found:
        assert diagnostic.place.line >= 1
        assert diagnostic.message
        assert diagnostic.hint


EXPRESSIONS = (
    """
self._iter; self.runner.val_loop; lambda: self._iter; [x async for x in y]; self; (yield); await z
super(); super().run(); self.run_epoch(); f'{self._epoch}'; self.runner.model.train_step(x, y)
self.runner.call_hook(h, *a, **k); self.runner.call_hook(); (self := 1); getattr(self, 'run')()
self.run_iter(*a); not self.stop_training
""".replace("\n", ";")
    .strip(";")
    .split(";")
)
TARGETS = ("self._iter", "self._epoch", "a", "self._epoch, *self._iter", "[self._iter, a]",
           "self.runner._train_loop", "self.x[self._iter]", "self._epoch, self._iter")  # fmt: skip


def statements(depth: int) -> st.SearchStrategy[list[str]]:
    """Lines of a block."""
    expressions = st.sampled_from([one.strip() for one in EXPRESSIONS])
    simple = st.one_of(
        st.builds(lambda t, e: [f"{t} = {e}"], st.sampled_from(TARGETS), expressions),
        st.sampled_from([["self._iter += 1"], ["self._epoch -= x"], ["return"], ["pass"],
                         ["self._iter: int"], ["del self._epoch"], ["global a"], ["raise"]]),
        st.builds(lambda e: [e], expressions),
    )  # fmt: skip
    if not depth:
        return simple
    block = st.lists(statements(depth - 1), min_size=1, max_size=3).map(
        lambda parts: [f"    {line}" for part in parts for line in part]
    )
    heads = st.one_of(
        st.builds(lambda t, e: f"for {t} in {e}:", st.sampled_from(TARGETS), expressions),
        st.builds(lambda e: f"while {e}:", expressions),
        st.builds(lambda e: f"if {e}:", expressions),
        st.builds(lambda e: f"with {e} as self._iter:", expressions),
        st.sampled_from(["def inner(self):", "class Inner(self):", "async def inner(self):"]),
    )
    nested = st.builds(lambda head, body: [head, *body], heads, block)
    tried = st.builds(
        lambda a, b, c: ["try:", *a, "except E as self_:", *b, "finally:", *c], block, block, block
    )
    matched = st.builds(
        lambda e, a: [f"match {e}:", "    case [x, *self_]:", *(f"    {line}" for line in a)],
        expressions,
        block,
    )
    return st.one_of(simple, nested, tried, matched)


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*METHODS, "__init__"]),
            st.sampled_from(["self, idx=0, batch=0", "this", "*self", "", "*, self"]),
            st.lists(statements(2), min_size=1, max_size=3),
        ),
        max_size=4,
    ),
    st.sampled_from([*BASES, "MyLoop", "type(BaseLoop)", "*BASES", "a.b[c]"]),
)
def test_random_loops(methods, base):
    lines = [
        f"from mmengine.runner import {', '.join(BASES)}",
        f"class MyLoop({base}):",
        "    x = 1",
    ]
    for name, arguments, parts in methods:
        lines += [f"    def {name}({arguments}):"]
        lines += [f"        {line}" for part in parts for line in part]
    text = "\n".join(lines)
    try:
        tree = ast.parse(text)
    except SyntaxError:
        assume(False)
    module = Module("module", Path("/module.py"), tree)
    code = Code(Package({"module": module}), frozenset({module.path}))
    for rule in RULES:
        list(rule.check(code))
