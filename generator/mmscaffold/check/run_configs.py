"""Run the config rules over many configs, in one process or in several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from mmscaffold.check.blame import Blame
from mmscaffold.check.config_view import ConfigView, full_name
from mmscaffold.check.diagnostic import Diagnostic
from mmscaffold.check.known_code import KnownCode
from mmscaffold.check.known_data import DataSettings, KnownData
from mmscaffold.check.rule import IGNORE_MARK, Rule
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.key_path import format_key_path
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.resolve.tree import each_resolved, in_processes
from mmscaffold.config.walk import holds, nodes
from mmscaffold.facts.loops import LOOP_KEYS
from mmscaffold.facts.packages import DISTRIBUTIONS
from mmscaffold.facts.runner import TRAINING_KEYS

# Where an unknown value means that a rule may have missed something.
_LOOKED_AT = (*TRAINING_KEYS, "custom_imports", "runner_type")


class ConfigRun:
    """What the rules found in some configs.

    Attributes:
        found: Every finding: the rule, what it found, the config that shows it.
        configs: The configs that were read.
        read: Those and their bases, in order.
        marked: The contents of those that have comments for us.
        failed: The configs that could not be read, with the error.
        unknown: Values that no rule could look at: where, and why.
        imports: What ``custom_imports`` and dotted types name, and what pure-Python configs
            import.
        loops: For each loop that a config names, in which modes: ``train``, ``val``, ``test``.
        legacy: The configs that were written for MMDetection 2.x.
        baseless: The configs with a base in a package that is not installed, by its name.
        sources: For each package of the family that was asked for, where its classes were read.
        data: For each annotation file that was found, what was read of it.
    """

    def __init__(self) -> None:
        self.found: list[tuple[Rule, Diagnostic, Path]] = []
        self.configs: list[Path] = []
        self.read: dict[Path, None] = {}
        self.marked: dict[Path, bytes] = {}
        self.failed: list[tuple[Path, ConfigError]] = []
        self.unknown: dict[str, str] = {}
        self.imports: set[str] = set()
        self.loops: dict[str, frozenset[str]] = {}
        self.legacy: list[Path] = []
        self.baseless: dict[Path, str] = {}
        self.sources: dict[str, str] = {}
        self.data: dict[str, str] = {}

    def add(self, other: ConfigRun) -> None:
        """Take in what another process found in the configs that come next."""
        self.found += other.found
        self.configs += other.configs
        self.read.update(other.read)
        self.marked.update(other.marked)
        self.failed += other.failed
        self.unknown = {**other.unknown, **self.unknown}
        self.imports |= other.imports
        self.add_loops(other.loops)
        self.legacy += other.legacy
        self.baseless.update(other.baseless)
        self.sources.update(other.sources)
        self.data.update(other.data)

    def add_loops(self, loops: Mapping[str, frozenset[str]]) -> None:
        """Take in which loops are used in which modes."""
        for name, modes in loops.items():
            self.loops[name] = self.loops.get(name, frozenset()) | modes


def run_configs(
    files: Sequence[Path],
    rules: Sequence[Rule],
    overlay: Mapping[Path, bytes],
    done: Callable[[int], None],
    processes: int | None = 1,
    data: DataSettings | None = None,
) -> ConfigRun:
    """Resolve configs and run the rules over each.

    Args:
        files: The configs, by absolute path.
        rules: The config rules to run.
        overlay: Contents that stand in for those on disk, by absolute path.
        done: Told how many configs are done.
        processes: How many to use; ``None``: as many as pay.
        data: What the user says of the data.
    """
    work = partial(_run, rules=rules, overlay=overlay, data=data)

    def here(run: Sequence[Path], at_work: int) -> ConfigRun:
        # The other processes are about as far as this one.
        return work(run, done=lambda number: done(min(number * at_work, len(files))))

    whole = ConfigRun()
    for part in in_processes(work, list(files), processes, here):
        whole.add(part)
    return whole


def _silent(done: int) -> None:
    """Tell no one."""


def _run(
    files: Sequence[Path],
    rules: Sequence[Rule],
    overlay: Mapping[Path, bytes],
    done: Callable[[int], None] = _silent,
    data: DataSettings | None = None,
) -> ConfigRun:
    run = ConfigRun()
    resolver = Resolver(overlay)
    known_code = KnownCode(KnownData(data or DataSettings()))
    blame = Blame(rules, resolver, known_code)
    for number, (path, config) in enumerate(each_resolved(files, resolver)):
        done(number)
        if isinstance(config, ConfigError):
            run.failed.append((path, config))
            continue
        run.configs.append(path)
        for where, reason in _unknown_values(config).items():
            run.unknown.setdefault(where, reason)
        view = ConfigView(config, known_code)
        run.imports.update(view.custom_imports or (), view.lazy_imports, _dotted_types(view))
        run.add_loops(_loops(view))
        if view.is_legacy:
            run.legacy.append(path)
        missing = config.root.get("_base_")
        if isinstance(missing, Unknown):
            run.baseless[path] = _package_of(missing)
        for file in config.files:
            if file not in run.read:
                run.read[file] = None
                raw = resolver.source(file).raw
                if IGNORE_MARK in raw:
                    run.marked[file] = raw
        run.found += [(rule, one, path) for rule, one in blame.found(view)]
    run.sources = known_code.described
    run.data = known_code.data.described
    return run


def _dotted_types(config: ConfigView) -> Iterator[str]:
    """The classes that a config names by their modules, which mmengine imports for it."""
    runner = config.root.get("runner_type")
    if isinstance(runner, str) and "." in runner:
        yield runner
    top = config.root.get("type")
    if isinstance(top, str) and top.count(".") > 1:
        yield top
    yield from config.dotted_types


def _loops(config: ConfigView) -> dict[str, frozenset[str]]:
    """The loops that a config names, with the mode of the key."""
    found: dict[str, frozenset[str]] = {}
    for key in LOOP_KEYS:
        name = full_name(config.get((key, "type")))
        if name is not None:
            found[name] = found.get(name, frozenset()) | {key.partition("_")[0]}
    return found


def _package_of(base: Unknown) -> str:
    """The package of a base that is not installed."""
    return next((name for name in DISTRIBUTIONS if f" {name}::" in base.reason), "a package")


def _unknown_values(config: ResolvedConfig) -> dict[str, str]:
    return {
        value.where: f"{format_key_path(path)}: {value.reason}"
        for key in _LOOKED_AT
        if holds(config.root.get(key), Unknown)
        for path, value in nodes(config.root.get(key), (key,))
        if isinstance(value, Unknown)
    }
