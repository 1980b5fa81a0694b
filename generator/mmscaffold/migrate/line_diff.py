"""Differences by line, in time that grows with the text even where most lines are alike."""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterator, Sequence

# Pairs of lines; beyond, lines are compared where they stand.
_MOST_PAIRS = 1_000_000
_CONTEXT = 3
Opcode = tuple[str, int, int, int, int]


def lines_of(text: str) -> list[str]:
    """The lines of a text, each with its line feed; no other character ends one."""
    return list(io.StringIO(text, newline="\n"))


def changed_lines(before: Sequence[str], after: Sequence[str]) -> int:
    """How many lines differ: the larger of those taken out and put in, place by place."""
    return sum(
        max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in opcodes(before, after) if tag != "equal"
    )


def unified_diff(before: Sequence[str], after: Sequence[str], name: str) -> str:
    """The unified diff of one file, as ``git diff`` prints it.

    Args:
        before: Its lines before.
        after: Its lines after.
        name: Its path.
    """
    matcher: difflib.SequenceMatcher[str] = difflib.SequenceMatcher(None, "", "")
    matcher.opcodes = opcodes(before, after)  # type: ignore[attr-defined]
    parts: list[str] = []
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        first, last = group[0], group[-1]
        old, new = _range(first[1], last[2]), _range(first[3], last[4])
        parts.append(f"@@ -{old} +{new} @@\n")
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                parts += [f" {line}" for line in before[i1:i2]]
                continue
            parts += [f"-{line}" for line in before[i1:i2]]
            parts += [f"+{line}" for line in after[j1:j2]]
    if not parts:
        return ""
    return "".join(
        part if part.endswith("\n") else f"{part}\n\\ No newline at end of file\n"
        for part in [f"--- a/{name}\n", f"+++ b/{name}\n", *parts]
    )


def _range(start: int, stop: int) -> str:
    length = stop - start
    if length == 1:
        return f"{start + 1}"
    # An empty range begins at the line before it.
    return f"{start + 1 if length else start},{length}"


def opcodes(before: Sequence[str], after: Sequence[str]) -> list[Opcode]:
    """As ``difflib`` gives them; where there are too many pairs of lines, less refined."""
    shorter = min(len(before), len(after))
    head = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    rest = range(shorter - head)
    tail = next((at for at in rest if before[-1 - at] != after[-1 - at]), len(rest))
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    found: list[Opcode] = [("equal", 0, head, 0, head)] if head else []
    for tag, i1, i2, j1, j2 in _middle(old, new):
        found.append((tag, head + i1, head + i2, head + j1, head + j2))
    if tail:
        found.append(("equal", len(before) - tail, len(before), len(after) - tail, len(after)))
    return found


def _middle(old: Sequence[str], new: Sequence[str]) -> Iterator[Opcode]:
    if len(old) * len(new) <= _MOST_PAIRS:
        yield from difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        return
    if len(old) != len(new):
        yield ("replace", 0, len(old), 0, len(new))
        return
    start = 0
    alike = [left == right for left, right in zip(old, new, strict=True)]
    for at in range(1, len(alike) + 1):
        if at == len(alike) or alike[at] != alike[start]:
            yield ("equal" if alike[start] else "replace", start, at, start, at)
            start = at
