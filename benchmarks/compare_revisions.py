"""Does another checkout answer as this one does? For redesigns that must change nothing.

``python benchmarks/compare_revisions.py OLD_CHECKOUT [PART...]`` asks both checkouts the same
questions over MMDetection 3.3.0, each in processes of its own, and lists what differs:

- ``resolve``: ``resolve --format json`` of every config.
- ``check``: ``check --format json`` of the whole tree: rule, file, line and column. Reworded
  messages are counted, with one example each; they do not count as differences.
- ``migrate``: ``migrate --diff`` onto a project's classes, to another length, to another unit.
- ``template``: every project of the pairwise matrix of answers, file for file.

Exit code 1 if anything differs. An old checkout comes from ``git worktree add ../old REVISION``.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1]
PROJECT = """
[tool.mmscaffold]
package = "my_project"
runner = "MyRunner"
[tool.mmscaffold.classes]
EpochBasedTrainLoop = "MyEpochBasedTrainLoop"
IterBasedTrainLoop = "MyIterBasedTrainLoop"
ValLoop = "MyValLoop"
TestLoop = "MyTestLoop"
RetinaNet = "MyRetinaNet"
FasterRCNN = "MyFasterRCNN"
MaskRCNN = "MyMaskRCNN"
RTMDet = "MyRTMDet"
YOLOX = "MyYOLOX"
"""
MIGRATIONS = (
    (),
    ("--only", "length", "--max-epochs", "24"),
    ("--only", "length", "--max-epochs", "6"),
    ("--only", "length", "--max-iters", "45000"),
    ("--only", "length", "--to-iters", "--iters-per-epoch", "7330"),
    ("--only", "length", "--to-epochs", "--iters-per-epoch", "1000"),
)
# Runs in each checkout: the command line many times in one process.
COMMANDS = """
import contextlib, io, json, sys
from mmscaffold.cli.main import main
answers = {}
for name, words in json.load(sys.stdin).items():
    printed, sys.argv = io.StringIO(), ["mmscaffold", *words]
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            main()
        except SystemExit:
            pass
    answers[name] = printed.getvalue()
json.dump(answers, sys.stdout)
"""
RENDER = """
import json, sys
from pathlib import Path
from mmscaffold.scaffold import new_project
for number, row in enumerate(json.load(sys.stdin)):
    new_project(Path(sys.argv[1], f"{number:03}"), row)
"""


def ask(checkout: Path, script: str, given: Any, *arguments: object) -> str:
    """What a script of this file prints when it runs with a checkout's mmscaffold."""
    ended = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        input=json.dumps(given),
        env={**os.environ, "PYTHONPATH": str(checkout / "generator"), "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return ended.stdout


def commands(checkout: Path, wanted: Mapping[str, list[str]]) -> dict[str, str]:
    """What the command line of a checkout prints, by the name of each question."""
    answers: dict[str, str] = json.loads(ask(checkout, COMMANDS, wanted))
    return answers


def compare_resolve(old: Path, configs: Path) -> Iterator[str]:
    """Every config as JSON."""
    files = sorted(str(path) for path in configs.rglob("*.py"))
    wanted = {file: ["resolve", file, "--format", "json"] for file in files}
    print(f"resolve: {len(wanted)} configs")
    yield from _differences(_configs(commands(old, wanted)), _configs(commands(HERE, wanted)))


def _configs(answers: Mapping[str, str]) -> dict[str, str]:
    """What each config resolves to; older revisions print a single one without a head."""
    found = dict(answers)
    for file, answer in answers.items():
        # What could not be resolved is an error in words.
        if answer.startswith("{"):
            whole = json.loads(answer)
            config = whole["configs"][file] if "document" in whole else whole
            found[file] = json.dumps(config, indent=1)
    return found


def compare_check(old: Path, configs: Path) -> Iterator[str]:
    """Every finding: its rule and its place."""
    wanted = {"check": ["check", str(configs), "--format", "json"]}
    before, after = (
        _findings(json.loads(commands(checkout, wanted)["check"])) for checkout in (old, HERE)
    )
    print(f"check: {len(before)} findings before, {len(after)} after")
    yield from (f"gone: {key}" for key in before if key not in after)
    yield from (f"new: {key}" for key in after if key not in before)
    reworded = {key[0]: key for key in before if after.get(key, before[key]) != before[key]}
    for key in reworded.values():
        print(f"  reworded, such as {key[0]}: {before[key]!r} -> {after[key]!r}")


def _findings(answer: Any) -> dict[tuple[Any, ...], str]:
    """The messages of findings by their rule and place."""
    listed = answer["findings"] if isinstance(answer, dict) else answer
    return {
        (one["rule"], one["path"], one["line"], one["column"], number): one["message"]
        for number, one in _numbered(listed)
    }


def _numbered(findings: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Findings, numbered among those of one rule at one place."""
    seen: dict[tuple[Any, ...], int] = {}
    for one in findings:
        key = (one["rule"], one["path"], one["line"], one["column"])
        seen[key] = seen.get(key, 0) + 1
        yield seen[key], one


def compare_migrate(old: Path, configs: Path) -> Iterator[str]:
    """The diffs of whole-tree migrations, without the words around them."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "configs")
        shutil.copytree(configs, folder)
        Path(scratch, "pyproject.toml").write_text(PROJECT)
        sys.path.insert(0, str(HERE / "tests"))
        from support.packages import write_package

        names = re.findall(r'"(My\w+)"', PROJECT)
        write_package(Path(scratch), "my_project", *names)
        fixed = ["migrate", str(folder), "--diff", "--keep-going"]
        wanted = {" ".join(words) or "classes": [*fixed, *words] for words in MIGRATIONS}
        before, after = (
            {name: _diff_lines(text) for name, text in commands(checkout, wanted).items()}
            for checkout in (old, HERE)
        )
    for name, text in before.items():
        print(f"migrate {name}: {len(text.splitlines())} lines of diff")
    yield from _differences(before, after)


def _diff_lines(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if re.match(r"[-+@ ]", line))


def compare_template(old: Path, configs: Path) -> Iterator[str]:
    """Every rendered project, file for file."""
    sys.path.insert(0, str(HERE / "tests"))
    from support.template_answers import ROWS

    with tempfile.TemporaryDirectory() as scratch:
        trees = []
        for name, checkout in (("old", old), ("new", HERE)):
            # The same path, because a project may name its folder.
            made = Path(scratch, "made")
            made.mkdir()
            ask(checkout, RENDER, ROWS, made)
            made.rename(Path(scratch, name))
            trees.append(_contents(Path(scratch, name)))
    print(f"template: {len(ROWS)} projects, {len(trees[0])} files")
    yield from _differences(*trees)


def _contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_bytes().decode("utf-8", "replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    yield from (f"only before: {name}" for name in before if name not in after)
    yield from (f"only after: {name}" for name in after if name not in before)
    for name, text in before.items():
        if name in after and after[name] != text:
            lines = difflib.unified_diff(
                text.splitlines(), after[name].splitlines(), f"old/{name}", f"new/{name}", n=1
            )
            yield "\n".join(list(lines)[:40])


PARTS: dict[str, Callable[[Path, Path], Iterator[str]]] = {
    "resolve": compare_resolve,
    "check": compare_check,
    "migrate": compare_migrate,
    "template": compare_template,
}


def main() -> int:
    """Compare, print what differs, and return the exit code."""
    sys.path.insert(0, str(HERE / "tests"))
    from support.corpora import mmdet_configs

    old = Path(sys.argv[1]).resolve()
    found = 0
    for part in sys.argv[2:] or PARTS:
        for difference in PARTS[part](old, mmdet_configs("3.3.0")):
            print(difference)
            found += 1
    print(f"{found} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
