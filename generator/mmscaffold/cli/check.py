"""``mmscaffold check``: find the faults of configs and code, and fix some."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmscaffold.cli import data_options
from mmscaffold.cli.choice import Choice
from mmscaffold.cli.completion import rules_to_choose
from mmscaffold.cli.loudness import is_verbose
from mmscaffold.cli.output_file import output_into

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mmscaffold.check import Report, Settings
    from mmscaffold.migrate import MigrationPlan

_FORMATS = {"text": "text", "json": "as_json", "sarif": "sarif", "github": "github"}


def _separated(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """``--select MMS104,MMS105``, as other tools take it, beside ``--select`` twice."""
    rules = tuple(one.strip() for value in values for one in value.split(",") if one.strip())
    if values and not rules:
        # An empty variable of a script must not mean all rules.
        raise click.BadParameter("name at least one rule, such as MMS104")
    return rules


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    callback=_separated,
    shell_complete=rules_to_choose,
    help="Run only this rule, or all rules whose ids start with it (MMS1); repeatable, or "
    "several with commas.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULE",
    callback=_separated,
    shell_complete=rules_to_choose,
    help="Skip this rule, or all rules whose ids start with it; repeatable, or several with "
    "commas.",
)
@click.option(
    "--fix", is_flag=True, help="Fix what can be fixed safely; `migrate --undo` reverts it."
)
@click.option(
    "--add-ignore",
    is_flag=True,
    help="Suppress all that is found, by comments on its lines; `migrate --undo` reverts it.",
)
@click.option(
    "--diff", is_flag=True, help="Show what --fix or --add-ignore would change; write nothing."
)
@click.option("--statistics", is_flag=True, help="Show only the number of findings per rule.")
@click.option(
    "--need-bases",
    is_flag=True,
    help="Exit with 2 if a config has a base in a package that is not installed.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if something is found.")
@data_options.dataset_size
@data_options.gpus
@click.option(
    "--data",
    "read_large",
    is_flag=True,
    help="Read annotation files of any size, not only those up to 50 MB.",
)
@click.option(
    "--stdin-filename",
    type=click.Path(path_type=Path),
    default=Path("stdin.py"),
    help="The path to assume for what is read from -; it decides where its bases are and "
    "which format it has.",
)
@click.option("--format", "form", type=Choice(list(_FORMATS)), default="text")
@click.option(
    "--output-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write what is found into this file instead of printing it.",
)
def command(
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool,
    add_ignore: bool,
    diff: bool,
    statistics: bool,
    need_bases: bool,
    exit_zero: bool,
    dataset_size: int | None,
    gpus: int | None,
    read_large: bool,
    stdin_filename: Path,
    form: str,
    output_file: Path | None,
) -> None:
    """Find what makes epochs, ETA and learning rates go wrong.

    PATHS are configs, Python code (loops, Runners, models, hooks), and folders of both; without
    any, the current folder. A single - reads one file from standard input. Nothing is run.
    `mmscaffold explain RULE` says more about a finding, and `mmscaffold diagnose LOG` reads the
    log of a run that went wrong.

    Annotation files that lie where a config says are read: their categories, and the number of
    images, unless --dataset-size says that.

    --fix changes only files in PATHS. What inherits from them elsewhere in the project is found
    and listed; it changes with its base only by what is found in it as well.

    `# mmscaffold: ignore[MMS104] reason` suppresses a finding on its line. Which rules run
    where can be set in pyproject.toml: `select`, `ignore` and `per-file-ignores` in
    [tool.mmscaffold.check].

    Exit codes: 0 no findings, or only notes, or --exit-zero; 1 errors or warnings, or changes
    pending with --diff; 2 a named file could not be read, or another input error.
    """
    from mmscaffold.check import DataSettings, load_settings
    from mmscaffold.cli.standard_input import standard_input
    from mmscaffold.config.text.disk import standing_in

    if statistics and form != "text":
        raise click.UsageError("--statistics prints text only: omit --format")
    if fix and add_ignore:
        raise click.UsageError("--fix and --add-ignore both change files: give one")
    overlay = standard_input(paths, stdin_filename, None)
    if overlay and (fix or add_ignore or diff):
        raise click.UsageError("--fix, --add-ignore and --diff need files, not -")
    paths = tuple(overlay) or paths or (Path(),)
    data = DataSettings(dataset_size, gpus or 1, read_large)
    settings = load_settings(paths[0], select, ignore, data)
    if (fix or add_ignore) and not diff:
        from mmscaffold.cli.past_runs import recover_and_tell

        recover_and_tell(paths)
    with standing_in(overlay), output_into(output_file):
        report = _check(paths, settings, overlay)
        if add_ignore:
            from mmscaffold.cli.adding_ignores import add_ignores

            report = add_ignores(
                report,
                lambda: _check(paths, settings, overlay),
                write=not diff,
                silent=form != "text",
            )
        elif fix or diff:
            report = _fix(paths, settings, report, write=not diff, quiet=form != "text")
        if statistics:
            from mmscaffold.cli.findings.text import show_statistics as show
        else:
            show = importlib.import_module(f"mmscaffold.cli.findings.{_FORMATS[form]}").show
        show(report)
    if is_verbose():
        _show_sources(report)
    code = 2 if need_bases and report.lacks_packages else report.exit_code
    click.get_current_context().exit(0 if exit_zero and code == 1 else code)


def _show_sources(report: Report) -> None:
    from mmscaffold.cli.text import say, shorten

    for package, source in sorted(report.sources.items()):
        say(f"classes of {package}: {shorten(source)}", err=True)
    for file, read in sorted(report.data.items()):
        say(f"annotations in {shorten(file)}: {read}", err=True)


def _check(
    paths: tuple[Path, ...], settings: Settings, overlay: Mapping[Path, bytes] | None = None
) -> Report:
    from mmscaffold.check import check_paths
    from mmscaffold.cli.progress import progress_bar

    with progress_bar("Checking") as progress:
        return check_paths(paths, settings, progress, overlay=overlay, processes=None)


def _fix(
    paths: tuple[Path, ...], settings: Settings, report: Report, *, write: bool, quiet: bool
) -> Report:
    """Fix what can be fixed, and report what is left; or only show the edits."""
    from mmscaffold.cli.invocation import command_line
    from mmscaffold.cli.past_runs import told_as_written
    from mmscaffold.cli.text import count, remark
    from mmscaffold.migrate import write_plan
    from mmscaffold.migrate.fix import plan_fixes

    plan = plan_fixes(report.findings, report.configs, paths, settings)
    if not write:
        from mmscaffold.cli.migration_report import print_diff

        print_diff(plan)
        _show_left_alone(plan)
        return report
    if plan.edited:
        written = write_plan(plan, command=command_line(click.get_current_context()))
        with told_as_written(written):
            left = _check(paths, settings)
            if not quiet:
                fixed = len(report.findings) - len(left.findings)
                remark(
                    f"{count(fixed, 'finding')} fixed in {count(len(written), 'file')}; "
                    f"`mmscaffold migrate --undo` reverts {'it' if fixed == 1 else 'them'}."
                )
        report = left
    if not quiet:
        _show_left_alone(plan)
    return report


def _show_left_alone(plan: MigrationPlan) -> None:
    from mmscaffold.cli.migration_report import heir_lines
    from mmscaffold.cli.text import say, shorten

    for line in heir_lines(plan):
        say(f"note: {line}")
    for file in plan.files:
        for note in file.notes:
            say(f"note: {shorten(file.path)}: {shorten(note)}")
    for _, error in plan.failed:
        say(f"not fixed: {shorten(str(error))}")
