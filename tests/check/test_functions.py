from __future__ import annotations

import ast

import pytest
from mmscaffold.check.code.functions import is_stub, returned_values


@pytest.mark.parametrize(
    ("body", "stub"),
    [
        ("pass", True),
        ("'''Do it.'''", True),
        ("...", True),
        ("raise NotImplementedError", True),
        ("x = 1\n    raise TypeError(x)", True),
        ("yield 1", True),
        ("return 1", False),
        ("if x:\n        raise TypeError\n    self.x = 1", False),
        ("def inner():\n        yield 1\n    return inner", False),
    ],
)
def test_stubs_do_nothing_themselves(body, stub):
    (function,) = ast.parse(f"def f(self):\n    {body}\n").body
    assert isinstance(function, ast.FunctionDef)
    assert is_stub(function) is stub


def test_returns_of_inner_functions_are_left_out():
    (function,) = ast.parse(
        "def f(self):\n    def inner():\n        return 1\n"
        "    if self:\n        return 2\n    return\n"
    ).body
    assert isinstance(function, ast.FunctionDef)
    assert [ast.unparse(one) for one in returned_values(function)] == ["return 2", "return"]
