"""Comments that suppress what was found, put at the end of its lines; all else stays."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmscaffold.check.ignores import Ignores
from mmscaffold.check.report import Finding
from mmscaffold.check.rule import ENGINE
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.source import read_code

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")
_IGNORE = re.compile(rb"(#\s*mmscaffold: ignore\[[^\]]*?)(\s*\])")
_ENDS = b"\r\n"


@dataclass
class AddedIgnores:
    """Which files get comments, and which findings stay.

    Attributes:
        before: The contents of the files as they are.
        after: The contents with the comments.
        suppressed: The findings that the comments suppress.
        left: The others, each with the reason.
    """

    before: dict[Path, bytes] = field(default_factory=dict)
    after: dict[Path, bytes] = field(default_factory=dict)
    suppressed: list[Finding] = field(default_factory=list)
    left: list[tuple[Finding, str]] = field(default_factory=list)


def plan_ignores(findings: Iterable[Finding], files: Iterable[Path]) -> AddedIgnores:
    """Plan a comment on the line of each finding; nothing is written.

    What a file says must not change: its syntax is compared with and without the comments.

    Args:
        findings: What was found.
        files: The files that may be edited.
    """
    plan = AddedIgnores()
    editable = set(files)
    by_file: dict[Path, list[Finding]] = {}
    for finding in findings:
        path = finding.diagnostic.place.path
        if finding.rule.kind == ENGINE:
            plan.left.append((finding, "it is about such a comment: correct or remove that"))
        elif path not in editable:
            plan.left.append((finding, "its file was not named, nor is it in a named folder"))
        elif path.suffix == ".json":
            plan.left.append((finding, "JSON has no comments; use per-file-ignores"))
        else:
            by_file.setdefault(path, []).append(finding)
    for path, found in by_file.items():
        _plan_file(path, found, plan)
    return plan


def _plan_file(path: Path, findings: list[Finding], plan: AddedIgnores) -> None:
    try:
        raw = read_code(path)
    except ConfigError as error:
        plan.left += [(finding, error.message) for finding in findings]
        return
    by_line: dict[int, list[Finding]] = {}
    for finding in findings:
        by_line.setdefault(finding.diagnostic.place.line, []).append(finding)
    file = _File(path, raw)
    # Mostly all of them can be added, and each attempt reads the whole file.
    if not file.add(by_line):
        for number, found in sorted(by_line.items()):
            if not file.add({number: found}):
                reason = "no comment can stand on its line; use per-file-ignores"
                plan.left += [(finding, reason) for finding in found]
                findings = [one for one in findings if one not in found]
    if findings:
        plan.before[path], plan.after[path] = raw, b"".join(file.lines)
        plan.suppressed += findings


class _File:
    """The lines of a file, to which comments are added as long as it says the same."""

    def __init__(self, path: Path, raw: bytes) -> None:
        self.lines: list[bytes] = _LINE.findall(raw)
        self._path = path
        self._meaning = _meaning(path, raw)

    def add(self, by_line: Mapping[int, list[Finding]]) -> bool:
        """Add comments to some lines; to none if one of them cannot have any."""
        lines = list(self.lines)
        for number, found in by_line.items():
            if number > len(lines):
                return False
            ids = dict.fromkeys(one.rule.id for one in found)
            lines[number - 1] = _with_ids(lines[number - 1], ids)
        after = b"".join(lines)
        ignores = Ignores({self._path: after})
        suppressed = all(
            ignores.suppress(one.rule, one.diagnostic)
            for found in by_line.values()
            for one in found
        )
        if not suppressed or self._meaning is None:
            return False
        if _meaning(self._path, after) != self._meaning:
            return False
        self.lines = lines
        return True


def _with_ids(line: bytes, ids: Iterable[str]) -> bytes:
    """A line with rules in its comment: in the one for us that it has, or in a new one."""
    text = ", ".join(ids).encode()
    found = list(_IGNORE.finditer(line))
    if found:
        start, end = found[-1].span(2)
        comma = b"" if found[-1][1].endswith(b"[") else b", "
        return line[:start] + comma + text + line[start:end].lstrip() + line[end:]
    body = line.rstrip(_ENDS)
    return body.rstrip() + b"  # mmscaffold: ignore[" + text + b"]" + line[len(body) :]


def _meaning(path: Path, raw: bytes) -> Any:
    """What a file says beside its comments, to be compared; ``None`` if that cannot be told."""
    if path.suffix != ".py":
        return _meaning_of_yaml(raw)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.dump(ast.parse(raw))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _meaning_of_yaml(raw: bytes) -> Any:
    import yaml

    try:
        events = yaml.parse(raw, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return [
            (type(one).__name__, getattr(one, "value", None), getattr(one, "anchor", None))
            for one in events
        ]
    except yaml.YAMLError:
        return None
