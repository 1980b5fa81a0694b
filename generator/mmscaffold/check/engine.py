"""Check configs and code: which files, which rules, what to report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mmscaffold.check.code_run import CodeRun
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic
from mmscaffold.check.discovery import discover
from mmscaffold.check.known_code import KnownCode
from mmscaffold.check.report import Finding, Report
from mmscaffold.check.rule import CODE, CONFIG, ENGINE, Rule
from mmscaffold.check.run_configs import ConfigRun, run_configs
from mmscaffold.check.settings import Settings
from mmscaffold.config.files import Files
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.text.disk import standing_in

if TYPE_CHECKING:
    from mmscaffold.check.ignores import Ignores

Progress = Callable[[int, int], None]


def check_paths(
    paths: Sequence[Path],
    settings: Settings,
    progress: Progress | None = None,
    *,
    overlay: Mapping[Path, bytes] | None = None,
    processes: int | None = 1,
) -> Report:
    """Check configs, code, and folders of both.

    Args:
        paths: Files and folders.
        settings: Which rules run, and where.
        progress: Told of every file: how many are done, of how many.
        overlay: Contents that stand in for those of files on disk, by absolute path.
        processes: How many to use for configs; ``None``: as many as pay. As with all of
            ``multiprocessing``, a script that asks for several must be guarded by
            ``if __name__ == "__main__"``.

    Raises:
        ConfigError: If there is nothing to check. A file that cannot be read does not raise.
    """
    with standing_in(overlay or {}):
        return _check_paths(paths, settings, progress, overlay or {}, processes)


def _check_paths(
    paths: Sequence[Path],
    settings: Settings,
    progress: Progress | None,
    overlay: Mapping[Path, bytes],
    processes: int | None,
) -> Report:
    files = discover(paths)
    total = len(files.configs) + len(files.code)
    tell = progress or _silent

    configs = run_configs(
        files.configs,
        settings.of_kind(CONFIG),
        overlay,
        lambda done: tell(done, total),
        processes,
        settings.data,
    )
    tell(len(files.configs), total)
    code = _run_code(files, settings, configs) if files.code else CodeRun()
    tell(total, total)

    found: dict[tuple[str, str, str, str], Finding] = {}
    for rule, diagnostic, path in (
        *configs.found,
        *((rule, one, one.place.path) for rule, one in code.found),
    ):
        if not settings.is_ignored(rule, diagnostic.place.path):
            key = (rule.id, str(diagnostic.place), diagnostic.message, repr(diagnostic.fix))
            seen_in = found.setdefault(key, Finding(rule, diagnostic, [])).seen_in
            # A config may show it twice: in its val_evaluator and in its test_evaluator.
            if path not in seen_in[-1:]:
                seen_in.append(path)
    failed = (*files.unread, *configs.failed, *code.failed)
    kept = list(found.values())
    marked = {**configs.marked, **code.marked}
    if marked:
        from mmscaffold.check.ignores import Ignores

        kept = not_ignored(kept, Ignores(marked), settings)
    return Report(
        _in_order(kept, (*configs.read, *code.read)),
        configs.configs,
        code.read,
        list(failed),
        {**configs.unknown, **code.unknown},
        len(files.unread) + sum(path in files.named for path, _ in failed),
        [(one.path, one.reason) for one in files.skipped if one.is_told],
        len(configs.legacy),
        configs.baseless,
        configs.sources,
        configs.data,
    )


def _run_code(files: Files, settings: Settings, configs: ConfigRun) -> CodeRun:
    # Most runs are over configs only, and need none of this.
    from mmscaffold.check.run_code import run_code

    return run_code(
        files.code,
        settings.of_kind(CODE),
        files.named,
        configs.imports,
        files.trees,
        configs.loops,
    )


def check_config(
    config: ResolvedConfig, rules: Sequence[Rule], known_code: KnownCode | None = None
) -> list[tuple[Rule, Diagnostic]]:
    """Run the rules over one config that is resolved already; comments suppress nothing.

    Args:
        config: The config.
        rules: The rules; those of code are passed over.
        known_code: Reads the code around it; shared by many configs, it reads that once.
    """
    view = ConfigView(config, known_code or KnownCode())
    return [(rule, one) for rule in rules if rule.kind == CONFIG for one in rule.check(view)]


def _silent(done: int, total: int) -> None:
    """Tell no one."""


def not_ignored(
    findings: Iterable[Finding], ignores: Ignores, settings: Settings
) -> list[Finding]:
    """The findings that no comment suppresses, and those of comments that suppress nothing.

    Args:
        findings: What was found.
        ignores: The comments of all files that were read.
        settings: Which rules run, and where.
    """
    kept = [one for one in findings if not ignores.suppress(one.rule, one.diagnostic)]
    # Where there are no comments, the rules need not all be loaded.
    for rule in settings.of_kind(ENGINE) if ignores else ():
        kept += [
            Finding(rule, one, [one.place.path])
            for one in ignores.unused(settings.rules)
            if not settings.is_ignored(rule, one.place.path)
        ]
    return kept


def _in_order(findings: list[Finding], files: Sequence[Path]) -> list[Finding]:
    order = {path: number for number, path in enumerate(files)}
    return sorted(
        findings,
        key=lambda one: (
            order.get(one.diagnostic.place.path, len(order)),
            one.diagnostic.place.start,
            one.rule.id,
        ),
    )
