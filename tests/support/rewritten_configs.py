"""The same config in other words: as people write them, and as no official file is written."""

from __future__ import annotations

import ast
import io
import random
import tokenize
from collections.abc import Callable, Mapping


def with_windows_endings(text: str, chance: random.Random) -> str:
    """Line endings of Windows."""
    return text.replace("\n", "\r\n")


def with_tabs(text: str, chance: random.Random) -> str:
    """Tabs for indents."""
    return "".join(
        line.replace("    ", "\t") if line.startswith("    ") else line
        for line in text.splitlines(keepends=True)
    )


def with_comments(text: str, chance: random.Random) -> str:
    """A comment behind each line that can take one, and some above."""
    lines = text.splitlines()
    strings: set[int] = set()
    taken: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.STRING:
            strings.update(range(token.start[0], token.end[0]))
        if token.type == tokenize.COMMENT:
            taken.add(token.start[0])
    result = []
    for number, line in enumerate(lines, 1):
        free = number not in strings and number not in taken and not line.endswith("\\")
        if line.strip() and free:
            line += f"  # behind {number}"
        result.append(line)
        if free and chance.random() < 0.2:
            result.append(f"# below {number}")
    return "\n".join(result) + "\n"


def in_few_lines(text: str, chance: random.Random) -> str:
    """One line for each statement, and no comment."""
    return ast.unparse(ast.parse(text)) + "\n"


class _Displays(ast.NodeTransformer):
    """Some calls of ``dict`` become displays."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        is_dict = isinstance(node.func, ast.Name) and node.func.id == "dict"
        if not is_dict or node.args or self._chance.random() < 0.5:
            return node
        keys = [keyword.arg and ast.Constant(keyword.arg) for keyword in node.keywords]
        return ast.Dict(keys, [keyword.value for keyword in node.keywords])


class _Shuffled(ast.NodeTransformer):
    """The keys of dicts in another order."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if all(keyword.arg for keyword in node.keywords):
            self._chance.shuffle(node.keywords)
        return node


class _Spread(ast.NodeTransformer):
    """Parts of dicts and lists become variables that are spread there."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.made: list[ast.stmt] = []

    def _name(self, value: ast.expr) -> ast.Name:
        name = f"part_{id(value)}"
        self.made.append(ast.Assign([ast.Name(name, ast.Store())], value))
        return ast.Name(name, ast.Load())

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        is_dict = isinstance(node.func, ast.Name) and node.func.id == "dict"
        if is_dict and len(node.keywords) > 2 and self._chance.random() < 0.3:
            rest = node.keywords[2:]
            if all(keyword.arg and keyword.arg != "_delete_" for keyword in rest):
                part = ast.Call(ast.Name("dict", ast.Load()), [], rest)
                node.keywords[2:] = [ast.keyword(None, self._name(part))]
        return node

    def visit_List(self, node: ast.List) -> ast.expr:
        self.generic_visit(node)
        if len(node.elts) > 2 and self._chance.random() < 0.3:
            part = ast.List(node.elts[1:], ast.Load())
            node.elts[1:] = [ast.Starred(self._name(part), ast.Load())]
        return node


def with_displays(text: str, chance: random.Random) -> str:
    """``dict(...)`` and ``{...}`` mixed."""
    return _transformed(text, _Displays(chance))


def shuffled(text: str, chance: random.Random) -> str:
    """The keys of dicts in another order."""
    return _transformed(text, _Shuffled(chance))


def with_spreads(text: str, chance: random.Random) -> str:
    """``**part`` and ``*part`` of variables."""
    tree = ast.parse(text)
    body: list[ast.stmt] = []
    for statement in tree.body:
        spread = _Spread(chance)
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if not any(isinstance(one, ast.Name) and one.id == "_base_" for one in targets):
            statement = spread.visit(statement)
        body += [*spread.made, statement]
    return _text(ast.Module(body, []))


def with_dead_statements(text: str, chance: random.Random) -> str:
    """Names that are set twice."""
    tree = ast.parse(text)
    body: list[ast.stmt] = []
    for statement in tree.body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if isinstance(target, ast.Name) and target.id != "_base_" and chance.random() < 0.5:
            body += ast.parse(f"{target.id} = dict(type='Dead', lr=1)").body
        body.append(statement)
    return _text(ast.Module(body, []))


def _transformed(text: str, transformer: ast.NodeTransformer) -> str:
    return _text(transformer.visit(ast.parse(text)))


def _text(tree: ast.AST) -> str:
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


REWRITINGS: Mapping[str, Callable[[str, random.Random], str]] = {
    one.__name__: one
    for one in (
        with_windows_endings,
        with_tabs,
        with_comments,
        in_few_lines,
        with_displays,
        shuffled,
        with_spreads,
        with_dead_statements,
    )
}
