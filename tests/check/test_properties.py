"""Properties of counters, in every form: all are read alike."""

from __future__ import annotations

import pytest
from mmscaffold.check import Settings, all_rules, check_paths

RULES = tuple(rule for rule in all_rules() if rule.id in ("MMS202", "MMS204"))
TEXT = """
from mmengine.runner import EpochBasedTrainLoop


class OwnLoop(EpochBasedTrainLoop):
    {made}

    def run_epoch(self):
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
        self.seen += 1
"""
FORMS = {
    "a decorator": "@property\n    def epoch(self):\n        return self.{name}",
    "a lambda": "epoch = property(lambda self: self.{name})",
    "a lambda with another name for the object": "epoch = property(lambda me: me.{name})",
    "a function": "def _get(self):\n        return self.{name}\n\n    epoch = property(_get)",
    "a keyword": "def _get(self):\n        return self.{name}\n\n    epoch = property(fget=_get)",
}


def found(folder, made: str) -> list[str]:
    """The rules that find something."""
    file = folder / "own.py"
    file.write_text(TEXT.format(made=made).lstrip())
    return [one.rule.id for one in check_paths([file], Settings(RULES)).findings]


@pytest.mark.parametrize("form", FORMS)
def test_a_counter_under_another_name_is_told(tmp_path, form):
    assert found(tmp_path, FORMS[form].format(name="seen")) == ["MMS202"]


@pytest.mark.parametrize("form", FORMS)
def test_the_counter_that_stands_still_is_told(tmp_path, form):
    assert found(tmp_path, FORMS[form].format(name="_epoch")) == ["MMS204"]


def test_what_a_property_runs_elsewhere_is_not_judged(tmp_path):
    assert found(tmp_path, "epoch = property(operator.attrgetter('seen'))") == []
