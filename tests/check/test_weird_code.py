"""No rule over code fails, whatever the code: the examples of all rules, torn apart."""

from __future__ import annotations

import ast
import random

import pytest
from mmscaffold.check import Settings, all_rules, check_paths

pytestmark = pytest.mark.slow

RULES = tuple(rule for rule in all_rules() if rule.kind == "code")
EXAMPLES = [
    text
    for rule in RULES
    for example in (*rule.valid, *rule.invalid)
    for text in rule.files(example.code).values()
    if text
]
MUTANTS = 20  # of each example

WEIRD = [
    "class A(A):\n    pass\n",
    "class A(B):\n    pass\nclass B(A):\n    pass\n",
    "class A(*bases, metaclass=M, **more):\n    pass\n",
    "class A(f()[0].x, (lambda: B)()):\n    def run(): pass\n",
    "from mmengine.runner import Runner\nclass R(Runner):\n"
    "    def train(): return super().train()\n",
    "from mmengine.runner import *\nclass R(Runner):\n    def __init__(*a, **k): a[0].epoch = 1\n",
    "from mmengine.runner import Runner\nclass R(Runner):\n    epoch, iter = 1, 2\n"
    "    (max_epochs := 3)\n    async def train(self): await super().train()\n",
    "from mmengine.hooks import Hook\nclass H(Hook):\n    def after_train_iter(*, runner): pass\n"
    "    before_run = lambda self, runner: None\n    def before_train(self, /): pass\n",
    "from mmengine.hooks import Hook\nclass H(Hook):\n    def after_val_epoch(): runner.x = 1\n"
    "    class Inner(Hook):\n"
    "        def after_train_iter(self, runner): (runner.a, *runner._epoch) = x\n",
    "from mmengine.registry import LOOPS\n"
    "LOOPS.register_module()(X)\nLOOPS.register_module(f'x')\n"
    "@LOOPS.register_module(name=[a, 'b', *c], force=g())\n@LOOPS\nclass X: ...\n",
    "from mmengine.registry import LOOPS\n@LOOPS.register_module(**{})\ndef f(): yield\n",
    "from .... import x\nfrom . import *\nimport a.b.c as d\nclass A(d.E): pass\n",
    "from mmengine.model import BaseModel\nclass M(BaseModel):\n"
    "    def train_step(self): return (yield)\n    def forward(*args): ...\n",
    "from mmengine.model import BaseModel\nclass M(BaseModel):\n"
    "    def train_step(self, d, o, /, *, x): return lambda: (d := 1)\n",
    "if True:\n    class A:\n        x: int\n        def f(self): self.x: int\n",
    "match x:\n    case A(y=1):\n        class B(A): pass\n",
    "\ufeffclass A:\n\tpass\n",
    "",
]


def check(folder, texts: list[str]) -> None:
    package = folder / "weird"
    package.mkdir()
    (package / "__init__.py").write_text("from .module_0 import *\n")
    for number, text in enumerate(texts):
        (package / f"module_{number}.py").write_text(text, encoding="utf-8")
    check_paths([package], Settings(RULES))


def mutant(text: str, chance: random.Random) -> str | None:
    """A text with nodes of its tree swapped, doubled or gone; ``None`` if none came out."""
    tree = ast.parse(text)
    nodes = [node for node in ast.walk(tree) if not isinstance(node, ast.Module)]
    for _ in range(chance.randint(1, 4)):
        _tear(chance.choice(nodes), nodes, chance)
    try:
        torn = ast.unparse(ast.fix_missing_locations(tree))
        ast.parse(torn)
    except (SyntaxError, ValueError, TypeError, AttributeError, RecursionError, IndexError):
        return None
    return torn


def _tear(node: ast.AST, nodes: list[ast.AST], chance: random.Random) -> None:
    fields = [(name, value) for name, value in ast.iter_fields(node) if value is not None]
    if not fields:
        return
    name, value = chance.choice(fields)
    if isinstance(value, list) and value:
        chance.choice([value.pop, value.reverse, lambda: value.append(value[0])])()
    elif isinstance(value, ast.expr):
        others = [one for one in nodes if isinstance(one, ast.expr)]
        setattr(node, name, chance.choice(others))
    elif isinstance(value, str):
        words = ["self", "runner", "train_loop", "_epoch", "__init__", "train", "x", "epoch"]
        setattr(node, name, chance.choice(words))


def test_there_are_rules_to_try():
    assert len(RULES) > 20
    assert len(EXAMPLES) > 150


@pytest.mark.parametrize("text", WEIRD)
def test_no_rule_fails_on_weird_code(text, tmp_path):
    check(tmp_path, [text])


@pytest.mark.parametrize("seed", range(MUTANTS))
def test_no_rule_fails_on_torn_examples(seed, tmp_path):
    chance = random.Random(seed)
    torn = [mutant(text, chance) for text in EXAMPLES]
    texts = [text for text in torn if text is not None]
    assert len(texts) > len(EXAMPLES) / 3
    check(tmp_path, texts)
