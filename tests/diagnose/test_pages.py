from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from mmscaffold.diagnose import CAUSES, all_symptoms
from mmscaffold.diagnose.pages import renew
from mmscaffold.errors import MmscaffoldError

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "diagnose.md").read_text(encoding="utf-8")


def test_the_page_is_current():
    assert renew(PAGE) == PAGE, "run `python -m mmscaffold.diagnose.pages docs/diagnose.md`"


def test_it_has_every_symptom_and_every_cause():
    for symptom in all_symptoms():
        assert f"| `{symptom.name}` | {symptom.text}" in PAGE
    for cause in CAUSES:
        assert f"`{cause.name}`: {cause.text}" in PAGE


def test_its_rules_have_pages():
    for cause in CAUSES:
        for rule in cause.rules:
            assert f"[{rule}](rules/{rule}.md)" in PAGE
            assert (DOCS / "rules" / f"{rule}.md").is_file()


def test_every_row_has_as_many_cells_as_its_header():
    lines = PAGE.splitlines()
    for above, below in itertools.pairwise(lines):
        if above.startswith("|") and below.startswith("|"):
            assert below.count("|") == above.count("|"), below


def test_what_is_outside_the_marks_stays():
    page = "a\n<!-- symptoms -->stale table<!-- /symptoms -->b<!-- causes --><!-- /causes -->\n"
    page += "<!-- deaths --><!-- /deaths -->c"
    made = renew(page)
    assert made.startswith("a\n<!-- symptoms -->\n| symptom |")
    assert made.endswith("|\n<!-- /deaths -->c")
    assert "stale" not in made


@pytest.mark.parametrize("page", ["", "<!-- symptoms --><!-- /symptoms --><!-- causes -->"])
def test_a_page_without_the_marks_is_refused(page):
    with pytest.raises(MmscaffoldError, match="lacks the marks"):
        renew(page)
