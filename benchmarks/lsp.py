"""What an editor waits for, on mmdet 3.3.0's configs: a real server, over stdio, as it is started.

Half of the tree stands there twice, so that the workspace has more than 1,000 configs. Of hover
and completion the first answers in a file count, too: nothing is warmed up. Findings are timed
from the key to their arrival, the wait for the next key included. ``--seed`` chooses the places.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from side_by_side import ROOT

sys.path.insert(0, str(ROOT / "tests"))

from lsprotocol import types
from support.corpora import mmdet_configs
from support.editor import CONFIG, Editor, make_editor

CONFIGS = 1_000
FILES = 60
KEYS_PER_FILE = 5
_KEY = re.compile(r"\b([a-z_]\w+)=(?=[\w'(\[])")
_TYPE = re.compile(r"dict\(type='\w+',\s*")


@dataclass
class Timings:
    """How long some answers took, in milliseconds."""

    name: str
    wanted: float
    taken: list[float]

    def __str__(self) -> str:
        ordered = sorted(self.taken)
        slow = ordered[int(len(ordered) * 0.95)]
        return (
            f"{self.name:34} median {statistics.median(ordered):7.1f} ms, of 95 % {slow:7.1f}, "
            f"slowest {ordered[-1]:7.1f}, of {len(ordered):4}; wanted: {self.wanted:g}"
        )


def workspace(folder: Path) -> tuple[Path, list[Path]]:
    """A copy of the tree with enough configs, and those of them that inherit."""
    source = mmdet_configs("3.3.0")
    root = folder / "workspace"
    shutil.copytree(source, root / "configs")
    count = len(list(source.rglob("*.py")))
    shutil.copytree(source / "_base_", root / "more" / "_base_")
    for one in sorted(source.iterdir()):
        if count >= CONFIGS:
            break
        if one.is_dir() and one.name != "_base_":
            shutil.copytree(one, root / "more" / one.name)
            count += len(list(one.rglob("*.py")))
    configs = sorted((root / "configs").glob("[a-z]*/*.py"))
    return root, [path for path in configs if b"_base_ = " in path.read_bytes()]


async def timed(waiting: Awaitable[object]) -> float:
    """How long something takes, in milliseconds."""
    start = time.perf_counter()
    await waiting
    return (time.perf_counter() - start) * 1000


def memory(editor: Editor) -> int:
    """The most memory that the server has had, in MB."""
    process = editor._server
    assert process is not None
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


async def requests(
    editor: Editor,
    files: list[Path],
    pattern: re.Pattern[str],
    ask: Callable[[types.TextDocumentIdentifier, types.Position], Awaitable[object]],
    draw: random.Random,
) -> list[float]:
    """How long the answers at places that match a pattern take."""
    taken = []
    for path in files:
        text = path.read_text()
        places = [found.end() for found in pattern.finditer(text)]
        if not places:
            continue
        uri = editor.open(path)
        for _ in range(KEYS_PER_FILE):
            place = draw.choice(places)
            position = editor.place(uri, place - 1)
            taken.append(await timed(ask(types.TextDocumentIdentifier(uri), position)))
        editor.close(uri)
    return taken


async def findings(editor: Editor, files: list[Path]) -> list[float]:
    """How long findings take to arrive after a key."""
    taken = []
    for path in files:
        uri = editor.open(path)
        await editor.findings(uri)
        for number in range(3):
            end = editor.place(uri, len(editor.texts[uri]))
            start = time.perf_counter()
            editor.change(uri, [(types.Range(end, end), f"work_dir = 'run{number}'\n")])
            await editor.findings(uri)
            taken.append((time.perf_counter() - start) * 1000)
        editor.close(uri)
    return taken


async def measure(folder: Path, seed: int) -> None:
    """Start a server, ask it, and print what it took."""
    root, configs = workspace(folder)
    draw = random.Random(seed)
    files = draw.sample(configs, FILES)
    count = len(list(root.rglob("*.py")))
    editor = make_editor()
    start = time.perf_counter()
    await editor.start_io(*CONFIG.server_command)
    await editor.start(root, "visual-studio-code")
    greeted = time.perf_counter()
    print(f"it answers {(greeted - start) * 1000:.0f} ms after it was started")
    await editor.until(lambda: editor.refreshed)
    print(f"{count} files are indexed in {time.perf_counter() - greeted:.2f} s; wanted: 3")
    hover = await requests(
        editor,
        files,
        _KEY,
        lambda document, position: editor.ask(
            types.TEXT_DOCUMENT_HOVER, types.HoverParams(document, position)
        ),
        draw,
    )
    print(Timings("hover", 50, hover))
    completion = await requests(
        editor,
        files,
        _TYPE,
        lambda document, position: editor.ask(
            types.TEXT_DOCUMENT_COMPLETION, types.CompletionParams(document, position)
        ),
        draw,
    )
    print(Timings("completion", 50, completion))
    print(Timings("findings after a key", 150, await findings(editor, files)))
    print(f"at most {memory(editor)} MB of memory; wanted: 200")
    await editor.shutdown_session()


def main() -> None:
    """Measure, and print what an editor waits for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), parser.parse_args().seed))


if __name__ == "__main__":
    main()
