"""The examples that a rule carries are its tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.check import Finding, Rule, Settings, all_rules, check_paths, find_rule
from mmscaffold.check.pages import index, page
from mmscaffold.check.registry import rules_like
from mmscaffold.errors import MmscaffoldError

DOCS = Path(__file__).parents[2] / "docs" / "rules"
NAMES = {"config": "config.py", "code": "module.py", "engine": "config.py"}


def examples(valid: bool) -> list:
    return [
        pytest.param(rule, example, id=f"{rule.id}-{number}")
        for rule in all_rules()
        for number, example in enumerate(rule.valid if valid else rule.invalid)
    ]


def findings(rule: Rule, example: str | dict[str, str], folder: Path) -> list[Finding]:
    """Check an example with one rule, as the command does."""
    files = {NAMES[rule.kind]: example} if isinstance(example, str) else example
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text.rstrip()}\n", encoding="utf-8")
    rules = all_rules() if rule.kind == "engine" else (rule,)
    report = check_paths([folder / next(iter(files))], Settings(rules))
    assert not report.not_understood, report.not_understood
    assert report.configs or report.code, "the example was not looked at"
    return [finding for finding in report.findings if finding.rule is rule]


@pytest.mark.parametrize(("rule", "example"), examples(valid=True))
def test_nothing_is_found_in_valid_examples(rule, example, tmp_path):
    assert [one.diagnostic.message for one in findings(rule, example, tmp_path)] == []


@pytest.mark.parametrize(("rule", "example"), examples(valid=False))
def test_invalid_examples_are_found_at_a_place_with_a_hint(rule, example, tmp_path):
    found = findings(rule, example, tmp_path)
    assert found
    for finding in found:
        place = finding.diagnostic.place
        lines = place.path.read_text(encoding="utf-8").splitlines()
        assert place.column <= len(lines[place.line - 1]) + 1
        assert finding.diagnostic.hint
        assert rule.fixable or not finding.diagnostic.fix


def test_every_rule_has_an_id_of_its_own_and_examples_of_both_kinds():
    rules = all_rules()
    assert len({rule.id for rule in rules}) == len({rule.name for rule in rules}) == len(rules)
    assert {rule.kind for rule in rules} == {"config", "code", "engine"}
    assert all(rule.valid and rule.invalid and "How to mend it" in rule.page for rule in rules)
    assert all(rule.id[:4] == {"config": "MMS1", "code": "MMS2"}.get(rule.kind, "MMS0")
               for rule in rules)  # fmt: skip


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_the_page_in_the_docs_is_current(rule):
    written = (DOCS / f"{rule.id}.md").read_text(encoding="utf-8")
    assert written == page(rule), "write it anew with: python -m mmscaffold.check.pages docs/rules"


def test_the_list_in_the_docs_is_current_and_no_page_is_left_over():
    assert (DOCS / "README.md").read_text(encoding="utf-8") == index()
    pages = {path.stem for path in DOCS.glob("*.md")} - {"README"}
    assert pages == {rule.id for rule in all_rules()}


def test_rules_are_found_by_id_by_name_and_by_the_beginning_of_an_id():
    assert find_rule("mms102") is find_rule("schedule-ends-before-training")
    assert {rule.kind for rule in rules_like("MMS1")} == {"config"}
    assert {rule.kind for rule in rules_like("mms2")} == {"code"}


@pytest.mark.parametrize("name", ["MMS999", "", "MMS10"])
def test_an_unknown_rule_is_an_error(name):
    with pytest.raises(MmscaffoldError, match="no rule"):
        find_rule(name)


def test_a_misspelt_rule_is_told_what_it_could_be():
    with pytest.raises(MmscaffoldError) as raised:
        find_rule("decay-end-early")
    assert "Did you mean decay-ends-early" in raised.value.hint
