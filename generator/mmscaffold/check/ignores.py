"""Comments that suppress findings: ``# mmscaffold: ignore[MMS101] reason``."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.check.diagnostic import Diagnostic, Place
from mmscaffold.check.registry import find_rule
from mmscaffold.check.rule import Rule
from mmscaffold.errors import MmscaffoldError
from mmscaffold.lazy import lazy_pattern

_COMMENT = lazy_pattern(r"#\s*mmscaffold: ignore(?:\[(?P<ids>[^\]]*)\])?")


@dataclass
class Ignore:
    """One such comment.

    Attributes:
        place: Where it stands; it counts for its line.
        ids: The rules it suppresses; none means all.
        unknown: What else it names, which is not a rule.
        used: Those whose findings it did suppress.
    """

    place: Place
    ids: frozenset[str]
    unknown: frozenset[str] = frozenset()
    used: set[str] = field(default_factory=set)

    def suppresses(self, rule_id: str) -> bool:
        """Whether it suppresses a rule; from then on it counts as used."""
        suppressed = rule_id in self.ids or not (self.ids or self.unknown)
        if suppressed:
            self.used.add(rule_id)
        return suppressed


class Ignores:
    """The comments of all files that a run reads.

    Args:
        files: The contents of the files that have any.
    """

    def __init__(self, files: Mapping[Path, bytes]) -> None:
        self._by_line: dict[tuple[Path, int], list[Ignore]] = {}
        for path, raw in files.items():
            for ignore in _in_file(path, raw):
                key = (path, ignore.place.line)
                self._by_line.setdefault(key, []).append(ignore)

    def __bool__(self) -> bool:
        return bool(self._by_line)

    def suppress(self, rule: Rule, diagnostic: Diagnostic) -> bool:
        """Whether a comment suppresses a finding."""
        here = self._by_line.get((diagnostic.place.path, diagnostic.place.line), ())
        suppressing = [ignore for ignore in here if ignore.suppresses(rule.id)]
        return bool(suppressing)

    def unused(self, ran: Sequence[Rule]) -> Iterator[Diagnostic]:
        """A finding for each comment that suppresses nothing.

        Args:
            ran: The rules of this run; of others, nothing can be said.
        """
        known = {rule.id for rule in ran}
        for ignores in self._by_line.values():
            for ignore in ignores:
                if ignore.unknown:
                    which = "is not a rule" if len(ignore.unknown) == 1 else "are not rules"
                    yield Diagnostic(
                        f"this comment names {', '.join(sorted(ignore.unknown))}, which {which}",
                        ignore.place,
                        "Correct the id; `mmscaffold explain` lists the rules.",
                    )
                idle = sorted((ignore.ids & known) - ignore.used)
                if idle or not (ignore.ids or ignore.unknown or ignore.used):
                    what = ", ".join(idle) or "everything"
                    yield Diagnostic(
                        f"this comment suppresses {what}, but its line has no such finding",
                        ignore.place,
                        "Remove it, or move it to the line of the finding.",
                    )


def ignored_at(path: Path, raw: bytes, line: int) -> frozenset[str]:
    """The rules that comments of a file suppress on one of its lines.

    Args:
        path: The file.
        raw: Its contents.
        line: The line, from 1.
    """
    if path.suffix == ".json":
        return frozenset()
    found = (ignore.ids for ignore in _in_file(path, raw) if ignore.place.line == line)
    return frozenset().union(*found)


def _in_file(path: Path, raw: bytes) -> Iterator[Ignore]:
    for line, column, text in _comments(path, raw):
        match = _COMMENT.search(text)
        if match is None:
            continue
        ids, unknown = set(), set()
        for name in re.split(r"[\s,]+", (match["ids"] or "").strip()):
            try:
                ids.add(find_rule(name).id if name else "")
            except MmscaffoldError:
                unknown.add(name)
        start, end = column + match.start() + 1, column + match.end() + 1
        yield Ignore(
            Place(path, line, start, line, end),
            frozenset(ids - {""}),
            frozenset(unknown),
        )


def _comments(path: Path, raw: bytes) -> Iterator[tuple[int, int, str]]:
    """Line (from 1), column (from 0) and text of what may be a comment."""
    if path.suffix == ".py":
        try:
            # Not what looks like a comment within a string.
            for token in tokenize.tokenize(io.BytesIO(raw).readline):
                if token.type == tokenize.COMMENT:
                    yield *token.start, token.string
        except (tokenize.TokenError, SyntaxError):
            # What cannot be parsed is reported as such; it has no findings to suppress.
            return
    else:
        text = raw.decode("utf-8", errors="replace")
        yield from ((number, 0, line) for number, line in enumerate(text.splitlines(), 1))
