"""Generate trees of configs, resolve them both ways, and say what differs.

Run ``python -m support.differential --classic 20000 --pure-python 8000`` in ``tests/``: it
prints the figures, and of each wrong value the smallest tree that shows it. A tree is
named by its seed: ``--seed 4711`` draws that one again.
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import types
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any
from unittest import mock

from mmengine.config.lazy import LazyAttr, LazyObject
from mmscaffold.config import ConfigError, resolve
from mmscaffold.config.evaluate.values import LazyName, Perhaps, Unknown

from support.oracle import REFUSED, mmengine_reads, pure_python_names, quiet_mmengine
from support.random_configs import ENVIRONMENT, ConfigWriter
from support.random_expressions import Choose, seeded
from support.random_pure_python import PurePythonWriter

PACKAGES = ("mmyolo", "mmcls")
SECONDS = 10
_TOLD_EVERY = 1000
_BYTES = 2 * 2**30
_NO_KEYS = (types.ModuleType, types.FunctionType)


class TooLongError(BaseException):
    """A generated file takes too long; nothing that catches exceptions may catch it."""


@dataclass
class Verdict:
    """How one file compares.

    Attributes:
        kind: ``equal``, ``unknown`` (and what is known is right), ``wrong``, ``refused`` by
            both, ``only we refuse``, ``only mmengine refuses``, ``crash``.
        leaves: How many values were compared.
        unknowns: The reason of each of them that is an ``Unknown``.
        detail: What differs, or why it was refused.
    """

    kind: str
    leaves: int = 0
    unknowns: tuple[str, ...] = ()
    detail: str = ""

    @property
    def unknown(self) -> int:
        """How many values are an ``Unknown``."""
        return len(self.unknowns)

    @property
    def is_fault(self) -> bool:
        """Whether it breaks a promise."""
        return self.kind in {"wrong", "crash", "only mmengine refuses"}


@dataclass
class GeneratedTree:
    """The files of a tree, by path from its folder; a later one may inherit from all before."""

    files: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """All of it, to be read."""
        return "\n".join(f"# {name}\n{text}" for name, text in self.files.items())


class Workplace:
    """A folder in which trees are written, with installed packages beside it."""

    def __init__(self) -> None:
        self._root = Path(tempfile.mkdtemp())
        self.packages = self._root / "site"
        self.folder = self._root / "configs"
        for name in PACKAGES:
            configs = self.packages / name / ".mim" / "configs" / "some"
            configs.mkdir(parents=True)
            (self.packages / name / "__init__.py").write_text("")
            (self.packages / name / ".mim" / "model-index.yml").write_text("Import: []\n")
        self.folder.mkdir()

    def write(self, name: str, text: str) -> Path:
        """Write one file of a tree; ``mmyolo::some/c0.py`` is one of a package."""
        package, _, inner = name.rpartition("::")
        path = self.folder / name
        if package:
            path = self.packages / package / ".mim" / "configs" / inner
        path.write_text(text, encoding="utf-8")
        return path

    def clear(self) -> None:
        """Remove what earlier trees left."""
        for folder in (self.folder, *self.packages.glob("*/.mim/configs/some")):
            for path in folder.iterdir():
                path.unlink()

    @contextmanager
    def open(self) -> Iterator[Workplace]:
        """Let the packages be installed, and mmengine say nothing."""
        importlib.invalidate_caches()
        try:
            with (
                mock.patch.dict(os.environ, ENVIRONMENT),
                mock.patch.object(sys, "path", [str(self.packages), *sys.path]),
                quiet_mmengine(self.packages),
            ):
                yield self
        finally:
            shutil.rmtree(self._root)


def write_tree(place: Workplace, choose: Choose, *, wild: bool = True) -> GeneratedTree:
    """Draw a tree in the classic style; each file is written where it belongs."""
    tree = GeneratedTree()
    known: dict[str, dict[str, Any]] = {}
    count = 1 + choose(2)
    for index in range(count):
        options = [[], *([a] for a in known), *([a, b] for a in known for b in known if a < b)]
        bases = options[choose(len(options) - 1)]
        joined: dict[str, Any] = {}
        for base in bases:
            joined.update(known[base])
        writer = ConfigWriter(choose, joined, wild=wild)
        name = f"c{index}.py"
        if wild and index + 1 < count and not bases and choose(3) == 0:
            name = f"{PACKAGES[choose(1)]}::some/c{index}.py"
        if bases:
            names = [base if "::" in base else f"./{base}" for base in bases]
            one = len(names) == 1 and choose(1)
            writer.lines.append(f"_base_ = {(names[0] if one else names)!r}")
        tree.files[name] = writer.write(2 + choose(8))
        read = mmengine_reads(place.write(name, tree.files[name]))
        if read is not REFUSED and not _holds_modules(read):
            known[name] = read
    return tree


def _holds_modules(values: dict[str, Any]) -> bool:
    """Whether it is a pure-Python config that keeps a module: no base of the others."""
    return any(isinstance(value, types.ModuleType) for value in values.values())


def write_pure_python_tree(place: Workplace, choose: Choose) -> GeneratedTree:
    """Draw a tree in the pure-Python style."""
    tree = GeneratedTree()
    known: list[str] = []
    for index in range(1 + choose(2)):
        options = [[], *([a] for a in known), *([a, b] for a in known for b in known if a < b)]
        bases = options[choose(len(options) - 1)]
        read = {base: pure_python_names(place.folder / f"{base}.py") for base in bases}
        text = PurePythonWriter(choose, read).write(3 + choose(8))
        tree.files[f"c{index}.py"] = text
        path = place.write(f"c{index}.py", text)
        if mmengine_reads(path) is not REFUSED and _is_base(path):
            known.append(f"c{index}")
    return tree


def _is_base(path: Path) -> bool:
    """Whether another file can import it: mmengine reads it in this style then, in any case."""
    try:
        pure_python_names(path)
    except (Exception, SystemExit):
        return False
    return True


def compare_tree(place: Workplace, tree: GeneratedTree) -> Iterator[Verdict]:
    """How each file of a tree compares."""
    place.clear()
    for name, text in tree.files.items():
        path = place.write(name, text)
        yield compare_file(path)


def compare_file(path: Path) -> Verdict:
    """How one file compares."""
    expected = mmengine_reads(path)
    made: list[Unknown] = []
    try:
        with _unknowns_kept(made):
            ours = resolve(path)
    except ConfigError as error:
        if expected is REFUSED:
            return Verdict("refused", detail=error.message)
        return Verdict("only we refuse", detail=error.message)
    except Exception as error:
        return Verdict("crash", detail=repr(error))
    values = ours.to_dict()
    found: list[Unknown] = []
    if expected is REFUSED:
        # What an unknown may raise is not ours to foresee, even if it goes into no key.
        count = _leaves(values, found)
        kind = "unknown and refused" if made else "only mmengine refuses"
        return Verdict(kind, count, _reasons(found), repr(values))
    # Of `import os` in a pure-Python config, mmengine keeps the module as a key where it
    # knows it for a builtin one, and in a virtual environment it does not; functions it keeps,
    # and cannot dump. No one means a key.
    left_out = {key for key, value in expected.items() if isinstance(value, _NO_KEYS)}
    ours_left = {key: value for key, value in values.items() if key not in left_out}
    theirs_left = {key: value for key, value in expected.items() if key not in left_out}
    count = _leaves(values, found)
    # Code that is not evaluated may have set a key first, and so its place.
    difference = differs(ours_left, theirs_left, "", not made)
    if difference:
        return Verdict("wrong", detail=difference)
    return Verdict("unknown" if found else "equal", count, _reasons(found))


@contextmanager
def _unknowns_kept(made: list[Unknown]) -> Iterator[None]:
    """Keep every ``Unknown`` that is made, whatever becomes of it."""
    new = Unknown.__new__

    def make(cls: type[Unknown], *_: Any, **__: Any) -> Unknown:
        one = new(cls)
        made.append(one)
        return one

    with mock.patch.object(Unknown, "__new__", make):
        yield


def _named(key: Any) -> Any:
    """A key as both sides name it: an imported class by its text."""
    if isinstance(key, tuple):
        return tuple(map(_named, key))
    return str(key) if isinstance(key, LazyName | LazyObject | LazyAttr) else key


def differs(ours: Any, theirs: Any, at: str, strict: bool) -> str:
    """Where a known value differs from mmengine's, as strictly as the resolver promises.

    Args:
        ours: What we resolve.
        theirs: What mmengine loads.
        at: Where.
        strict: Whether the order of keys counts: not where something is unknown.
    """
    if isinstance(ours, Unknown):
        return ""
    if type(ours) is not type(theirs):
        return f"{at}: {ours!r} for {theirs!r}"
    if isinstance(ours, dict):
        ours = {_named(key): value for key, value in ours.items()}
        theirs = {_named(key): value for key, value in theirs.items()}
        # With the marker of code that is not evaluated, any other key may be there.
        is_open = not at and "_base_" in ours
        more = set() if is_open else theirs.keys() - ours.keys()
        kinds = Unknown if is_open else Perhaps
        sure = {key for key in ours if not isinstance(ours[key], kinds)}
        shared = [key for key in ours if key in theirs]
        in_order = not strict or [key for key in theirs if key in ours] == list(ours)
        if not theirs.keys() >= sure or more or not in_order:
            return f"{at}: keys {list(ours)} for {list(theirs)}"
        parts = [differs(ours[key], theirs[key], f"{at}.{key}", strict) for key in shared]
        return next(filter(None, parts), "")
    if isinstance(ours, list | tuple):
        if len(ours) != len(theirs):
            return f"{at}: {ours!r} for {theirs!r}"
        pairs = enumerate(zip(ours, theirs, strict=True))
        return next(filter(None, (differs(a, b, f"{at}[{i}]", strict) for i, (a, b) in pairs)), "")
    if isinstance(ours, set | frozenset):
        ours, theirs = {_named(one) for one in ours}, {_named(one) for one in theirs}
    equal = ours == theirs or (ours != ours and theirs != theirs)
    return "" if equal else f"{at}: {ours!r} for {theirs!r}"


def _reasons(found: list[Unknown]) -> tuple[str, ...]:
    return tuple(one.reason for one in found)


def _leaves(value: Any, found: list[Unknown]) -> int:
    if isinstance(value, dict):
        return sum(_leaves(item, found) for item in value.values()) or 1
    if isinstance(value, list | tuple | set | frozenset):
        return sum(_leaves(item, found) for item in value) or 1
    if isinstance(value, Unknown):
        found.append(value)
    return 1


def shrunk(place: Workplace, tree: GeneratedTree, kind: str) -> GeneratedTree:
    """The smallest tree, by leaving out files and statements, that has the same fault."""

    def fails(candidate: GeneratedTree) -> bool:
        try:
            with _time_limit(SECONDS):
                return any(v.kind == kind for v in compare_tree(place, candidate))
        except TooLongError:
            return False

    smaller = True
    while smaller:
        smaller = False
        for files in _smaller(tree.files):
            candidate = GeneratedTree(files)
            if fails(candidate):
                tree, smaller = candidate, True
                break
    return tree


def _smaller(files: dict[str, str]) -> Iterator[dict[str, str]]:
    for name in reversed(list(files)):
        yield {key: text for key, text in files.items() if key != name}
    for name, text in files.items():
        try:
            body = ast.parse(text).body
        except SyntaxError:
            lines = text.splitlines(keepends=True)
            for index in range(len(lines)):
                yield {**files, name: "".join(lines[:index] + lines[index + 1 :])}
            continue
        lines = text.splitlines(keepends=True)
        for statement in _statements(body):
            start, end = statement.lineno - 1, statement.end_lineno or statement.lineno
            yield {**files, name: "".join(lines[:start] + lines[end:])}


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        for part in ("body", "orelse", "finalbody"):
            inner = getattr(statement, part, [])
            if len(inner) > 1 or part != "body":
                yield from _statements(inner)


@contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    def stop(_: int, __: FrameType | None) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _memory_limit(more: int) -> Iterator[None]:
    """Let this process take so many bytes more; some generated files would take all."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = Path("/proc/self/statm")
    if pages.exists():
        now = int(pages.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + more, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@dataclass
class Figures:
    """What many trees came to."""

    kinds: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    leaves: int = 0
    unknown: int = 0
    faults: list[tuple[int, Verdict, GeneratedTree]] = field(default_factory=list)

    def text(self) -> str:
        """The figures, to be read."""
        share = self.unknown / max(self.leaves, 1)
        lines = [f"{count:>7,}  files: {kind}" for kind, count in self.kinds.most_common()]
        lines.append(
            f"{self.leaves:>7,}  values, of which unknown: {self.unknown:,} ({share:.1%})"
        )
        lines += [
            f"{count:>7,}  only we refuse: {m}" for m, count in self.refusals.most_common(40)
        ]
        return "\n".join(lines)


def run(
    write: Callable[[Workplace, Choose], GeneratedTree], seeds: range, *, most_faults: int = 40
) -> Figures:
    """Compare the trees of many seeds."""
    figures = Figures()
    with Workplace().open() as place, _memory_limit(_BYTES):
        for number in seeds:
            if (number - seeds.start) % _TOLD_EVERY == 0 and number > seeds.start:
                seen = [f"{fault[0]}: {fault[1].kind}" for fault in figures.faults]
                text = f"-- {number - seeds.start:,} trees\n{figures.text()}\nfaults: {seen}\n"
                print(text, file=sys.__stderr__, flush=True)
            too_long = False
            try:
                with _time_limit(SECONDS):
                    tree = write(place, seeded(number))
                    verdicts = list(compare_tree(place, tree))
            except (TooLongError, RecursionError, MemoryError):
                figures.kinds["(the generated file takes too long)"] += 1
                too_long = True
            if too_long:
                # What it made may contain itself, and fill the memory until it is collected.
                gc.collect()
                continue
            for verdict in verdicts:
                figures.kinds[verdict.kind] += 1
                figures.leaves += verdict.leaves
                figures.unknown += verdict.unknown
                if verdict.kind == "only we refuse":
                    figures.refusals[verdict.detail[:90]] += 1
            fault = next((verdict for verdict in verdicts if verdict.is_fault), None)
            if fault:
                if len(figures.faults) < most_faults:
                    tree = shrunk(place, tree, fault.kind)
                    named = [v for v in compare_tree(place, tree) if v.kind == fault.kind]
                    fault = named[0] if named else fault
                figures.faults.append((number, fault, tree))
    return figures


def main() -> int:
    """Run the trees that the command line asks for, and print what they came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--classic", type=int, default=0, help="how many trees")
    parser.add_argument("--pure-python", type=int, default=0, help="how many trees")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--faults", type=int, default=15, help="how many to shrink and print")
    parser.add_argument("--show", action="store_true", help="print every tree")
    options = parser.parse_args()
    wrong = 0
    for name, write, count in (
        ("classic", write_tree, options.classic),
        ("pure Python", write_pure_python_tree, options.pure_python),
    ):
        if not count:
            continue
        start = time.process_time()
        seeds = range(options.seed, options.seed + count)
        if options.show:
            with Workplace().open() as place:
                for number in seeds:
                    sys.stderr.write(write(place, seeded(number)).text() + "\n\n")
        figures = run(write, seeds, most_faults=options.faults)
        taken = time.process_time() - start
        print(f"== {count:,} trees, {name} ({taken:.0f} s)\n{figures.text()}")
        for number, verdict, tree in figures.faults[: options.faults]:
            print(f"\n-- seed {number}: {verdict.kind}: {verdict.detail[:300]}\n{tree.text()}")
        wrong += len(figures.faults)
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
