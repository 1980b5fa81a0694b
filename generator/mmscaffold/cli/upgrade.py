"""``mmscaffold upgrade``: configs of MMDetection 2.x become configs of 3.x."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmscaffold.cli.choice import Choice

if TYPE_CHECKING:
    from mmscaffold.migrate.mmengine_verification import MmengineVerification
    from mmscaffold.upgrade.plan import UpgradePlan
    from mmscaffold.upgrade.tree_upgrader import Options


@click.command("upgrade")
@click.argument("configs", nargs=-1, type=click.Path(path_type=Path))
@click.option("--diff", is_flag=True, help="Show what would change; write nothing.")
@click.option("--check", is_flag=True, help="Print nothing; exit with 1 if anything would change.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Write the upgraded configs, and the bases they need, into this folder.",
)
@click.option(
    "--bases",
    type=Choice(["auto", "convert", "mmdet", "flatten"]),
    default="auto",
    help="What becomes of bases that are not named: auto inherits from the official 3.x config "
    "instead where that says the same; mmdet does so wherever a base is official; convert never. "
    "flatten writes each config as one file without bases; it needs --output.",
)
@click.option(
    "--mmdet-configs",
    "configs_3x",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Where official 3.x configs lie; by default in the installed package.",
)
@click.option("--with-bases", is_flag=True, help="Also upgrade bases that were not named.")
@click.option(
    "--package",
    type=Choice(["auto", "mmdet", "any"]),
    default="auto",
    help="Which package's classes are known; any upgrades only what all packages share.",
)
@click.option(
    "--notes",
    type=Choice(["comments", "report"]),
    default="comments",
    help="Write what must be decided into the files as comments, or only report it.",
)
@click.option(
    "--keep-going",
    is_flag=True,
    help="Upgrade whatever can be upgraded; list the rest, which is left as it is.",
)
@click.option(
    "--verify",
    type=Choice(["resolve", "mmengine", "build"]),
    default="resolve",
    help="With mmengine, also load every config with mmengine, before and after, in a "
    "separate process; with build, also have mmdet 3 build what they name. This runs code.",
)
@click.option(
    "--project",
    "project_dir",
    type=click.Path(path_type=Path),
    help="Afterwards, move the configs onto this project's classes, as migrate does.",
)
@click.option(
    "--plot",
    "picture",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Draw the schedule of one config before and after: .png, .svg, .pdf or .html.",
)
@click.option(
    "--stdin-filename",
    type=click.Path(path_type=Path),
    default=Path("stdin.py"),
    help="The path to assume for the config read from -; it decides where its bases are.",
)
@click.option(
    "--undo",
    "undoing",
    is_flag=True,
    help="Restore the files of the last run that changed CONFIGS.",
)
@click.option("--format", "form", type=Choice(["text", "json"]), default="text")
def command(
    configs: tuple[Path, ...],
    diff: bool,
    check: bool,
    output: Path | None,
    bases: str,
    configs_3x: Path | None,
    with_bases: bool,
    package: str,
    notes: str,
    keep_going: bool,
    verify: str,
    project_dir: Path | None,
    picture: Path | None,
    stdin_filename: Path,
    undoing: bool,
    form: str,
) -> None:
    """Rewrite CONFIGS (files or folders) of MMDetection 2.x for 3.x, in place.

    A single - reads one config from standard input and writes it to standard output.

    An upgraded config trains and evaluates what the old one did. Names, values, expressions and
    comments stay wherever they can. Every value of the old config is found again in the new one,
    or is named with the reason why it is gone. What only you can decide is left as a note.

    Exit codes: 0 upgraded, or nothing to do; 1 with --diff or --check if anything would change,
    or if a note needs a decision; 2 on an error, in which case no file is changed (except with
    --keep-going).
    """
    from mmscaffold.cli.drawing import check_change_output, draw_change
    from mmscaffold.cli.invocation import command_line
    from mmscaffold.cli.past_runs import recover_and_tell, told_as_written, undo_and_tell
    from mmscaffold.cli.standard_input import standard_input

    context = click.get_current_context()
    if undoing:
        context.exit(undo_and_tell(configs or (Path(),), forget=False))
    if not configs:
        raise click.UsageError("name at least one config file or folder")
    if bases == "flatten" and output is None:
        raise click.UsageError(
            "--bases flatten needs --output: it would break what inherits from these configs"
        )
    overlay = standard_input(configs, stdin_filename, output)
    if picture is not None:
        check_change_output(configs, picture)
    piped = bool(overlay)
    if piped:
        configs = tuple(overlay)
    writes = not (diff or check or piped)
    if writes:
        recover_and_tell(configs)
    plan = _plan(
        configs,
        overlay,
        package=None if package == "any" else package,
        options=_options(bases, configs_3x, with_bases=with_bases, notes=notes),
        keep_going=keep_going,
        with_heirs=output is None and not piped,
    )
    if project_dir is not None:
        plan = _onto_project(plan, configs, project_dir)
    if picture is not None:
        contents = {file.path: file.after for file in plan.edits.files}
        draw_change(configs[0], contents, overlay, picture)
    mmengine = _verified(plan) if verify == "mmengine" else None
    failures = _built(plan) if verify == "build" else None
    if piped and not (diff or check):
        source = plan.edits.files[0].after if plan.files else next(iter(overlay.values()))
        sys.stdout.buffer.write(source)
        context.exit(_exit_code(plan, pending=False))
    written = _write(plan, output, command_line(context)) if writes else None
    with told_as_written(None if output else written):
        _report(
            plan,
            form,
            diff=diff,
            quiet=check,
            written=written,
            output=output,
            mmengine=mmengine,
            failures=failures,
        )
    pending = bool(failures) or (written is None and bool(plan.edited))
    context.exit(_exit_code(plan, pending=pending))


def _exit_code(plan: UpgradePlan, *, pending: bool) -> int:
    if plan.failed:
        return 2
    return 1 if pending or any(one.note.needs_decision for one in plan.notes) else 0


def _plan(
    configs: tuple[Path, ...],
    overlay: dict[Path, bytes],
    *,
    package: str | None,
    options: Options,
    keep_going: bool,
    with_heirs: bool,
) -> UpgradePlan:
    from mmscaffold.cli.progress import progress_bar
    from mmscaffold.upgrade.planner import plan_upgrade

    with progress_bar("Upgrading") as progress:
        return plan_upgrade(
            configs,
            package=package,
            options=options,
            keep_going=keep_going,
            overlay=overlay,
            progress=progress,
            with_heirs=with_heirs,
        )


def _options(bases: str, configs_3x: Path | None, *, with_bases: bool, notes: str) -> Options:
    from mmscaffold.upgrade.bases import BasesMode
    from mmscaffold.upgrade.tree_upgrader import Options

    return Options(BasesMode(bases), with_bases, configs_3x, notes == "comments")


def _onto_project(plan: UpgradePlan, configs: tuple[Path, ...], project_dir: Path) -> UpgradePlan:
    from mmscaffold.project import load_project
    from mmscaffold.upgrade.onto_project import onto_project

    return onto_project(plan, configs, load_project(project_dir, ()).class_map)


def _built(plan: UpgradePlan) -> list[tuple[Path, str, str]]:
    """What mmdet 3 could not build: the file, the key, the reason."""
    from mmscaffold.config import Resolver
    from mmscaffold.upgrade.build_proof import build

    after = Resolver({file.path: file.plan.after for file in plan.files})
    whole = {}
    for file in plan.files:
        root = after.resolve(file.path).to_dict()
        if "model" in root and "train_cfg" in root:
            whole[str(file.path)] = root
    return [
        (Path(name), key, reason)
        for name, built in build(whole).items()
        for key, reason in built.failures
    ]


def _verified(plan: UpgradePlan) -> MmengineVerification:
    from mmscaffold.migrate.mmengine_verification import verify_with_mmengine

    return verify_with_mmengine(plan.edits)


def _write(plan: UpgradePlan, output: Path | None, command: str) -> list[Path]:
    from mmscaffold.migrate import write_plan
    from mmscaffold.migrate.output import copies_of
    from mmscaffold.writing import write_copies

    if output is None:
        return write_plan(plan.edits, command=command)
    return write_copies(output, copies_of(plan.edits))


def _report(
    plan: UpgradePlan,
    form: str,
    *,
    diff: bool,
    quiet: bool,
    written: list[Path] | None,
    output: Path | None,
    mmengine: MmengineVerification | None,
    failures: list[tuple[Path, str, str]] | None,
) -> None:
    from mmscaffold.cli.migration_report import print_diff
    from mmscaffold.cli.upgrade_report import print_json, print_report

    if form == "json":
        print_json(plan, written=written, mmengine=mmengine, failures=failures)
    elif not quiet:
        if diff:
            print_diff(plan.edits)
        print_report(plan, written=written, output=output, mmengine=mmengine, failures=failures)
