from __future__ import annotations

from mmscaffold.cli.findings import text


def test_each_finding_shows_its_line_with_the_expression_underlined(report, capsys):
    text.show(report)
    lines = capsys.readouterr().out.splitlines()
    head = next(number for number, line in enumerate(lines) if "error[MMS101]" in line)
    assert lines[head].startswith("configs/ä, b.py:1:64: ")
    assert "x = '界'; train_cfg = dict(" in lines[head + 1]
    # One column more than characters: the Chinese one takes two.
    assert lines[head + 2] == " " * (4 + 64) + "^^^^"
    assert lines[head + 1][4 + 63 :].startswith("True,")
    assert lines[head + 3].startswith("  help: Add _delete_=True")
    assert lines[head + 4] == "  seen in: configs/child.py and 1 more"


def test_tabs_before_the_place_stay_tabs(report, capsys):
    text.show(report)
    lines = capsys.readouterr().out.splitlines()
    head = next(number for number, line in enumerate(lines) if "info[MMS115]" in line)
    assert lines[head + 2].startswith("    \t")


def test_it_ends_with_what_was_not_understood_and_not_known(report, capsys):
    text.show(report)
    printed = capsys.readouterr().out
    assert "not understood: configs/torn.py:1" in printed
    assert "unknown: configs/foreign.py:1:" in printed
    last = printed.splitlines()[-1]
    assert last.startswith("4 configs and 0 files of code checked: 1 error, 1 warning, 1 note; ")
    assert last.endswith("1 file not understood, 1 value unknown.")


def test_statistics_say_how_often_and_nothing_else(report, capsys):
    text.show_statistics(report)
    printed = capsys.readouterr().out
    assert "     1  warning[MMS104]  decay-ends-early" in printed
    assert "^" not in printed
