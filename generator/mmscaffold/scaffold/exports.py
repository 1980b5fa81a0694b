"""An ``__init__.py`` that imports one more class: nothing in it is taken out or moved."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from mmscaffold.config.edit.line_length import line_length
from mmscaffold.config.text.source import Source, read_source
from mmscaffold.project.code import parse

# Of a line of a new file: what the template's projects set.
_LONGEST = 88


@dataclass(frozen=True)
class Export:
    """A class that a package shall import and export.

    Attributes:
        module: Where it lies, seen from the package: ``.wide_net``.
        name: Its name.
        guards: The packages without which it cannot be imported, though the package can.
        quote: The quote of the project.
    """

    module: str
    name: str
    guards: Sequence[str] = ()
    quote: str = '"'

    @property
    def line(self) -> str:
        """The import."""
        return f"from {self.module} import {self.name}"

    def lines(self, longest: int, indent: str = "", suppression: str = "") -> list[str]:
        """The import, broken if it is longer than a line may be.

        Args:
            longest: The longest line, in characters.
            indent: What stands before each line.
            suppression: A ``noqa`` at its end; such a line may be long.
        """
        if suppression or len(indent + self.line) <= longest:
            return [f"{indent}{self.line}{suppression}"]
        opening = f"{indent}from {self.module} import ("
        return [opening, f"{indent}    {self.name},", f"{indent})"]

    @property
    def condition(self) -> str:
        """What must hold for it to be imported."""
        asked = [f"find_spec({self.quote}{one}{self.quote}) is not None" for one in self.guards]
        return f"if {' and '.join(asked)}:"


def new_package(export: Export, doc: str = "") -> str:
    """The text of an ``__init__.py`` that exports one class, which has all that it needs."""
    listed = f"__all__ = [{export.quote}{export.name}{export.quote}]"
    line = "\n".join(export.lines(_LONGEST))
    return f"{doc}{line}\n\n{listed}\n"


def with_export(path: Path, export: Export) -> bytes:
    """An existing module with one more import, and the name in its ``__all__``, if it has one.

    Args:
        path: The module.
        export: What it shall import. With ``guards``, the import goes into the block that asks
            for these packages already, or into a new one at the end.

    Raises:
        ProjectError: If the module is not valid Python.
    """
    source = read_source(path)
    editor = _Editor(source, parse(path), export)
    if export.guards:
        editor.add_guarded()
    else:
        editor.add_import(editor.tree.body, indent="")
    bom = source.raw[: source.bom_length]
    return bom + editor.text().encode("utf-8")


class _Editor:
    def __init__(self, source: Source, tree: ast.Module, export: Export) -> None:
        self.source = source
        self.tree = tree
        self.export = export
        bounds = pairwise([*source.line_starts, len(source.raw)])
        whole = [source.raw[start:end].decode("utf-8") for start, end in bounds if start < end]
        self.lines = [line.rstrip("\r\n") for line in whole]
        # Those of a file may differ, and the last line may have none.
        self.ends = [line[len(text) :] for line, text in zip(whole, self.lines, strict=True)]
        # Lines to be added behind the line of that number.
        self.added: dict[int, list[str]] = {}

    def text(self) -> str:
        newline = self.source.newline
        result = [line + newline for line in self.added.get(0, [])]
        for number, (line, end) in enumerate(zip(self.lines, self.ends, strict=True), start=1):
            result.append(line + (end or newline))
            result += [one + newline for one in self.added.get(number, [])]
        return "".join(result)

    def add(self, number: int, *lines: str) -> None:
        self.added.setdefault(number, []).extend(lines)

    def add_import(self, body: list[ast.stmt], indent: str) -> None:
        """Add the import among those of a block, and the name to the list of that block."""
        last = body[0].lineno - 1 if indent else 0
        imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
        for index, node in enumerate(body):
            docstring = index == 0 and isinstance(node, ast.Expr) and not indent
            if docstring or node in imports:
                if isinstance(node, ast.ImportFrom) and node.level == 1 and self._after(node):
                    # The imports are in order, as far as one can see: stay so.
                    last = node.lineno - 1
                    break
                last = node.end_lineno or node.lineno
        longest = line_length(self.source)
        lines = self.export.lines(longest, indent, self._suppression(imports))
        if imports or indent:
            self.add(last, *lines)
        else:
            last = last or self._end_of_header()
            behind = last < len(self.lines) and self.lines[last].strip()
            self.add(last, *([""] if last else []), *lines, *([""] if behind else []))
        self._list_name(body, indent)

    def _end_of_header(self) -> int:
        """How many lines of comments a file begins with."""
        count = 0
        while count < len(self.lines) and self.lines[count].startswith("#"):
            count += 1
        return count

    def _after(self, node: ast.ImportFrom) -> bool:
        """Whether an import of a neighbour belongs behind the new one."""
        return bool(node.module) and f"from .{node.module} " > self.export.line

    def _suppression(self, imports: Sequence[ast.stmt]) -> str:
        """The ``noqa`` of the neighbours, where each has one: linters want it on every line."""
        ends = [self.lines[(node.end_lineno or node.lineno) - 1] for node in imports]
        told = [line.partition("#")[2].strip() for line in ends]
        if told and all(one.startswith("noqa") for one in told):
            return f"  # {told[-1]}"
        return ""

    def _list_name(self, body: list[ast.stmt], indent: str) -> None:
        listed = [found for node in body if (found := _list_of_names(node)) is not None]
        if listed:
            self._extend(listed[-1])
        elif any(_is_all(node) for node in body):
            # Computed: what it is made of is left alone.
            end = max(node.end_lineno or node.lineno for node in body if _is_all(node))
            self.add(end, f"{indent}__all__ += [{self._literal()}]")

    def _literal(self, elements: Sequence[ast.expr] = ()) -> str:
        """The name as a string, in the quotes of its neighbours or else of the project."""
        quote = self.export.quote
        for one in elements:
            source = self._columns(one.lineno, one.col_offset)
            if source[:1] in ("'", '"'):
                quote = source[0]
        return f"{quote}{self.export.name}{quote}"

    def _extend(self, listed: ast.List | ast.Tuple) -> None:
        """Put the name into a list that stands in the file, in order if the list is."""
        elements = listed.elts
        literal = self._literal(elements)
        names = [one.value for one in elements if isinstance(one, ast.Constant)]
        in_order = len(names) == len(elements) and names == sorted(names, key=str)
        at = len(elements)
        if in_order and len(elements) > 1:
            at = sum(str(name) < self.export.name for name in names)
        if not elements:
            text = literal + ("," if isinstance(listed, ast.Tuple) else "")
            self._insert(listed.end_lineno or 0, (listed.end_col_offset or 1) - 1, text)
            return
        starts = [one.lineno for one in elements]
        if len(set(starts)) == len(starts) and starts[0] > listed.lineno:
            self._add_row(listed, at)
            return
        line = self.lines[listed.lineno - 1]
        one_line = listed.lineno == listed.end_lineno
        # A tuple may stand without parentheses, which a new line would end; and another
        # statement may stand on the line.
        one_line = one_line and listed.col_offset < elements[0].col_offset
        one_line = one_line and line.lstrip().startswith("__all__")
        if one_line and len(line) + len(literal) + 2 > line_length(self.source):
            self._spread(listed, at)
        elif at < len(elements):
            self._insert(starts[at], elements[at].col_offset, f"{literal}, ")
        else:
            end = elements[-1]
            self._insert(end.end_lineno or 0, end.end_col_offset or 0, f", {literal}")

    def _add_row(self, listed: ast.List | ast.Tuple, at: int) -> None:
        elements = listed.elts
        indent = self._columns(elements[0].lineno, 0, elements[0].col_offset)
        row = f"{indent}{self._literal(elements)},"
        if at < len(elements):
            self.add(elements[at].lineno - 1, row)
            return
        end = elements[-1]
        number, column = end.end_lineno or end.lineno, end.end_col_offset or 0
        if not self._columns(number, column).lstrip().startswith(","):
            self._insert(number, column, ",")
        self.add(number, row)

    def _spread(self, listed: ast.List | ast.Tuple, at: int) -> None:
        """Write a list that has become too long one name a line."""
        number = listed.lineno
        line = self.lines[number - 1]
        indent = line[: len(line) - len(line.lstrip())]
        texts = [self._columns(number, one.col_offset, one.end_col_offset) for one in listed.elts]
        texts.insert(at, self._literal(listed.elts))
        head = self._columns(number, 0, listed.col_offset + 1)
        tail = self._columns(number, (listed.end_col_offset or 0) - 1)
        self.lines[number - 1] = head
        self.add(number, *(f"{indent}    {text}," for text in texts), indent + tail)

    def _insert(self, number: int, column: int, text: str) -> None:
        head, tail = self._columns(number, 0, column), self._columns(number, column)
        self.lines[number - 1] = head + text + tail

    def _columns(self, number: int, start: int, end: int | None = None) -> str:
        """Part of a line, between columns of the syntax tree, which counts bytes."""
        return self.lines[number - 1].encode("utf-8")[start:end].decode("utf-8")

    def add_guarded(self) -> None:
        """Add the import where the packages that it needs are asked for."""
        for node in self.tree.body:
            if isinstance(node, ast.If) and self._asks(node):
                indent = self._columns(node.body[0].lineno, 0, node.body[0].col_offset)
                self.add_import(node.body, indent)
                is_listed = any(_is_all(one) for one in node.body)
                if not is_listed and any(_is_all(one) for one in self.tree.body):
                    end = node.body[-1].end_lineno or 0
                    self.add(end, "", f"{indent}__all__ += [{self._literal()}]")
                return
        if not any(_imports_find_spec(node) for node in self.tree.body):
            self._add_find_spec()
        lines = [self.export.condition, f"    {self.export.line}"]
        if any(_is_all(node) for node in self.tree.body):
            lines += ["", f"    __all__ += [{self._literal()}]"]
        self.add(len(self.lines), *([""] if self.lines or self.added else []), *lines)

    def _asks(self, node: ast.If) -> bool:
        """Whether a block, on lines of its own, runs only where all packages are installed."""
        if node.body[0].lineno == node.lineno:
            return False
        parts = node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]
        if isinstance(node.test, ast.BoolOp) and not isinstance(node.test.op, ast.And):
            return False
        asked = {
            part.left.args[0].value
            for part in parts
            if isinstance(part, ast.Compare)
            and isinstance(part.ops[0], ast.IsNot)
            and isinstance(part.left, ast.Call)
            and isinstance(part.left.func, ast.Name | ast.Attribute)
            and ast.unparse(part.left.func).rpartition(".")[2] == "find_spec"
            and part.left.args
            and isinstance(part.left.args[0], ast.Constant)
        }
        return set(self.export.guards) <= asked

    def _add_find_spec(self) -> None:
        line = "from importlib.util import find_spec"
        last, relative = 0, False
        for index, node in enumerate(self.tree.body):
            future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
            if future or (index == 0 and isinstance(node, ast.Expr)):
                last = node.end_lineno or node.lineno
            elif isinstance(node, ast.Import | ast.ImportFrom):
                relative = isinstance(node, ast.ImportFrom) and node.level > 0
                last = node.lineno - 1
                break
        else:
            self.add(last, *([""] if last else []), line)
            return
        # Before the first import; a group of its own where that one is the project's.
        self.add(last, line, *([""] if relative else []))


def _is_all(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets = [node.target]
    else:
        return False
    return any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets)


def _list_of_names(node: ast.stmt) -> ast.List | ast.Tuple | None:
    """The list that a statement gives to, or adds to, ``__all__``."""
    value = getattr(node, "value", None)
    if not _is_all(node) or value is None:
        return None
    # Of a sum, the list that stands here.
    parts = [value.left, value.right] if isinstance(value, ast.BinOp) else [value]
    return next((one for one in parts if isinstance(one, ast.List | ast.Tuple)), None)


def _imports_find_spec(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and any(
        alias.name == "find_spec" and alias.asname is None for alias in node.names
    )
