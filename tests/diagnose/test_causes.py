from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.check import find_rule
from mmscaffold.diagnose import CAUSES, Symptom

each = pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.name)


@each
def test_its_rules_exist_and_look_where_the_cause_lies(cause):
    kinds = {find_rule(rule).kind for rule in cause.rules}
    assert kinds <= ({"config"} if cause.in_config else {"code"})


@each
def test_no_symptom_is_listed_twice(cause):
    assert cause.shows
    assert not cause.shows & cause.may_show


def test_every_symptom_has_a_cause():
    assert set().union(*(cause.shows for cause in CAUSES)) == set(Symptom)


def test_names_are_unique():
    assert len({cause.name for cause in CAUSES}) == len(CAUSES)


@each
def test_the_page_tells_of_it(cause):
    page = Path(__file__).parents[2] / "docs" / "diagnose.md"
    assert f"`{cause.name}`" in page.read_text(encoding="utf-8")
