"""Run the code rules over some files, and over what their classes inherit from."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from mmscaffold.check.code import Code
from mmscaffold.check.code_run import CodeRun
from mmscaffold.check.discovery import package_around
from mmscaffold.check.import_names import RunNames
from mmscaffold.check.nearby_code import forks, missing_modules
from mmscaffold.check.rule import IGNORE_MARK, Rule
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.source import read_code
from mmscaffold.facts.base_classes import REGISTRY_OF_BASE
from mmscaffold.project.code import Module, Package, parse
from mmscaffold.project.errors import ProjectError

# Levels of syntax: Python itself recurs a thousand calls deep, and rules take several for each.
_DEEPEST = 120
# Re-exports lead from one module to the next; none is followed farther than this.
_MOST_ROUNDS = 30
_KINDS = frozenset(REGISTRY_OF_BASE.values())
_ENDINGS = ("Loop", "Runner", "Hook")


def run_code(
    files: Sequence[Path],
    rules: Sequence[Rule],
    named: Iterable[Path],
    imports: Iterable[str],
    trees: Mapping[Path, ast.Module] | None = None,
    loops: Mapping[str, frozenset[str]] | None = None,
) -> CodeRun:
    """Parse files of code and run the rules over all of them together.

    Args:
        files: The files, by absolute path.
        rules: The code rules to run.
        named: Those that were named one by one: the rest of their packages is read, too,
            for the classes they inherit from.
        imports: The modules that configs of this run import.
        trees: The syntax of files that were parsed already, of these or of others.
        loops: For each loop that configs of this run name, in which modes they use it.
    """
    run = CodeRun()
    trees = trees or {}
    parsed: dict[Path, ast.Module] = {}
    for path in files:
        try:
            parsed[path] = trees.get(path) or parse(path)
            raw = read_code(path)
        except (ProjectError, ConfigError) as error:
            run.failed.append((path, error))
            continue
        run.read.append(path)
        if IGNORE_MARK in raw:
            run.marked[path] = raw
    if not run.read:
        return run
    wanted = frozenset(imports)
    _add_neighbours(parsed, set(named) & set(run.read), trees)
    try:
        _run_rules(run, rules, parsed, wanted, set(named), loops or {})
    except RecursionError:
        # Rules go down into what stands in each other; only now does it pay to look how deep.
        _leave_out_deep(parsed, run)
        _run_rules(run, rules, parsed, wanted, set(named), loops or {})
    return run


def _run_rules(
    run: CodeRun,
    rules: Sequence[Rule],
    parsed: dict[Path, ast.Module],
    wanted: frozenset[str],
    named: set[Path],
    loops: Mapping[str, frozenset[str]],
) -> None:
    package, names = _with_bases(parsed, wanted)
    everywhere = {name for one in wanted for name in names.everywhere(one)}
    code = Code(package, frozenset(run.read), frozenset(everywhere), forks(run.read), loops=loops)
    run.unknown = _unknown_classes(code, named)
    run.found = [(rule, one) for rule in rules for one in rule.check(code)]


def _leave_out_deep(parsed: dict[Path, ast.Module], run: CodeRun) -> None:
    for path, tree in list(parsed.items()):
        node = _too_deep(tree)
        if node is None:
            continue
        del parsed[path]
        if path in run.read:
            run.read.remove(path)
            where = f"{path}:{getattr(node, 'lineno', 1)}"
            error = ProjectError(
                f"nests more than {_DEEPEST} levels deep, too deep to be checked", where=where
            )
            run.failed.append((path, error))


def _too_deep(tree: ast.Module) -> ast.AST | None:
    """The first node with too many others around it."""
    level: list[ast.AST] = [tree]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return next(iter(level), None)


def _unknown_classes(code: Code, named: set[Path]) -> dict[str, str]:
    """The loops, Runners and hooks of named files that derive from what was not found."""
    registered = {id(one.definition.node) for one in code.registered if one.registry in _KINDS}
    found = {}
    for view in code.classes:
        if view.definition.module.path not in named or view.is_understood:
            continue
        missing = [
            one
            for one in view.lineage[1:]
            if one not in code.package.classes and not code.table.knows(one)
        ]
        names = [one for one in missing if one.rpartition(".")[2].endswith(_ENDINGS)]
        if not names and id(view.node) in registered:
            names = missing
        if names:
            found[view.definition.where] = (
                f"{view.name} derives from {names[0]}, which was not found: what it inherits is "
                "not known"
            )
    return found


def _add_neighbours(
    parsed: dict[Path, ast.Module], named: set[Path], trees: Mapping[Path, ast.Module]
) -> None:
    """Read the rest of the packages of files that were named one by one."""
    for folder in {package_around(path) for path in named}:
        _add(parsed, sorted(folder.rglob("*.py")) if folder else (), trees)


def _add(
    parsed: dict[Path, ast.Module],
    files: Iterable[Path],
    trees: Mapping[Path, ast.Module] = MappingProxyType({}),
) -> None:
    for path in files:
        if path not in parsed:
            try:
                parsed[path] = trees.get(path) or parse(path)
            except ProjectError:
                # It is not what was asked about.
                continue


def _with_bases(
    parsed: dict[Path, ast.Module], imports: frozenset[str]
) -> tuple[Package, RunNames]:
    """The code, and what its classes derive from in the same tree."""
    tried: set[tuple[Path, str]] = set()
    for _ in range(_MOST_ROUNDS):
        names = RunNames(parsed, imports)
        package = Package(
            {
                name: Module(name, path, parsed[path], import_names=names)
                for path, name in names.names.items()
            }
        )
        missing = missing_modules(package, tried)
        if not missing:
            break
        before = len(parsed)
        _add(parsed, sorted(missing))
        if len(parsed) == before:
            break
    return package, names
