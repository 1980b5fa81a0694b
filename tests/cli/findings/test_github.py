from __future__ import annotations

from pathlib import Path

from mmscaffold.check import Diagnostic, Finding, Place, Report, find_rule
from mmscaffold.cli.findings import github


def test_each_finding_is_one_workflow_command(report, capsys):
    github.show(report)
    commands = [line for line in capsys.readouterr().out.splitlines() if line.startswith("::")]
    assert [line.partition(" ")[0] for line in commands] == ["::error", "::notice", "::warning"]
    # A comma and a colon would end the property.
    assert commands[0].startswith(
        "::error file=configs/ä%2C b.py,line=1,endLine=1,col=64,endColumn=68,title="
    )
    assert ",title=MMS101 loop-type-beside-by-epoch::train_cfg has type=" in commands[0]
    assert "%0AAdd _delete_=True" in commands[0]


def test_what_was_not_understood_is_said(report, capsys):
    github.show(report)
    assert "not understood: configs/torn.py" in capsys.readouterr().out


def test_columns_are_left_out_over_several_lines(capsys):
    place = Place(Path("/a.py"), 2, 5, 4, 1)
    github.show(Report([Finding(find_rule("MMS101"), Diagnostic("m", place, "h"), [place.path])]))
    assert "::error file=/a.py,line=2,endLine=4,title=" in capsys.readouterr().out
