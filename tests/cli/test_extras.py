"""Which command needs which extra: without it, it says so; nothing else imports its libraries."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LOG = Path(__file__).parents[1] / "diagnose" / "logs" / "val-behind.log"
LIBRARIES = ["matplotlib", "plotext", "watchfiles", "jinja2"]
CONFIG = """\
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.02))
param_scheduler = [dict(type='MultiStepLR', milestones=[8, 11])]
"""
RUN = """\
import json, sys
from click.testing import CliRunner
libraries, hidden, commands = json.loads(sys.argv[1])
for name in hidden:
    sys.modules[name] = None
from mmscaffold.cli.main import group
told = []
for words in commands:
    ended = CliRunner().invoke(group, words)
    imported = [one for one in libraries if sys.modules.get(one) is not None]
    told.append([ended.exit_code, ended.output, imported])
print(json.dumps(told))
"""


def run(folder: Path, commands: list[list[str]], hidden: list[str]) -> list[tuple]:
    """Each command, one after the other in one process: exit code, output, imported libraries."""
    (folder / "a.py").write_text(CONFIG)
    (folder / "a.log").write_bytes(LOG.read_bytes())
    ended = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps([LIBRARIES, hidden, commands])],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    )
    return [tuple(one) for one in json.loads(ended.stdout.splitlines()[-1])]


NEEDING = {
    "plot a.py": ("plotext", "plot"),
    "plot a.py -o a.png": ("matplotlib", "plot"),
    "migrate a.py --max-epochs 24 --diff --plot a.png": ("matplotlib", "plot"),
    "upgrade a.py --diff --plot a.png": ("matplotlib", "plot"),
    "diagnose a.log --plot a.png": ("matplotlib", "plot"),
    "diagnose --follow a.log": ("watchfiles", "follow"),
    "diagnose a.log --report a.html": ("jinja2", "report"),
    "report a.py -o a.html": ("jinja2", "report"),
}


@pytest.mark.subprocess
def test_without_an_extra_each_command_that_needs_it_says_what_to_install(tmp_path):
    told = run(tmp_path, [words.split() for words in NEEDING], LIBRARIES)
    for (words, (library, extra)), (code, output, _) in zip(NEEDING.items(), told, strict=True):
        assert code == 2, (words, output)
        assert f"needs {library}" in output, words
        assert f'pip install "mmscaffold[{extra}]"' in output, words
    assert {path.name for path in tmp_path.iterdir()} == {"a.py", "a.log"}


@pytest.mark.subprocess
def test_the_other_commands_import_none_of_it_and_work_without(tmp_path):
    commands = [
        words.split()
        for words in (
            "check a.py", "resolve a.py", "migrate a.py --max-epochs 24 --diff",
            "upgrade a.py --diff", "diagnose a.log", "explain MMS102",
        )
    ]  # fmt: skip
    for hidden in ([], LIBRARIES):
        for words, (code, output, imported) in zip(
            commands, run(tmp_path, commands, hidden), strict=True
        ):
            assert code in (0, 1), (words, output)
            assert imported == [], words


def test_each_extra_brings_the_library_that_is_asked_for():
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    extras = tomllib.loads(text)["project"]["optional-dependencies"]
    for library, extra in NEEDING.values():
        assert any(one.startswith(library) for one in extras[extra]), (library, extra)
