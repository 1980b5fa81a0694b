"""Run the code rules over some files, and over what their classes inherit from."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.check.code import Code
from mmscaffold.check.diagnostic import Diagnostic
from mmscaffold.check.discovery import module_name, package_around
from mmscaffold.check.ignores import MARK
from mmscaffold.check.rule import Rule
from mmscaffold.project.code import Module, Package, parse
from mmscaffold.project.errors import ProjectError


@dataclass
class CodeRun:
    """What the rules found in some code.

    Attributes:
        found: Every finding: the rule, and what it found.
        read: The files that were read.
        marked: The contents of those that have comments for us.
        failed: The files that could not be read, with the error.
    """

    found: list[tuple[Rule, Diagnostic]] = field(default_factory=list)
    read: list[Path] = field(default_factory=list)
    marked: dict[Path, bytes] = field(default_factory=dict)
    failed: list[tuple[Path, ProjectError]] = field(default_factory=list)


def run_code(
    files: Sequence[Path],
    rules: Sequence[Rule],
    named: Iterable[Path],
    imports: Iterable[str],
    trees: Mapping[Path, ast.Module] | None = None,
) -> CodeRun:
    """Parse files of code and run the rules over all of them together.

    Args:
        files: The files, by absolute path.
        rules: The code rules to run.
        named: Those that were named one by one: the rest of their packages is read, too,
            for the classes they inherit from.
        imports: The modules that configs of this run import.
        trees: The syntax of files that were parsed already.
    """
    run = CodeRun()
    known = trees or {}
    modules: dict[str, Module] = {}
    for path in files:
        name = module_name(path)
        if name in modules:
            # Two scripts of one name in folders that are not packages.
            name = ".".join(path.with_suffix("").parts[1:])
        try:
            modules[name] = Module(name, path, known.get(path) or parse(path))
            raw = path.read_bytes()
        except ProjectError as error:
            run.failed.append((path, error))
            continue
        run.read.append(path)
        if MARK in raw:
            run.marked[path] = raw
    if not run.read:
        return run
    _add_neighbours(modules, set(named) & set(run.read))
    code = Code(Package(modules), frozenset(run.read), frozenset(imports))
    run.found = [(rule, one) for rule in rules for one in rule.check(code)]
    return run


def _add_neighbours(modules: dict[str, Module], named: set[Path]) -> None:
    known = {module.path for module in modules.values()}
    for folder in {package_around(path) for path in named}:
        for path in sorted(folder.rglob("*.py")) if folder else ():
            name = module_name(path)
            if path in known or name in modules:
                continue
            try:
                modules[name] = Module(name, path, parse(path))
            except ProjectError:
                # It is not what was asked about.
                continue
