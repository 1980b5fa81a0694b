"""Commands that pages of the documentation show, run, and their output compared.

A page is followed from top to bottom in an empty folder. In a block of ``console``, lines that
begin with ``$ `` are commands (those with ``> `` go on), and what follows is their output: ``...``
stands for anything in a line, or alone for any lines. A block with ``title="FILE"`` writes that
file. A comment before a block says what it needs: ``<!-- needs mmdet -->``, or that it is not run.

``python -m support.shown_commands ../docs/start.md`` in ``tests/`` writes what the commands now
print into the page, and what the English page shows into empty blocks of the Chinese one.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.cli.main import main

DOCS = Path(__file__).parents[2] / "docs"
_FENCE = re.compile(r"^(`{3,})(\S*)[ ]?(.*)$")
_NEED = re.compile(r"<!-- (needs \w+|not run: .*) -->")
_TITLE = re.compile(r'title="([^"]+)"')
# What only a shell does.
_SHELL = re.compile(r"[|<>;&$*`]")


@dataclass(frozen=True)
class Block:
    """A block of code in a page.

    Args:
        start: The index of its first line, behind the fence.
        end: The index of the fence that closes it.
        language: ``console``, ``python``, ...
        title: The file that it writes; empty for none.
        need: What the comment before it says; empty for nothing.
        lines: What is in it.
    """

    start: int
    end: int
    language: str
    title: str
    need: str
    lines: tuple[str, ...]

    @property
    def is_followed(self) -> bool:
        """Whether something is to be done with it."""
        return bool(self.title) or self.language == "console"


@dataclass
class Shown:
    """A command and what the page shows of its output."""

    command: str
    output: list[str] = field(default_factory=list)


def blocks(lines: list[str]) -> Iterator[Block]:
    """The blocks of code of a page."""
    opened: tuple[int, str, str, str] | None = None
    fence, need = "", ""
    for index, line in enumerate(lines):
        if opened is not None:
            if line.rstrip() == fence:
                start, language, title, needed = opened
                yield Block(start, index, language, title, needed, tuple(lines[start:index]))
                opened, need = None, ""
            continue
        if found := _FENCE.match(line):
            fence = found[1]
            title = _TITLE.search(found[3])
            opened = (index + 1, found[2], title[1] if title else "", need)
        elif found := _NEED.search(line):
            need = found[1]
        elif line.strip():
            need = ""


def shown(block: Block) -> list[Shown]:
    """The commands of a block, each with its output."""
    found: list[Shown] = []
    for line in block.lines:
        if line.startswith("$ "):
            found.append(Shown(line[2:]))
        elif line.startswith("> ") and found and not found[-1].output:
            found[-1].command += "\n" + line[2:]
        elif found:
            found[-1].output.append(line)
    return found


def agrees(expected: list[str], printed: list[str]) -> bool:
    """Whether lines that were printed are those that a page shows."""
    pattern = "".join(
        "(?:.*\n)*?" if line.strip() == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n"
        for line in expected
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


class Session:
    """A folder in which commands are run one after the other, as in one terminal."""

    def __init__(self, folder: Path) -> None:
        self._here = folder
        self._code = 0
        programs = folder.parent / f"{folder.name}-programs"
        programs.mkdir()
        for name, words in (("python", ""), ("mmscaffold", "-m mmscaffold")):
            (programs / name).write_text(f'#!/bin/sh\nexec {sys.executable} {words} "$@"\n')
            (programs / name).chmod(0o755)
        generator = str(DOCS.parent / "generator")
        self._env = {
            **os.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": generator,
            "OMP_NUM_THREADS": "1",
            "MPLBACKEND": "Agg",
            "NO_COLOR": "1",
            "COLUMNS": "100",
            "LINES": "29",
            "GIT_CONFIG_COUNT": "2",
            "GIT_CONFIG_KEY_0": "user.name",
            "GIT_CONFIG_VALUE_0": "a",
            "GIT_CONFIG_KEY_1": "user.email",
            "GIT_CONFIG_VALUE_1": "a@b",
        }

    def write(self, block: Block) -> None:
        """Write the file of a block."""
        file = self._here / block.title
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{line}\n" for line in block.lines), encoding="utf-8")

    def run(self, command: str) -> list[str]:
        """Run a command; return the lines that it prints, errors among them."""
        words = [] if _SHELL.search(command) else shlex.split(command, comments=True)
        if words[:1] == ["cd"]:
            self._here = (self._here / words[1]).resolve(strict=True)
            return []
        if command == "echo $?":
            return [str(self._code)]
        if words[:1] == ["mmscaffold"]:
            return self._run_here(words)
        ended = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            cwd=self._here,
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self._code = ended.returncode
        return _lines(ended.stdout)

    def _run_here(self, words: list[str]) -> list[str]:
        """Run mmscaffold in this process, which saves the time of starting another."""
        printed = io.BytesIO()
        stream = io.TextIOWrapper(printed, encoding="utf-8", write_through=True)
        before = Path.cwd(), sys.argv, dict(os.environ)
        os.chdir(self._here)
        os.environ.update(self._env)
        sys.argv = words
        try:
            with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
                main()
            self._code = 0
        except SystemExit as ended:
            self._code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
        finally:
            os.chdir(before[0])
            sys.argv = before[1]
            os.environ.clear()
            os.environ.update(before[2])
        return _lines(printed.getvalue())


def _lines(printed: bytes) -> list[str]:
    return [line.rstrip() for line in printed.decode("utf-8", "replace").splitlines()]


def follow(
    page: Path, folder: Path, needs: frozenset[str]
) -> Iterator[tuple[int, Shown, list[str]]]:
    """Follow a page.

    Args:
        page: The page, in Markdown.
        folder: An empty folder.
        needs: What is there of that which blocks may need, such as ``needs mmdet``.

    Yields:
        The index of the block, a command with the output that the page shows, and what it printed.
    """
    session = Session(folder)
    for index, block in enumerate(blocks(page.read_text(encoding="utf-8").splitlines())):
        if block.need and block.need not in needs:
            continue
        if block.title:
            session.write(block)
        elif block.language == "console":
            for one in shown(block):
                yield index, one, session.run(one.command)


def renew(page: Path, needs: frozenset[str]) -> None:
    """Write what the commands of a page now print into it, where it shows something else."""
    lines = page.read_text(encoding="utf-8").splitlines()
    all_blocks = list(blocks(lines))
    new: dict[int, list[str]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "here"
        folder.mkdir()
        for index, one, printed in follow(page, folder, needs):
            command = "\n> ".join(one.command.split("\n"))
            printed = [line.replace(str(folder), "...") for line in printed]
            output = one.output if agrees(one.output, printed) else printed
            new.setdefault(index, []).extend([f"$ {command}", *output])
    text = "\n".join([*lines, ""]).split("\n")
    for index, block in reversed(list(enumerate(all_blocks))):
        if index in new:
            shown_lines = [line for one in new[index] for line in one.split("\n")]
            text[block.start : block.end] = shown_lines
    page.write_text("\n".join(text), encoding="utf-8")


def fill(english: Path, chinese: Path) -> None:
    """Put what the English page shows into empty and into followed blocks of the Chinese one."""
    ours = english.read_text(encoding="utf-8").splitlines()
    lines = chinese.read_text(encoding="utf-8").splitlines()
    pairs = list(zip(blocks(ours), blocks(lines), strict=True))
    for one, other in reversed(pairs):
        if not other.lines or one.is_followed:
            lines[other.start - 1 : other.end + 1] = ours[one.start - 1 : one.end + 1]
    chinese.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    there = frozenset(f"needs {name}" for name in os.environ.get("NEEDS", "").split())
    for name in sys.argv[1:]:
        page = Path(name)
        if "ONLY_FILL" not in os.environ:
            renew(page, there)
        translated = page.with_suffix(".zh-CN.md")
        if translated.exists():
            fill(page, translated)
