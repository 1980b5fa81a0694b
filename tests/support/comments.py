"""Comments at random places of configs, and which comments a text has."""

from __future__ import annotations

import ast
import io
import itertools
import random
import tokenize
from typing import Any

import yaml

_LAYOUT = (tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT)


def python_comments(text: str) -> list[str]:
    """The comments of a Python text, in order."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def data_comments(text: str) -> list[str]:
    """The comments of a YAML text: what stands between its tokens."""
    found = []
    end = 0
    for token in yaml.scan(text):
        gap = text[end : token.start_mark.index]
        found += [line[line.index("#") :].rstrip() for line in gap.splitlines() if "#" in line]
        end = max(end, token.end_mark.index)
    return found + [line[line.index("#") :] for line in text[end:].splitlines() if "#" in line]


def comment_python(text: str, seed: int, most: int = 12) -> str:
    """A Python text with numbered comments wherever the grammar allows some, at random.

    Ends of lines, lines of their own, and any place within brackets, where a comment breaks
    the line. Lines with placeholders stay whole.
    """
    lines = text.splitlines(keepends=True)
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    depth = 0
    places: dict[tuple[int, int], bool] = {}
    commented = {token.start[0] for token in tokens if token.type == tokenize.COMMENT}
    for before, token in itertools.pairwise(tokens):
        if before.type == tokenize.OP:
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(before.string, 0)
        if "{{" in token.line or "}}" in token.line or "\\\n" in token.line:
            continue
        if token.type in (tokenize.NL, tokenize.NEWLINE) and token.start[0] not in commented:
            places[token.start] = False
        elif depth and token.type not in _LAYOUT and before.type != tokenize.COMMENT:
            places[token.start] = True
    generator = random.Random(seed)
    chosen = generator.sample(sorted(places), min(len(places), most))
    for number, (row, column) in sorted(enumerate(chosen), key=lambda one: one[1], reverse=True):
        line = lines[row - 1]
        comment = f"# c{number}"
        if places[row, column]:
            lines[row - 1] = f"{line[:column]}  {comment}\n            {line[column:]}"
        else:
            lines[row - 1] = f"{line[:column]}  {comment}{line[column:]}"
    result = "".join(lines)
    assert ast.dump(ast.parse(result)) == ast.dump(ast.parse(text))
    return result


def as_yaml(value: dict[str, Any], seed: int, most: int = 12) -> str:
    """A config as YAML in blocks, lists too, with comments at random ends and lines."""
    text = yaml.safe_dump(value, default_flow_style=False, sort_keys=False, width=10_000)
    generator = random.Random(seed)
    lines = text.splitlines()
    for number, index in enumerate(
        sorted(generator.sample(range(len(lines)), min(len(lines), most)), reverse=True)
    ):
        line = lines[index]
        if generator.random() < 0.6:
            lines[index] = f"{line}  # c{number}"
        else:
            indent = line[: len(line) - len(line.lstrip())]
            lines.insert(index, f"{indent}# c{number}")
    return "\n".join(lines) + "\n"
