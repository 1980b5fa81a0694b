"""How a diagnosis is printed: for people, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mmscaffold.cli.text import count, say, shorten, visible

if TYPE_CHECKING:
    from mmscaffold.cli.documents import shapes
    from mmscaffold.diagnose import Diagnosis, Ending, LikelyCause, RunDiagnosis, SeenSymptom


def show_diagnosis(diagnosis: Diagnosis) -> None:
    """Print all runs, what was not understood, and how much was found."""
    for run in diagnosis.runs:
        _show_run(run)
    show_end(diagnosis)


def _show_run(run: RunDiagnosis) -> None:
    from mmscaffold.diagnose.heading import verdict

    say(title(run), bold=True)
    if not run.seen and run.ending is None:
        say(f"  {verdict(run)}")
    for one in run.seen:
        show_symptom(one)
    for number, likely in enumerate(run.causes, 1):
        show_cause(number, likely)
    if run.ending is not None:
        show_ending(run.ending)


def show_symptom(one: SeenSymptom) -> None:
    """Print a symptom with the lines that show it."""
    word, colour = ("note", "blue") if one.symptom.is_note else ("seen", "red")
    head = click.style(word, fg=colour)
    click.echo(f"  {head}: {one.symptom.text}")
    for evidence in one.evidence:
        say(f"    {shorten(str(evidence))}")


def show_ending(ending: Ending) -> None:
    """Print what a run died of."""
    crash, death = ending.crash, ending.death
    wanted = death is not None and death.is_wish
    head = click.style("ended" if wanted else "died", fg="blue" if wanted else "red")
    click.echo(f"  {head}: {shorten(crash.headline)}")
    place = crash.own_frame or next(reversed(crash.frames), None)
    raised = "" if place is None else f", raised at {place}"
    say(f"    line {crash.line}{shorten(raised)}")
    if death is None:
        return
    say(f"    {death.text}")
    for where in ending.places:
        say(f"    config: {shorten(where)}")
    for evidence in ending.findings:
        say(f"    {shorten(str(evidence))}")
    _show_rules(death.rules)
    say(f"    help: {death.hint}")


def title(run: RunDiagnosis) -> str:
    """A run in one line: its log, what it trained, and how long it meant to."""
    from mmscaffold.diagnose.heading import heading

    return f"{shorten(run.story.run.path)}: {heading(run)}"


def show_cause(number: int, likely: LikelyCause) -> None:
    """Print a cause with its place among the likely ones, from 1."""
    cause = likely.cause
    click.echo(f"  cause {number}: " + click.style(cause.name, bold=True))
    say(f"    {cause.text}")
    say("    explains: " + "; ".join(one.text for one in likely.explains))
    for evidence in likely.evidence:
        say(f"    {shorten(str(evidence))}")
    _show_rules(cause.rules)
    say(f"    help: {cause.hint}")


def _show_rules(rules: tuple[str, ...]) -> None:
    from mmscaffold.check.registry import find_rule

    for rule_id in rules:
        say(f"    rule: {rule_id} {find_rule(rule_id).name}")


def show_end(diagnosis: Diagnosis) -> None:
    """Say what was not understood, and how much was found."""
    for problem in diagnosis.unread_configs:
        say(f"not understood: {shorten(problem)}")
    unread = diagnosis.unread
    if unread.first is not None:
        path, line, text = unread.first
        say(f"not understood: {shorten(path)}:{line}: {visible(text)}")
    if diagnosis.passed_over:
        number = count(len(diagnosis.passed_over), "older log")
        say(f"skipped: {number} of other runs")
    if diagnosis.tests:
        newest = shorten(diagnosis.tests[0])
        say(f"skipped: {count(len(diagnosis.tests), 'newer test')}, such as {newest}")
    symptoms = sum(len(run.seen) for run in diagnosis.runs)
    died = sum(run.ending is not None and run.is_ill for run in diagnosis.runs)
    parts = [count(symptoms, "symptom")] if symptoms else []
    parts += [f"{died} died"] if died else []
    unclear = any(run.is_unclear for run in diagnosis.runs)
    found = ", ".join(parts) or ("cannot tell" if unclear else "nothing wrong")
    say(
        f"{count(len(diagnosis.runs), 'run')} read: {found}; "
        f"{count(unread.number, 'line')} not understood."
    )


def diagnosis_as_json(diagnosis: Diagnosis) -> shapes.Diagnose:
    """A diagnosis as JSON."""
    unread = diagnosis.unread
    return {
        "runs": [run_as_json(run) for run in diagnosis.runs],
        "not_understood": {
            "lines": unread.number,
            "first": None
            if unread.first is None
            else {
                "path": str(unread.first[0]),
                "line": unread.first[1],
                "text": unread.first[2],
            },
            "configs": diagnosis.unread_configs,
        },
        "passed_over": [str(path) for path in diagnosis.passed_over],
        "tests": [str(path) for path in diagnosis.tests],
    }


def run_as_json(run: RunDiagnosis) -> shapes.Run:
    """One run of it."""
    config = run.story.config
    return {
        "path": str(run.story.run.path),
        "first_line": run.story.run.first_line,
        "unclear": run.is_unclear,
        "train_lines": len(run.story.run.train),
        "config": None if config is None else config.where,
        "ending": None if run.ending is None else _ending_as_json(run.ending),
        "symptoms": [
            {
                "symptom": one.symptom.name,
                "text": one.symptom.text,
                "note": one.symptom.is_note,
                "evidence": [{"line": e.line, "text": e.text} for e in one.evidence],
            }
            for one in run.seen
        ],
        "causes": [
            {
                "cause": one.cause.name,
                "text": one.cause.text,
                "help": one.cause.hint,
                "explains": [s.name for s in one.explains],
                "evidence": [{"line": e.line, "text": e.text} for e in one.evidence],
                "rules": list(one.cause.rules),
            }
            for one in run.causes
        ],
    }


def _ending_as_json(ending: Ending) -> shapes.Ending:
    crash, death = ending.crash, ending.death
    return {
        "line": crash.line,
        "exception": crash.exception,
        "message": crash.message,
        "frames": [str(frame) for frame in crash.frames],
        "kind": None if death is None else death.name,
        "text": None if death is None else death.text,
        "help": None if death is None else death.hint,
        "rules": [] if death is None else list(death.rules),
        "config": list(ending.places),
        "findings": [one.text for one in ending.findings],
    }
