"""Broken loops, runners, models and hooks: each is found by its rule, and really broken.

What the modules of ``broken/`` declare, ``support/broken_code.py`` tells. The same training
without the fault must not show the symptom, or it would prove nothing.
"""

from __future__ import annotations

import pytest

pytest.importorskip("torch")
pytest.importorskip("mmengine")

from mmscaffold.check import Settings, all_rules, check_paths, find_rule
from support.broken_code import BROKEN, report, train
from support.registered import loaded

pytestmark = pytest.mark.slow

each = pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)


def words(text: str) -> str:
    """A text on one line, without marks of code."""
    return " ".join(text.replace("`", "").split())


@each
def test_it_is_found_by_its_rule_and_by_no_other(path):
    found = check_paths([path], Settings(all_rules()))
    assert not found.not_understood
    seen = {finding.rule.id: finding.diagnostic.message for finding in found.findings}
    with loaded(path) as module:
        also = getattr(module, "ALSO", set())
    assert seen.keys() == {path.stem[:6]} | also, seen


@each
def test_the_page_of_the_rule_tells_the_symptom(path):
    symptoms = words(find_rule(path.stem[:6]).sections["Symptoms"])
    with loaded(path) as module:
        assert words(module.SYMPTOM).lower() in symptoms.lower()


@each
def test_it_shows_the_symptom_under_the_real_runner(path, tmp_path):
    with loaded(path) as module:
        seen = train(module, tmp_path, healthy=False)
        assert module.is_broken(seen), report(seen)


@each
def test_without_the_fault_the_same_training_does_not_show_it(path, tmp_path):
    with loaded(path) as module:
        seen = train(module, tmp_path, healthy=True)
        assert seen.error is None, report(seen)
        assert not module.is_broken(seen), report(seen)


def test_there_are_enough_of_them():
    assert len(BROKEN) >= 40
