"""Logs as people paste them: the same verdict as of the file, or that it cannot be told."""

from __future__ import annotations

import html
import re
import textwrap
from pathlib import Path

import pytest
from mmscaffold.diagnose import diagnose
from mmscaffold.diagnose.pasted import logical_lines

LOGS = Path(__file__).with_name("logs")


def prefixed(prefix):
    return lambda text: "".join(prefix + line for line in text.splitlines(keepends=True))


def counted(template):
    def run(text):
        lines = text.splitlines(keepends=True)
        return "".join(
            template.format(number=10 + index % 80) + line for index, line in enumerate(lines)
        )

    return run  # fmt: skip


def cut_at(width):
    def run(text):
        lines = []
        for line in text.splitlines():
            lines += [line[at : at + width] for at in range(0, len(line), width)] or [""]
        return "\n".join(lines) + "\n"

    return run


def wrapped_at(width):
    def run(text):
        return "".join(
            textwrap.fill(line, width, break_on_hyphens=False, drop_whitespace=True) + "\n"
            for line in text.splitlines()
        )

    return run


def coloured(text):
    return re.sub(r"(mmengine|INFO)", "\x1b[32m\\1\x1b[0m", text)


def tagged(text):
    lines = (html.escape(line) for line in text.splitlines())
    return "<pre>" + "<br>\n".join(lines) + "</pre>\n"


def in_rows(text):
    lines = (html.escape(line) for line in text.splitlines())
    return "".join(f"<tr><td>{line}</td></tr>\n" for line in lines)


FORMS = {
    "as it is": lambda text: text,
    "tabs for two spaces": lambda text: text.replace("  ", "\t"),
    "tabs for all spaces": lambda text: re.sub(r"(?<=\)) |(?<=\]) +", "\t", text),
    "two spaces of which a browser keeps one": lambda text: text.replace("  ", "\xa0 "),
    "hard spaces": lambda text: text.replace("  ", "\xa0\xa0"),
    "one space": lambda text: re.sub(r"(?<=\S) {2,}(?=\S)", " ", text),
    "cut at 80 columns": cut_at(80),
    "cut at 100 columns": cut_at(100),
    "cut at 120 columns": cut_at(120),
    "wrapped at 80": wrapped_at(80),
    "wrapped at 120": wrapped_at(120),
    "one line": lambda text: " ".join(text.splitlines()) + "\n",
    "one line, no spaces": lambda text: "".join(text.splitlines()) + "\n",
    "colours": coloured,
    "quoted": prefixed("> "),
    "indented": prefixed("    "),
    "torchrun": prefixed("[rank0]: "),
    "compose": prefixed("trainer-1  | "),
    "docker": counted("2025-01-01T00:00:{number}.123456789Z "),
    "slurm": prefixed("0: "),
    "line numbers": counted("{number} "),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "HTML": tagged,
    "a table in HTML": in_rows,
    "blank lines": lambda text: text.replace("\n", "\n\n"),
    "one more line, cut off": lambda text: text + text.splitlines()[-1][:70],
    "the first stamp is cut off": lambda text: text[12:],
}
NAMES = ["healthy", "epoch-repeats", "eta-negative", "batch-beyond", "epoch-skips", "loss-nan"]


def verdict(path):
    [*_, run] = diagnose([path]).runs
    if run.is_unclear:
        return "cannot tell"
    return [one.cause.name for one in run.causes][:1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_verdict_is_the_same_or_cannot_be_told(tmp_path, form, name):
    text = (LOGS / f"{name}.log").read_text()
    whole, pasted = tmp_path / "whole.log", tmp_path / "pasted.log"
    # The lines of training alone: pasted configs are another matter.
    lines = [line for line in text.splitlines() if "(train)" in line or "(val)" in line]
    whole.write_text("\n".join(lines) + "\n")
    pasted.write_text(form("\n".join(lines) + "\n"), newline="")
    assert verdict(pasted) in (verdict(whole), "cannot tell")


@pytest.mark.parametrize("form", FORMS, ids=FORMS)
def test_most_forms_are_understood(tmp_path, form):
    text = (LOGS / "epoch-repeats.log").read_text()
    path = tmp_path / "pasted.log"
    lines = [line for line in text.splitlines() if "(train)" in line or "(val)" in line]
    path.write_text(FORMS[form]("\n".join(lines) + "\n"), newline="")
    found = diagnose([path])
    [run] = found.runs
    assert "epoch-repeats" in [one.symptom.name for one in run.seen]
    at_most = 2 if form == "the start is cut off" else 0
    assert (
        len(run.story.run.train) >= len([one for one in lines if "(train)" in one]) - 1 - at_most
    )


def test_a_line_that_is_not_understood_forbids_an_all_clear(tmp_path):
    path = tmp_path / "a.log"
    stamp = "2025/01/01 00:00:00 - mmengine - INFO - "
    path.write_text(f"{stamp}Epoch(train) [1][1/4] lr: fast eta: soon time: 0.1\n")
    found = diagnose([path])
    assert found.exit_code == 2
    assert found.runs[0].is_unclear
    saved = f"{stamp}Saving checkpoint at 1 epochs\n"
    path.write_text(path.read_text() + saved)
    assert diagnose([path]).runs[0].causes == []


def test_a_sound_log_is_passed_on_byte_for_byte():
    raw = (LOGS / "healthy.log").read_bytes().splitlines(keepends=True)
    raw = [line for line in raw if b"\t" not in line]
    assert [line for _, line in logical_lines(raw)] == raw
