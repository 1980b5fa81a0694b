"""The nodes of a syntax tree are those of ``ast.walk``, in its order."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from mmscaffold.config.text import syntax_nodes as module
from mmscaffold.config.text.syntax_nodes import children, syntax_nodes

LEFT_OUT = (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)
SOURCES = [
    "",
    "x = dict(a=[1, *b, {**c, 'd': -e}], **f)\n",
    "import os.path as p, sys\nfrom . import q as r\n",
    "def f(a, /, b=1, *c, d, e=2, **g) -> h:\n    global i\n    return lambda j=k: not j\n",
    "class A(B, metaclass=C):\n    d: int = 1 if e < f <= g else [h for h in i if h and j]\n",
    "match x:\n    case {'a': [1, *_], **rest} | B(c, d=2) as e if f:\n        del e, rest['g']\n",
    "try:\n    with a as b:\n        b.c += f'{d!r:>{e}}'\nexcept F as g:\n    raise g\n",
    Path(module.__file__).read_text(encoding="utf-8"),
]


@pytest.mark.parametrize("text", SOURCES)
def test_the_nodes_are_those_of_ast(text: str):
    tree = ast.parse(text)
    wanted = [node for node in ast.walk(tree) if not isinstance(node, LEFT_OUT)]

    assert list(map(id, syntax_nodes(tree))) == list(map(id, wanted))


def test_children_are_those_right_below():
    call = ast.parse("f(a, *b, c=d)", mode="eval").body

    assert [type(node) for node in children(call)] == [
        ast.Name,
        ast.Name,
        ast.Starred,
        ast.keyword,
    ]
    assert children(ast.parse("1", mode="eval").body) == []
