from __future__ import annotations

import pytest
from mmscaffold.check import find_rule
from mmscaffold.diagnose import CAUSES, all_symptoms

each = pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.name)


@each
def test_its_rules_exist_and_look_where_the_cause_lies(cause):
    kinds = {find_rule(rule).kind for rule in cause.rules}
    assert kinds <= ({"config"} if cause.in_config else {"code"})


@each
def test_no_symptom_is_listed_twice(cause):
    assert cause.shows
    assert not cause.shows & cause.may_show


NAMES = {symptom.name for symptom in all_symptoms()}


def test_every_symptom_has_a_cause():
    assert set().union(*(cause.shows for cause in CAUSES)) == NAMES


@each
def test_its_symptoms_exist(cause):
    assert cause.shows | cause.may_show <= NAMES


@each
def test_only_what_lies_in_the_config_is_proven_by_it(cause):
    assert cause.in_config or cause.proof is None


def test_names_are_unique():
    assert len({cause.name for cause in CAUSES}) == len(CAUSES)
