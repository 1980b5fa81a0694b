"""Each rule keeps what its examples show."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.config.change import first_difference
from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.goal import upgrade_goal
from mmscaffold.upgrade.rule import ANY, Example, Rule, all_rules

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id.replace(' ', '-')}-{number}")
    for rule in all_rules()
    for number, example in enumerate(rule.examples)
]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_examples(rule: Rule, example: Example, tmp_path: Path):
    old, new = tmp_path / "old.py", tmp_path / "new.py"
    old.write_text(example.old)
    new.write_text(example.new)
    goal = upgrade_goal(Resolver().resolve(old), "mmdet" if rule.package == ANY else rule.package)
    wanted = {
        key: value
        for key, value in Resolver().resolve(new).to_dict().items()
        if key in rule.writes
    }
    found = {key: value for key, value in to_plain(goal.root).items() if key in rule.writes}
    assert first_difference(found, wanted) is None, (found, wanted)
    assert tuple(note.code for note in goal.notes) == example.codes
    assert goal.unaccounted == ()


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_each_rule_is_documented_and_has_examples(rule: Rule):
    assert rule.doc.strip()
    assert rule.examples
    assert rule.writes
