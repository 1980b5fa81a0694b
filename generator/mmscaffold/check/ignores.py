"""Comments that hide findings: ``# mmscaffold: ignore[MMS101] reason``."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.check.diagnostic import Diagnostic, Place
from mmscaffold.check.registry import Rule, find_rule
from mmscaffold.errors import MmscaffoldError

# What a file with such a comment has in it.
MARK = b"mmscaffold: ignore"
_COMMENT = re.compile(r"#\s*mmscaffold: ignore(?:\[(?P<ids>[^\]]*)\])?")


@dataclass
class Ignore:
    """One such comment.

    Attributes:
        place: Where it stands; it counts for its line.
        ids: The rules it hides; none means all.
        unknown: What it names besides, and no rule is called.
        used: Those that it did hide.
    """

    place: Place
    ids: frozenset[str]
    unknown: frozenset[str] = frozenset()
    used: set[str] = field(default_factory=set)

    def hides(self, rule_id: str) -> bool:
        """Whether it hides a rule; from then on it counts as used."""
        hidden = rule_id in self.ids or not (self.ids or self.unknown)
        if hidden:
            self.used.add(rule_id)
        return hidden


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

    def hide(self, rule: Rule, diagnostic: Diagnostic) -> bool:
        """Whether a comment hides a finding."""
        here = self._by_line.get((diagnostic.place.path, diagnostic.place.line), ())
        hiding = [ignore for ignore in here if ignore.hides(rule.id)]
        return bool(hiding)

    def unused(self, ran: Sequence[Rule]) -> Iterator[Diagnostic]:
        """A finding for each comment that hides a rule in vain.

        Args:
            ran: The rules of this run; of others, nothing can be said.
        """
        known = {rule.id for rule in ran}
        for ignores in self._by_line.values():
            for ignore in ignores:
                if ignore.unknown:
                    yield Diagnostic(
                        f"this comment ignores {', '.join(sorted(ignore.unknown))}, and no rule "
                        "is called so",
                        ignore.place,
                        "Correct the id; `mmscaffold explain` lists the rules.",
                    )
                idle = sorted((ignore.ids & known) - ignore.used)
                if idle or not (ignore.ids or ignore.unknown or ignore.used):
                    what = ", ".join(idle) or "everything"
                    yield Diagnostic(
                        f"this comment ignores {what}, and nothing is found on its line",
                        ignore.place,
                        "Remove it, or move it to the line of the finding.",
                    )


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
        yield Ignore(
            Place(path, line, column + match.start() + 1),
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
            # What cannot be parsed is reported as such; it has no findings to hide.
            return
    else:
        text = raw.decode("utf-8", errors="replace")
        yield from ((number, 0, line) for number, line in enumerate(text.splitlines(), 1))
