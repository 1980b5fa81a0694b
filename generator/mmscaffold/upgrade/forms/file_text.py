"""The new text of a file: each statement of 2.x gives way to its successors, in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mmscaffold.config.edit.comments import lost_comments
from mmscaffold.config.edit.python import add_statements
from mmscaffold.config.edit.spans import Edit
from mmscaffold.config.edit.wrapping import apply_wrapped
from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.text.source import Span
from mmscaffold.facts.legacy import READ_BY_2X
from mmscaffold.facts.runner import KNOWN_KEYS
from mmscaffold.upgrade.forms.expressions import Expressions
from mmscaffold.upgrade.forms.layout import Place
from mmscaffold.upgrade.forms.old_text import OldText, Statement
from mmscaffold.upgrade.owners import old_keys

READ = READ_BY_2X | KNOWN_KEYS
"""Keys that one of the Runners reads; all others are variables of the file."""


class FileText:
    """Writes one file.

    Args:
        old: The file as it is written.
        needed: What it must say of the keys that the Runner reads, with origins.
        below: What its bases have, as they are planned.
        names: What its variables stand for afterwards.
        kept: Names of 2.x that stay as variables, because something reads them.
    """

    def __init__(
        self,
        old: OldText,
        needed: CfgDict,
        below: Mapping[str, Any],
        names: Mapping[str, Any],
        kept: frozenset[str],
    ) -> None:
        self._old = old
        self._needed = needed
        self._names = names
        self._kept = kept
        self._expressions = Expressions(old, below, names)

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
        placed, last = self._placed(at_end)
        edits: list[Edit] = []
        for index, statement in enumerate(self._old.statements):
            above = comments.get(index, [])
            keys = placed.get(index)
            if keys:
                text = "\n".join(self._statement(key, statement, plain) for key in keys)
                edits.append(Edit(statement.span, self._below_comments(above, text)))
            elif self._goes(statement):
                edits.append(self._removed(statement, above))
            elif statement.name in self._names:
                edits += self._variable(statement, statement.name in plain, above)
        if last:
            texts = [self._statement(key, None, plain) for key in last]
            edits.append(add_statements(self._old.source, texts))
        return apply_wrapped(self._old.source, edits)

    def _placed(self, at_end: frozenset[str]) -> tuple[dict[int, list[str]], list[str]]:
        """Which keys take the place of each statement, and which stand at the end."""
        placed: dict[int, list[str]] = {}
        last = []
        index_of = {id(one): index for index, one in enumerate(self._old.statements)}
        for key in self._needed:
            home = None if key in at_end else self._home(key)
            if home is None:
                last.append(key)
            else:
                placed.setdefault(index_of[id(home)], []).append(key)
        return placed, last

    def _home(self, key: str) -> Statement | None:
        """The old statement in whose place a new key is written."""
        names = old_keys(key)
        own = [one for one in self._old.statements if one.name == key]
        if own and (key not in names[1:]) and self._is_same(key, own[-1]):
            return own[-1]
        for name in names:
            found = [one for one in self._old.statements if one.name == name]
            if found and name not in self._kept:
                return found[-1]
        return own[-1] if own else None

    def _is_same(self, key: str, statement: Statement) -> bool:
        """Whether a statement sets what the new key of its name is, and not another thing."""
        if key not in ("train_cfg", "test_cfg"):
            return True
        value = self._old.config.own.get(statement.name)
        return not isinstance(value, dict) or "type" in value

    def _goes(self, statement: Statement) -> bool:
        """Whether nothing of a statement is left."""
        if not statement.roots or "_base_" in statement.roots:
            return False
        return all(name in READ and name not in self._kept for name in statement.roots)

    def _statement(self, key: str, old: Statement | None, plain: frozenset[str]) -> str:
        origin = origin_of(self._needed, key)
        value = self._needed[key]
        if old is not None and old.name == key and key not in plain:
            source, parsed = self._old.source, self._old.parsed
            begin = source.raw[old.span.start : parsed.span(old.value).start].decode("utf-8")
            return begin + self._expressions.edited_in_place(old.value, value, origin)
        place = Place(0, len(key) + 3)
        return f"{key} = " + self._expressions.text(value, origin, place, plain=key in plain)

    def _variable(self, statement: Statement, plain: bool, above: list[str]) -> Iterable[Edit]:
        name = statement.name
        assert name is not None
        span = self._old.parsed.span(statement.value)
        value = self._names[name]
        if plain:
            return
        text = self._expressions.edited_in_place(statement.value, value, None)
        if text != self._old.source.text_of(span):
            yield Edit(span, text)
        if above:
            start = statement.span.start
            yield Edit(Span(start, start), self._below_comments(above, ""))

    @staticmethod
    def _below_comments(comments: list[str], text: str) -> str:
        return "".join(f"{comment}\n" for comment in comments) + text

    def _removed(self, statement: Statement, above: list[str]) -> Edit:
        """Take a statement out, with the line that it stands on."""
        raw, span = self._old.source.raw, statement.span
        text = "\n".join(above)
        end = span.end
        rest = raw[end:].split(b"\n", 1)[0]
        if rest.strip() or raw[: span.start].split(b"\n")[-1].strip():
            return Edit(span, text)
        if text:
            return Edit(span, text)
        end += len(rest) + 1 if end + len(rest) < len(raw) else len(rest)
        return Edit(Span(span.start, end), "")

    def _statement_at(self, line: int) -> int:
        """The statement on, or before which, an old line stands."""
        starts = self._old.source.line_starts
        offset = starts[line - 1] if line <= len(starts) else len(self._old.source.raw)
        found = 0
        for index, statement in enumerate(self._old.statements):
            if statement.span.start < (starts[line] if line < len(starts) else 1 << 60):
                found = index
            if statement.span.end >= offset and statement.span.start <= offset:
                return index
        return found
