"""What all commands share: colours, loudness, suggestions, completion, the environment."""

from __future__ import annotations

import json
import subprocess
import sys

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner
from mmscaffold.cli import add, check, explain, migrate
from mmscaffold.cli.choice import Choice
from mmscaffold.cli.main import group
from support.packages import write_package

FAULTY = "train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=1)\n"


@pytest.fixture
def faulty(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "a.py").write_text(FAULTY)
    return tmp_path


def run(*words: str, **more):
    return CliRunner().invoke(group, words, **more)


@pytest.mark.parametrize(
    ("typed", "meant"), [("chekc", "check"), ("upgrad", "upgrade"), ("Resolve", "resolve")]
)
def test_a_misspelt_command_is_recognised(typed, meant):
    ended = run(typed)
    assert ended.exit_code == 2
    assert f"there is no command '{typed}'. Did you mean '{meant}'?" in ended.output


def test_a_command_like_no_other_is_only_refused():
    ended = run("\x1b[31mxyzzy")
    assert ended.exit_code == 2
    assert "Did you mean" not in ended.output
    assert "\x1b" not in ended.output


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["check", "--selct", "MMS1"], "--select"),
        (["check", ".", "--select", "loop-type-besides-by-epoch"], "loop-type-beside-by-epoch"),
        (["explain", "MMS10"], "MMS101"),
        (["explain", "MMS99"], "MMS"),
        (["explain", "UP20"], "UP20"),
        (["migrate", ".", "--max-epoch", "3"], "--max-epochs"),
        (["new", "x", "--defaults", "--data", "detecter=RTMDet"], "'detector'"),
        (["add", "lop", "WarmLoop"], "'loop'"),
        (["check", ".", "--format", "jsn"], "'json'"),
        (["upgrade", ".", "--verify", "mmengin"], "'mmengine'"),
    ],
)
def test_a_misspelt_option_rule_or_answer_is_recognised(faulty, words, meant):
    ended = run(*words)
    assert ended.exit_code == 2
    assert "Did you mean" in ended.output
    assert meant in ended.output.partition("Did you mean")[2]


@pytest.mark.parametrize(
    ("table", "meant"),
    [
        ("[tool.mmscaffold.check]\nselct = []", "Did you mean 'select'?"),
        ("[tool.mmscaffold.check]\nper-file-ignore = {}", "Did you mean 'per-file-ignores'?"),
        ("[tool.mmscaffold.check]\nnonsense = 1", "Known: select, ignore, per-file-ignores."),
    ],
)
def test_a_misspelt_setting_is_recognised(faulty, table, meant):
    (faulty / "pyproject.toml").write_text(table)
    ended = run("check")
    assert ended.exit_code == 2
    assert meant in ended.output


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": ""}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
    ],
)
@pytest.mark.parametrize(
    "words", [["check"], ["migrate", "a.py", "--diff"], ["explain", "MMS101"]]
)
def test_colours_are_as_the_environment_asks(faulty, words, variables, coloured):
    (faulty / "pyproject.toml").write_text(
        '[tool.mmscaffold]\npackage = "ours"\n[tool.mmscaffold.classes]\n'
        'EpochBasedTrainLoop = "OurLoop"\n'
    )
    (faulty / "ours.py").write_text(
        "from mmengine.registry import LOOPS\n"
        "from mmengine.runner import EpochBasedTrainLoop\n\n\n"
        "@LOOPS.register_module()\nclass OurLoop(EpochBasedTrainLoop):\n    pass\n"
    )
    ended = run(*words, env=variables)
    assert not ended.exception or isinstance(ended.exception, SystemExit)
    assert ("\x1b[" in ended.output) == coloured


def test_json_has_no_colours_even_if_forced(faulty):
    json.loads(run("check", "--format", "json", env={"FORCE_COLOR": "1"}).stdout)


@pytest.mark.parametrize("name", group.list_commands(None))
def test_every_command_can_be_quiet_or_say_more(name):
    shown = run(name, "--help").output
    assert "-q, --quiet" in shown
    assert "-v, --verbose" in shown


def test_quiet_leaves_findings_and_errors(faulty):
    loud, quiet = run("check"), run("check", "-q")
    assert quiet.exit_code == loud.exit_code == 1
    assert loud.output.startswith(quiet.output)
    assert "checked:" in loud.output
    assert "checked:" not in quiet.output
    (faulty / "a.py").write_text("work_dir = 'x'\n")
    assert run("check", "-q").output == ""
    (faulty / "a.py").write_text("work_dir = (\n")
    assert "not understood" in run("check", "-q").output


def test_quiet_writing_says_nothing(faulty):
    assert run("check", "-q", "--fix").output == ""
    assert run("migrate", "-q", "--undo").output == ""
    assert (faulty / "a.py").read_text() == FAULTY
    (faulty / "pyproject.toml").write_text('[project]\nname = "ours"\n')
    write_package(faulty, "ours", "OurHook")
    ended = run("add", "-q", "hook", "OwnHook")
    assert (ended.output, ended.exit_code) == ("", 0)


def test_verbose_shows_where_mmscaffold_fails(faulty, monkeypatch):
    def fail(*_words, **_more):
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr(check, "_check", fail)
    assert "Traceback" not in run("check").output
    ended = run("check", "-v")
    assert isinstance(ended.exception, ZeroDivisionError)
    assert "Traceback" in ended.output
    assert "in fail" in ended.output


def completed(*words: str, start: str) -> list[str]:
    shell = ShellComplete(group, {}, "mmscaffold", "_MMSCAFFOLD_COMPLETE")
    return [item.value for item in shell.get_completions(list(words), start)]


def test_a_shell_completes_commands_options_and_rules():
    assert completed(start="re") == ["report", "resolve"]
    assert "--output-file" in completed("check", start="--out")
    assert completed("check", "--select", start="MMS10")[0] == "MMS101"
    assert "MMS1" in completed("check", "--ignore", start="mms")
    assert completed("check", "--select", start="decay-ends") == ["decay-ends-early"]
    assert "UP203" in completed("explain", start="UP2")
    assert completed("explain", start="nothing") == []


def test_the_history_does_not_say_how_loud_a_run_was(faulty):
    assert run("check", "-q", "--fix").exit_code == 0
    runs = json.loads(run("migrate", "--history", "--format", "json").stdout)["runs"]
    assert runs[0]["command"] == "check --fix"


def test_info_says_what_a_bug_report_needs_and_imports_none_of_it():
    code = (
        "import sys\nfrom mmscaffold.cli.main import group\n"
        "try: group(['info'])\nexcept SystemExit as e: assert not e.code\n"
        "print({'mmengine', 'torch', 'mmdet', 'mmcv', 'copier', 'numpy'} & sys.modules.keys())"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert shown.endswith("set()\n")
    lines = dict(line.split(maxsplit=1) for line in shown.splitlines()[:-1])
    assert lines["mmengine"].startswith("0.")
    assert lines["Python"].startswith(".".join(map(str, sys.version_info[:3])))
    assert lines["mmcv-full"] == "not installed"
    assert set(lines) >= {"mmscaffold", "system", "mmdet", "mmcv", "torch"}


def test_commands_are_found_for_documentation():
    # Tools that document click commands ask for them by name.
    assert group.get_command(None, "check") is check.command
    assert {add.command.name, explain.command.name, migrate.command.name} <= set(
        group.list_commands(None)
    )


def test_every_choice_of_every_command_recognises_a_misspelt_word():
    context = click.Context(group)
    commands = [group.get_command(context, name) for name in group.list_commands(context)]
    choices = [
        param.type
        for command in commands
        for param in command.params
        if isinstance(param.type, click.Choice)
    ]
    assert len(choices) > 15
    assert all(isinstance(one, Choice) for one in choices)
