"""The examples that a rule carries are its tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mmscaffold.check import Report, Rule, Settings, all_rules, check_paths, find_rule
from mmscaffold.check.pages import example_shown, index, page
from mmscaffold.check.registry import rules_like
from mmscaffold.check.rule import HEADINGS, ExampleFinding, Spot
from mmscaffold.errors import MmscaffoldError
from mmscaffold.migrate import write_plan
from mmscaffold.migrate.fix import plan_fixes

DOCS = Path(__file__).parents[2] / "docs" / "rules"
MISMATCH = "regenerate it with: python -m mmscaffold.check.pages docs/rules"


def examples(kind: str) -> list:
    return [
        pytest.param(rule, example, id=f"{rule.id}-{number}")
        for rule in all_rules()
        for number, example in enumerate(getattr(rule, kind))
    ]


def write(files: dict[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def check(rule: Rule, name: str, folder: Path) -> Report:
    """Check the first file of an example with one rule, as the command does."""
    rules = all_rules() if rule.kind == "engine" else (rule,)
    report = check_paths([folder / name], Settings(rules))
    assert not report.not_understood, report.not_understood
    assert report.configs or report.code, "the example was not looked at"
    report.findings = [finding for finding in report.findings if finding.rule is rule]
    return report


def found(report: Report, folder: Path, first: str) -> list[ExampleFinding]:
    """What was found, with the names of files as the example has them."""
    return [
        ExampleFinding(
            Spot(
                place.line,
                place.column,
                place.end_column,
                None if place.end_line == place.line else place.end_line,
                "" if place.path == folder / first else str(place.path.relative_to(folder)),
            ),
            finding.diagnostic.message.replace(f"{folder}/", ""),
        )
        for finding in report.findings
        for place in [finding.diagnostic.place]
    ]


@pytest.mark.parametrize(("rule", "example"), examples("valid"))
def test_nothing_is_found_in_valid_examples(rule, example, tmp_path):
    files = rule.files(example.code)
    write(files, tmp_path)
    first = next(iter(files))
    assert found(check(rule, first, tmp_path), tmp_path, first) == []


@pytest.mark.parametrize(("rule", "example"), examples("invalid"))
def test_invalid_examples_are_found_where_and_as_they_say(rule, example, tmp_path):
    files = rule.files(example.code)
    write(files, tmp_path)
    first = next(iter(files))
    report = check(rule, first, tmp_path)
    assert report.findings
    assert found(report, tmp_path, first) == example.found
    for finding in report.findings:
        place = finding.diagnostic.place
        lines = place.path.read_text(encoding="utf-8").splitlines()
        assert place.column <= len(lines[place.line - 1]) + 1
        assert place.end_column <= len(lines[place.end_line - 1]) + 1
        assert (place.line, place.column) < (place.end_line, place.end_column)
        assert finding.diagnostic.hint


@pytest.mark.parametrize(("rule", "example"), examples("invalid"))
def test_fixes_write_the_text_that_the_example_says(rule, example, tmp_path):
    files = rule.files(example.code)
    write(files, tmp_path)
    first = next(iter(files))
    report = check(rule, first, tmp_path)
    plan = plan_fixes(report.findings, report.configs)
    assert not plan.failed
    write_plan(plan)
    wanted = rule.changed_files(example) if example.fixed is not None else {}
    assert {name: (tmp_path / name).read_text() for name in files} == {**files, **wanted}
    if wanted:
        assert check(rule, first, tmp_path).findings == []


@pytest.mark.parametrize(
    ("rule", "example"), [one for one in examples("invalid") if one.values[1].after is not None]
)
def test_nothing_is_found_in_what_should_be_written_instead(rule, example, tmp_path):
    assert example.fixed is None, "one is enough"
    files = {**rule.files(example.code), **rule.changed_files(example)}
    write(files, tmp_path)
    first = next(iter(files))
    assert found(check(rule, first, tmp_path), tmp_path, first) == []


def test_every_rule_has_an_id_of_its_own_and_examples_of_both_kinds():
    rules = all_rules()
    assert len({rule.id for rule in rules}) == len({rule.name for rule in rules}) == len(rules)
    assert {rule.kind for rule in rules} == {"config", "code", "engine"}
    assert all(rule.valid and rule.invalid for rule in rules)
    assert all(rule.id[:4] == {"config": "MMS1", "code": "MMS2"}.get(rule.kind, "MMS0")
               for rule in rules)  # fmt: skip


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_every_page_has_the_same_headings_and_shows_what_to_write_instead(rule):
    assert tuple(rule.sections) == ("What it finds", *HEADINGS)
    assert all(text.endswith(".") for text in rule.sections.values()), rule.sections
    assert example_shown(rule) is not None
    headings = re.findall("^## (.+)$", page(rule), re.MULTILINE)
    assert headings == [
        "What it finds", "Why it matters", "Symptoms", "Before → after", "Fix safety", "Since",
        "Source in mmengine", "Found in", "Not found in",
    ]  # fmt: skip


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_the_page_in_the_docs_is_current(rule):
    written = (DOCS / f"{rule.id}.md").read_text(encoding="utf-8")
    assert written == page(rule), MISMATCH


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
