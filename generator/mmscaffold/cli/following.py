"""``mmscaffold diagnose --follow``: what a training that still runs shows, as it shows it."""

from __future__ import annotations

import importlib.util
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmscaffold.cli.diagnosis_text import (
    diagnosis_as_json,
    run_as_json,
    show_cause,
    show_diagnosis,
    show_end,
    show_ending,
    show_symptom,
    title,
)
from mmscaffold.cli.documents import say_document
from mmscaffold.cli.text import say, shorten
from mmscaffold.errors import MmscaffoldError

if TYPE_CHECKING:
    from mmscaffold.cli.documents.shapes import Run
    from mmscaffold.diagnose import Diagnosis
    from mmscaffold.diagnose.following import Follower, News

_SECONDS = 1.0
"""Between two looks where nothing is told to have changed: network file systems tell nothing."""


def follow(target: Path, *, fail_fast: bool, form: str) -> Diagnosis:
    """Watch a training until Ctrl-C, or until something is wrong with it.

    Args:
        target: The log, or a work folder.
        fail_fast: Whether to end at the first symptom that is more than a note.
        form: ``text`` or ``json``: one object a line.

    Returns:
        All that was seen.

    Raises:
        UsageError: If watchfiles is not installed.
        MmscaffoldError: If what is there is no log, or no training was logged.
    """
    from mmscaffold.diagnose.following import Follower

    if importlib.util.find_spec("watchfiles") is None:
        raise click.UsageError(
            '--follow needs watchfiles: install it with `pip install "mmscaffold[follow]"`'
        )
    follower = Follower(target)
    # What ends a job of a cluster shall get the summary, too.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        was_ill = _watch(follower, target, fail_fast=fail_fast, form=form)
    except KeyboardInterrupt:
        was_ill = False
        say("", err=True)
    finally:
        signal.signal(signal.SIGTERM, before)
    found = follower.diagnosis()
    if not found.runs:
        what = "there was no log" if follower.log is None else "no training of mmengine in it yet"
        raise MmscaffoldError(what, where=str(follower.log or target))
    if form == "json":
        say_document("diagnose", diagnosis_as_json(found), indent=None)
    elif was_ill:
        # All else was just told.
        show_end(found)
    else:
        show_diagnosis(found)
    return found


def _watch(follower: Follower, target: Path, *, fail_fast: bool, form: str) -> bool:
    """Watch until something is wrong, if that is to end it: ``True``."""
    shown = ""
    for _ in _wakings(follower):
        news = follower.update()
        log = follower.log
        doing = f"waiting for {shorten(target)}" if log is None else f"following {shorten(log)}"
        if doing != shown:
            shown = doing
            say(f"{doing}; Ctrl-C ends with a summary.", err=True)
        for one in news:
            _tell(one, form)
        if fail_fast and any(one.is_ill for one in news):
            return True
    return False


def _wakings(follower: Follower) -> Iterator[None]:
    """Now, and whenever something may have changed."""
    from watchfiles import watch

    while True:
        yield
        folders = follower.folders()
        milliseconds = round(_SECONDS * 1000)
        for _ in watch(
            *folders,
            recursive=False,
            debounce=300,
            rust_timeout=milliseconds,
            yield_on_timeout=True,
            watch_filter=None,
        ):
            yield
            if follower.folders() != folders:
                break


def _tell(news: News, form: str) -> None:
    if form == "json":
        say_document("news", _as_json(news), indent=None)
        return
    if news.begins or news.seen or news.ending is not None:
        say(title(news.run), bold=True)
    for one in news.seen:
        show_symptom(one)
    names = [one.cause.name for one in news.run.causes]
    for likely in news.causes:
        show_cause(names.index(likely.cause.name) + 1, likely)
    if news.ending is not None:
        show_ending(news.ending)


def _as_json(news: News) -> Run:
    whole = run_as_json(news.run)
    seen = {one.symptom.name for one in news.seen}
    causes = {one.cause.name for one in news.causes}
    return {
        **whole,
        "ending": whole["ending"] if news.ending is not None else None,
        "symptoms": [one for one in whole["symptoms"] if one["symptom"] in seen],
        "causes": [one for one in whole["causes"] if one["cause"] in causes],
    }
