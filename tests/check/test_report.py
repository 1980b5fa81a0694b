from __future__ import annotations

from pathlib import Path

from mmscaffold.check import Diagnostic, Finding, Place, Report, find_rule

PLACE = Place(Path("/a.py"), 1)


def finding(rule_id: str) -> Finding:
    return Finding(find_rule(rule_id), Diagnostic("message", PLACE, "hint"), [PLACE.path])


def test_the_exit_code_is_that_of_the_worst():
    note, warning, error = finding("MMS115"), finding("MMS104"), finding("MMS101")
    assert Report().exit_code == 0
    assert Report([note]).exit_code == 0
    assert Report([note, warning]).exit_code == 1
    assert Report([error]).exit_code == 1
    assert Report([error], named_unread=1).exit_code == 2
    assert Report([], named_unread=1).exit_code == 2


def test_rules_are_counted_most_often_first_then_by_id():
    report = Report([finding(one) for one in ("MMS104", "MMS101", "MMS115", "MMS104")])
    assert [(rule.id, times) for rule, times in report.by_rule()] == [
        ("MMS104", 2),
        ("MMS101", 1),
        ("MMS115", 1),
    ]
