from __future__ import annotations

import ast

import pytest
from mmscaffold.check.code.aliases import aliases_in, possible_aliases, written_out


def function(body: str) -> ast.FunctionDef:
    (found,) = ast.parse(f"def f(self):\n    {body}\n").body
    assert isinstance(found, ast.FunctionDef)
    return found


@pytest.mark.parametrize(
    ("body", "certain", "possible"),
    [
        ("a = self.b", {"a": "self.b"}, {"a": "self.b"}),
        ("a = c = self.b", {"a": "self.b", "c": "self.b"}, {"a": "self.b", "c": "self.b"}),
        ("a = self.b; a = self.c", {}, {"a": "self.c"}),
        ("a = self.b; a = 1", {}, {"a": "self.b"}),
        ("a = b", {}, {}),
        ("a += self.b", {}, {}),
    ],
)
def test_what_names_stand_for(body, certain, possible):
    assert aliases_in(function(body)) == certain
    assert possible_aliases(function(body)) == possible


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("loop._epoch", "self.runner.train_loop._epoch"),
        ("self.x", "self.x"),
        # A name that stands for a part of itself has no end.
        ("mine.x", "mine.x"),
        ("f().x", "?.x"),
    ],
)
def test_paths_are_written_out(path, written):
    aliases = {"runner": "self.runner", "loop": "runner.train_loop", "mine": "mine.y"}
    (statement,) = ast.parse(path).body
    assert isinstance(statement, ast.Expr)
    assert written_out(statement.value, aliases) == written
