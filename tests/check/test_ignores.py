from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.check import Diagnostic, Place, all_rules, find_rule
from mmscaffold.check.ignores import Ignores

PATH = Path("/a.py")
RULE = find_rule("MMS104")


def ignores(text: str, path: Path = PATH) -> Ignores:
    return Ignores({path: text.encode()})


def finding(line: int, path: Path = PATH) -> Diagnostic:
    return Diagnostic("message", Place(path, line, 1), "hint")


@pytest.mark.parametrize(
    "comment",
    [
        "# mmscaffold: ignore[MMS104] the plateau is intended",
        "# mmscaffold: ignore[mms102, MMS104]",
        "# mmscaffold: ignore[decay-ends-early]",
        "# mmscaffold: ignore",
        "# noqa  # mmscaffold: ignore[MMS104]",
    ],
)
def test_a_comment_suppresses_the_finding_of_its_line_only(comment):
    found = ignores(f"a = 1\nb = 2  {comment}\n")
    assert found.suppress(RULE, finding(2))
    assert not found.suppress(RULE, finding(1))


def test_a_comment_for_another_rule_suppresses_nothing():
    assert not ignores("a = 1  # mmscaffold: ignore[MMS101]\n").suppress(RULE, finding(1))


def test_what_only_looks_like_a_comment_suppresses_nothing():
    assert not ignores("a = '# mmscaffold: ignore[MMS104]'\n").suppress(RULE, finding(1))


def test_comments_of_yaml_count_too():
    path = Path("/a.yaml")
    assert ignores("a: 1  # mmscaffold: ignore[MMS104]\n", path).suppress(RULE, finding(1, path))


def test_what_suppresses_nothing_is_told_with_its_place():
    text = "a = 1  # mmscaffold: ignore[MMS104]\nb = 2  # mmscaffold: ignore\n"
    found = ignores(text)
    places = [one.place for one in found.unused(all_rules())]
    assert places == [Place(PATH, 1, 8, 1, 36), Place(PATH, 2, 8, 2, 28)]
    assert found.suppress(RULE, finding(1))
    assert [one.place.line for one in found.unused(all_rules())] == [2]


def test_of_rules_that_did_not_run_nothing_is_said():
    found = ignores("a = 1  # mmscaffold: ignore[MMS104]\n")
    assert list(found.unused([find_rule("MMS101")])) == []


@pytest.mark.parametrize("name", ["MMS999", "mms104x", "%&"])
def test_an_unknown_rule_is_told_and_suppresses_nothing(name):
    found = ignores(f"a = 1  # mmscaffold: ignore[{name}]\n")
    assert not found.suppress(RULE, finding(1))
    (told,) = found.unused(all_rules())
    assert f"names {name}, which is not a rule" in told.message


def test_a_file_that_is_no_python_suppresses_nothing():
    assert list(ignores("(  # mmscaffold: ignore\n").unused(all_rules())) != []
    assert list(ignores("'''\n# mmscaffold: ignore\n").unused(all_rules())) == []
