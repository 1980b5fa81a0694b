"""The new text of a file: each statement of 2.x gives way to its successors, in its place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mmscaffold.config.edit.comments import lost_comments
from mmscaffold.config.edit.python import add_statements, quote_like
from mmscaffold.config.edit.spans import Edit
from mmscaffold.config.edit.wrapping import apply_wrapped
from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.text.source import Span
from mmscaffold.facts.legacy import READ_BY_2X
from mmscaffold.facts.runner import KNOWN_KEYS
from mmscaffold.upgrade.forms.comment_lines import commented_out, note_line
from mmscaffold.upgrade.forms.expressions import Expressions
from mmscaffold.upgrade.forms.old_text import OldText, Statement
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.trees.owners import old_keys

READ = READ_BY_2X | KNOWN_KEYS
"""Keys that one of the Runners reads; all others are variables of the file."""
_LOOPS = ("train_cfg", "test_cfg")


@dataclass
class Needed:
    """What a file must say.

    Attributes:
        values: The keys that the Runner reads, with origins.
        below: What its bases have, as they are planned.
        names: What its variables stand for afterwards.
        kept: Names of 2.x that stay as variables, because something that stays reads them.
        notes: What is written into it.
        bases: Other names for bases, by the ``id`` of the expression that names each.
    """

    values: CfgDict
    below: Mapping[str, Any]
    names: Mapping[str, Any]
    kept: frozenset[str] = frozenset()
    notes: tuple[Note, ...] = ()
    bases: Mapping[int, str] = field(default_factory=dict)


@dataclass
class _Placed:
    """Where each key is written.

    Attributes:
        instead: The keys that take the place of a statement, by its index.
        behind: The keys that are written behind a statement, which stays.
        last: The keys at the end of the file.
    """

    instead: dict[int, list[str]] = field(default_factory=dict)
    behind: dict[int, list[str]] = field(default_factory=dict)
    last: list[str] = field(default_factory=list)


class FileText:
    """Writes one file.

    Args:
        old: The file as it is written.
        needed: What it must say.
    """

    def __init__(self, old: OldText, needed: Needed) -> None:
        self._old = old
        self._needed = needed
        self._dead = frozenset(self._dead_statements())
        self._expressions: Expressions

    @property
    def notes(self) -> Iterator[Note]:
        """What there is to tell of the way in which it was written."""
        for index in sorted(self._dead):
            name = self._old.statements[index].name or ""
            line = self._old.source.line_and_column(self._old.statements[index].span.start)[0]
            yield Note(
                "UP104",
                f"{name} of line {line} had no effect: it is set again further down",
                old=(name,),
                help="It would take effect again under its old name, so it is commented out.",
            )
        for node in self._expressions.replaced:
            text = _in_one_line(self._old.source.text_of(self._old.parsed.span(node)))
            yield Note("UP105", f"an expression gave way to its value: {text}")

    def write(self, plain: frozenset[str], at_end: frozenset[str]) -> bytes:
        """The new bytes.

        Args:
            plain: The keys whose values are written as literals, with nothing copied.
            at_end: The keys that are written at the end of the file, whatever wrote them.
        """
        comments: dict[int, list[str]] = {}
        raw = self._written(plain, at_end, comments)
        lost = lost_comments(self._old.source.path, self._old.source.raw, raw)
        if not lost:
            return raw
        for line, text in lost:
            comments.setdefault(self._statement_at(line), []).append(text)
        return self._written(plain, at_end, comments)

    def _written(
        self, plain: frozenset[str], at_end: frozenset[str], comments: Mapping[int, list[str]]
    ) -> bytes:
        needed = self._needed
        self._expressions = Expressions(self._old, needed.below, needed.names)
        placed = self._placed(at_end)
        notes = self._note_lines()
        edits: list[Edit] = []
        for index, statement in enumerate(self._old.statements):
            above = [*comments.get(index, ()), *notes.get(index, ())]
            self._expressions.here = statement.span.start
            instead, behind = placed.instead.get(index), placed.behind.get(index)
            if instead:
                first, rest = self._split(instead, statement)
                text = self._statements(first, statement, plain, notes)
                edits.append(Edit(statement.span, _lines(above) + text))
                if rest:
                    end = self._expressions.here = self._line_end(statement)
                    text = self._statements(rest, None, plain, notes)
                    edits.append(Edit(Span(end, end), f"\n{text}"))
                continue
            if index in self._dead:
                text = commented_out(self._old.source.text_of(statement.span))
                edits.append(Edit(statement.span, _lines(above) + text))
            elif self._goes(statement):
                edits.append(self._removed(statement, above))
            else:
                edits += self._kept_statement(statement, above, plain | self._old.spread)
            if behind:
                text = self._statements(behind, None, plain, notes)
                edits.append(Edit(Span(statement.span.end, statement.span.end), f"\n{text}"))
        edits += self._base_edits()
        self._expressions.here = len(self._old.source.raw)
        last = [self._statements([key], None, plain, notes) for key in placed.last]
        gone = sorted(name for name in needed.kept if self._must_vanish(name))
        last += [f"del {name}" for name in gone]
        if last:
            edits.append(add_statements(self._old.source, last))
        edits += self._spread_edits(edits, plain)
        return apply_wrapped(self._old.source, edits)

    def _spread_edits(self, edits: list[Edit], plain: frozenset[str]) -> list[Edit]:
        """Dicts that are only spread into others change where something still names them."""
        texts = " ".join(edit.text for edit in edits if self._old.spread)
        named = {name for name in self._old.spread if re.search(rf"\b{name}\b", texts)}
        return [
            edit
            for one in self._old.statements
            if one.name in named and not self._goes(one)
            for edit in self._kept_statement(one, [], plain)
        ]

    def _base_edits(self) -> Iterator[Edit]:
        parsed = self._old.parsed
        for node in ast.walk(parsed.tree) if self._needed.bases else ():
            name = self._needed.bases.get(id(node))
            if name is not None and isinstance(node, ast.expr):
                yield Edit(parsed.span(node), quote_like(parsed, node, name))

    def _must_vanish(self, name: str) -> bool:
        """Whether a key of 2.x that stays as a variable must not be seen by the Runner."""
        return isinstance(self._old.config.own.get(name), dict) and name not in self._needed.values

    def _placed(self, at_end: frozenset[str]) -> _Placed:
        placed = _Placed()
        index_of = {id(one): index for index, one in enumerate(self._old.statements)}
        for key in self._needed.values:
            home = None if key in at_end else self._home(key)
            if home is None:
                placed.last.append(key)
                continue
            stays = home.name in self._needed.kept and home.name != key
            group = placed.behind if stays else placed.instead
            group.setdefault(index_of[id(home)], []).append(key)
        return placed

    def _home(self, key: str) -> Statement | None:
        """The old statement in whose place a new key is written."""
        own = self._setting(key)
        if own is not None and self._is_same(key):
            return own
        for name in old_keys(key):
            found = self._setting(name)
            if found is not None and name != key:
                return found
        return own

    def _setting(self, name: str) -> Statement | None:
        """The last statement that sets a name."""
        return next((one for one in reversed(self._old.statements) if one.name == name), None)

    def _is_same(self, key: str) -> bool:
        """Whether the old key of this name is what the new one is, and not another thing."""
        value = self._old.config.own.get(key)
        return key not in _LOOPS or not isinstance(value, dict) or "type" in value

    def _dead_statements(self) -> Iterator[int]:
        """Statements of 2.x whose name is set again before anything reads it."""
        statements = self._old.statements
        for index, one in enumerate(statements):
            if one.name is None or one.name not in READ or one.name in self._needed.values:
                continue
            for later in statements[index + 1 :]:
                if one.name in later.reads:
                    break
                if later.name == one.name:
                    yield index
                    break

    def _goes(self, statement: Statement) -> bool:
        """Whether nothing of a statement is left."""
        if not statement.roots or "_base_" in statement.roots:
            return False
        if statement.name is not None and statement.name in self._needed.values:
            # Set again further down, where it is edited.
            return self._setting(statement.name) is statement
        return all(name in READ and name not in self._needed.kept for name in statement.roots)

    def _statements(
        self,
        keys: list[str],
        old: Statement | None,
        plain: frozenset[str],
        notes: Mapping[int | str, list[str]],
    ) -> str:
        return "\n".join(
            _lines(notes.get(key, [])) + self._statement(key, old, plain) for key in keys
        )

    def _split(self, keys: list[str], statement: Statement) -> tuple[list[str], list[str]]:
        """The key beside whose value a comment behind a statement stays, and the others."""
        rest = self._old.source.raw[statement.span.end : self._line_end(statement)]
        return (keys[:1], keys[1:]) if rest.lstrip().startswith(b"#") else (keys, [])

    def _line_end(self, statement: Statement) -> int:
        """Where the last line of a statement ends."""
        raw, start = self._old.source.raw, statement.span.end
        ends = [raw.find(mark, start) for mark in (b"\n", b"\r")]
        return min((end for end in ends if end >= 0), default=len(raw))

    def _statement(self, key: str, old: Statement | None, plain: frozenset[str]) -> str:
        values = self._needed.values
        origin, value = origin_of(values, key), values[key]
        if old is not None and old.name == key and key not in plain and self._is_same(key):
            source, parsed = self._old.source, self._old.parsed
            begin = source.raw[old.span.start : parsed.span(old.value).start].decode("utf-8")
            return begin + self._expressions.edited_in_place(old.value, value, origin)
        is_plain = key in plain
        text = self._expressions.text_of_statement(value, origin, key, plain=is_plain)
        return f"{key} = {text}"

    def _kept_statement(
        self, statement: Statement, above: list[str], plain: frozenset[str]
    ) -> Iterable[Edit]:
        """A statement that stays; the value of a variable may change."""
        if above:
            start = statement.span.start
            yield Edit(Span(start, start), _lines(above))
        name = statement.name
        if name is None or name not in self._needed.names or name in plain:
            return
        if self._old.variable(name) is not statement:
            return
        span = self._old.parsed.span(statement.value)
        text = self._expressions.edited_in_place(statement.value, self._needed.names[name], None)
        if text != self._old.source.text_of(span).replace("\r\n", "\n"):
            yield Edit(span, text)

    def _removed(self, statement: Statement, above: list[str]) -> Edit:
        """Take a statement out, with the line that it stands on."""
        raw, span = self._old.source.raw, statement.span
        rest = raw[span.end :].split(b"\n", 1)[0]
        alone = not rest.strip() and not raw[: span.start].split(b"\n")[-1].strip()
        if above or not alone:
            end = span.end + len(rest) - len(rest.lstrip(b" \t"))
            whole = Span(span.start, end if rest.lstrip().startswith(b"#") else span.end)
            return Edit(whole, "\n".join(above) if alone else _lines(above))
        end = min(span.end + len(rest) + 1, len(raw))
        return Edit(Span(span.start, end), "")

    def _note_lines(self) -> dict[int | str, list[str]]:
        """The notes as comments, by the key or the index of the statement that they are about."""
        found: dict[int | str, list[str]] = {}
        is_ascii = self._old.source.text.isascii()
        for note in self._needed.notes:
            place: int | str = 0
            if note.path and note.path[0] in self._needed.values:
                place = str(note.path[0])
            elif note.old:
                roots = (
                    index
                    for index, one in enumerate(self._old.statements)
                    if note.old[0] in one.roots
                )
                place = next(roots, 0)
            line = note_line(note, is_ascii=is_ascii)
            if line not in found.setdefault(place, []):
                found[place].append(line)
        return found

    def _statement_at(self, line: int) -> int:
        """The statement in which an old line lies, or the last one before it."""
        found = 0
        for index, statement in enumerate(self._old.statements):
            if self._old.source.line_and_column(statement.span.start)[0] <= line:
                found = index
        return found


def _in_one_line(text: str) -> str:
    """The beginning of an expression, as it would stand on one line."""
    text = re.sub(r"(?<=[([{]) ", "", " ".join(text.split()))
    return text if len(text) <= 60 else text[:57] + "..."


def _lines(comments: Iterable[str]) -> str:
    return "".join(f"{comment}\n" for comment in comments)
